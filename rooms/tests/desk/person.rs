//! The people on the desk.

use std::sync::Arc;

use plenum_rooms::engine::{Actor, sample};

/// The number of a moderator.
pub(crate) const MODERATOR: u64 = 0;
/// The number of a screen.
pub(crate) const SCREEN: u64 = 2;
/// The number of an attendee; all above are attendees too.
pub(crate) const ATTENDEE: u64 = 3;

/// The nth of the made-up people.
pub(crate) fn person(n: u64) -> Arc<Actor> {
    Arc::new(sample::person(n))
}
