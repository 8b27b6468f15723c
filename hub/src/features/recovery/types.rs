//! What a new password takes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgot {
    /// The account's.
    #[schema(example = "noor@example.org")]
    pub email: String,
}

/// If there is such an account, a mail is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {}

/// A password to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// Of the mail's link, after the #.
    #[schema(example = "plw_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub token: String,
    /// 8 characters or more, and none that everybody tries first.
    #[schema(example = "correct horse battery staple")]
    pub password: String,
}

/// It was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {}
