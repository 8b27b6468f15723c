//! What conferences are made of, for the outside.

use plenum_domain::Id;
use plenum_persistence::store::Conference;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Status;
use crate::clock::rfc3339;
use crate::http::given;

/// A conference to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConference {
    /// 1 to 200 characters.
    #[schema(example = "Harbour Days")]
    pub title: String,
    /// A time zone of IANA's list.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    /// The first day, in the conference's time zone.
    #[schema(example = "2026-11-22")]
    pub starts_on: String,
    /// The last day.
    #[schema(example = "2026-11-24")]
    pub ends_on: String,
    /// The series that it is one of, by name.
    #[schema(example = "Harbour Days")]
    pub series: Option<String>,
    /// What it is about.
    #[schema(example = "Three days about ports.")]
    pub description: Option<String>,
    /// The languages of its texts, the programme's own first.
    #[schema(example = json!(["en", "ar"]))]
    pub languages: Option<Vec<String>>,
}

/// A conference to make from another one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloneConference {
    /// 1 to 200 characters.
    #[schema(example = "Harbour Days 2027")]
    pub title: String,
    /// Its first day: everything moves by as many days, and keeps its time of day.
    #[schema(example = "2027-11-22")]
    pub starts_on: String,
    /// Its time zone; the other one's when it is left out.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    /// Whether sessions come along; venues, halls and days always do.
    #[schema(example = true)]
    pub sessions: Option<bool>,
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeConference {
    /// 1 to 200 characters.
    #[schema(example = "Harbour Days 2026")]
    pub title: Option<String>,
    /// A time zone of IANA's list.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    /// The first day.
    #[schema(example = "2026-11-22")]
    pub starts_on: Option<String>,
    /// The last day.
    #[schema(example = "2026-11-24")]
    pub ends_on: Option<String>,
    /// The series that it is one of; null takes it out.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Harbour Days")]
    pub series: Option<Option<String>>,
    /// What it is about.
    #[schema(example = "Three days about ports.")]
    pub description: Option<String>,
    /// The languages of its texts, the programme's own first.
    #[schema(example = json!(["en", "ar"]))]
    pub languages: Option<Vec<String>>,
}

/// Where a conference shall be in its life.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetStatus {
    /// draft → published → ongoing → completed → archived.
    pub status: Status,
}

/// Which conferences.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ConferenceQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// starts_on, ends_on, title, status or created; with a minus before it from the last to the first.
    #[param(example = "-starts_on")]
    pub sort: Option<String>,
    /// Only those with this status.
    #[param(inline)]
    pub status: Option<Status>,
    /// Only those of this series.
    #[param(example = "Harbour Days")]
    pub series: Option<String>,
}

/// A conference.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConferenceOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its title.
    #[schema(example = "Harbour Days")]
    pub title: String,
    /// Its name in addresses.
    #[schema(example = "harbour-days-v2m6b0f0")]
    pub slug: String,
    /// Where it is in its life.
    #[schema(example = "draft")]
    pub status: String,
    /// Its time zone.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    /// The first day, in its time zone.
    #[schema(example = "2026-11-22")]
    pub starts_on: String,
    /// The last day.
    #[schema(example = "2026-11-24")]
    pub ends_on: String,
    /// The code on the slide.
    #[schema(example = "K7MQ2X")]
    pub join_code: String,
    /// Where the code is in the address already, for a QR code.
    #[schema(example = "https://plenum.example.org/j/K7MQ2X")]
    pub join_url: String,
    /// The series that it is one of.
    #[schema(example = "Harbour Days")]
    pub series: Option<String>,
    /// What it is about.
    #[schema(example = "Three days about ports.")]
    pub description: String,
    /// The languages of its texts, the programme's own first.
    #[schema(example = json!(["en", "ar"]))]
    pub languages: Vec<String>,
    /// When it was made.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub created_at: String,
    /// When it was last changed.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub updated_at: String,
    /// Counts its changes; the ETag.
    #[schema(example = 3)]
    pub version: i64,
}

impl ConferenceOut {
    /// A conference for the outside, whose people come by `public_url`.
    pub fn new(conference: Conference, public_url: &str) -> Self {
        Self {
            id: conference.id,
            title: conference.title,
            slug: conference.slug,
            status: conference.status,
            time_zone: conference.time_zone,
            starts_on: conference.starts_on,
            ends_on: conference.ends_on,
            join_url: format!("{public_url}/j/{}", conference.join_code),
            join_code: conference.join_code,
            created_at: rfc3339(conference.created),
            updated_at: rfc3339(conference.updated),
            series: conference.series,
            description: conference.description,
            languages: conference.languages,
            version: conference.version,
        }
    }
}
