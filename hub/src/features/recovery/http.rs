//! Handlers.

use axum::extract::State;

use super::types::{Asked, Done, Forgot, NewPassword};
use crate::app::App;
use crate::features::letters::Spoken;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, Json, Named};

/// Ask for a new password
///
/// A mail with a link goes to the address when it is an account's; the answer is the same when it is none. An address
/// gets a few in an hour. The link is `/reset#TOKEN`, good once and for an hour.
#[utoipa::path(post, path = "/auth/password/forgot", tag = "Signing in", request_body = Forgot,
    responses((status = 200, description = "If there is such an account, a mail is on its way", body = Success<Asked>)))]
pub(super) async fn forgot(
    State(app): State<App>,
    named: Named,
    spoken: Spoken,
    Json(body): Json<Forgot>,
) -> Answered<Asked> {
    super::forgot(&app, &named, spoken, &body.email);
    Ok(Answer::ok(Asked {}))
}

/// Choose a new password
///
/// With the token of a mail, once. All sign-ins end.
#[utoipa::path(post, path = "/auth/password/reset", tag = "Signing in", request_body = NewPassword,
    responses((status = 200, description = "Changed: sign in with it", body = Success<Done>)))]
pub(super) async fn reset(
    State(app): State<App>,
    spoken: Spoken,
    Json(body): Json<NewPassword>,
) -> Answered<Done> {
    super::reset(&app, spoken, body).await?;
    Ok(Answer::ok(Done {}))
}
