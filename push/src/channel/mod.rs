//! The ways to people, a folder each.

pub mod mail;
