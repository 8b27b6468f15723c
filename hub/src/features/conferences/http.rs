//! Handlers.

use axum::extract::State;

use super::types::{ChangeConference, ConferenceOut, ConferenceQuery, CreateConference, SetStatus};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json, Pages, Params};

/// Make a conference
#[utoipa::path(post, path = "/conferences", tag = "Conferences", security(("token" = [])), request_body = CreateConference,
    responses((status = 201, description = "Made, as a draft", body = Success<ConferenceOut>)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<CreateConference>,
) -> Answered<ConferenceOut> {
    let made = super::create(&app, &caller, body).await?;
    Ok(Answer::created(ConferenceOut::new(made, app.public_url())))
}

/// List conferences
///
/// A token that is for one conference sees that one only.
#[utoipa::path(get, path = "/conferences", tag = "Conferences", security(("token" = [])), params(ConferenceQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<ConferenceOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(query): Params<ConferenceQuery>,
) -> Answered<Vec<ConferenceOut>> {
    let (listed, page) = super::list(&app, &caller, query).await?;
    let items = listed.items.into_iter().map(|conference| ConferenceOut::new(conference, app.public_url()));
    Ok(Answer::page(items.collect(), Pages::of(page.number, page.size, listed.total)))
}

/// Show a conference
#[utoipa::path(get, path = "/conferences/{id}", tag = "Conferences", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The conference", body = Success<ConferenceOut>)))]
pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At) -> Answered<ConferenceOut> {
    let found = super::find(&app, &caller, id).await?;
    Ok(Answer::ok(ConferenceOut::new(found, app.public_url())))
}

/// Change a conference
#[utoipa::path(patch, path = "/conferences/{id}", tag = "Conferences", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = ChangeConference,
    responses((status = 200, description = "As it is now", body = Success<ConferenceOut>)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<ChangeConference>,
) -> Answered<ConferenceOut> {
    let changed = super::change(&app, &caller, id, body).await?;
    Ok(Answer::ok(ConferenceOut::new(changed, app.public_url())))
}

/// Move a conference on
///
/// Publishing opens the rooms of all of its sessions.
#[utoipa::path(patch, path = "/conferences/{id}/status", tag = "Conferences", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = SetStatus,
    responses((status = 200, description = "As it is now", body = Success<ConferenceOut>),
        (status = 409, description = "`INVALID_TRANSITION`: `details.allowed` has the moves that are", body = Failure)))]
pub(super) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<SetStatus>,
) -> Answered<ConferenceOut> {
    let moved = super::set_status(&app, &caller, id, body.status).await?;
    Ok(Answer::ok(ConferenceOut::new(moved, app.public_url())))
}

/// Renew the join code
///
/// The old code lets nobody in any more; who is in stays in.
#[utoipa::path(post, path = "/conferences/{id}/join-code", tag = "Conferences", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "As it is now", body = Success<ConferenceOut>)))]
pub(super) async fn renew_code(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
) -> Answered<ConferenceOut> {
    let renewed = super::renew_code(&app, &caller, id).await?;
    Ok(Answer::ok(ConferenceOut::new(renewed, app.public_url())))
}
