//! Handlers.

use axum::extract::State;

use super::types::{LogIn, LoggedOut, Renew};
use crate::app::App;
use crate::auth::{Device, Tokens};
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, Json, Named};

/// Sign in
///
/// The tenant is named by the host or `X-Tenant-ID`; it can be left out when the address belongs to one account only.
/// After some wrong passwords the account has to wait (429 `ACCOUNT_LOCKED`); other accounts do not.
#[utoipa::path(post, path = "/auth/login", tag = "Signing in", request_body = LogIn,
    responses((status = 200, description = "Signed in", body = Success<Tokens>),
        (status = 401, description = "`INVALID_CREDENTIALS`: the address or the password is wrong; `OTP_REQUIRED`: both are right, send `otp` as well; `OTP_WRONG`", body = crate::http::openapi::Failure)))]
pub(super) async fn log_in(
    State(app): State<App>,
    named: Named,
    device: Device,
    Json(body): Json<LogIn>,
) -> Answered<Tokens> {
    super::log_in(&app, named, &device, body).await.map(Answer::ok)
}

/// Renew the access token
///
/// A refresh token works once and is replaced. Used twice, it ends the whole sign-in: one of the two was a thief.
#[utoipa::path(post, path = "/auth/refresh", tag = "Signing in", request_body = Renew,
    responses((status = 200, description = "New tokens", body = Success<Tokens>),
        (status = 401, description = "`REFRESH_TOKEN_INVALID` or `REFRESH_TOKEN_REUSED`: sign in again", body = crate::http::openapi::Failure)))]
pub(super) async fn refresh(State(app): State<App>, Json(body): Json<Renew>) -> Answered<Tokens> {
    super::refresh(&app, body).await.map(Answer::ok)
}

/// Sign out
///
/// Ends the sign-in and closes its sockets. A token that is not known any more is signed out already.
#[utoipa::path(post, path = "/auth/logout", tag = "Signing in", request_body = Renew,
    responses((status = 200, description = "Signed out", body = Success<LoggedOut>)))]
pub(super) async fn log_out(State(app): State<App>, Json(body): Json<Renew>) -> Answered<LoggedOut> {
    super::log_out(&app, body).await.map(Answer::ok)
}
