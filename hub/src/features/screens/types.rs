//! What screens take and give.

use plenum_domain::Id;
use plenum_persistence::store::Screen;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Tokens;
use crate::clock::rfc3339;

/// What a screen shows and asks with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    /// Six characters to show.
    #[schema(example = "K7MQ2X")]
    pub pairing_code: String,
    /// For `POST /auth/screens/token`; not to be shown.
    #[schema(example = "plp_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub poll_token: String,
    /// Seconds until the code is no longer good.
    #[schema(example = 600)]
    pub expires_in: u32,
}

/// Which screens.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ScreenQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
}

/// A screen that asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The token of the offer.
    #[schema(example = "plp_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub poll_token: String,
}

/// Nobody has confirmed the code yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// `waiting`.
    #[schema(value_type = String, example = "waiting")]
    pub status: &'static str,
}

/// What a screen that asks is told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Claimed {
    /// Ask again in some seconds.
    Waiting(Waiting),
    /// The screen is in.
    Paired(Box<Paired>),
}

/// A screen's tokens and place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paired {
    /// `paired`.
    #[schema(value_type = String, example = "paired")]
    pub status: &'static str,
    /// For the socket's hello.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnQiOiIwMSJ9.c2ln")]
    pub access_token: String,
    /// For `POST /auth/refresh`, once.
    #[schema(example = "plr_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub refresh_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 900)]
    pub expires_in: u32,
    /// The screen's id; its room is `screen:ID`.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub screen: Id,
    /// Its conference.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub conference: Id,
}

impl Claimed {
    pub(super) fn paired(tokens: Tokens, screen: Id, conference: Id) -> Self {
        let Tokens { access_token, refresh_token, expires_in, .. } = tokens;
        Self::Paired(Box::new(Paired {
            status: "paired",
            access_token,
            refresh_token,
            expires_in,
            screen,
            conference,
        }))
    }
}

/// A code to confirm.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The six characters on the screen; case, spaces and dashes do not matter.
    #[schema(example = "K7MQ2X")]
    pub pairing_code: String,
    /// What to call the screen.
    #[schema(example = "Main hall, left")]
    pub name: Option<String>,
    /// The session that it follows.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
}

/// Where a screen goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceScreen {
    /// The session to follow; null for none.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
}

/// A screen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScreenOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// What it is called.
    #[schema(example = "Main hall, left")]
    pub name: String,
    /// The session that it follows.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
    /// Its room, for the socket.
    #[schema(example = "screen:01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub room: String,
    /// When it was paired.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub paired_at: String,
}

impl From<Screen> for ScreenOut {
    fn from(screen: Screen) -> Self {
        Self {
            room: super::room(screen.id).to_string(),
            id: screen.id,
            name: screen.name,
            session_id: screen.session,
            paired_at: rfc3339(screen.paired),
        }
    }
}
