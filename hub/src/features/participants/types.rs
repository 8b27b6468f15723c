//! What participants are, for the outside.

use plenum_domain::access::Actions;
use plenum_domain::registration::Status;
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
    /// joined, name, email, status or arrived; with a minus before it from the last to the first.
    #[param(example = "name")]
    pub sort: Option<String>,
    /// Only those whose name has all of these words; the last one may be the beginning of a word. Case, accents and vowel
    /// signs do not matter.
    #[param(max_length = 200, example = "noor")]
    pub search: Option<String>,
    /// Only those whose registration has this status.
    #[param(inline)]
    pub status: Option<RegistrationStatus>,
    /// Only those who have been let in at a door, or have not.
    #[param(example = true)]
    pub arrived: Option<bool>,
}

/// Where a registration is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationStatus {
    /// Someone has to approve it.
    Pending,
    /// There is a place.
    Confirmed,
    /// It was full: waits for a place.
    Waiting,
    /// Called off.
    Cancelled,
    /// Not approved.
    Rejected,
}

impl RegistrationStatus {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        self.status().name()
    }

    /// The same, for the rules.
    pub const fn status(self) -> Status {
        match self {
            Self::Pending => Status::Pending,
            Self::Confirmed => Status::Confirmed,
            Self::Waiting => Status::Waiting,
            Self::Cancelled => Status::Cancelled,
            Self::Rejected => Status::Rejected,
        }
    }
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
    /// The address, when one was given.
    #[schema(example = "noor@example.org")]
    pub email: Option<String>,
    /// Where the registration is in its life; who joined by the code is confirmed.
    #[schema(example = "confirmed")]
    pub status: String,
    /// What they answered when they registered.
    #[schema(value_type = Object, example = json!({"meal": "none"}))]
    pub answers: serde_json::Value,
    /// What they agreed to, each with when.
    #[schema(value_type = Object, example = json!({"rules": "2026-11-22T09:00:00.000Z"}))]
    pub consents: serde_json::Value,
    /// When they were first let in at a door.
    #[schema(example = "2026-11-22T09:05:00.000Z")]
    pub arrived_at: Option<String>,
    /// What they read best, when they said it.
    #[schema(example = "ar")]
    pub language: Option<String>,
    /// Counts changes of the registration; the ETag.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<Participant> for ParticipantOut {
    fn from(participant: Participant) -> Self {
        let joined_at = rfc3339(participant.joined);
        Self {
            id: participant.id,
            name: participant.display_name,
            roles: participant.roles,
            joined_at,
            email: participant.email,
            status: participant.status,
            answers: participant.answers,
            consents: participant.consents,
            arrived_at: participant.arrived.map(rfc3339),
            language: participant.language,
            version: participant.version,
        }
    }
}
