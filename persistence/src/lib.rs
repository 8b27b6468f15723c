//! Everything that SQL or a disk is needed for: journal, store, projector.

pub mod journal;
pub mod projector;
pub mod store;
