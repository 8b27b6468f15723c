//! What venues and halls are made of, for the outside.

use plenum_domain::Id;
use plenum_persistence::store::{Hall, Venue};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::given;

/// What a venue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VenueKind {
    /// People are there.
    Physical,
    /// People are on the web.
    Virtual,
    /// Both.
    Hybrid,
}

impl VenueKind {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Virtual => "virtual",
            Self::Hybrid => "hybrid",
        }
    }
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PlaceQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// name, kind, city or capacity for venues, position or name for halls; with a minus before it from the last to the
    /// first.
    #[param(example = "name")]
    pub sort: Option<String>,
}

/// A venue to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateVenue {
    /// 1 to 100 characters, unique in the conference.
    #[schema(example = "Old Harbour")]
    pub name: String,
    /// What it is. A virtual or hybrid one has a `url`.
    pub kind: VenueKind,
    /// Its street, or how to find it.
    #[schema(example = "Kai 7")]
    pub address: Option<String>,
    /// Its city.
    #[schema(example = "Hamburg")]
    pub city: Option<String>,
    /// ISO's two letters of its country.
    #[schema(example = "DE")]
    pub country: Option<String>,
    /// Where it is on the web, http or https.
    #[schema(example = "https://stream.example.org/harbour")]
    pub url: Option<String>,
    /// How many people fit in.
    #[schema(minimum = 1, maximum = 1_000_000, example = 800)]
    pub capacity: Option<i64>,
}

/// What to change; what is left out stays, null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeVenue {
    /// 1 to 100 characters, unique in the conference.
    #[schema(example = "Old Harbour")]
    pub name: Option<String>,
    /// What it is.
    pub kind: Option<VenueKind>,
    /// Its street, or how to find it.
    #[schema(example = "Kai 7")]
    pub address: Option<String>,
    /// Its city.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Hamburg")]
    pub city: Option<Option<String>>,
    /// ISO's two letters of its country.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "DE")]
    pub country: Option<Option<String>>,
    /// Where it is on the web.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "https://stream.example.org/harbour")]
    pub url: Option<Option<String>>,
    /// How many people fit in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000, example = 800)]
    pub capacity: Option<Option<i64>>,
}

/// A venue.
#[derive(Debug, Serialize, ToSchema)]
pub struct VenueOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its conference.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Id,
    /// Its name.
    #[schema(example = "Old Harbour")]
    pub name: String,
    /// `physical`, `virtual` or `hybrid`.
    #[schema(example = "hybrid")]
    pub kind: String,
    /// Its street, or how to find it.
    #[schema(example = "Kai 7")]
    pub address: String,
    /// Its city.
    #[schema(example = "Hamburg")]
    pub city: Option<String>,
    /// ISO's two letters of its country.
    #[schema(example = "DE")]
    pub country: Option<String>,
    /// Where it is on the web.
    #[schema(example = "https://stream.example.org/harbour")]
    pub url: Option<String>,
    /// How many people fit in.
    #[schema(example = 800)]
    pub capacity: Option<i64>,
    /// Counts its changes; the ETag.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<Venue> for VenueOut {
    fn from(venue: Venue) -> Self {
        let about = venue.about;
        Self {
            id: venue.id,
            conference_id: venue.conference,
            name: about.name,
            kind: about.kind,
            address: about.address,
            city: about.city,
            country: about.country,
            url: about.url,
            capacity: about.capacity,
            version: venue.version,
        }
    }
}

/// A hall to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateHall {
    /// 1 to 100 characters, unique in the conference.
    #[schema(example = "Main hall")]
    pub name: String,
    /// How many people fit in.
    #[schema(minimum = 1, maximum = 1_000_000, example = 300)]
    pub capacity: Option<i64>,
    /// Its place in the conference's order; at the end when it is left out.
    #[schema(minimum = 0, maximum = 10_000, example = 0)]
    pub position: Option<i64>,
    /// The venue that it is in.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub venue_id: Option<Id>,
}

/// What to change; what is left out stays, null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeHall {
    /// 1 to 100 characters, unique in the conference.
    #[schema(example = "Main hall")]
    pub name: Option<String>,
    /// How many people fit in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000, example = 300)]
    pub capacity: Option<Option<i64>>,
    /// Its place in the conference's order.
    #[schema(minimum = 0, maximum = 10_000, example = 0)]
    pub position: Option<i64>,
    /// The venue that it is in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = json!(null))]
    pub venue_id: Option<Option<Id>>,
}

/// A hall.
#[derive(Debug, Serialize, ToSchema)]
pub struct HallOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its conference.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference_id: Id,
    /// Its name.
    #[schema(example = "Main hall")]
    pub name: String,
    /// How many people fit in.
    #[schema(example = 300)]
    pub capacity: Option<i64>,
    /// Its place in the conference's order.
    #[schema(example = 0)]
    pub position: i64,
    /// The venue that it is in.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub venue_id: Option<Id>,
    /// Counts its changes; the ETag.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<Hall> for HallOut {
    fn from(hall: Hall) -> Self {
        Self {
            id: hall.id,
            conference_id: hall.conference,
            name: hall.name,
            capacity: hall.capacity,
            position: hall.position,
            venue_id: hall.venue,
            version: hall.version,
        }
    }
}
