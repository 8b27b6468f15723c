//! The hub: sockets, shards, REST.

pub mod clock;
pub mod config;
