//! Reaching people who are not looking: for now by mail.
//!
//! **Architecture Invariant:** what reaches people outside of the app is named here and nowhere else.

pub mod channel;
mod message;

pub use message::{Enclosed, Letter};
