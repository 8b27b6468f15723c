//! What is said at the opening and at the end of a socket.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The data of `hello`, the first command of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello<'a> {
    /// The access token.
    #[serde(borrow)]
    pub token: Cow<'a, str>,
    /// Which client this is, `name/version`, for the operator's figures.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Cow<'a, str>>,
}

/// The answer to `hello`: who one is, and what this hub asks of its clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloOk<'a> {
    /// The participant whose token it was.
    #[serde(borrow)]
    pub participant: Cow<'a, str>,
    /// The conference that the token is for; null for one that is for a whole tenant.
    #[serde(borrow)]
    pub conference: Option<Cow<'a, str>>,
    /// What the participant is in it.
    pub roles: Vec<Cow<'a, str>>,
    /// The hub's clock, in milliseconds since 1970.
    pub server_ms: i64,
    /// How often a client pings, in seconds; one that is silent for longer than three of these is cut off.
    pub ping_s: u32,
    /// This socket's own id, for logs and questions.
    #[serde(borrow)]
    pub session: Cow<'a, str>,
    /// When the token ends, in milliseconds since 1970; `auth.refresh` before that keeps the socket open.
    pub token_ends_ms: i64,
    /// The longest frame that this hub takes, in bytes.
    pub max_frame_bytes: u32,
    /// How much a client may send.
    pub limits: CommandLimits,
    /// Over how long clients spread their first try after an abnormal close, in milliseconds.
    pub herd_ms: u64,
}

/// The limits that a hub announces; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandLimits {
    /// Commands a second, in the long run.
    pub commands_per_s: u32,
    /// Commands at once after a pause.
    pub commands_burst: u32,
}

/// The data of `hub.moving`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// After how long to connect again, in milliseconds; another one for every client.
    pub after_ms: u64,
}

impl Moving {
    /// The event's name.
    pub const EV: &'static str = "hub.moving";
}
