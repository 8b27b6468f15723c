//! The pushes of others that wait before a shard: a count with a bound, and which rooms lost some at it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use plenum_rooms::RoomRef;

/// How many pushes of others may wait before a shard; past it they are dropped, and the readers of their rooms are shown
/// the state once the shard has taken up the rest.
pub const PUSHES: usize = 16_384;

/// What waits before one shard.
#[derive(Debug)]
pub(super) struct Backlog {
    most: usize,
    waiting: AtomicUsize,
    has_missed: AtomicBool,
    /// Touched only while the shard is behind.
    missed: Mutex<BTreeSet<RoomRef>>,
}

impl Backlog {
    pub(super) fn new(most: usize) -> Self {
        let (waiting, has_missed) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { most, waiting, has_missed, missed: Mutex::default() }
    }

    /// Counts a push of a room. Returns whether it may be sent; when not, the room is noted.
    pub(super) fn enter(&self, room: RoomRef) -> bool {
        if self.waiting.fetch_add(1, Ordering::Relaxed) < self.most {
            return true;
        }
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        metrics::counter!("plenum_pushes_dropped_total", "reason" => "shard_behind").increment(1);
        self.missed.lock().unwrap_or_else(PoisonError::into_inner).insert(room);
        self.has_missed.store(true, Ordering::Release);
        false
    }

    /// The shard took up a push.
    pub(super) fn leave(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The rooms that lost pushes since the last time.
    pub(super) fn take_missed(&self) -> BTreeSet<RoomRef> {
        if !self.has_missed.swap(false, Ordering::Acquire) {
            return BTreeSet::new();
        }
        std::mem::take(&mut self.missed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use plenum_domain::Id;

    use super::*;

    #[test]
    fn what_does_not_fit_is_noted_once_a_room() {
        let (backlog, room) = (Backlog::new(2), |n| RoomRef::new("poll", Id::from_bits(n)));
        assert!(backlog.enter(room(1)) && backlog.enter(room(2)));
        assert!(!backlog.enter(room(3)) && !backlog.enter(room(3)) && !backlog.enter(room(1)));
        assert_eq!(backlog.waiting(), 2);
        assert_eq!(backlog.take_missed(), BTreeSet::from([room(1), room(3)]));
        assert!(backlog.take_missed().is_empty());
        backlog.leave();
        assert!(backlog.enter(room(3)) && !backlog.enter(room(3)));
    }
}
