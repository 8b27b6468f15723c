//! The core in a made-up world: time passes when told, the hub is the test.

mod actions;
mod chaos;
mod link;
mod rooms;
mod world;
