//! The hub: sockets, shards, REST.

pub mod clock;
pub mod config;
pub mod limits;
pub mod shard;
pub mod socket;
