//! How many people sent each word, most frequent first at any moment.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// People by word, and the words by people. Only the first is kept in snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Counted")]
pub(in crate::kinds::poll) struct Words {
    counts: BTreeMap<Box<str>, u64>,
    #[serde(skip)]
    ranked: BTreeSet<(Reverse<u64>, Box<str>)>,
}

#[derive(Deserialize)]
struct Counted {
    counts: BTreeMap<Box<str>, u64>,
}

impl From<Counted> for Words {
    fn from(Counted { counts }: Counted) -> Self {
        let ranked = counts.iter().map(|(word, count)| (Reverse(*count), word.clone())).collect();
        Self { counts, ranked }
    }
}

impl Words {
    /// Counts one person's different words.
    pub(super) fn add(&mut self, words: &BTreeSet<&str>) {
        words.iter().for_each(|word| self.set(word, self.count(word) + 1));
    }

    /// Takes one person's different words out.
    pub(super) fn remove(&mut self, words: &BTreeSet<&str>) {
        words.iter().for_each(|word| self.set(word, self.count(word).saturating_sub(1)));
    }

    /// How many people sent a word.
    pub(in crate::kinds::poll) fn count(&self, word: &str) -> u64 {
        self.counts.get(word).copied().unwrap_or_default()
    }

    /// The words with their counts, most frequent first, equal ones by alphabet.
    pub(in crate::kinds::poll) fn ranked(&self) -> impl Iterator<Item = (&str, u64)> {
        self.ranked.iter().map(|(count, word)| (&**word, count.0))
    }

    fn set(&mut self, word: &str, count: u64) {
        let word: Box<str> = word.into();
        if let Some(old) = self.counts.remove(&word) {
            self.ranked.remove(&(Reverse(old), word.clone()));
        }
        if count > 0 {
            self.ranked.insert((Reverse(count), word.clone()));
            self.counts.insert(word, count);
        }
    }
}
