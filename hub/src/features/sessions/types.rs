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
    /// Its second title.
    #[schema(example = "And what comes after")]
    pub subtitle: Option<String>,
    /// A long text about it.
    #[schema(example = "Who we are, how the days go, and where to find coffee.")]
    pub description: Option<String>,
    /// Its track.
    #[schema(example = "Community")]
    pub track: Option<String>,
    /// What it is: talk, workshop, keynote, in your own words.
    #[schema(example = "talk")]
    pub kind: Option<String>,
    /// The code of its language, or several with commas between them.
    #[schema(example = "en")]
    pub language: Option<String>,
    /// Where to read more, http or https.
    #[schema(example = "https://example.org/opening")]
    pub url: Option<String>,
    /// Nobody may record it.
    #[schema(example = false)]
    pub do_not_record: Option<bool>,
    /// How many may take a seat; who comes later waits. As many as want to when it is left out.
    #[schema(minimum = 1, maximum = 1_000_000, example = 120)]
    pub capacity: Option<i64>,
    /// False for a draft: it has no rooms, and only those who edit the programme see it. True when it is left out.
    #[schema(example = true)]
    pub published: Option<bool>,
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
    /// Its second title.
    #[schema(example = "And what comes after")]
    pub subtitle: Option<String>,
    /// A long text about it.
    #[schema(example = "Who we are, how the days go, and where to find coffee.")]
    pub description: Option<String>,
    /// Its track; null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Community")]
    pub track: Option<Option<String>>,
    /// What it is; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "talk")]
    pub kind: Option<Option<String>>,
    /// The code of its language, or several with commas between them; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "en")]
    pub language: Option<Option<String>>,
    /// Where to read more, http or https; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "https://example.org/opening")]
    pub url: Option<Option<String>>,
    /// Nobody may record it.
    #[schema(example = false)]
    pub do_not_record: Option<bool>,
    /// How many may take a seat; more seats go to those who wait. Null for as many as want to.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000, example = 120)]
    pub capacity: Option<Option<i64>>,
    /// Publishing a session opens its rooms. One whose rooms are open stays published.
    #[schema(example = true)]
    pub published: Option<bool>,
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

/// Which part of the clashes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ClashQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
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

/// How late a session runs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelaySession {
    /// Minutes by which its end moves, and its start when it does not run yet; negative for earlier.
    #[schema(minimum = -720, maximum = 720, example = 15)]
    pub minutes: i64,
    /// What follows in its hall on this day moves by as much, so that breaks stay as long as they are. Otherwise breaks
    /// are used up first, and only what has to moves.
    #[schema(example = false)]
    pub keep_breaks: Option<bool>,
    /// Only says what would move.
    #[schema(example = false)]
    pub dry_run: Option<bool>,
}

/// What a delay moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delayed {
    /// The sessions that moved, the late one first.
    pub moved: Vec<MovedOut>,
    /// What clashes after it; nothing was refused because of it.
    pub clashes: Vec<ClashOut>,
}

/// When a session is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedOut {
    /// Which.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Id,
    /// Its title.
    #[schema(example = "Opening")]
    pub title: String,
    /// When it starts now.
    #[schema(example = "2026-11-22T09:15:00.000Z")]
    pub starts_at: String,
    /// When it ends now.
    #[schema(example = "2026-11-22T10:15:00.000Z")]
    pub ends_at: String,
}

impl From<Session> for MovedOut {
    fn from(session: Session) -> Self {
        let (starts_at, ends_at) = (rfc3339(session.starts), rfc3339(session.ends));
        Self { session_id: session.id, title: session.title, starts_at, ends_at }
    }
}

/// One hall, or one person, in two sessions at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClashOut {
    /// `hall`, `speaker` or `chair`.
    #[schema(example = "hall")]
    pub kind: &'static str,
    /// The hall or the person.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The hall's or the person's name.
    #[schema(example = "Main hall")]
    pub name: String,
    /// The two sessions, the earlier one first.
    pub sessions: Vec<ClashingSession>,
    /// From when both run.
    #[schema(example = "2026-11-22T09:30:00.000Z")]
    pub from: String,
    /// Until when both run.
    #[schema(example = "2026-11-22T10:00:00.000Z")]
    pub until: String,
    /// The same in words.
    #[schema(example = "“Main hall” has “Opening” and “Ports of Europe” at the same time")]
    pub reason: String,
}

/// One of two sessions that clash.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClashingSession {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its title.
    #[schema(example = "Opening")]
    pub title: String,
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
    /// A long text about it, as its author wrote it.
    #[schema(example = "Who we are, how the days go, and where to find coffee.")]
    pub description: String,
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
    /// Nobody may record it.
    #[schema(example = false)]
    pub do_not_record: bool,
    /// How many may take a seat; as many as want to when null.
    #[schema(example = 120)]
    pub capacity: Option<i64>,
    /// False for a draft.
    #[schema(example = true)]
    pub published: bool,
    /// Counts its changes; the ETag.
    #[schema(example = 3)]
    pub version: i64,
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
            description: session.description,
            do_not_record: session.do_not_record,
            capacity: session.capacity,
            published: session.published,
            version: session.version,
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
    /// As what: `speaker`, `chair`, `panelist`, `host`.
    #[schema(example = "speaker")]
    pub role: String,
    /// `invited`, `confirmed` or `declined`.
    #[schema(example = "confirmed")]
    pub confirmation: String,
}

impl From<Speaker> for SpeakerOut {
    fn from(speaker: Speaker) -> Self {
        let Speaker { person, role, confirmation } = speaker;
        Self { id: person.id, name: person.name, affiliation: person.affiliation, role, confirmation }
    }
}
