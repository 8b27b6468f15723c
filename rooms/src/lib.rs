//! Rooms: pure state machines, and the engine that runs many of them.
//!
//! Nothing here reads a clock, rolls dice, awaits, locks or does IO: time and seeds are arguments.

pub mod engine;
pub mod kinds;
pub mod relay;

pub use engine::{Codec, Engine, Input, Output, RoomRef, Scope};
