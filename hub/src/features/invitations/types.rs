//! What invitations take and give.

use plenum_domain::{Id, Roles};
use plenum_persistence::store::Invitation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::clock::rfc3339;
use crate::features::rights::GrantRole;

/// Someone to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The address.
    #[schema(example = "mona@example.org")]
    pub email: String,
    /// What to call them; they can change it.
    #[schema(example = "Mona")]
    pub name: Option<String>,
    /// Roles in the whole tenant.
    #[schema(value_type = Vec<String>, example = json!([]))]
    #[serde(default)]
    pub roles: Roles,
    /// Roles for conferences, and roles of the tenant's own.
    #[schema(example = json!([]))]
    #[serde(default)]
    pub grants: Vec<GrantRole>,
}

/// An invitation that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The address.
    #[schema(example = "mona@example.org")]
    pub email: String,
    /// What they are called.
    #[schema(example = "Mona")]
    pub name: String,
    /// Roles in the whole tenant.
    #[schema(value_type = Vec<String>, example = json!([]))]
    pub roles: Roles,
    /// Roles for conferences, and roles of the tenant's own.
    #[schema(value_type = Vec<Object>, example = json!([{"role": "moderator", "conference_id": "01H5XNDY7S3C9QRG8T4V2M6B0F"}]))]
    pub grants: Value,
    /// Who invited them.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub invited_by: Option<Id>,
    /// When.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub invited_at: String,
    /// Until when it can be accepted.
    #[schema(example = "2026-11-29T09:00:00.000Z")]
    pub expires_at: String,
}

impl From<Invitation> for InvitationOut {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            name: invitation.name,
            roles: invitation.roles,
            grants: invitation.grants,
            invited_by: invitation.invited_by,
            invited_at: rfc3339(invitation.created),
            expires_at: rfc3339(invitation.expires),
        }
    }
}

/// It is taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBack {}

/// The token of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowInvitation {
    /// Of the mail's link, after the #.
    #[schema(example = "pli_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub token: String,
}

/// Whom an invitation is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    /// The address to sign in with.
    #[schema(example = "mona@example.org")]
    pub email: String,
    /// What they are called.
    #[schema(example = "Mona")]
    pub name: String,
    /// The tenant, for people.
    #[schema(example = "Acme Events")]
    pub tenant: String,
    /// The tenant, in addresses.
    #[schema(example = "acme")]
    pub slug: String,
    /// Until when it can be accepted.
    #[schema(example = "2026-11-29T09:00:00.000Z")]
    pub expires_at: String,
}

/// An invitation to accept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Of the mail's link, after the #.
    #[schema(example = "pli_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub token: String,
    /// The name that others see; without it the one that they were invited with.
    #[schema(example = "Mona")]
    pub name: Option<String>,
    /// 8 characters or more, and none that everybody tries first.
    #[schema(example = "correct horse battery staple")]
    pub password: String,
}
