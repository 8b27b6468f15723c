//! Handlers.

use axum::extract::State;

use super::types::{CheckInOut, CheckInQuery, DoorQuery, ExpectedOut, Scan, Scanned, SyncScans, TicketKey};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json, Pages, Params};

/// Let someone in
///
/// By the ticket, or by who they are; at the conference's door, or a session's. Scanned again, it is `already` and says by
/// which device and when it was first. Needs `participants.check_in`.
#[utoipa::path(post, path = "/conferences/{id}/check-ins", tag = "Check-in", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = Scan,
    responses((status = 200, description = "Whether they may come in", body = Success<Scanned>),
        (status = 409, description = "`NOT_CONFIRMED`: the registration waits, or was called off", body = Failure)))]
pub(super) async fn scan(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<Scan>,
) -> Answered<Scanned> {
    super::scan(&app, &caller, id, body).await.map(Answer::ok)
}

/// Tell what was scanned without a network
///
/// At most 500 scans; each is told for itself. Of several scans of one ticket at one door the earliest counts, whichever
/// device tells it first; telling a scan again changes nothing.
#[utoipa::path(post, path = "/conferences/{id}/check-ins/sync", tag = "Check-in", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = SyncScans,
    responses((status = 200, description = "What came of each, in the same order", body = Success<Vec<Scanned>>)))]
pub(super) async fn sync(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<SyncScans>,
) -> Answered<Vec<Scanned>> {
    super::sync(&app, &caller, id, body).await.map(Answer::ok)
}

/// List scans
///
/// `counts=false` has those of tickets that were scanned before.
#[utoipa::path(get, path = "/conferences/{id}/check-ins", tag = "Check-in", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), CheckInQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<CheckInOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Params(query): Params<CheckInQuery>,
) -> Answered<Vec<CheckInOut>> {
    let (listed, page) = super::list(&app, &caller, id, query).await?;
    let items = listed.items.into_iter().map(CheckInOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// Show what tells a true ticket
///
/// For devices that scan without a network: a JSON Web Key, for ECDSA on P-256 with SHA-256 over `PLT1` and the 32 bytes.
#[utoipa::path(get, path = "/conferences/{id}/check-ins/key", tag = "Check-in", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The tenant's public key", body = Success<TicketKey>)))]
pub(super) async fn key(State(app): State<App>, caller: Caller, At(id): At) -> Answered<TicketKey> {
    super::key(&app, &caller, id).await.map(Answer::ok)
}

/// List who may come to a door
///
/// For devices that scan without a network: name, status and when they came in, a thousand at once, in no order that means
/// something. `meta.cursor.next` leads on. Needs `participants.check_in`.
#[utoipa::path(get, path = "/conferences/{id}/check-ins/expected", tag = "Check-in", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), DoorQuery),
    responses((status = 200, description = "A piece of them", body = Success<Vec<ExpectedOut>>)))]
pub(super) async fn expected(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Params(query): Params<DoorQuery>,
) -> Answered<Vec<ExpectedOut>> {
    let (found, next) = super::expected(&app, &caller, id, query).await?;
    Ok(Answer::piece(found.into_iter().map(ExpectedOut::from).collect(), next))
}
