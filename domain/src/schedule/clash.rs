//! Clashes: one hall, or one person, in two sessions at once.

use super::Slot;
use crate::{Id, Timestamp};

/// What two sessions cannot share at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// A hall holds one session.
    Hall,
    /// Someone speaks at both.
    Speaker,
    /// Someone chairs one of them and has to be at the other too.
    Chair,
}

/// Two sessions that share something while both run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clash {
    /// When both run for the first time.
    pub from: Timestamp,
    /// When the first of them ends.
    pub until: Timestamp,
    /// What they share.
    pub shared: Shared,
    /// Which hall or person.
    pub what: Id,
    /// The sessions, the one that starts first in front.
    pub sessions: [Id; 2],
}

/// Every clash, in the order of time. A person who both speaks and chairs is named once, as a chair.
pub fn clashes(slots: &[Slot]) -> Vec<Clash> {
    let mut sorted: Vec<&Slot> = slots.iter().filter(|slot| slot.starts < slot.ends).collect();
    sorted.sort_by_key(|slot| (slot.starts, slot.session));
    let mut found = Vec::new();
    // Those that still run when the next one begins: few at any moment, however long the programme.
    let mut running: Vec<&Slot> = Vec::new();
    for slot in sorted {
        running.retain(|before| before.ends > slot.starts);
        for before in &running {
            between(before, slot, &mut found);
        }
        running.push(slot);
    }
    found.sort();
    found
}

fn between(first: &Slot, second: &Slot, found: &mut Vec<Clash>) {
    let mut add = |shared, what| {
        let (from, until) = (second.starts, first.ends.min(second.ends));
        found.push(Clash { from, until, shared, what, sessions: [first.session, second.session] });
    };
    if let Some(hall) = first.hall.filter(|hall| second.hall == Some(*hall)) {
        add(Shared::Hall, hall);
    }
    let busy = |slot: &Slot, person: &Id| slot.speakers.contains(person) || slot.chairs.contains(person);
    for person in first.speakers.union(&first.chairs).filter(|person| busy(second, person)) {
        let chairs = first.chairs.contains(person) || second.chairs.contains(person);
        add(if chairs { Shared::Chair } else { Shared::Speaker }, *person);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn slot(session: u128, from: i64, until: i64, hall: u128, speaker: u128, chair: u128) -> Slot {
        let people = |one: u128| (one > 0).then(|| Id::from_bits(one)).into_iter().collect::<BTreeSet<_>>();
        Slot {
            session: Id::from_bits(session),
            starts: Timestamp::from_ms(from),
            ends: Timestamp::from_ms(until),
            hall: (hall > 0).then(|| Id::from_bits(hall)),
            speakers: people(speaker),
            chairs: people(chair),
        }
    }

    fn seen(slots: &[Slot]) -> Vec<(Shared, u128, u128, u128)> {
        let of = |clash: Clash| {
            (clash.shared, clash.what.bits(), clash.sessions[0].bits(), clash.sessions[1].bits())
        };
        clashes(slots).into_iter().map(of).collect()
    }

    #[test]
    fn a_hall_a_speaker_and_a_chair_are_in_one_place() {
        let slots = [slot(1, 0, 10, 7, 8, 0), slot(2, 5, 15, 7, 8, 9), slot(3, 12, 20, 0, 9, 0)];
        let expected = [(Shared::Hall, 7, 1, 2), (Shared::Speaker, 8, 1, 2), (Shared::Chair, 9, 2, 3)];
        assert_eq!(seen(&slots), expected);
        assert_eq!(clashes(&slots)[0].from.ms()..clashes(&slots)[0].until.ms(), 5..10);
    }

    #[test]
    fn one_may_begin_when_the_other_ends() {
        assert_eq!(seen(&[slot(1, 0, 10, 7, 8, 9), slot(2, 10, 20, 7, 8, 9)]), []);
        assert_eq!(seen(&[slot(1, 0, 10, 7, 0, 0), slot(2, 5, 5, 7, 0, 0)]), [], "a moment is no time");
    }

    proptest! {
        #[test]
        fn the_sweep_finds_what_comparing_all_pairs_finds(
            raw in prop::collection::vec((0_i64..50, 1_i64..20, 0_u128..3, 0_u128..4, 0_u128..4), 0..25)
        ) {
            let slots: Vec<Slot> = (1..).zip(&raw)
                .map(|(n, (from, long, hall, speaker, chair))| slot(n, *from, from + long, *hall, *speaker, *chair))
                .collect();
            let mut pairs = Vec::new();
            for (at, one) in slots.iter().enumerate() {
                for other in &slots[at + 1..] {
                    if one.overlaps(other) {
                        let (first, second) = if (one.starts, one.session) <= (other.starts, other.session) {
                            (one, other)
                        } else {
                            (other, one)
                        };
                        between(first, second, &mut pairs);
                    }
                }
            }
            pairs.sort();
            prop_assert_eq!(clashes(&slots), pairs);
        }
    }
}
