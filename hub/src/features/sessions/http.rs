//! Handlers.

use axum::extract::State;
use plenum_persistence::store::Session;

use super::SessionRooms;
use super::types::{
    ChangeSession, ClashOut, ClashQuery, CreateSession, DelaySession, Delayed, SessionOut, SessionQuery, Step,
};
use crate::app::App;
use crate::features::listing;
use crate::features::removed::Removed;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, IfMatch, Json, Page, Pages, Params, Sent};

pub(crate) async fn out(app: &App, session: Session) -> SessionOut {
    let open = app.shards.scope(SessionRooms::session_of(session.id)).await.is_some();
    SessionOut::new(session, open)
}

/// Make a session
///
/// Its rooms are opened with it, unless it is a draft.
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
    let version = session.version;
    Ok(Answer::created(out(&app, session).await).at_version(version))
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
    let version = session.version;
    Ok(Answer::ok(out(&app, session).await).at_version(version))
}

/// Change a session
///
/// Its room tells everyone what it is called, when it is and where; what is left out stays. The same as `session.edit`
/// on the socket.
#[utoipa::path(patch, path = "/sessions/{id}", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = ChangeSession,
    responses((status = 200, description = "As it is now", body = Success<SessionOut>),
        (status = 422, description = "The fields that cannot be so", body = Failure)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangeSession>,
) -> Answered<SessionOut> {
    let session = super::change(&app, &caller, id, &if_match, body).await?;
    let version = session.version;
    Ok(Answer::ok(out(&app, session).await).at_version(version))
}

/// Delete a session
///
/// Only one whose rooms are closed: a draft, or one of a conference that was never published.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session"),
        ("If-Match" = Option<String>, Header, description = "The ETag that it was read with", example = "\"3\"")),
    responses((status = 200, description = "Gone", body = Success<Removed>),
        (status = 409, description = "`IN_USE`: its rooms are open", body = Failure)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
) -> Answered<Removed> {
    super::change::remove(&app, &caller, id, &if_match).await?;
    Ok(Answer::ok(Removed {}))
}

/// Delay a session
///
/// Moves its end, and what follows in its hall on this day. Open rooms tell everyone at once.
#[utoipa::path(post, path = "/sessions/{id}/delay", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")), request_body = DelaySession,
    responses((status = 200, description = "What moved, and what clashes now", body = Success<Delayed>)))]
pub(super) async fn delay(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<DelaySession>,
) -> Answered<Delayed> {
    super::timing::delay(&app, &caller, id, body).await.map(Answer::ok)
}

/// List what clashes in a conference's programme
///
/// One hall, or one person, in two sessions at once: warnings, nothing is refused because of them.
#[utoipa::path(get, path = "/conferences/{id}/clashes", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), ClashQuery),
    responses((status = 200, description = "In the order of time", body = Success<Vec<ClashOut>>)))]
pub(super) async fn clashes(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<ClashQuery>,
) -> Answered<Vec<ClashOut>> {
    let page = Page::of(query.page, query.per_page)?;
    let (items, total) = listing::page(super::timing::clashes(&app, &caller, conference).await?, page);
    Ok(Answer::page(items, Pages::of(page.number, page.size, total)))
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
