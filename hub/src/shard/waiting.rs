//! Who waits for an answer of the engine.

use plenum_rooms::RoomRef;
use slab::Slab;
use tokio::sync::oneshot;

use super::message::{Answer, SocketId};
use crate::telemetry::Followed;

/// Someone who asked.
pub(crate) enum Waiting {
    /// A socket, for the reply to its command `re`.
    Reply { socket: SocketId, re: u64, followed: Option<Box<Followed>> },
    /// A socket that wants into a room.
    Join { socket: SocketId, re: u64, room: RoomRef },
    /// A socket that fell behind in a room: it is shown the state.
    Resync { socket: SocketId, room: RoomRef },
    /// A socket whose room has another owner: it goes on from where it is.
    Rejoin { socket: SocketId },
    /// REST.
    Rest(oneshot::Sender<Answer>),
}

/// Those who wait. A number is a place and how many were given before: an answer that comes when nobody waits for it any
/// more (another node gave it late) must not be taken for the answer to whoever has the place by then.
#[derive(Default)]
pub(super) struct Waiters {
    places: Slab<(u32, Waiting)>,
    given: u32,
}

/// Bits of a number that are the place.
const PLACE_BITS: u32 = 24;
/// Numbers have so many bits.
const NUMBER_BITS: u32 = 48;

impl Waiters {
    pub(super) fn add(&mut self, waiting: Waiting) -> u64 {
        self.given = (self.given + 1) & ((1 << (NUMBER_BITS - PLACE_BITS)) - 1);
        let place = self.places.insert((self.given, waiting));
        u64::from(self.given) << PLACE_BITS | place as u64
    }

    pub(super) fn take(&mut self, number: u64) -> Option<Waiting> {
        let (given, place) = ((number >> PLACE_BITS) as u32, (number & ((1 << PLACE_BITS) - 1)) as usize);
        self.places.get(place).filter(|(one, _)| *one == given)?;
        self.places.try_remove(place).map(|(_, waiting)| waiting)
    }

    /// Everyone of REST who waits.
    pub(super) fn into_rest(self) -> impl Iterator<Item = oneshot::Sender<Answer>> {
        self.places.into_iter().filter_map(|(_, (_, waiting))| match waiting {
            Waiting::Rest(answer) => Some(answer),
            _ => None,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_answer_finds_nobody_in_a_place_that_was_given_again() {
        let mut waiters = Waiters::default();
        let wait = || Waiting::Rest(oneshot::channel().0);
        let first = waiters.add(wait());
        assert!(waiters.take(first).is_some());
        let second = waiters.add(wait());
        assert!(waiters.take(first).is_none() && waiters.len() == 1);
        assert!(waiters.take(second).is_some());
    }
}
