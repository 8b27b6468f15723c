//! What must hold for every kind of room and for the engine that hosts them, proved from outside.
//!
//! - [`contract`]: each kind of the registry, driven by its own made-up traffic.
//! - [`engine`]: the host's promises, with real kinds.
//! - [`simulation`]: many clients on bad links, crashes and full disks, in virtual time.

mod contract;
mod desk;
mod engine;
mod simulation;
