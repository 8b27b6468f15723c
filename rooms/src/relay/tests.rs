//! Whatever the bus does, what is taken is what was sent, in order.

use plenum_domain::Id;

use super::{Arrived, Beat, Letter, Receiving, Sending};
use crate::engine::RoomRef;
use crate::engine::sample::Dice;

fn room(n: u128) -> RoomRef {
    RoomRef::new("poll", Id::from_bits(n))
}

/// An owner, one node that listens, and the true order of everything, by room.
struct Pair {
    owner: Sending<(RoomRef, u32)>,
    node: Receiving<(RoomRef, u32), (RoomRef, u32)>,
    attachment: u32,
    sent: Vec<(RoomRef, u32)>,
    taken: Vec<(RoomRef, u32)>,
    bus: Vec<Beat<(RoomRef, u32)>>,
    line: Vec<Letter<(RoomRef, u32)>>,
}

impl Pair {
    fn new() -> Self {
        let mut owner = Sending::new(7);
        owner.put(room(1), (room(1), 0), 1);
        owner.close();
        let attached = owner.attach();
        let (sent, taken, bus, line) = Default::default();
        Self { owner, node: Receiving::new(attached), attachment: attached.number, sent, taken, bus, line }
    }

    fn frame(&mut self, n: u32) {
        let room = room(u128::from(n % 3));
        self.sent.push((room, n));
        self.owner.put(room, (room, n), 1);
    }

    fn letter(&mut self, n: u32) {
        let room = room(u128::from(n % 3));
        self.sent.push((room, n));
        let (before, letter) = self.owner.letter(self.attachment, room, (room, n)).expect("it is attached");
        self.bus.extend(before);
        self.line.push(letter);
    }

    fn take(&mut self) {
        while let Some(arrived) = self.node.arrive() {
            match arrived {
                Arrived::Frames(frames) => self.taken.extend(frames),
                Arrived::Letter(letter) => self.taken.push(letter),
            }
        }
    }

    fn assert_same(&self) {
        for n in 0..3 {
            let of = |all: &[(RoomRef, u32)]| {
                all.iter().filter(|(one, _)| *one == room(n)).copied().collect::<Vec<_>>()
            };
            assert_eq!(of(&self.taken), of(&self.sent), "{} has another order", room(n));
        }
    }
}

#[test]
fn a_bus_that_loses_repeats_and_mixes_changes_nothing() {
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let mut pair = Pair::new();
        for n in 0..200 {
            match dice.below(6) {
                0 | 1 => pair.frame(n),
                2 => pair.letter(n),
                3 => {
                    let beat = pair.owner.close();
                    pair.bus.extend(beat);
                }
                4 if !pair.bus.is_empty() => {
                    let at = dice.below(pair.bus.len() as u64) as usize;
                    let beat = pair.bus[at].clone();
                    if dice.chance(60) {
                        pair.bus.remove(at);
                    }
                    if dice.chance(80) {
                        pair.node.hear(beat);
                    }
                }
                _ if !pair.line.is_empty() => pair.node.take(pair.line.remove(0)),
                _ => {}
            }
            pair.take();
        }
        pair.owner.close();
        pair.line.drain(..).for_each(|letter| pair.node.take(letter));
        pair.node.tide(pair.owner.tide());
        pair.take();
        while let Some(last) = pair.node.missing() {
            pair.owner.after(last).expect("they are kept").into_iter().for_each(|beat| pair.node.hear(beat));
            pair.take();
        }
        pair.assert_same();
    }
}

#[test]
fn a_beat_of_another_owner_is_not_taken() {
    let mut pair = Pair::new();
    pair.node.hear(Beat { epoch: 6, number: 2, letters: Vec::new(), frames: vec![(room(1), 1)] });
    pair.node.hear(Beat { epoch: 8, number: 2, letters: Vec::new(), frames: vec![(room(1), 1)] });
    assert_eq!((pair.node.arrive(), pair.node.missing()), (None, None));
}

#[test]
fn who_missed_too_much_is_told_so() {
    let mut owner = Sending::new(1);
    for n in 0..300 {
        owner.put(room(1), n, 1);
        owner.close();
    }
    assert!(owner.after(10).is_none());
    assert_eq!(owner.after(298).map(|beats| beats.len()), Some(2));
    owner.put(room(1), 0, 2_000_000);
    owner.close();
    assert!(owner.after(300).is_none(), "so many bytes are not kept");
    assert_eq!(owner.after(301), Some(Vec::new()));
}

#[test]
fn nobody_is_written_to_after_leaving() {
    let mut owner = Sending::<u32>::new(1);
    let attached = owner.attach();
    assert!(owner.is_heard());
    owner.detach(attached.number);
    assert!(!owner.is_heard() && owner.letter(attached.number, room(1), ()).is_none());
    assert_ne!(owner.attach().number, attached.number);
}
