//! What rights take and give.

use plenum_domain::access::Actions;
use plenum_domain::{Id, Role, Roles};
use plenum_persistence::store::{CustomRole, RoleGrant};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;

/// A role and what it allows.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleOut {
    /// The id of a role of the tenant's own; null for those that every tenant has.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Option<Id>,
    /// Its name.
    #[schema(example = "Door")]
    pub name: String,
    /// Whether every tenant has it.
    #[schema(example = false)]
    pub built_in: bool,
    /// What it allows. Held in one conference, it allows nothing of what is the whole tenant's.
    #[schema(value_type = Vec<String>, example = json!(["rooms.watch", "participants.check_in"]))]
    pub actions: Actions,
    /// Counts its changes; the ETag.
    #[schema(example = 1)]
    pub version: Option<i64>,
}

impl RoleOut {
    pub(super) fn built_in(role: Role) -> Self {
        let actions = Actions::of_roles(Roles::of(&[role]));
        Self { id: None, name: role.name().to_owned(), built_in: true, actions, version: None }
    }

    pub(super) fn own(role: CustomRole) -> Self {
        let CustomRole { id, name, actions, version, .. } = role;
        Self { id: Some(id), name, built_in: false, actions, version: Some(version) }
    }
}

/// A role of the tenant's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// 1 to 60 characters; not that of a role that every tenant has.
    #[schema(example = "Door")]
    pub name: String,
    /// What it allows.
    #[schema(value_type = Vec<String>, example = json!(["rooms.watch", "participants.check_in"]))]
    pub actions: Actions,
}

/// A role to grant: `role` or `role_id`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRole {
    /// A role that every tenant has; only for a conference.
    #[schema(example = "moderator")]
    pub role: Option<String>,
    /// A role of the tenant's own.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub role_id: Option<Id>,
    /// The conference; without it the whole tenant.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Option<Id>,
}

/// A role that an account holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantOut {
    /// The grant's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The account.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub user_id: Id,
    /// The role's name.
    #[schema(example = "moderator")]
    pub role: String,
    /// The role's id, for one of the tenant's own.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub role_id: Option<Id>,
    /// The conference; null for the whole tenant.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Option<Id>,
    /// Who granted it.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub granted_by: Option<Id>,
    /// When.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub granted_at: String,
}

impl From<RoleGrant> for GrantOut {
    fn from(grant: RoleGrant) -> Self {
        Self {
            id: grant.id,
            user_id: grant.user,
            role: grant.role_name().to_owned(),
            role_id: grant.custom,
            conference_id: grant.conference,
            granted_by: grant.granted_by,
            granted_at: rfc3339(grant.granted),
        }
    }
}

/// It is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {}

/// A participant's roles, all of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRoles {
    /// Such as attendee, speaker, chair, moderator.
    #[schema(value_type = Vec<String>, example = json!(["attendee", "moderator"]))]
    pub roles: Roles,
}

/// About what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct WhyQuery {
    /// In this conference; without it in the whole tenant.
    #[param(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Option<Id>,
    /// Only this action.
    #[param(example = "rooms.moderate")]
    pub action: Option<String>,
}

/// What an account may do, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyOut {
    /// The account.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub user_id: Id,
    /// The conference; null for the whole tenant.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Option<Id>,
    /// A disabled account may do nothing, whatever it holds.
    #[schema(example = false)]
    pub disabled: bool,
    /// Each action.
    pub actions: Vec<ActionOut>,
}

/// One action.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionOut {
    /// Its name.
    #[schema(value_type = String, example = "rooms.moderate")]
    pub action: &'static str,
    /// Whether it is allowed.
    #[schema(example = true)]
    pub allowed: bool,
    /// Why it is.
    pub because: Option<Because>,
    /// Why it is not.
    #[schema(example = json!(null))]
    pub denied: Option<String>,
}

/// The role that allows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Because {
    /// Its name.
    #[schema(example = "moderator")]
    pub role: String,
    /// The conference that it is held in; null for the whole tenant.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Option<Id>,
    /// The grant; null for the account's own roles in the whole tenant.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub grant_id: Option<Id>,
    /// Who granted it.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub granted_by: Option<Id>,
    /// When.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub granted_at: Option<String>,
}

/// What someone holds in a conference beyond what they hold everywhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldOut {
    /// The conference.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Id,
    /// The roles there, as rooms see them.
    #[schema(value_type = Vec<String>, example = json!(["moderator"]))]
    pub roles: Roles,
    /// All that may be done there.
    #[schema(value_type = Vec<String>, example = json!(["rooms.watch", "rooms.moderate"]))]
    pub actions: Actions,
}
