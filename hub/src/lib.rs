//! The hub: sockets, shards, REST.

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
