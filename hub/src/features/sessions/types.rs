//! What sessions are made of, for the outside.

use plenum_domain::Id;
use plenum_persistence::store::{Session, Speaker};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SessionRooms;
use crate::clock::rfc3339;
use crate::http::given;

/// A session to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// 1 to 300 characters.
    #[schema(example = "Opening")]
    pub title: String,
    /// When it starts, RFC 3339 with an offset.
    #[schema(example = "2026-11-22T09:00:00Z")]
    pub starts_at: String,
    /// When it ends.
    #[schema(example = "2026-11-22T10:00:00Z")]
    pub ends_at: String,
    /// The name of its hall; a new name makes a hall.
    #[schema(example = "Main hall")]
    pub hall: Option<String>,
    /// A short text about it.
    #[schema(example = "Welcome, and what these days hold.")]
    pub summary: Option<String>,
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSession {
    /// 1 to 300 characters.
    #[schema(example = "Opening keynote")]
    pub title: Option<String>,
    /// When it starts, RFC 3339 with an offset.
    #[schema(example = "2026-11-22T09:15:00Z")]
    pub starts_at: Option<String>,
    /// When it ends.
    #[schema(example = "2026-11-22T10:15:00Z")]
    pub ends_at: Option<String>,
    /// The name of its hall; a new name makes a hall, null takes it out of its hall.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Main hall")]
    pub hall: Option<Option<String>>,
    /// A short text about it.
    #[schema(example = "Welcome, and what these days hold.")]
    pub summary: Option<String>,
}

/// Which sessions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct SessionQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// A field's name; with a minus before it from the last to the first.
    #[param(example = "starts_at")]
    pub sort: Option<String>,
    /// Only those with this status.
    #[param(inline)]
    pub status: Option<SessionStatus>,
    /// Only those in the hall with this name.
    #[param(example = "Main hall")]
    pub hall: Option<String>,
    /// Only those of this track.
    #[param(example = "Community")]
    pub track: Option<String>,
    /// Only those that start at this moment or later.
    #[param(example = "2026-11-22T00:00:00Z")]
    pub from: Option<String>,
    /// Only those that start before this moment.
    #[param(example = "2026-11-23T00:00:00Z")]
    pub until: Option<String>,
}

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Not started yet.
    Scheduled,
    /// It runs.
    Live,
    /// Halted, to go on.
    Paused,
    /// Over.
    Ended,
}

impl SessionStatus {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

/// What a session does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Starts, or goes on after a pause.
    Start,
    /// Pauses.
    Pause,
    /// Ends.
    End,
}

impl Step {
    /// The command to the session's room.
    pub(super) const fn op(self) -> &'static str {
        match self {
            Self::Start => "session.start",
            Self::Pause => "session.pause",
            Self::End => "session.end",
        }
    }
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionOut {
    /// Its id, also that of its rooms.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its conference.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Id,
    /// Its title.
    #[schema(example = "Opening")]
    pub title: String,
    /// Its second title; empty when it has none.
    #[schema(example = "")]
    pub subtitle: String,
    /// A short text about it, as its author wrote it.
    #[schema(example = "Welcome, and what these days hold.")]
    pub summary: String,
    /// When it starts.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub starts_at: String,
    /// When it ends.
    #[schema(example = "2026-11-22T10:00:00.000Z")]
    pub ends_at: String,
    /// Its hall.
    #[schema(example = "Main hall")]
    pub hall: Option<String>,
    /// Its track.
    #[schema(example = "Community")]
    pub track: Option<String>,
    /// What it is, in the programme's words.
    #[schema(example = "talk")]
    pub kind: Option<String>,
    /// Its languages.
    #[schema(example = "en")]
    pub language: Option<String>,
    /// Where to read more.
    #[schema(example = "https://example.org/opening")]
    pub url: Option<String>,
    /// `scheduled`, `live`, `paused` or `ended`.
    #[schema(example = "scheduled")]
    pub status: String,
    /// Whether its rooms are open; they can be named before.
    #[schema(example = true)]
    pub open: bool,
    /// Its rooms, for the socket.
    pub rooms: SessionRooms,
}

impl SessionOut {
    /// A session for the outside.
    pub fn new(session: Session, open: bool) -> Self {
        Self {
            id: session.id,
            conference_id: session.conference,
            title: session.title,
            subtitle: session.subtitle,
            summary: session.summary,
            starts_at: rfc3339(session.starts),
            ends_at: rfc3339(session.ends),
            hall: session.hall_name,
            track: session.track,
            kind: session.kind,
            language: session.language,
            url: session.url,
            status: session.status,
            open,
            rooms: SessionRooms::of(session.id),
        }
    }
}

/// Someone who speaks at a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpeakerOut {
    /// The person's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The name as the programme has it.
    #[schema(example = "Noor Haddad")]
    pub name: String,
    /// Where the person works.
    #[schema(example = "Harbour Lab")]
    pub affiliation: Option<String>,
    /// As what: `speaker`, `chair`.
    #[schema(example = "speaker")]
    pub role: String,
}

impl From<Speaker> for SpeakerOut {
    fn from(speaker: Speaker) -> Self {
        let Speaker { person, role } = speaker;
        Self { id: person.id, name: person.name, affiliation: person.affiliation, role }
    }
}
