//! What activity and attendance are, for the outside.

use plenum_domain::Id;
use plenum_persistence::store::{Attended, Done};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;

/// Which piece of someone's activity.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// Where the last answer said that it goes on.
    #[param(example = "1763800000000-41-01H5XNDY7S3C9QRG8T4V2M6B0F-vote")]
    pub cursor: Option<String>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
}

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Filled in the form, or was registered at the desk.
    Registered,
    /// Came in by the code.
    Joined,
    /// The registration moved on; `status` says where to.
    Moved,
    /// Came in at a door.
    CheckedIn,
    /// Took a seat in a session.
    Seat,
    /// Waits for a seat.
    Waits,
    /// Voted in a poll that is not secret.
    Vote,
    /// Asked a question under their own name.
    Question,
    /// Supported a question.
    Support,
    /// Wrote a message.
    Message,
    /// Put a reaction on a message.
    Reaction,
    /// Something that this version has no word for.
    Other,
}

impl Doing {
    fn of(word: &str) -> Self {
        match word {
            "registered" => Self::Registered,
            "joined" => Self::Joined,
            "registration.moved" | "registration.cancelled" => Self::Moved,
            "checked_in" => Self::CheckedIn,
            "seat" => Self::Seat,
            "waits" => Self::Waits,
            "vote" => Self::Vote,
            "question" => Self::Question,
            "support" => Self::Support,
            "message" => Self::Message,
            "reaction" => Self::Reaction,
            _ => Self::Other,
        }
    }
}

/// Something that a participant did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityOut {
    /// When.
    #[schema(example = "2026-11-22T09:14:00.000Z")]
    pub at: String,
    /// What.
    #[schema(example = "vote")]
    pub what: Doing,
    /// In which session; null outside of sessions.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
    /// The poll that was voted in.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub poll_id: Option<Id>,
    /// The poll's title.
    #[schema(example = "Sail or oars?")]
    pub title: Option<String>,
    /// Where the registration moved to.
    #[schema(example = json!(null))]
    pub status: Option<String>,
}

impl From<Done> for ActivityOut {
    fn from(it: Done) -> Self {
        let what = Doing::of(&it.what);
        let (is_vote, is_moved) = (what == Doing::Vote, what == Doing::Moved);
        let noted: Value = serde_json::from_str(&it.detail).unwrap_or_default();
        Self {
            at: rfc3339(it.at),
            what,
            session_id: it.session,
            poll_id: is_vote.then_some(it.subject),
            title: (is_vote && !it.detail.is_empty()).then_some(it.detail),
            status: noted["after"].as_str().filter(|_| is_moved).map(str::to_owned),
        }
    }
}

/// Which page of those who came.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct AttendanceQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// from, until or name; with a minus before it from the last to the first.
    #[param(example = "name")]
    pub sort: Option<String>,
}

/// Someone who came to a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceOut {
    /// The participant.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub participant_id: Id,
    /// Their name.
    #[schema(example = "Noor")]
    pub name: String,
    /// The first sign of them there.
    #[schema(example = "2026-11-22T09:01:00.000Z")]
    pub from: String,
    /// The last sign of them there.
    #[schema(example = "2026-11-22T09:48:00.000Z")]
    pub until: String,
    /// When they came in at the session's door.
    #[schema(example = "2026-11-22T09:01:00.000Z")]
    pub in_at: Option<String>,
}

impl From<Attended> for AttendanceOut {
    fn from(it: Attended) -> Self {
        let (from, until) = (rfc3339(it.from), rfc3339(it.until));
        Self { participant_id: it.participant, name: it.name, from, until, in_at: it.came_in.map(rfc3339) }
    }
}
