//! What accounts are, for the outside.

use plenum_domain::{Id, Roles};
use plenum_persistence::store::Account;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;

/// Which accounts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// email, name or created; with a minus before it from the last to the first.
    #[param(example = "name")]
    pub sort: Option<String>,
    /// Only those whose address or name contains this.
    #[param(example = "noor")]
    pub search: Option<String>,
    /// Only those with this role in the whole tenant.
    #[param(example = "admin")]
    pub role: Option<String>,
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    /// 1 to 100 characters.
    #[schema(example = "Noor")]
    pub name: Option<String>,
    /// The roles in the whole tenant, all of them; those of single conferences are grants.
    #[schema(value_type = Option<Vec<String>>, example = json!(["organiser"]))]
    pub roles: Option<Roles>,
    /// A disabled account is signed out and cannot sign in.
    #[schema(example = false)]
    pub disabled: Option<bool>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The address to sign in with.
    #[schema(example = "noor@example.org")]
    pub email: String,
    /// The name that others see.
    #[schema(example = "Noor")]
    pub name: String,
    /// Its roles in the whole tenant.
    #[schema(value_type = Vec<String>, example = json!(["organiser"]))]
    pub roles: Roles,
    /// active or disabled.
    #[schema(example = "active")]
    pub status: &'static str,
    /// When it was made.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub created_at: String,
    /// Counts its changes; the ETag.
    #[schema(example = 3)]
    pub version: i64,
}

impl From<Account> for UserOut {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            email: account.email,
            name: account.name,
            roles: account.roles,
            status: if account.disabled.is_some() { "disabled" } else { "active" },
            created_at: rfc3339(account.created),
            version: account.version,
        }
    }
}
