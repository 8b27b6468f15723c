//! The hub: sockets, shards, REST.

// A handler that asks the store is a future in a future in a future: the compiler stops at 128 of them otherwise.
#![recursion_limit = "256"]

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod features;
pub mod http;
pub mod limits;
pub mod shard;
pub mod socket;
pub mod telemetry;
pub mod tenants;
mod web;
