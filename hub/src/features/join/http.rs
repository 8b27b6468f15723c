//! Handlers.

use axum::Extension;
use axum::extract::State;

use super::types::{Join, Joined};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, Json, Named};
use crate::socket::PeerAddress;

/// Join by code
///
/// The code on the slide is all that an attendee needs. Drafts can be joined too, as a rehearsal.
#[utoipa::path(post, path = "/auth/join", tag = "Signing in", request_body = Join,
    responses((status = 200, description = "In", body = Success<Joined>),
        (status = 403, description = "`TENANT_MISMATCH`: the code is of another tenant than the address or `X-Tenant-ID`", body = Failure),
        (status = 404, description = "No conference has this code", body = Failure),
        (status = 409, description = "`CONFERENCE_OVER`", body = Failure)))]
pub(super) async fn join(
    State(app): State<App>,
    peer: Option<Extension<PeerAddress>>,
    named: Named,
    Json(body): Json<Join>,
) -> Answered<Joined> {
    let from = peer.map(|Extension(PeerAddress(address))| address);
    super::join(&app, from, named, body).await.map(Answer::ok)
}
