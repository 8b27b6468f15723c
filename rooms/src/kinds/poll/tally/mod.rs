//! Tallies: what a round's ballots add up to, kept up with each vote in the time of that one ballot.

mod answers;
mod numbers;
mod options;
mod words;

use plenum_domain::Id;
use serde::{Deserialize, Serialize};

pub(super) use answers::Answers;
pub(super) use numbers::Numbers;
pub(super) use options::{Counts, Ranking};
pub(super) use words::Words;

use super::ballot::Ballot;
use super::curation::Curation;
use super::settings::{choices, ends};
use super::wire::{Kind, Settings};

/// The sum of a round's ballots, by what the poll asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Tally {
    /// Votes by option.
    Choices(Counts),
    /// Votes by value, and the lowest value.
    Rating(Counts, i32),
    /// Points and first places.
    Ranking(Ranking),
    /// Points by option.
    Points(Counts),
    /// People by word.
    Words(Words),
    /// Answers in the order of their arrival.
    Answers(Answers),
    /// Numbers by how often they were given.
    Numbers(Numbers),
}

impl Tally {
    /// The tally of no ballot.
    pub(super) fn new(settings: &Settings) -> Self {
        let counts = || Counts::new(choices(settings).len());
        match settings.kind {
            Kind::Single | Kind::Multiple => Self::Choices(counts()),
            Kind::Rating => Self::Rating(counts(), ends(settings).0 as i32),
            Kind::Ranking => Self::Ranking(Ranking::new(settings.options.len())),
            Kind::Points => Self::Points(counts()),
            Kind::Wordcloud => Self::Words(Words::default()),
            Kind::Open => Self::Answers(Answers::default()),
            Kind::Numeric => Self::Numbers(Numbers::default()),
        }
    }

    /// Counts a ballot.
    pub(super) fn add(&mut self, by: Id, ballot: &Ballot, curation: &Curation) {
        match (self, ballot) {
            (Self::Choices(counts), Ballot::Choices(chosen)) => {
                chosen.iter().for_each(|place| counts.add(*place, 1));
            }
            (Self::Rating(counts, min), Ballot::Rating(value)) => counts.add((*value - *min) as u8, 1),
            (Self::Ranking(ranking), Ballot::Choices(ranked)) => ranking.add(ranked),
            (Self::Points(counts), Ballot::Points(given)) => {
                given.iter().for_each(|(place, points)| counts.add(*place, u64::from(*points)));
            }
            (Self::Words(words), Ballot::Words(sent)) => words.add(&curation.counted_as(sent)),
            (Self::Answers(answers), Ballot::Answer { id, place, .. }) => answers.add(*id, *place, by),
            (Self::Numbers(numbers), Ballot::Number(value)) => numbers.add(*value),
            _ => mismatch(),
        }
    }

    /// Takes a counted ballot out.
    pub(super) fn remove(&mut self, ballot: &Ballot, curation: &Curation) {
        match (self, ballot) {
            (Self::Choices(counts), Ballot::Choices(chosen)) => {
                chosen.iter().for_each(|place| counts.remove(*place, 1));
            }
            (Self::Rating(counts, min), Ballot::Rating(value)) => counts.remove((*value - *min) as u8, 1),
            (Self::Ranking(ranking), Ballot::Choices(ranked)) => ranking.remove(ranked),
            (Self::Points(counts), Ballot::Points(given)) => {
                given.iter().for_each(|(place, points)| counts.remove(*place, u64::from(*points)));
            }
            (Self::Words(words), Ballot::Words(sent)) => words.remove(&curation.counted_as(sent)),
            (Self::Answers(answers), Ballot::Answer { id, .. }) => answers.remove(*id),
            (Self::Numbers(numbers), Ballot::Number(value)) => numbers.remove(*value),
            _ => mismatch(),
        }
    }
}

/// Ballots are read for the poll's kind, and the kind is fixed from the first opening on.
fn mismatch() {
    debug_assert!(false, "a ballot of another kind was journaled");
}
