//! What those around a session are made of, for the outside.

use plenum_domain::Id;
use plenum_persistence::store::{Person, Seat, SessionText};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;
use crate::http::given;

/// As what someone has a part in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerRole {
    /// Speaks.
    Speaker,
    /// Chairs.
    Chair,
    /// Sits on a panel.
    Panelist,
    /// Presents others.
    Host,
}

impl SpeakerRole {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Speaker => "speaker",
            Self::Chair => "chair",
            Self::Panelist => "panelist",
            Self::Host => "host",
        }
    }
}

/// Whether someone will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// Was asked.
    Invited,
    /// Will come.
    Confirmed,
    /// Will not come.
    Declined,
}

impl Confirmation {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
        }
    }
}

/// Someone to add to a programme.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePerson {
    /// 1 to 200 characters.
    #[schema(example = "Noor Haddad")]
    pub name: String,
    /// Where the person works.
    #[schema(example = "Harbour Lab")]
    pub affiliation: Option<String>,
    /// About the person.
    #[schema(example = "Measures tides.")]
    pub biography: Option<String>,
    /// A picture, http or https.
    #[schema(example = "https://example.org/noor.jpg")]
    pub avatar_url: Option<String>,
}

/// What to change; what is left out stays, null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePerson {
    /// 1 to 200 characters.
    #[schema(example = "Noor Haddad")]
    pub name: Option<String>,
    /// Where the person works.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Harbour Lab")]
    pub affiliation: Option<Option<String>>,
    /// About the person.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Measures tides.")]
    pub biography: Option<Option<String>>,
    /// A picture, http or https.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "https://example.org/noor.jpg")]
    pub avatar_url: Option<Option<String>>,
}

/// Someone in a programme.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOut {
    /// The person's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The name.
    #[schema(example = "Noor Haddad")]
    pub name: String,
    /// Where the person works.
    #[schema(example = "Harbour Lab")]
    pub affiliation: Option<String>,
    /// About the person, not to be trusted as HTML.
    #[schema(example = "Measures tides.")]
    pub biography: Option<String>,
    /// A picture.
    #[schema(example = "https://example.org/noor.jpg")]
    pub avatar_url: Option<String>,
    /// Counts changes; the ETag.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<Person> for PersonOut {
    fn from(person: Person) -> Self {
        let Person { id, name, affiliation, biography, avatar_url, version } = person;
        Self { id, name, affiliation, biography, avatar_url, version }
    }
}

/// Someone to give a part in a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddSpeaker {
    /// Who, of the conference's people; or else a name.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub person_id: Option<Id>,
    /// The name of someone who is not among the conference's people yet.
    #[schema(example = "Noor Haddad")]
    pub name: Option<String>,
    /// As what; a speaker when it is left out.
    pub role: Option<SpeakerRole>,
    /// Invited when it is left out.
    pub confirmation: Option<Confirmation>,
    /// The place in the session's list, from 0; at the end when it is left out.
    #[schema(minimum = 0, maximum = 1_000, example = 0)]
    pub position: Option<i64>,
}

/// What to change about someone's part; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSpeaker {
    /// As what.
    pub role: Option<SpeakerRole>,
    /// Whether they will come.
    pub confirmation: Option<Confirmation>,
    /// The place in the session's list, from 0.
    #[schema(minimum = 0, maximum = 1_000, example = 0)]
    pub position: Option<i64>,
}

/// What a session is about, in one language.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveText {
    /// 1 to 300 characters.
    #[schema(example = "الافتتاح")]
    pub title: String,
    /// Its second title.
    #[schema(example = "")]
    pub subtitle: Option<String>,
    /// A short text about it.
    #[schema(example = "أهلا وسهلا")]
    pub summary: Option<String>,
    /// A long text about it.
    #[schema(example = "")]
    pub description: Option<String>,
}

/// What a session is about, in one language.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextOut {
    /// The language's code.
    #[schema(example = "ar")]
    pub language: String,
    /// Its title.
    #[schema(example = "الافتتاح")]
    pub title: String,
    /// Its second title; empty when it has none.
    #[schema(example = "")]
    pub subtitle: String,
    /// A short text about it.
    #[schema(example = "أهلا وسهلا")]
    pub summary: String,
    /// A long text about it.
    #[schema(example = "")]
    pub description: String,
}

impl From<SessionText> for TextOut {
    fn from(text: SessionText) -> Self {
        let SessionText { language, title, subtitle, summary, description } = text;
        Self { language, title, subtitle, summary, description }
    }
}

/// Who shall have a seat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeSeat {
    /// For someone else; only who manages participants may. Left out: for oneself.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub participant_id: Option<Id>,
}

/// Which seats.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct SeatQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// True for those who wait only, false for those who have a seat.
    #[param(example = false)]
    pub waits: Option<bool>,
}

/// A seat in a session, or a place in the queue for one.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatOut {
    /// Whose.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub participant_id: Id,
    /// Their name.
    #[schema(example = "Noor")]
    pub name: String,
    /// The session was full: it is a place in the queue.
    #[schema(example = false)]
    pub waits: bool,
    /// Since when.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub since: String,
}

impl From<Seat> for SeatOut {
    fn from(seat: Seat) -> Self {
        Self {
            participant_id: seat.participant,
            name: seat.display_name,
            waits: seat.waits,
            since: rfc3339(seat.since),
        }
    }
}
