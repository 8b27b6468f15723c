//! Redis: the connection, the storage in it, and whether it is set up so that it keeps what it says it keeps.

mod connect;
mod fence;
mod safety;

pub use connect::{ConnectError, connect, settings};
pub use fence::RedisFence;
pub use safety::{Danger, dangers};
