//! What is counted, each under a word that the store keeps and the outside sees.

use std::fmt;
use std::str::FromStr;

/// Something that people do in rooms, and that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// A vote in a poll was accepted; a changed one counts again.
    Vote,
    /// A question was asked.
    Question,
    /// A question was supported; taking it back is no deed.
    Support,
    /// A message was written.
    Message,
    /// A reaction was put on a message; taking it away is no deed.
    Reaction,
}

/// Every deed with its word.
const WORDS: [(Deed, &str); 5] = [
    (Deed::Vote, "vote"),
    (Deed::Question, "question"),
    (Deed::Support, "support"),
    (Deed::Message, "message"),
    (Deed::Reaction, "reaction"),
];

impl Deed {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        WORDS[self as usize].1
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word for no deed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no deed is called {0:?}")]
pub struct UnknownDeed(pub String);

impl FromStr for Deed {
    type Err = UnknownDeed;

    fn from_str(text: &str) -> Result<Self, UnknownDeed> {
        let found = WORDS.iter().find(|(_, word)| *word == text);
        found.map(|(deed, _)| *deed).ok_or_else(|| UnknownDeed(text.to_owned()))
    }
}

/// How often each deed was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; WORDS.len()]);

impl Counts {
    /// How often this one was.
    pub const fn of(&self, deed: Deed) -> u64 {
        self.0[deed as usize]
    }

    /// How often any was.
    pub fn all(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Some more of one.
    pub fn add(&mut self, deed: Deed, times: u64) {
        self.0[deed as usize] += times;
    }

    /// Some more of each.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count += more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_follow_the_order_of_the_enum() {
        for (place, (deed, word)) in WORDS.iter().enumerate() {
            assert_eq!((*deed as usize, word.parse(), deed.name()), (place, Ok(*deed), *word));
        }
        assert!("opened".parse::<Deed>().is_err());
    }

    #[test]
    fn counts_add_up() {
        let mut counts = Counts::default();
        counts.add(Deed::Vote, 2);
        let mut whole = counts;
        whole.add(Deed::Message, 1);
        whole.merge(&counts);
        assert_eq!((whole.of(Deed::Vote), whole.of(Deed::Message), whole.all()), (4, 1, 5));
    }
}
