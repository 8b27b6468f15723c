//! What operators see and set.

use std::collections::BTreeMap;

use plenum_domain::Id;
use plenum_domain::tenant::{Limit, Tier};
use plenum_persistence::store::TenantState;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;

/// Which tenants.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct OperatorQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
}

/// A tenant to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTenantBody {
    /// The name in addresses: small letters, digits and dashes.
    #[schema(example = "acme")]
    pub slug: String,
    /// The name for people.
    #[schema(example = "Acme Events")]
    pub name: String,
    /// free, pro or enterprise; free when it is not given.
    #[schema(value_type = Option<String>, example = "pro")]
    pub tier: Option<Tier>,
}

/// How a tenant can be made to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// Open.
    Active,
    /// Closed for everybody until it is opened again.
    Suspended,
}

impl Stand {
    /// The name that the outside sees.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTenant {
    /// The name for people.
    #[schema(example = "Acme Events")]
    pub name: Option<String>,
    /// free, pro or enterprise.
    #[schema(value_type = Option<String>, example = "pro")]
    pub tier: Option<Tier>,
    /// What was agreed instead of the tier's limits, all of it; 0 for no limit.
    #[schema(value_type = Option<Object>, example = json!({"conferences": 40}))]
    pub limits: Option<BTreeMap<Limit, u64>>,
    /// active or suspended; active also brings a deleted one back.
    pub status: Option<Stand>,
}

/// A tenant, for operators.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatedOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its name in addresses.
    #[schema(example = "acme")]
    pub slug: String,
    /// Its name for people.
    #[schema(example = "Acme Events")]
    pub name: String,
    /// active, suspended or deleted.
    #[schema(example = "active")]
    pub status: String,
    /// When a deleted one is gone for good.
    #[schema(example = json!(null))]
    pub delete_after: Option<String>,
    /// What it booked.
    #[schema(example = "pro")]
    pub tier: String,
    /// What was agreed instead of the tier's limits.
    #[schema(value_type = Object, example = json!({"conferences": 40}))]
    pub limits: Value,
    /// When it was made.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub created_at: String,
    /// Counts its changes; the ETag.
    #[schema(example = 4)]
    pub version: i64,
}

impl From<TenantState> for OperatedOut {
    fn from(state: TenantState) -> Self {
        Self {
            id: state.id,
            slug: state.slug,
            name: state.name,
            status: state.status,
            delete_after: state.delete_after.map(rfc3339),
            tier: state.tier,
            limits: state.agreed,
            created_at: rfc3339(state.created),
            version: state.version,
        }
    }
}
