//! Votes, and what becomes of them when questions are merged. A vote is membership in a set, so no person counts twice.

use std::collections::BTreeSet;

use plenum_domain::Id;

use super::state::Qa;
use super::wire::Status;

impl Qa {
    pub(super) fn vote(&mut self, id: Id, voter: Id, up: bool) {
        if !up {
            return self.unvote(id, voter);
        }
        for could in self.turnout.voted(voter) {
            if let Some(question) = self.questions.get_mut(could).filter(|one| one.asker != voter) {
                question.could_vote += 1;
            }
        }
        self.change(id, |one| {
            if !one.merged_voters.contains(&voter) {
                one.voters.insert(voter);
            }
        });
    }

    /// Takes a vote back, from the question and from all that is part of it.
    fn unvote(&mut self, id: Id, voter: Id) {
        let mut left = vec![id];
        while let Some(question) = left.pop().and_then(|id| self.questions.get_mut(&id)) {
            question.voters.remove(&voter);
            question.merged_voters.remove(&voter);
            left.extend(&question.parts);
        }
    }

    pub(super) fn merge(&mut self, id: Id, into: Id) {
        self.change(id, |one| {
            one.status = Status::Merged;
            one.merged_into = Some(into);
        });
        self.claims.remove(&id);
        self.change(into, |one| {
            one.parts.insert(id);
        });
    }

    pub(super) fn unmerge(&mut self, id: Id) {
        let Some(question) = self.questions.get_mut(&id) else { return };
        question.status = if question.shown { Status::Live } else { Status::Pending };
        if let Some(into) = question.merged_into.take() {
            self.change(into, |one| {
                one.parts.remove(&id);
            });
        }
    }

    /// Counts who voted for the parts of a question: each person once, and not whoever asked it.
    pub(super) fn recount(&mut self, id: Id) {
        let Some(question) = self.questions.get(&id) else { return };
        let parts = question.parts.iter().filter_map(|part| self.questions.get(part));
        let all = parts.flat_map(|part| part.voters.union(&part.merged_voters)).copied();
        let mut merged: BTreeSet<Id> = all.filter(|voter| !question.voters.contains(voter)).collect();
        merged.remove(&question.asker);
        self.change(id, |one| one.merged_voters = merged);
    }

    /// The question that a question is part of in the end: itself, when it is not merged.
    pub(super) fn root(&self, id: Id) -> Id {
        let mut root = id;
        while let Some(into) = self.questions.get(&root).and_then(|one| one.merged_into) {
            root = into;
        }
        root
    }
}
