//! Handlers.

use axum::extract::State;

use super::types::{ConferenceAnalytics, RecountedOut, SessionAnalytics};
use crate::app::App;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, At, Caller};

/// Show what people did at a conference
///
/// By days of its time zone and by sessions, all that was acknowledged until now. Where fewer than `people_min` people did
/// something there are totals only. Nothing here says who. Needs `reports.see`.
#[utoipa::path(get, path = "/conferences/{id}/analytics", tag = "Analytics", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The figures", body = Success<ConferenceAnalytics>)))]
pub(super) async fn of_conference(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
) -> Answered<ConferenceAnalytics> {
    Ok(Answer::ok(super::of_conference(&app, &caller, id).await?))
}

/// Show what people did in a session
///
/// With its polls, and by quarter hours when at least `people_min` people did something. Needs `reports.see`.
#[utoipa::path(get, path = "/sessions/{id}/analytics", tag = "Analytics", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "The figures", body = Success<SessionAnalytics>)))]
pub(super) async fn of_session(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
) -> Answered<SessionAnalytics> {
    Ok(Answer::ok(super::of_session(&app, &caller, id).await?))
}

/// Count a conference anew
///
/// From all that the archive has of its rooms, and says whether the figures were right. Needs `conferences.organise`.
#[utoipa::path(post, path = "/conferences/{id}/analytics/recompute", tag = "Analytics", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "Before and now", body = Success<RecountedOut>)))]
pub(super) async fn recompute(State(app): State<App>, caller: Caller, At(id): At) -> Answered<RecountedOut> {
    Ok(Answer::ok(super::recompute(&app, &caller, id).await?))
}
