//! The ground: ids, time, text, rights and the programme. Depends on nothing of ours and does no IO.

pub mod access;
pub mod activity;
pub mod changes;
pub mod conference;
pub mod country;
pub mod id;
pub mod registration;
pub mod schedule;
pub mod search;
pub mod tenant;
pub mod text;
pub mod time;

pub use access::{Action, Denied, Role, Roles};
pub use id::Id;
pub use time::Timestamp;
