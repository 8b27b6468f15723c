//! When sessions are, where, and with whom: what cannot be at the same time, and what a delay moves.

mod clash;
mod delay;
mod shift;

use std::collections::BTreeSet;

use crate::{Id, Timestamp};

pub use clash::{Clash, Shared, clashes};
pub use delay::{Delay, Moved, delayed};
pub use shift::{days_between, shifted};

/// A session's place in time, with all that can be in one place only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The session.
    pub session: Id,
    /// When it starts.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// Its hall.
    pub hall: Option<Id>,
    /// Those who speak.
    pub speakers: BTreeSet<Id>,
    /// Those who chair.
    pub chairs: BTreeSet<Id>,
}

impl Slot {
    /// Whether the two share a moment. One may begin when the other ends.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts < other.ends && other.starts < self.ends
    }
}
