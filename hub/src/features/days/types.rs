//! What the days of a programme are, for the outside.

use plenum_domain::Id;
use plenum_persistence::store::ProgrammeDay;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::rfc3339;

/// The days of a programme.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDays {
    /// All of them.
    pub days: Vec<NewDay>,
}

/// A day of a programme.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDay {
    /// Its date, one of the conference's.
    #[schema(example = "2026-11-22")]
    pub date: String,
    /// What it is called beside its date.
    #[schema(example = "Workshops")]
    pub title: Option<String>,
    /// When it begins; at midnight when it is left out.
    #[schema(example = "2026-11-22T09:00:00+01:00")]
    pub starts_at: Option<String>,
    /// When it ends, which may be after midnight.
    #[schema(example = "2026-11-23T01:00:00+01:00")]
    pub ends_at: Option<String>,
    /// Who chairs it, of the conference's people.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub chair_id: Option<Id>,
}

/// A day of a programme.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayOut {
    /// Counted from 1.
    #[schema(example = 1)]
    pub number: i64,
    /// Its date.
    #[schema(example = "2026-11-22")]
    pub date: String,
    /// What it is called beside its date.
    #[schema(example = "Workshops")]
    pub title: Option<String>,
    /// When it begins.
    #[schema(example = "2026-11-22T08:00:00.000Z")]
    pub starts_at: String,
    /// When it ends.
    #[schema(example = "2026-11-23T00:00:00.000Z")]
    pub ends_at: String,
    /// Who chairs it.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub chair_id: Option<Id>,
    /// Their name.
    #[schema(example = "Noor Haddad")]
    pub chair_name: Option<String>,
}

impl From<ProgrammeDay> for DayOut {
    fn from(day: ProgrammeDay) -> Self {
        Self {
            number: day.number,
            date: day.date,
            title: day.title,
            starts_at: rfc3339(day.starts),
            ends_at: rfc3339(day.ends),
            chair_id: day.chair,
            chair_name: day.chair_name,
        }
    }
}
