//! Redis: the connection, the storage in it, and whether it is set up so that it keeps what it says it keeps.

mod bus;
mod connect;
mod fence;
mod roster;
mod safety;
mod vigil;

pub use bus::RedisBus;
pub use connect::{ConnectError, connect, settings};
pub use fence::RedisFence;
pub use roster::RedisRoster;
pub use safety::{Danger, dangers};
pub use vigil::{Look, Vigil};
