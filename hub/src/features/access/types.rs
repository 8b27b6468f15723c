//! What signing in and out takes and gives.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account's address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The account's e-mail address.
    #[schema(example = "noor@example.org")]
    pub email: String,
    /// Its password.
    #[schema(example = "correct horse battery staple")]
    pub password: String,
    /// For accounts with a second factor: what the app on the phone shows, or a recovery code. Each is good once.
    #[schema(example = json!(null))]
    pub otp: Option<String>,
    /// What the device got when it signed in before.
    #[schema(example = json!(null))]
    pub device_token: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// The newest one: each works once.
    #[schema(example = "plr_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub refresh_token: String,
}

/// The sign-in has ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoggedOut {}
