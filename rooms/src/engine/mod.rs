//! What is the same for every kind of room: the trait, the host that hides a kind's types, and the engine that
//! runs many rooms for one owner.

#[cfg(test)]
pub(crate) mod archive;
mod beat;
mod gate;
#[cfg(test)]
pub(crate) mod golden;
mod hosted;
mod io;
mod joining;
mod keys;
mod payload;
mod record;
mod refusal;
mod restore;
mod room;
pub mod sample;
mod saving;
mod seat;
mod shard;
#[cfg(test)]
pub(crate) mod stage;
mod stream;
mod telling;

pub use hosted::{Applied, Corrupt, Hosted, Telling, Whispering, open, restore};
pub use io::{Input, JoinBody, Outcome, Output, Ticket};
pub use keys::Accepted;
pub use payload::{Codec, Payload, encode};
pub use record::{Body, Loaded, Record, RoomRef, Scope, Snapshot};
pub use refusal::{Refusal, Rejection};
pub use room::{
    AUDIENCES, Actor, Audience, Moment, Numbered, Opening, Publish, Room, SubId, Told, Viewer, Whisper,
};
pub use shard::{Engine, Settings};
pub use stream::Push;
pub use telling::latest_of_each;
