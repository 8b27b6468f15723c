//! Who could have voted for a question: all who voted for anything since it was shown.

use std::collections::BTreeMap;

use plenum_domain::Id;
use serde::{Deserialize, Serialize};

/// Counts voters without a list of them for each question.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Turnout {
    /// The questions in the order in which they were first shown.
    shown: Vec<Id>,
    /// For each voter, how many questions had been shown when it last voted: it was counted for these.
    counted: BTreeMap<Id, usize>,
}

impl Turnout {
    /// Everyone sees a question for the first time.
    pub(super) fn shown(&mut self, question: Id) {
        self.shown.push(question);
    }

    /// Someone votes: the questions that it could have voted for and was not counted for yet.
    pub(super) fn voted(&mut self, voter: Id) -> &[Id] {
        let before = self.counted.insert(voter, self.shown.len()).unwrap_or_default();
        &self.shown[before..]
    }
}
