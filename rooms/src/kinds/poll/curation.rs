//! What moderators said of texts: which are shown, and which words count as another one.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::Id;
use serde::{Deserialize, Serialize};

use super::wire::{Standing, Verdict};

/// The moderators' hand. What it says of words holds in later rounds too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Curation {
    /// Whether texts wait for a moderator.
    moderated: bool,
    words: BTreeMap<String, Verdict>,
    answers: BTreeMap<Id, Verdict>,
    /// Words that count as another one, which counts for itself: there are no chains.
    merges: BTreeMap<String, String>,
}

impl Curation {
    pub(super) const fn set_moderated(&mut self, moderated: bool) {
        self.moderated = moderated;
    }

    pub(super) fn word(&self, word: &str) -> Standing {
        self.standing(self.words.get(word))
    }

    /// Whether a moderator judged this word.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    pub(super) fn answer(&self, answer: Id) -> Standing {
        self.standing(self.answers.get(&answer))
    }

    fn standing(&self, verdict: Option<&Verdict>) -> Standing {
        match verdict {
            Some(Verdict::Hidden) => Standing::Hidden,
            Some(Verdict::Approved) => Standing::Shown,
            None if self.moderated => Standing::Pending,
            None => Standing::Shown,
        }
    }

    pub(super) fn judge_word(&mut self, word: &str, verdict: Verdict) {
        self.words.insert(word.to_owned(), verdict);
    }

    pub(super) fn judge_answer(&mut self, answer: Id, verdict: Verdict) {
        self.answers.insert(answer, verdict);
    }

    /// The answers are another round's now.
    pub(super) fn forget_answers(&mut self) {
        self.answers.clear();
    }

    /// The word that a word counts as.
    pub(super) fn head<'a>(&'a self, word: &'a str) -> &'a str {
        self.merges.get(word).map_or(word, String::as_str)
    }

    /// The different words that one person's words count as.
    pub(super) fn counted_as<'a>(&'a self, sent: &'a [Box<str>]) -> BTreeSet<&'a str> {
        sent.iter().map(|word| self.head(word)).collect()
    }

    /// Lets `words`, and all that count as them, count as `into`, which counts for itself from now on.
    pub(super) fn merge(&mut self, into: &str, words: &[String]) {
        self.merges.remove(into);
        let moved = |word: &str| words.iter().any(|one| one == word);
        self.merges.values_mut().filter(|head| moved(head)).for_each(|head| into.clone_into(head));
        let others = words.iter().filter(|word| *word != into);
        self.merges.extend(others.map(|word| (word.clone(), into.to_owned())));
    }

    /// Lets `words` count for themselves.
    pub(super) fn unmerge(&mut self, words: &[String]) {
        words.iter().for_each(|word| drop(self.merges.remove(word)));
    }

    /// How many words count as another one.
    pub(super) fn merges(&self) -> usize {
        self.merges.len()
    }

    /// The words that count as another one, by that one.
    pub(super) fn merged(&self) -> BTreeMap<&str, Vec<String>> {
        let mut merged: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (word, head) in &self.merges {
            merged.entry(head).or_default().push(word.clone());
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn merged_words_follow_their_head_and_come_back() {
        let mut curation = Curation::default();
        curation.merge("colour", &words(&["color", "colours"]));
        curation.merge("hue", &words(&["colour"]));
        assert_eq!(curation.head("color"), "hue", "what counted as colour counts as hue");
        curation.unmerge(&words(&["color"]));
        assert_eq!(curation.head("color"), "color");
        assert_eq!(curation.head("colours"), "hue");
    }

    #[test]
    fn the_head_can_be_swapped_without_a_circle() {
        let mut curation = Curation::default();
        curation.merge("b", &words(&["a"]));
        curation.merge("a", &words(&["b"]));
        assert_eq!((curation.head("a"), curation.head("b")), ("a", "a"));
        curation.merge("a", &words(&["a"]));
        assert_eq!(curation.head("a"), "a");
    }
}
