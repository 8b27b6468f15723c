//! Shards: one thread each, owning rooms and sockets. Nothing of a shard is shared, so nothing is locked.

mod backlog;
mod desk;
mod directory;
mod driver;
mod fanout;
mod health;
mod journaling;
mod links;
mod message;
mod outputs;
mod relaying;
mod start;
mod state;
mod strain;
mod waiting;
mod walks;

pub(crate) use links::Links;
pub(crate) use message::{ClusterNews, Frames, News, Numbers, Positions, SocketId, Visitor, waiter};
pub(crate) use outputs::push_frame;
pub(crate) use relaying::ticket_of;
pub(crate) use start::restored;
pub(crate) use state::{Shard, ShardCell};
pub(crate) use waiting::Waiting;

pub use backlog::PUSHES;
pub use health::{JournalState, ShardHealth, Vitals};
pub use start::{ShardSettings, Shards, StartError};
