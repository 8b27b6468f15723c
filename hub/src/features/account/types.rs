//! What one's own account takes and gives.

use plenum_domain::Id;
use plenum_persistence::store::{ApiToken, SignIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::rfc3339;

/// A password for another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The one of now.
    #[schema(example = "correct horse battery staple")]
    pub current: String,
    /// 8 characters or more, and none that everybody tries first.
    #[schema(example = "a much better horse battery")]
    pub new: String,
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveCode {
    /// What the app shows now, or where it says so a recovery code.
    #[schema(example = "123456")]
    pub otp: String,
}

/// It was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ended {}

/// A second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactorOut {
    /// Since when it is asked for; null when there is none.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub confirmed_at: Option<String>,
    /// Codes that are left for when the phone is lost.
    #[schema(example = 10)]
    pub recovery_codes_left: u64,
}

/// A secret for an app on the phone.
#[derive(Serialize, ToSchema)]
pub struct PreparedFactor {
    /// To be typed.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// To be shown as a QR code.
    #[schema(
        example = "otpauth://totp/Acme:noor%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme"
    )]
    pub url: String,
}

/// Codes for when the phone is lost.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each good once.
    #[schema(example = json!(["k7mq2x-ab3d9f-hj4k5m"]))]
    pub recovery_codes: Vec<String>,
}

/// A sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// What signed in, as it called itself.
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")]
    pub device: String,
    /// When it began.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub started_at: String,
    /// When it last renewed itself.
    #[schema(example = "2026-11-22T09:15:00.000Z")]
    pub seen_at: String,
    /// Whether it is this one.
    #[schema(example = true)]
    pub current: bool,
}

impl SignInOut {
    pub(super) fn new(sign_in: SignIn, current: Id) -> Self {
        let SignIn { family, device, started, seen } = sign_in;
        let (started_at, seen_at) = (rfc3339(started), rfc3339(seen));
        Self { id: family, device, started_at, seen_at, current: family == current }
    }
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    #[schema(example = "ticket desk")]
    pub name: String,
    /// watch, moderate, organise, admin.
    #[schema(example = json!(["organise"]))]
    pub scopes: Vec<String>,
    /// When it ends; without it never.
    #[schema(example = "2027-11-22T09:00:00Z")]
    pub expires_at: Option<String>,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
pub struct TokenMade {
    /// For `Authorization: Bearer`; shown once.
    #[schema(example = "plm_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub token: String,
    /// What is known of it.
    pub about: TokenOut,
}

/// A personal token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// What it is for.
    #[schema(example = "ticket desk")]
    pub name: String,
    /// What it may be used for.
    #[schema(example = json!(["organise"]))]
    pub scopes: Vec<String>,
    /// When it was made.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub created_at: String,
    /// When it ends; null for never.
    #[schema(example = "2027-11-22T09:00:00.000Z")]
    pub expires_at: Option<String>,
    /// When it was last used, as far as is known.
    #[schema(example = json!(null))]
    pub last_used_at: Option<String>,
}

impl From<ApiToken> for TokenOut {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scopes: token.scopes,
            created_at: rfc3339(token.created),
            expires_at: token.expires.map(rfc3339),
            last_used_at: token.last_used.map(rfc3339),
        }
    }
}
