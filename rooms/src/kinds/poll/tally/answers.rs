//! Answers in the order in which they came.

use std::collections::BTreeMap;

use plenum_domain::Id;
use serde::{Deserialize, Serialize};

/// Whose ballot holds the answer at each place, and the places of the answers. The texts stay in the ballots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::kinds::poll) struct Answers {
    writers: BTreeMap<u64, Id>,
    places: BTreeMap<Id, u64>,
}

impl Answers {
    pub(super) fn add(&mut self, answer: Id, place: u64, by: Id) {
        self.writers.insert(place, by);
        self.places.insert(answer, place);
    }

    pub(super) fn remove(&mut self, answer: Id) {
        let place = self.places.remove(&answer);
        place.and_then(|place| self.writers.remove(&place));
    }

    /// Whether there is an answer with this id.
    pub(in crate::kinds::poll) fn has(&self, answer: Id) -> bool {
        self.places.contains_key(&answer)
    }

    /// The place after the last one.
    pub(in crate::kinds::poll) fn next_place(&self) -> u64 {
        self.writers.last_key_value().map_or(0, |(place, _)| place + 1)
    }

    /// Whose answers there are, newest first.
    pub(in crate::kinds::poll) fn newest(&self) -> impl Iterator<Item = Id> {
        self.writers.values().rev().copied()
    }
}
