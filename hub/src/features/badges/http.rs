//! The handler. A file has no envelope.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use super::types::BadgeQuery;
use crate::app::App;
use crate::http::openapi::Failure;
use crate::http::{At, Caller, Fault, Params};

/// Print badges
///
/// A PDF with eight badges on a sheet of A4: name, organisation, role, and the QR code of the ticket. Everybody who is
/// confirmed, by name, 500 a file; or those who are named.
#[utoipa::path(get, path = "/conferences/{id}/badges.pdf", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), BadgeQuery),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/pdf"),
        (status = 404, description = "Nobody is confirmed, or not so many that there is such a page", body = Failure),
        (status = 409, description = "`NOT_CONFIRMED`: one of those who are named has no place; `LETTERS_MISSING`: no font has the letters of a name, `details` says whose", body = Failure)))]
pub(super) async fn pdf(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Params(query): Params<BadgeQuery>,
) -> Result<Response, Fault> {
    let file = super::pdf(&app, &caller, id, query).await?;
    let name = "attachment; filename=\"badges.pdf\"";
    Ok(([(CONTENT_TYPE, "application/pdf"), (CONTENT_DISPOSITION, name)], file).into_response())
}
