//! What the audit log gives.

use plenum_domain::Id;
use plenum_persistence::store::AuditEntry;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Where the last answer said that it goes on.
    #[param(example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub cursor: Option<String>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// Only entries of this action.
    #[param(example = "grant.given")]
    pub action: Option<String>,
    /// Only entries about this person or thing.
    #[param(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub subject_id: Option<Id>,
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditOut {
    /// The entry's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// When.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub at: String,
    /// Who did it; null for the command line, and for what people do before they are signed in.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub actor_id: Option<Id>,
    /// Their name at that time.
    #[schema(example = "Noor")]
    pub actor_name: String,
    /// What was done.
    #[schema(example = "grant.given")]
    pub action: String,
    /// What sort of thing it was done to: user, participant, role, tenant, invitation, token, session.
    #[schema(example = "user")]
    pub subject_kind: String,
    /// Which of them.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub subject_id: Id,
    /// Before and after.
    #[schema(value_type = Object, example = json!({"role": "moderator"}))]
    pub details: Value,
}

impl From<AuditEntry> for AuditOut {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: rfc3339(entry.at),
            actor_id: entry.actor,
            actor_name: entry.actor_name,
            action: entry.action,
            subject_kind: entry.subject_is,
            subject_id: entry.subject,
            details: entry.details,
        }
    }
}
