//! REST over a real hub: the binary, in a folder of its own, on a port of its own.
#![expect(clippy::unwrap_used, reason = "a test ends where something it rests on fails")]

mod access;
mod accounts;
mod analytics;
mod audited;
mod changes;
mod command_line;
mod conferences;
mod copies;
mod deeds;
mod edits;
mod envelope;
mod files;
mod hub;
mod idempotency;
mod imports;
mod letters;
mod live;
mod openapi;
mod pages;
mod registration;
mod rights;
mod slice;
mod space;
mod tenant;
mod tenants;
#[path = "../socket/wire.rs"]
#[expect(dead_code, reason = "the tests of the socket use all of it")]
mod wire;
