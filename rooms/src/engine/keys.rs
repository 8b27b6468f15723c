//! What senders were answered, so that the same key gives the same answer.

mod packed;

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use plenum_domain::Id;
use serde::{Deserialize, Serialize};

use super::record::RoomRef;
use super::refusal::Refusal;

/// Accepted actions remembered in a room. Twenty for each of ten thousand people; the oldest go first.
const ACCEPTED_KEPT: usize = 200_000;
/// Refusals remembered in a room: they changed nothing, so only quick retries matter.
const REFUSED_KEPT: usize = 1_024;

/// An action: its sender and the sender's key.
pub(super) type Key = (Id, Id);

/// The answer to an accepted action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The room's seq after it.
    pub seq: u64,
    /// The room that it opened.
    pub opened: Option<RoomRef>,
}

/// A key names the thing that its action makes, and things are shown: so a key belongs to the person who used it first,
/// else others could put something in its place.
#[derive(Debug, Default)]
pub(super) struct Keys {
    accepted: packed::Answers,
    refused: BTreeMap<Key, Refusal>,
    refused_order: VecDeque<Key>,
}

impl Keys {
    pub(super) fn answer(&self, action: &Key) -> Option<Result<Accepted, Refusal>> {
        let (sender, key) = action;
        match self.accepted.find(*key) {
            Some((owner, answer)) if owner == *sender => Some(Ok(answer)),
            Some(_) => Some(Err(not_yours())),
            None => self.refused.get(action).map(|refusal| Err(refusal.clone())),
        }
    }

    pub(super) fn accept(&mut self, action: Key, answer: Accepted) {
        self.accepted.push(action, answer);
        if self.accepted.len() > ACCEPTED_KEPT {
            self.accepted.pop();
        }
    }

    /// Remembers a refusal that a retry cannot change; one that asks to come back is not remembered.
    pub(super) fn refuse(&mut self, key: Key, refusal: &Refusal) {
        if refusal.retry_ms.is_some() {
            return;
        }
        if self.refused.insert(key, refusal.clone()).is_none() {
            self.refused_order.push_back(key);
        }
        if self.refused_order.len() > REFUSED_KEPT
            && let Some(oldest) = self.refused_order.pop_front()
        {
            self.refused.remove(&oldest);
        }
    }

    /// How many accepted actions are remembered.
    pub(super) fn len(&self) -> u32 {
        self.accepted.len() as u32
    }

    /// The accepted actions, oldest first, for the snapshot.
    pub(super) fn packed(&self) -> Bytes {
        self.accepted.packed()
    }

    /// Remembers what [`Self::packed`] wrote.
    ///
    /// # Errors
    /// The bytes are not of that form.
    pub(super) fn accept_packed(&mut self, packed: &[u8]) -> Result<(), packed::Malformed> {
        packed::unpack(packed, |key, answer| self.accept(key, answer))
    }
}

fn not_yours() -> Refusal {
    let why = "someone else used this key here: a key is a UUID of your own for one action";
    Refusal::new("hub.bad_frame", why).with("field", "key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(n: u128) -> Key {
        (Id::from_bits(n % 7), Id::from_bits(n))
    }

    #[test]
    fn so_many_answers_are_kept_and_the_oldest_go_first() {
        let mut keys = Keys::default();
        let last = ACCEPTED_KEPT as u128 + 10;
        (0..last).for_each(|n| keys.accept(action(n), Accepted { seq: n as u64, opened: None }));
        assert_eq!(keys.len() as usize, ACCEPTED_KEPT);
        assert_eq!(keys.answer(&action(9)), None);
        assert_eq!(keys.answer(&action(10)), Some(Ok(Accepted { seq: 10, opened: None })));
    }

    #[test]
    fn so_many_refusals_are_kept() {
        let mut keys = Keys::default();
        let last = REFUSED_KEPT as u128 + 10;
        (0..last).for_each(|n| keys.refuse(action(n), &Refusal::new("poll.closed", "it is closed")));
        assert_eq!((keys.refused.len(), keys.refused_order.len()), (REFUSED_KEPT, REFUSED_KEPT));
        assert_eq!(keys.answer(&action(9)), None);
        assert!(keys.answer(&action(10)).is_some_and(|answer| answer.is_err()));
    }

    #[test]
    fn what_was_packed_is_remembered_in_the_same_order() {
        let (mut keys, mut back) = (Keys::default(), Keys::default());
        let opened = |n: u128| n.is_multiple_of(3).then(|| RoomRef::new("poll", Id::from_bits(n)));
        (0..100).for_each(|n| keys.accept(action(n), Accepted { seq: n as u64, opened: opened(n) }));
        back.accept_packed(&keys.packed()).expect("it was packed here");
        assert_eq!((back.len(), back.packed()), (keys.len(), keys.packed()));
        (0..100).for_each(|n| assert_eq!(back.answer(&action(n)), keys.answer(&action(n))));
    }

    #[test]
    fn an_answer_given_twice_is_kept_once() {
        let mut keys = Keys::default();
        (0..3).for_each(|_| keys.accept(action(1), Accepted { seq: 1, opened: None }));
        assert_eq!(keys.len(), 1);
    }
}
