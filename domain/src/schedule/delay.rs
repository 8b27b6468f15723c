//! A delay, and what it moves: a session that ends later pushes what comes after it in its hall.

use super::Slot;
use crate::{Id, Timestamp};

/// A session that runs late, or early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay {
    /// Which.
    pub session: Id,
    /// By how much its end moves, in milliseconds; negative for earlier.
    pub by_ms: i64,
    /// Its start stays, because it runs already.
    pub is_running: bool,
    /// What follows moves by as much, so that breaks stay as long as they are. Otherwise breaks are used up first, and
    /// what follows moves only as far as it must.
    pub keeps_breaks: bool,
    /// What starts at this moment or later does not move: the end of the day.
    pub until: Timestamp,
}

/// When a session is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub session: Id,
    /// When it starts now.
    pub starts: Timestamp,
    /// When it ends now.
    pub ends: Timestamp,
}

/// What moves, the delayed session first, then what follows in its hall in the order of time. Nothing when the session
/// is not among the slots. A session never ends before it starts.
pub fn delayed(slots: &[Slot], delay: &Delay) -> Vec<Moved> {
    let Some(late) = slots.iter().find(|slot| slot.session == delay.session) else { return Vec::new() };
    let starts = if delay.is_running { late.starts } else { late.starts.plus_ms(delay.by_ms) };
    let ends = late.ends.plus_ms(delay.by_ms).max(starts);
    let mut moved = vec![Moved { session: late.session, starts, ends }];
    let is_after = |slot: &&Slot| {
        slot.session != late.session
            && slot.hall.is_some()
            && slot.hall == late.hall
            && slot.starts >= late.ends
            && slot.starts < delay.until
    };
    let mut after: Vec<&Slot> = slots.iter().filter(is_after).collect();
    after.sort_by_key(|slot| (slot.starts, slot.session));
    let mut free = ends;
    for slot in after {
        let by_ms = if delay.keeps_breaks { delay.by_ms } else { free.since_ms(slot.starts).max(0) };
        let one = Moved {
            session: slot.session,
            starts: slot.starts.plus_ms(by_ms),
            ends: slot.ends.plus_ms(by_ms),
        };
        free = free.max(one.ends);
        if by_ms != 0 {
            moved.push(one);
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn day() -> Vec<Slot> {
        let slot = |session, starts: i64, ends: i64, hall| Slot {
            session: Id::from_bits(session),
            starts: Timestamp::from_ms(starts),
            ends: Timestamp::from_ms(ends),
            hall: Some(Id::from_bits(hall)),
            speakers: BTreeSet::new(),
            chairs: BTreeSet::new(),
        };
        vec![
            slot(1, 0, 30, 7),
            slot(2, 30, 60, 7),
            slot(3, 75, 90, 7),
            slot(4, 30, 60, 8),
            slot(5, 200, 210, 7),
        ]
    }

    fn moved(by_ms: i64, is_running: bool, keeps_breaks: bool) -> Vec<(u128, i64, i64)> {
        let until = Timestamp::from_ms(150);
        let delay = Delay { session: Id::from_bits(1), by_ms, is_running, keeps_breaks, until };
        let of = |moved: Moved| (moved.session.bits(), moved.starts.ms(), moved.ends.ms());
        delayed(&day(), &delay).into_iter().map(of).collect()
    }

    #[test]
    fn breaks_are_used_up_before_the_next_one_moves() {
        assert_eq!(moved(10, true, false), [(1, 0, 40), (2, 40, 70)]);
        assert_eq!(moved(20, false, false), [(1, 20, 50), (2, 50, 80), (3, 80, 95)]);
    }

    #[test]
    fn or_they_stay_as_long_as_they_are() {
        assert_eq!(moved(10, true, true), [(1, 0, 40), (2, 40, 70), (3, 85, 100)]);
        assert_eq!(moved(-10, true, true), [(1, 0, 20), (2, 20, 50), (3, 65, 80)]);
    }

    #[test]
    fn ending_early_moves_nobody_and_never_ends_before_the_start() {
        assert_eq!(moved(-10, true, false), [(1, 0, 20)]);
        assert_eq!(moved(-90, true, false), [(1, 0, 0)]);
    }
}
