//! What coming in takes and gives.

use plenum_domain::Id;
use plenum_persistence::store::Session;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::features::sessions::SessionRooms;

/// The code on the slide, and what a person wants to say of themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Six characters; case, spaces and dashes do not matter.
    #[schema(example = "K7MQ2X")]
    pub code: String,
    /// The name that others see; without one it is "Guest" and four characters.
    #[schema(example = "Noor")]
    pub display_name: Option<String>,
    /// For those who want to be found again.
    #[schema(example = "noor@example.org")]
    pub email: Option<String>,
}

/// Someone is in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Joined {
    /// For `Authorization: Bearer` and the socket's hello; good for this conference.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnQiOiIwMSJ9.c2ln")]
    pub access_token: String,
    /// For `POST /auth/refresh`, once.
    #[schema(example = "plr_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub refresh_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 900)]
    pub expires_in: u32,
    /// Who they are here.
    pub participant: Entered,
    /// Where they are.
    pub conference: Place,
    /// Sessions with open rooms that are not over, at most 100; of a longer programme what runs and what comes next.
    pub sessions: Vec<OpenSession>,
}

/// A participant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entered {
    /// The participant's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The name that others see.
    #[schema(example = "Noor")]
    pub name: String,
}

/// A conference.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its title.
    #[schema(example = "Harbour Days")]
    pub title: String,
}

/// A session to go to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenSession {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its title.
    #[schema(example = "Opening")]
    pub title: String,
    /// `scheduled`, `live` or `paused`.
    #[schema(example = "live")]
    pub status: String,
    /// Its rooms, for the socket.
    pub rooms: SessionRooms,
}

impl From<Session> for OpenSession {
    fn from(session: Session) -> Self {
        let rooms = SessionRooms::of(session.id);
        Self { id: session.id, title: session.title, status: session.status, rooms }
    }
}
