//! Handlers.

use axum::extract::State;
use plenum_persistence::store::Session;

use super::SessionRooms;
use super::types::{ChangeSession, CreateSession, SessionOut, SessionQuery, SpeakerOut, Step};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json, Pages, Params, Sent};

async fn out(app: &App, session: Session) -> SessionOut {
    let open = app.shards.scope(SessionRooms::session_of(session.id)).await.is_some();
    SessionOut::new(session, open)
}

/// Make a session
///
/// Its rooms are opened with it.
#[utoipa::path(post, path = "/conferences/{id}/sessions", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = CreateSession,
    responses((status = 201, description = "Made, and its rooms are open", body = Success<SessionOut>)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Json(body): Json<CreateSession>,
) -> Answered<SessionOut> {
    let session = super::create(&app, &caller, conference, body).await?;
    Ok(Answer::created(out(&app, session).await))
}

/// List a conference's sessions
#[utoipa::path(get, path = "/conferences/{id}/sessions", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), SessionQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<SessionOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<SessionQuery>,
) -> Answered<Vec<SessionOut>> {
    let (listed, page) = super::list(&app, &caller, conference, query).await?;
    let mut items = Vec::with_capacity(listed.items.len());
    for session in listed.items {
        items.push(out(&app, session).await);
    }
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// Show a session
#[utoipa::path(get, path = "/sessions/{id}", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "The session", body = Success<SessionOut>)))]
pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At) -> Answered<SessionOut> {
    let session = super::find(&app, &caller, id).await?;
    Ok(Answer::ok(out(&app, session).await))
}

/// Change a session
///
/// Its room tells everyone what it is called, when it is and where; what is left out stays. The same as `session.edit`
/// on the socket.
#[utoipa::path(patch, path = "/sessions/{id}", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")), request_body = ChangeSession,
    responses((status = 200, description = "As it is now", body = Success<SessionOut>),
        (status = 422, description = "The fields that cannot be so", body = Failure)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<ChangeSession>,
) -> Answered<SessionOut> {
    let session = super::change(&app, &caller, id, body).await?;
    Ok(Answer::ok(out(&app, session).await))
}

/// List a session's speakers
#[utoipa::path(get, path = "/sessions/{id}/speakers", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "In the programme's order", body = Success<Vec<SpeakerOut>>)))]
pub(super) async fn speakers(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
) -> Answered<Vec<SpeakerOut>> {
    let speakers = super::speakers(&app, &caller, id).await?;
    Ok(Answer::ok(speakers.into_iter().map(SpeakerOut::from).collect()))
}

/// Open a session's rooms
///
/// For sessions of an imported programme; publishing the conference opens all of them. What is open stays as it is.
#[utoipa::path(post, path = "/sessions/{id}/open", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "Its rooms are open", body = Success<SessionOut>)))]
pub(super) async fn open(State(app): State<App>, caller: Caller, At(id): At) -> Answered<SessionOut> {
    let session = super::open(&app, &caller, id).await?;
    Ok(Answer::ok(out(&app, session).await))
}

/// Start a session
///
/// Or go on after a pause. The same as `session.start` on the socket.
#[utoipa::path(post, path = "/sessions/{id}/start", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "As it is now", body = Success<SessionOut>),
        (status = 409, description = "The room's refusal, with its own code", body = Failure)))]
pub(super) async fn start(sent: Sent) -> Answered<SessionOut> {
    let session = super::step(&sent, Step::Start).await?;
    Ok(Answer::ok(out(&sent.app, session).await))
}

/// Pause a session
///
/// It goes on when it is started again. The same as `session.pause` on the socket.
#[utoipa::path(post, path = "/sessions/{id}/pause", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "As it is now", body = Success<SessionOut>),
        (status = 409, description = "The room's refusal, with its own code", body = Failure)))]
pub(super) async fn pause(sent: Sent) -> Answered<SessionOut> {
    let session = super::step(&sent, Step::Pause).await?;
    Ok(Answer::ok(out(&sent.app, session).await))
}

/// End a session
///
/// It may be started again. The same as `session.end` on the socket.
#[utoipa::path(post, path = "/sessions/{id}/end", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "As it is now", body = Success<SessionOut>),
        (status = 409, description = "The room's refusal, with its own code", body = Failure)))]
pub(super) async fn end(sent: Sent) -> Answered<SessionOut> {
    let session = super::step(&sent, Step::End).await?;
    Ok(Answer::ok(out(&sent.app, session).await))
}
