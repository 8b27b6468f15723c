//! What people did, and what the hub said to it.

use std::collections::BTreeMap;
use std::time::Instant;

/// One thing that a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A vote in a poll.
    Vote { poll: String, option: &'static str },
    /// A message with a text that nobody else writes.
    Message { text: String },
    /// A question with a text that nobody else asks.
    Question { text: String },
    /// A vote for a question, or its taking back.
    Upvote { question: String, up: bool },
}

/// A deed with its answer.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) person: usize,
    pub(super) deed: Deed,
    /// The room's seq after it, or the code of the refusal.
    pub(super) answer: Result<u64, String>,
    /// When it was asked for, and when the answer was there.
    pub(super) asked: Instant,
    pub(super) answered: Instant,
}

/// Everything that everyone did.
pub(crate) struct Ledger {
    pub(super) entries: Vec<Entry>,
}

impl Ledger {
    /// What the hub said it had counted.
    pub(super) fn acknowledged(&self) -> impl Iterator<Item = (usize, &Deed, u64)> {
        let accepted = |entry: &'_ Entry| entry.answer.as_ref().ok().copied();
        self.entries.iter().filter_map(move |entry| Some((entry.person, &entry.deed, accepted(entry)?)))
    }

    /// What the hub said it had not counted.
    pub(super) fn refused(&self) -> impl Iterator<Item = (&Deed, &str)> {
        self.entries.iter().filter_map(|entry| Some((&entry.deed, entry.answer.as_ref().err()?.as_str())))
    }

    /// What a client could not bring through, whatever its hub or its line said: a room's own refusals are none of it.
    pub(super) fn given_up(&self) -> impl Iterator<Item = String> {
        let ours = |code: &str| code.starts_with("hub.") || code.starts_with("client.");
        let given_up = self.refused().filter(move |(_, code)| ours(code));
        given_up.map(|(deed, code)| format!("{deed:?} was given up: {code}"))
    }

    /// How much of what, in words.
    pub(crate) fn counts(&self) -> String {
        let of = |is: fn(&Deed) -> bool| self.acknowledged().filter(|(_, deed, _)| is(deed)).count();
        format!(
            "{} acknowledged ({} votes, {} messages, {} questions, {} upvotes), {} refused{}",
            self.acknowledged().count(),
            of(|deed| matches!(deed, Deed::Vote { .. })),
            of(|deed| matches!(deed, Deed::Message { .. })),
            of(|deed| matches!(deed, Deed::Question { .. })),
            of(|deed| matches!(deed, Deed::Upvote { .. })),
            self.refused().count(),
            self.codes(),
        )
    }

    /// Why things were refused, and how often.
    fn codes(&self) -> String {
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        self.refused().for_each(|(_, code)| *codes.entry(code).or_default() += 1);
        let words: Vec<String> = codes.iter().map(|(code, count)| format!("{count} {code}")).collect();
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    }
}
