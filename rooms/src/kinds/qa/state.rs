//! What a question room remembers.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::{Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::turnout::Turnout;
use super::wire::{Fact, Person, Settings, Status};

/// The room of one session's questions.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Qa {
    pub(super) settings: Settings,
    pub(super) questions: BTreeMap<Id, Question>,
    /// In the order in which they were asked.
    pub(super) order: Vec<Id>,
    /// What moderators work on.
    pub(super) claims: BTreeMap<Id, Claim>,
    pub(super) turnout: Turnout,
}

/// A question with all that is known of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) asker: Id,
    pub(super) author: Option<Person>,
    pub(super) text: String,
    /// How it read before it was first edited.
    pub(super) original: Option<String>,
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    pub(super) asked_at: Timestamp,
    /// Everyone has seen it at some time.
    pub(super) shown: bool,
    /// How many people voted for anything since it was shown.
    pub(super) could_vote: u32,
    /// Who voted for it.
    pub(super) voters: BTreeSet<Id>,
    /// Who voted only for what is part of it.
    pub(super) merged_voters: BTreeSet<Id>,
    /// The question that it is part of.
    pub(super) merged_into: Option<Id>,
    /// The questions that are part of it.
    pub(super) parts: BTreeSet<Id>,
}

/// A moderator works on a question.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) by: Person,
    pub(super) until: Timestamp,
}

impl Question {
    pub(super) fn votes(&self) -> u32 {
        (self.voters.len() + self.merged_voters.len()) as u32
    }

    /// Everyone who supports it, by a vote for it or for a part of it.
    pub(super) fn supporters(&self) -> impl Iterator<Item = Id> {
        self.voters.union(&self.merged_voters).copied()
    }

    pub(super) fn has_vote_of(&self, person: Id) -> bool {
        self.voters.contains(&person) || self.merged_voters.contains(&person)
    }

    /// Whether everyone may read it now.
    pub(super) const fn is_public(&self) -> bool {
        matches!(self.status, Status::Live | Status::Pinned | Status::Answered)
    }

    /// Whether it can still be answered.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self.status, Status::Pending | Status::Live | Status::Pinned)
    }
}

impl Qa {
    pub(super) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Asked { question, asker, author, text, at_ms, pending } => {
                self.ask(*question, *asker, author.clone(), text, *at_ms);
                if !pending {
                    self.show(*question);
                }
            }
            Fact::Voted { question, voter, up } => self.vote(*question, *voter, *up),
            Fact::Approved { question, .. } | Fact::Reopened { question, .. } => self.show(*question),
            Fact::Unpinned { question, .. } => self.become_status(*question, Status::Live),
            Fact::Withdrawn { question } => self.settle(*question, Status::Withdrawn),
            Fact::Answered { question, .. } => self.settle(*question, Status::Answered),
            Fact::Pinned { question, .. } => self.become_status(*question, Status::Pinned),
            Fact::Rejected { question, reason, .. } => {
                self.settle(*question, Status::Rejected);
                self.change(*question, |one| one.reason.clone_from(reason));
            }
            Fact::Edited { question, text, .. } => self.edit(*question, text),
            Fact::Merged { question, into, .. } => self.merge(*question, *into),
            Fact::Unmerged { question, .. } => self.unmerge(*question),
            Fact::Recounted { question } => self.recount(*question),
            Fact::Claimed { question, by, until_ms } => {
                self.claims.insert(*question, Claim { by: by.clone(), until: *until_ms });
            }
            Fact::Released { question } => {
                self.claims.remove(question);
            }
            Fact::Configured(settings) => self.settings = settings.clone(),
        }
    }

    pub(super) fn change(&mut self, id: Id, change: impl FnOnce(&mut Question)) {
        if let Some(question) = self.questions.get_mut(&id) {
            change(question);
        }
    }

    fn ask(&mut self, id: Id, asker: Id, author: Option<Person>, text: &str, asked_at: Timestamp) {
        let question = Question {
            asker,
            author,
            text: text.to_owned(),
            original: None,
            status: Status::Pending,
            reason: None,
            asked_at,
            shown: false,
            could_vote: 0,
            voters: BTreeSet::new(),
            merged_voters: BTreeSet::new(),
            merged_into: None,
            parts: BTreeSet::new(),
        };
        self.questions.insert(id, question);
        self.order.push(id);
    }

    fn become_status(&mut self, id: Id, status: Status) {
        self.change(id, |one| one.status = status);
    }

    /// A decision was made: whoever worked on it is done.
    fn settle(&mut self, id: Id, status: Status) {
        self.become_status(id, status);
        self.claims.remove(&id);
    }

    fn show(&mut self, id: Id) {
        self.settle(id, Status::Live);
        let Some(question) = self.questions.get_mut(&id) else { return };
        question.reason = None;
        if !std::mem::replace(&mut question.shown, true) {
            self.turnout.shown(id);
        }
    }

    fn edit(&mut self, id: Id, text: &str) {
        self.change(id, |one| {
            let before = std::mem::replace(&mut one.text, text.to_owned());
            one.original.get_or_insert(before);
        });
    }

    /// The question that is pinned.
    pub(super) fn pinned(&self) -> Option<Id> {
        self.questions.iter().find(|(_, one)| one.status == Status::Pinned).map(|(id, _)| *id)
    }
}
