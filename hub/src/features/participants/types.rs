//! What participants are, for the outside.

use plenum_domain::access::Actions;
use plenum_domain::{Id, Roles};
use plenum_persistence::store::Participant;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;
use crate::features::rights::HeldOut;

/// Who is behind the token.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The participant's, user's or screen's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The name that others see.
    #[schema(example = "Noor")]
    pub name: String,
    /// What they may do.
    #[schema(value_type = Vec<String>, example = json!(["attendee"]))]
    pub roles: Roles,
    /// The tenant.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub tenant_id: Id,
    /// All that they may do, in the tenant or in the conference that the token is for; the names are those of `/roles`.
    #[schema(value_type = Vec<String>, example = json!(["rooms.watch", "rooms.take_part"]))]
    pub actions: Actions,
    /// Conferences in which they hold more.
    pub elsewhere: Vec<HeldOut>,
    /// The only conference that the token is for.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Option<Id>,
}

/// Which participants.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ParticipantQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// joined or name; with a minus before it from the last to the first.
    #[param(example = "name")]
    pub sort: Option<String>,
    /// Only those whose name contains this.
    #[param(example = "noor")]
    pub search: Option<String>,
}

/// How many people have joined.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Headcount {
    /// All who ever joined.
    #[schema(example = 212)]
    pub participants: u64,
}

/// Someone who joined.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantOut {
    /// The participant's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The name that others see.
    #[schema(example = "Noor")]
    pub name: String,
    /// What they may do here.
    #[schema(value_type = Vec<String>, example = json!(["attendee"]))]
    pub roles: Roles,
    /// When they joined.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub joined_at: String,
}

impl From<Participant> for ParticipantOut {
    fn from(participant: Participant) -> Self {
        let joined_at = rfc3339(participant.joined);
        Self { id: participant.id, name: participant.display_name, roles: participant.roles, joined_at }
    }
}
