//! Signing in and out by password.

mod http;
mod types;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::{Credentials, Device, OldTokens, SignInError, Tokens};
use crate::http::{Fault, Named};

pub use types::{LogIn, LoggedOut, Renew};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::log_in))
        .routes(routes!(http::refresh))
        .routes(routes!(http::log_out))
}

/// Signs an account in.
async fn log_in(app: &App, named: Named, device: &Device, body: LogIn) -> Result<Tokens, Fault> {
    let tenant = match named {
        Named::Nobody => None,
        Named::Tenant(tenant) => Some(tenant.id),
        // As long, and with the same words, as for a tenant that has no such account.
        Named::Stranger => Some(plenum_domain::Id::default()),
    };
    let LogIn { email, password, otp, device_token } = body;
    let who = Credentials { tenant, email, password, otp, device_token };
    Ok(app.auth.log_in(who, device).await?)
}

/// Uses a refresh token up. One that was used before ends the sign-in, its sockets included.
async fn refresh(app: &App, body: Renew) -> Result<Tokens, Fault> {
    let renewed = app.auth.renew(&body.refresh_token).await;
    if let Err(SignInError::Copied { tenant, session }) = &renewed {
        tracing::warn!(%session, "a refresh token was used twice; its sign-in has ended");
        app.rights_changed(*tenant, *session, OldTokens::End).await?;
    }
    Ok(renewed?)
}

/// Ends a sign-in, its access tokens and its sockets.
async fn log_out(app: &App, body: Renew) -> Result<LoggedOut, Fault> {
    if let Some(grant) = app.auth.end(&body.refresh_token).await? {
        app.rights_changed(grant.tenant, grant.family, OldTokens::End).await?;
    }
    Ok(LoggedOut {})
}

impl From<SignInError> for Fault {
    fn from(error: SignInError) -> Self {
        let words = error.to_string();
        match error {
            SignInError::Wrong => {
                Self::new(axum::http::StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS", words)
            }
            SignInError::SecondMissing => {
                Self::new(axum::http::StatusCode::UNAUTHORIZED, "OTP_REQUIRED", words)
            }
            SignInError::SecondWrong => Self::new(axum::http::StatusCode::UNAUTHORIZED, "OTP_WRONG", words),
            SignInError::Locked { wait_ms } => {
                let status = axum::http::StatusCode::TOO_MANY_REQUESTS;
                Self::new(status, "ACCOUNT_LOCKED", words)
                    .with("limit", "auth.failures_before_delay")
                    .retry_after(wait_ms)
            }
            SignInError::Ended => {
                Self::new(axum::http::StatusCode::UNAUTHORIZED, "REFRESH_TOKEN_INVALID", words)
            }
            SignInError::Copied { .. } => {
                Self::new(axum::http::StatusCode::UNAUTHORIZED, "REFRESH_TOKEN_REUSED", words)
            }
            SignInError::Store(error) => error.into(),
        }
    }
}
