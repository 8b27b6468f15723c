//! Handlers.

use axum::extract::State;

use super::types::{
    ChangeConference, CloneConference, ConferenceOut, ConferenceQuery, CreateConference, SetStatus,
};
use crate::app::App;
use crate::features::removed::Removed;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, IfMatch, Json, Pages, Params};

fn out(app: &App, conference: plenum_persistence::store::Conference) -> Answer<ConferenceOut> {
    let version = conference.version;
    Answer::ok(ConferenceOut::new(conference, app.public_url())).at_version(version)
}

/// Make a conference
#[utoipa::path(post, path = "/conferences", tag = "Conferences", security(("token" = [])), request_body = CreateConference,
    responses((status = 201, description = "Made, as a draft", body = Success<ConferenceOut>)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<CreateConference>,
) -> Answered<ConferenceOut> {
    let made = super::create(&app, &caller, body).await?;
    let version = made.version;
    Ok(Answer::created(ConferenceOut::new(made, app.public_url())).at_version(version))
}

/// Make a conference from another one
///
/// Venues, halls, days, people and, unless it is said otherwise, sessions with their speakers and texts come along, as a
/// draft: moved to the new days with the same times of day, and every speaker is to be asked again.
#[utoipa::path(post, path = "/conferences/{id}/clone", tag = "Conferences", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = CloneConference,
    responses((status = 201, description = "Made, as a draft", body = Success<ConferenceOut>)))]
pub(super) async fn clone(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<CloneConference>,
) -> Answered<ConferenceOut> {
    let made = super::cloning::clone(&app, &caller, id, body).await?;
    let version = made.version;
    Ok(Answer::created(ConferenceOut::new(made, app.public_url())).at_version(version))
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
    responses((status = 200, description = "The conference; `ETag` has its version", body = Success<ConferenceOut>)))]
pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At) -> Answered<ConferenceOut> {
    let found = super::find(&app, &caller, id).await?;
    Ok(out(&app, found))
}

/// Change a conference
#[utoipa::path(patch, path = "/conferences/{id}", tag = "Conferences", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = ChangeConference,
    responses((status = 200, description = "As it is now", body = Success<ConferenceOut>)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangeConference>,
) -> Answered<ConferenceOut> {
    let changed = super::change(&app, &caller, id, &if_match, body).await?;
    Ok(out(&app, changed))
}

/// Delete a conference
///
/// With all that belongs to it. Only a draft whose sessions have no open rooms.
#[utoipa::path(delete, path = "/conferences/{id}", tag = "Conferences", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"),
        ("If-Match" = Option<String>, Header, description = "The ETag that it was read with", example = "\"3\"")),
    responses((status = 200, description = "Gone", body = Success<Removed>),
        (status = 409, description = "`IN_USE`: it is no draft, or people may be in its rooms", body = Failure)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
) -> Answered<Removed> {
    super::remove(&app, &caller, id, &if_match).await?;
    Ok(Answer::ok(Removed {}))
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
    Ok(out(&app, moved))
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
    Ok(out(&app, renewed))
}
