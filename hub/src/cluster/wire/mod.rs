//! What nodes write to each other: MessagePack with named fields, so that nodes of two versions understand each other
//! while an update goes round.

mod input;
mod output;
mod words;

use bytes::Bytes;
use plenum_domain::Id;
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Audience, Codec};
use plenum_rooms::relay;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(crate) use input::Asked;
pub(crate) use output::Told;

/// Frames for all readers of a room with one audience and codec, as they go to sockets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) room: RoomRef,
    pub(crate) audience: Audience,
    pub(crate) codec: Codec,
    /// The seq that its readers are at afterwards; none for what nobody keeps.
    pub(crate) seq: Option<u64>,
    pub(crate) bytes: Bytes,
}

/// One beat of a conference, the message of the bus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Beat {
    epoch: u64,
    number: u64,
    letters: Vec<(u32, u64)>,
    frames: Vec<Spread>,
}

impl From<relay::Beat<Spread>> for Beat {
    fn from(beat: relay::Beat<Spread>) -> Self {
        let relay::Beat { epoch, number, letters, frames } = beat;
        Self { epoch, number, letters, frames }
    }
}

impl From<Beat> for relay::Beat<Spread> {
    fn from(beat: Beat) -> Self {
        let Beat { epoch, number, letters, frames } = beat;
        Self { epoch, number, letters, frames }
    }
}

/// From a node that holds sockets to the owner of their rooms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Up {
    /// Tell me what happens in this conference from now on.
    Attach { conference: Id },
    /// No more.
    Detach { conference: Id },
    /// Somebody asks something.
    Ask { conference: Id, asked: Asked },
    /// A participant's token was revoked: close its sockets.
    Close { participant: Id },
    /// Beats after this one did not come.
    Missed { conference: Id, epoch: u64, after: u64 },
    /// I am alive.
    Alive,
}

/// From the owner back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Down {
    /// You hear of the conference from here on. `history` is what clients know as epoch.
    Attached { conference: Id, epoch: u64, attachment: u32, beat: u64, history: u64 },
    /// The conference is not mine, or not any more: look for its owner.
    Elsewhere { conference: Id },
    /// For one person, in order with the beats.
    Letter { conference: Id, epoch: u64, number: u64, after: u64, told: Told },
    /// The answer to something asked; its order does not matter.
    Answer { conference: Id, told: Told },
    /// My last beat.
    Tide { conference: Id, epoch: u64, beat: u64 },
    /// Beats that were missed.
    Beats { conference: Id, beats: Vec<Beat> },
    /// What was missed is not kept any more: attach again.
    TooLate { conference: Id, epoch: u64 },
    /// I am alive.
    Alive,
}

/// Bytes that are no message of ours, or one that no node may send.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// The form is another one.
    #[error("a message of another node cannot be read: {0}")]
    Form(#[from] rmp_serde::decode::Error),
    /// It names something that this program does not know.
    #[error("a message of another node names {0:?}, which is not known here")]
    Word(String),
}

/// A message as bytes.
pub(crate) fn write<T: Serialize>(message: &T) -> Vec<u8> {
    rmp_serde::to_vec_named(message).expect("messages between nodes are plain data")
}

/// A message out of bytes.
///
/// # Errors
/// [`Unreadable::Form`].
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    Ok(rmp_serde::from_slice(bytes)?)
}

#[cfg(test)]
mod tests;
