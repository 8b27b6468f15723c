//! Handlers.

use axum::extract::State;

use super::types::{ActivityOut, ActivityQuery, AttendanceOut, AttendanceQuery};
use crate::app::App;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, At, Caller, Pages, Params};

/// Show what a participant did
///
/// The latest first: registered, came in at a door, voted, asked, wrote. That someone voted is here, never how; what was done
/// without a name is nowhere. One's own, or with `participants.see` anyone's. `meta.cursor.next` leads to what is older.
#[utoipa::path(get, path = "/participants/{id}/activity", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant"), ActivityQuery),
    responses((status = 200, description = "A piece of it", body = Success<Vec<ActivityOut>>)))]
pub(super) async fn activity(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Params(query): Params<ActivityQuery>,
) -> Answered<Vec<ActivityOut>> {
    let (found, next) = super::activity(&app, &caller, id, query).await?;
    Ok(Answer::piece(found.into_iter().map(ActivityOut::from).collect(), next))
}

/// List who came to a session
///
/// Whoever came in at its door, or did something in its rooms under their own name; from the first sign of them to the last.
/// Who only watched left no sign. `meta.pagination.total` is how many came.
#[utoipa::path(get, path = "/sessions/{id}/attendance", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), AttendanceQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<AttendanceOut>>)))]
pub(super) async fn attendance(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Params(query): Params<AttendanceQuery>,
) -> Answered<Vec<AttendanceOut>> {
    let (listed, page) = super::attendance(&app, &caller, id, query).await?;
    let items = listed.items.into_iter().map(AttendanceOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}
