//! Sockets: our own accept loop, handshake and frames. The shard that accepted a socket writes to it directly.

mod commands;
mod files;
mod frames;
pub mod fuzzing;
mod handoff;
mod handshake;
mod identity;
pub(crate) mod listen;
mod locating;
mod moving;
mod opening;
mod outbox;
mod read;
mod ready;
mod rooms;
mod sockets;
mod sweep;
pub mod tls;
mod wire;
mod write;

use bytes::Bytes;
use plenum_protocol::Codec as WireCodec;
use plenum_rooms::engine::Codec as EngineCodec;

use frames::Opcode;

pub(crate) use commands::Later;
pub use files::Files;
pub use handoff::{Http, PeerAddress};
pub use identity::{Identified, Identify, IdentifyError, Identity};
pub use listen::{Doors, Front};
pub(crate) use locating::Locating;
pub use outbox::Patience;
pub(crate) use outbox::Urgency;
pub(crate) use read::start_checks;
pub(crate) use rooms::{Arrival, Place, head};
pub(crate) use sockets::Sockets;

/// How sockets behave.
#[derive(Clone, Debug)]
pub struct WireSettings {
    /// The longest frame from a client, in bytes.
    pub frame_bytes_max: usize,
    /// How long a client may take for the handshake, and then for its hello, in milliseconds.
    pub hello_timeout_ms: i64,
    /// How often clients ping, in seconds; the hub pings those that are silent for so long.
    pub ping_s: u32,
    /// A kernel buffer holds no more for a client that does not read, in bytes.
    pub send_buffer_bytes: usize,
    /// How long a client that does not read is waited for.
    pub patience: Patience,
    /// The kernel's queue of connections that wait to be accepted.
    pub backlog: i32,
}

impl Default for WireSettings {
    fn default() -> Self {
        Self {
            frame_bytes_max: 64 * 1024,
            hello_timeout_ms: 10_000,
            ping_s: 25,
            send_buffer_bytes: 64 * 1024,
            patience: Patience::default(),
            backlog: 4_096,
        }
    }
}

pub(crate) const fn wire_codec(codec: EngineCodec) -> WireCodec {
    match codec {
        EngineCodec::Json => WireCodec::Json,
        EngineCodec::MsgPack => WireCodec::MsgPack,
    }
}

pub(crate) const fn engine_codec(codec: WireCodec) -> EngineCodec {
    match codec {
        WireCodec::Json => EngineCodec::Json,
        WireCodec::MsgPack => EngineCodec::MsgPack,
    }
}

/// One message as a whole WebSocket frame: text for JSON, binary for MessagePack.
pub(crate) fn frame(codec: WireCodec, size_hint: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let opcode = match codec {
        WireCodec::Json => Opcode::Text,
        WireCodec::MsgPack => Opcode::Binary,
    };
    let mut out = Vec::with_capacity(size_hint);
    frames::push_frame(&mut out, opcode, write);
    Bytes::from(out)
}
