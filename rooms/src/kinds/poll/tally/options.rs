//! Sums by option.

use serde::{Deserialize, Serialize};

/// One sum an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::kinds::poll) struct Counts(Vec<u64>);

impl Counts {
    pub(super) fn new(options: usize) -> Self {
        Self(vec![0; options])
    }

    pub(super) fn add(&mut self, place: u8, amount: u64) {
        self.0[usize::from(place)] += amount;
    }

    pub(super) fn remove(&mut self, place: u8, amount: u64) {
        self.0[usize::from(place)] -= amount;
    }

    /// The sums in the options' order.
    pub(in crate::kinds::poll) fn sums(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied()
    }
}

/// Borda points and first places of each option.
///
/// A ballot that ranks k options gives them k, k - 1, … 1 points, so a full ranking of all of them weighs more than a
/// partial one: the count that Slido publishes for its ranking polls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::kinds::poll) struct Ranking {
    points: Counts,
    first: Counts,
}

impl Ranking {
    pub(super) fn new(options: usize) -> Self {
        Self { points: Counts::new(options), first: Counts::new(options) }
    }

    pub(super) fn add(&mut self, ranked: &[u8]) {
        borda(ranked).for_each(|(place, points)| self.points.add(place, points));
        ranked.first().into_iter().for_each(|place| self.first.add(*place, 1));
    }

    pub(super) fn remove(&mut self, ranked: &[u8]) {
        borda(ranked).for_each(|(place, points)| self.points.remove(place, points));
        ranked.first().into_iter().for_each(|place| self.first.remove(*place, 1));
    }

    /// Points and first places in the options' order.
    pub(in crate::kinds::poll) fn sums(&self) -> impl Iterator<Item = (u64, u64)> {
        self.points.sums().zip(self.first.sums())
    }
}

fn borda(ranked: &[u8]) -> impl Iterator<Item = (u8, u64)> {
    ranked.iter().copied().zip((1..=ranked.len() as u64).rev())
}
