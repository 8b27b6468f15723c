//! Shards: one thread each, owning rooms and sockets. Nothing of a shard is shared, so nothing is locked.

mod directory;
mod driver;
mod fanout;
mod health;
mod journaling;
mod links;
mod message;
mod outputs;
mod start;
mod state;
mod waiting;

pub(crate) use message::{Frames, SocketId};
pub(crate) use outputs::push_frame;
pub(crate) use state::{Shard, ShardCell};
pub(crate) use waiting::Waiting;

pub use health::{JournalState, ShardHealth, Vitals};
pub use start::{ShardSettings, Shards, StartError};
