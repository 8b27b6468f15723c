//! The state of a poll, and how facts change it.

use std::collections::BTreeMap;

use plenum_domain::{Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::ballot::Ballot;
use super::curation::Curation;
use super::settings;
use super::tally::Tally;
use super::wire::{Choice, Fact, Kind, Policy, Rejection, Settings, Status};
use crate::engine::{Actor, Audience};

/// The room of one poll.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    pub(super) id: Id,
    settings: Settings,
    /// What a ballot may name: the options, or a rating's values.
    pub(super) choices: Vec<Choice>,
    pub(super) status: Status,
    /// Whether it was ever open: what it asks is fixed from then on.
    pub(super) was_open: bool,
    pub(super) closes_at: Option<Timestamp>,
    pub(super) round: Round,
    /// The rounds before, oldest first.
    pub(super) past: Vec<Past>,
    pub(super) curation: Curation,
}

/// The votes of one round.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) number: u32,
    pub(super) voters: u64,
    /// Who voted what.
    pub(super) ballots: BTreeMap<Id, Ballot>,
    pub(super) tally: Tally,
}

/// A round that is over. Of its ballots only answers are kept, for their texts.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Past {
    pub(super) round: Round,
    /// The moderators' hand, as it was then.
    pub(super) curation: Curation,
}

impl Round {
    fn new(number: u32, settings: &Settings) -> Self {
        Self { number, voters: 0, ballots: BTreeMap::new(), tally: Tally::new(settings) }
    }
}

impl Poll {
    /// A draft with settings that were checked and completed.
    pub(super) fn new(id: Id, settings: Settings) -> Self {
        let mut curation = Curation::default();
        curation.set_moderated(settings.moderated);
        Self {
            id,
            choices: settings::choices(&settings),
            status: Status::Draft,
            was_open: false,
            closes_at: None,
            round: Round::new(1, &settings),
            past: Vec::new(),
            curation,
            settings,
        }
    }

    pub(super) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The place of the option with this id.
    pub(super) fn place_of(&self, id: &str) -> Result<u8, Rejection> {
        let place = self.choices.iter().position(|choice| choice.id == id);
        place.map(|place| place as u8).ok_or_else(|| Rejection::UnknownOption(id.to_owned()))
    }

    /// The id of the option at a place.
    pub(super) fn option_id(&self, place: u8) -> &str {
        self.choices.get(usize::from(place)).map_or("", |choice| &choice.id)
    }

    /// The id and the place of an answer that `command` gives. Another answer may have the command's id already: people
    /// choose the ids of their commands.
    pub(super) fn next_answer(&self, command: Id) -> (Id, u64) {
        let place = match &self.round.tally {
            Tally::Answers(answers) => answers.next_place(),
            _ => 0,
        };
        let mut ids = std::iter::once(command).chain((place..).map(|n| command.nth(n)));
        (ids.find(|id| !self.has_answer(*id)).unwrap_or(command), place)
    }

    /// Whether this round has an answer with this id.
    pub(super) fn has_answer(&self, answer: Id) -> bool {
        matches!(&self.round.tally, Tally::Answers(answers) if answers.has(answer))
    }

    /// The audience of an actor: those who voted are apart while only they may see results.
    pub(super) fn audience_of(&self, actor: &Actor) -> Audience {
        let informed =
            self.settings.results == Policy::AfterVote && self.round.ballots.contains_key(&actor.participant);
        match Audience::by_role(actor) {
            Audience::Attendee if informed => Audience::Informed,
            audience => audience,
        }
    }

    /// Whether an audience may see the results of this round now.
    pub(super) fn shows_results_to(&self, to: Audience) -> bool {
        let revealed = self.status == Status::Revealed;
        match (to, self.settings.results) {
            (Audience::Moderator, _) | (_, Policy::Always) => true,
            (_, Policy::Moderators) => false,
            (Audience::Screen, _) => revealed,
            (_, Policy::AfterClose) => revealed || self.status == Status::Closed,
            (_, Policy::AfterVote) => revealed || to == Audience::Informed,
        }
    }

    /// Applies what happened.
    pub(super) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Edited(settings) => self.edit(settings),
            Fact::Opened { closes_at } => {
                (self.status, self.was_open, self.closes_at) = (Status::Open, true, *closes_at);
            }
            Fact::Reopened => self.status = Status::Open,
            Fact::Closed => (self.status, self.closes_at) = (Status::Closed, None),
            Fact::Revealed => self.status = Status::Revealed,
            Fact::Reset => self.reset(),
            Fact::Announced => {}
            Fact::Voted { by, ballot } => self.vote(*by, ballot),
            Fact::WordsMerged { into, words } => {
                self.curation.merge(into, words);
                self.recount();
            }
            Fact::WordsUnmerged { words } => {
                self.curation.unmerge(words);
                self.recount();
            }
            Fact::WordJudged { word, verdict } => self.curation.judge_word(word, *verdict),
            Fact::AnswerJudged { answer, verdict } => self.curation.judge_answer(*answer, *verdict),
        }
    }

    fn edit(&mut self, settings: &Settings) {
        self.settings = settings.clone();
        self.choices = settings::choices(settings);
        self.curation.set_moderated(settings.moderated);
        self.round = Round::new(self.round.number, settings);
    }

    fn reset(&mut self) {
        let next = Round::new(self.round.number + 1, &self.settings);
        let mut ended = std::mem::replace(&mut self.round, next);
        if self.settings.kind != Kind::Open {
            ended.ballots.clear();
        }
        self.past.push(Past { round: ended, curation: self.curation.clone() });
        self.curation.forget_answers();
        (self.status, self.closes_at) = (Status::Draft, None);
    }

    fn vote(&mut self, by: Id, ballot: &Ballot) {
        let round = &mut self.round;
        match round.ballots.insert(by, ballot.clone()) {
            Some(old) => round.tally.remove(&old, &self.curation),
            None => round.voters += 1,
        }
        round.tally.add(by, ballot, &self.curation);
    }

    /// Counts all ballots again: after words began to count as others, which happens at a moderator's pace.
    pub(super) fn recount(&mut self) {
        self.round.tally = self.recounted();
    }

    /// What the ballots add up to.
    pub(super) fn recounted(&self) -> Tally {
        let mut tally = Tally::new(&self.settings);
        self.round.ballots.iter().for_each(|(by, ballot)| tally.add(*by, ballot, &self.curation));
        tally
    }
}
