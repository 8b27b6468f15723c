//! The side of a node that holds some of the people.

use std::collections::{BTreeMap, VecDeque};

use super::{Attached, Beat, Letter};

/// Beats that wait for an earlier one; those beyond are asked for again.
const AHEAD_BEATS: u64 = 1_024;

/// The next thing in the owner's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived<F, L> {
    /// For everyone who reads.
    Frames(Vec<F>),
    /// For one person here.
    Letter(L),
}

/// What one node hears of the owner of one conference.
pub struct Receiving<F, L> {
    attached: Attached,
    /// The last beat and letter that were taken.
    beat: u64,
    letter: u64,
    /// Those that came and wait for others.
    beats: BTreeMap<u64, Beat<F>>,
    letters: VecDeque<Letter<L>>,
    /// The last beat that is known to be there.
    tide: u64,
}

impl<F, L> Receiving<F, L> {
    /// A node that begins to listen.
    pub fn new(attached: Attached) -> Self {
        let (beats, letters) = (BTreeMap::new(), VecDeque::new());
        Self { attached, beat: attached.beat, letter: 0, beats, letters, tide: attached.beat }
    }

    /// The epoch of the owner that it listens to.
    pub const fn epoch(&self) -> u64 {
        self.attached.epoch
    }

    /// A beat came. One of another owner, one that was taken already and one that is far ahead are dropped.
    pub fn hear(&mut self, beat: Beat<F>) {
        let news = self.beat + 1..=self.beat + AHEAD_BEATS;
        if beat.epoch != self.attached.epoch || beat.number <= self.beat {
            return;
        }
        self.tide = self.tide.max(beat.number);
        if news.contains(&beat.number) {
            self.beats.insert(beat.number, beat);
        }
    }

    /// A letter came, in its order.
    pub fn take(&mut self, letter: Letter<L>) {
        self.tide = self.tide.max(letter.after);
        self.letters.push_back(letter);
    }

    /// The owner says what its last beat is.
    pub fn tide(&mut self, beat: u64) {
        self.tide = self.tide.max(beat);
    }

    /// The next thing in order; none when it is not here yet.
    pub fn arrive(&mut self) -> Option<Arrived<F, L>> {
        if self.letters.front().is_some_and(|letter| letter.after <= self.beat) {
            let letter = self.letters.pop_front()?;
            self.letter = letter.number;
            return Some(Arrived::Letter(letter.body));
        }
        let next = self.beats.first_entry().filter(|next| *next.key() == self.beat + 1)?;
        let mine = next.get().letters.iter().find(|(attachment, _)| *attachment == self.attached.number);
        if mine.is_some_and(|(_, letters)| *letters > self.letter) {
            return None;
        }
        self.beat += 1;
        Some(Arrived::Frames(next.remove().frames))
    }

    /// The last beat before one that is missing: the owner is asked for all after it.
    pub fn missing(&self) -> Option<u64> {
        let has_next = self.beats.contains_key(&(self.beat + 1));
        (self.tide > self.beat && !has_next).then_some(self.beat)
    }
}
