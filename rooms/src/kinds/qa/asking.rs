//! What everyone may do: ask, vote, take back.

use plenum_domain::text::{BadText, clean};
use plenum_domain::{Action, Id};

use super::state::{Qa, Question};
use super::wire::{Ask, Fact, Person, Rejection, Status, Vote};
use crate::engine::{Actor, Moment};

/// Questions that one room holds, whatever their status.
const MAX_QUESTIONS: usize = 10_000;

pub(super) type Decision = Result<Vec<Fact>, Rejection>;

impl Qa {
    pub(super) fn asked(&self, by: &Actor, ask: &Ask, at: &Moment) -> Decision {
        by.may(Action::TakePart).map_err(Rejection::Forbidden)?;
        self.may_ask(by, ask.anonymous)?;
        let text = self.text(&ask.text)?;
        let author = (!ask.anonymous).then(|| Person { id: by.participant, name: by.name.clone() });
        let pending = self.settings.premoderation && !by.moderates();
        let (question, asker, at_ms) = (at.command, by.participant, at.now);
        Ok(vec![Fact::Asked { question, asker, author, text, at_ms, pending }])
    }

    fn may_ask(&self, by: &Actor, anonymous: bool) -> Result<(), Rejection> {
        let max = self.settings.per_person_open;
        match () {
            () if !self.settings.open => Err(Rejection::Closed),
            () if anonymous && !self.settings.anonymous => Err(Rejection::NamesOnly),
            () if self.order.len() >= MAX_QUESTIONS => Err(Rejection::Full(MAX_QUESTIONS)),
            () if !by.moderates() && self.open_questions_of(by.participant) >= max as usize => {
                Err(Rejection::TooMany(max))
            }
            () => Ok(()),
        }
    }

    fn open_questions_of(&self, person: Id) -> usize {
        self.questions.values().filter(|one| one.asker == person && one.is_open()).count()
    }

    pub(super) fn text(&self, raw: &str) -> Result<String, Rejection> {
        clean(raw, self.settings.max_chars as usize).map_err(|bad| match bad {
            BadText::Empty => Rejection::Empty,
            BadText::TooLong { has, max } => Rejection::TooLong(has, max),
        })
    }

    /// A vote for a question that became part of another one counts for that one.
    pub(super) fn voted(&self, by: &Actor, vote: Vote) -> Decision {
        by.may(Action::TakePart).map_err(Rejection::Forbidden)?;
        self.known_to(by, vote.question)?;
        let id = self.root(vote.question);
        let (question, voter, up) = (self.known_to(by, id)?, by.participant, vote.up);
        match question.status {
            Status::Live | Status::Pinned => {}
            status => return Err(Rejection::WrongStatus(status)),
        }
        if question.asker == voter {
            return Err(Rejection::OwnQuestion);
        }
        let changes = question.has_vote_of(voter) != up;
        Ok(changes.then_some(Fact::Voted { question: id, voter, up }).into_iter().collect())
    }

    pub(super) fn withdrawn(&self, by: &Actor, id: Id) -> Decision {
        by.may(Action::TakePart).map_err(Rejection::Forbidden)?;
        let question = self.known_to(by, id)?;
        match question.status {
            _ if question.asker != by.participant => Err(Rejection::NotYours),
            Status::Withdrawn => Ok(Vec::new()),
            _ if question.is_open() => Ok(vec![Fact::Withdrawn { question: id }]),
            status => Err(Rejection::WrongStatus(status)),
        }
    }

    /// The question, when `by` may know that there is one.
    fn known_to(&self, by: &Actor, id: Id) -> Result<&Question, Rejection> {
        let known = |one: &&Question| one.shown || one.asker == by.participant || by.moderates();
        self.questions.get(&id).filter(known).ok_or(Rejection::NotFound(id))
    }
}
