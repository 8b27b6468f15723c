//! What a user of the client hears.

use plenum_protocol::{Codec, PayloadError, decode};
use serde::Deserialize;

use crate::Refusal;

/// Data as it came, in the socket's codec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// How the bytes are encoded.
    pub codec: Codec,
    /// One encoded value.
    pub bytes: Vec<u8>,
}

impl Payload {
    /// Reads it.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T, PayloadError> {
        decode(self.codec, &self.bytes)
    }
}

/// What is heard of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomUpdate {
    /// All of it: replace what you hold.
    State {
        /// The room.
        room: String,
        /// Its place after this.
        seq: u64,
        /// As this participant may see it.
        state: Payload,
    },
    /// One change: apply it to what you hold.
    Push {
        /// The room.
        room: String,
        /// Its place after this; `None` for what is ephemeral or personal.
        seq: Option<u64>,
        /// What happened.
        ev: String,
        /// When, in milliseconds since 1970.
        at_ms: Option<i64>,
        /// What it says.
        data: Payload,
    },
    /// The room may not be heard; the last update of it.
    Refused {
        /// The room.
        room: String,
        /// Why.
        refusal: Refusal,
    },
}

impl RoomUpdate {
    /// The room that it is about.
    pub fn room(&self) -> &str {
        match self {
            Self::State { room, .. } | Self::Push { room, .. } | Self::Refused { room, .. } => room,
        }
    }
}

/// Where the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Not started, or closed by its user.
    Idle,
    /// Getting a token, opening, greeting.
    Connecting,
    /// Greeted.
    Live {
        /// Who one is.
        participant: String,
        /// The socket's own id, for the operator's logs.
        session: String,
    },
    /// The next try is planned.
    Waiting {
        /// When, in milliseconds of the clock that the core is told.
        until_ms: i64,
    },
    /// Not coming back by itself.
    Stopped(StopReason),
}

/// Why a client stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// There is no token to be had.
    SignedOut,
    /// The hub closed in a way that says: it would end the same way.
    Closed(u16),
    /// The hub refused the hello for good.
    Refused(Refusal),
}
