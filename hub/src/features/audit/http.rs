//! Handlers.

use axum::extract::State;

use super::types::{AuditOut, AuditQuery};
use crate::app::App;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, Caller, Params};

/// Read the audit log
///
/// Newest first. Every change of rights, accounts, settings and tiers is in it, and every edit of conferences, their
/// programmes, places, people, forms and screens, with the fields that changed: written together with the change, or neither
/// is. What moderators change of a session or a screen on the socket is in it too. Needs `audit.see`.
#[utoipa::path(get, path = "/audit", tag = "People", security(("token" = [])), params(AuditQuery),
    responses((status = 200, description = "Entries, and where they go on", body = Success<Vec<AuditOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(query): Params<AuditQuery>,
) -> Answered<Vec<AuditOut>> {
    let (found, next) = super::list(&app, &caller, query).await?;
    Ok(Answer::piece(found.into_iter().map(AuditOut::from).collect(), next))
}
