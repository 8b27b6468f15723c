//! Who is told what of the facts of a beat.

use std::collections::BTreeSet;

use plenum_domain::Id;

use super::shown::Eyes;
use super::state::Qa;
use super::wire::{Fact, View};
use crate::engine::{Numbered, Told, Whisper, latest_of_each};

/// What changed: each is told once a beat, as it is now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    Question(Id),
    Votes,
    Settings,
}

impl Fact {
    /// The question that the fact is about, votes apart.
    const fn question(&self) -> Option<Id> {
        match self {
            Self::Asked { question, .. }
            | Self::Withdrawn { question }
            | Self::Approved { question, .. }
            | Self::Rejected { question, .. }
            | Self::Edited { question, .. }
            | Self::Merged { question, .. }
            | Self::Unmerged { question, .. }
            | Self::Recounted { question }
            | Self::Pinned { question, .. }
            | Self::Unpinned { question, .. }
            | Self::Answered { question, .. }
            | Self::Reopened { question, .. }
            | Self::Claimed { question, .. }
            | Self::Released { question } => Some(*question),
            Self::Voted { .. } | Self::Configured(_) => None,
        }
    }

    const fn is_about_claims(&self) -> bool {
        matches!(self, Self::Claimed { .. } | Self::Released { .. })
    }

    fn topic(&self, eyes: Eyes) -> Option<Topic> {
        match self {
            Self::Voted { .. } => Some(Topic::Votes),
            Self::Configured(_) => Some(Topic::Settings),
            other if other.is_about_claims() && eyes != Eyes::Moderator => None,
            other => other.question().map(Topic::Question),
        }
    }
}

impl Qa {
    pub(super) fn told(&self, facts: &[Numbered<Fact>], eyes: Eyes) -> Vec<Told<View>> {
        let topics = latest_of_each(facts, |fact| fact.topic(eyes)).into_iter();
        let told = topics.filter_map(|(seq, topic)| {
            let (ev, view) = match topic {
                Topic::Question(id) => ("qa.question", self.question_told(id, eyes)?),
                Topic::Votes => ("qa.votes", self.votes_told(facts, eyes)?),
                Topic::Settings => ("qa.settings", View::Settings(self.settings.clone())),
            };
            Some(Told { seq, ev, view })
        });
        told.collect()
    }

    fn question_told(&self, id: Id, eyes: Eyes) -> Option<View> {
        self.question_view(id, eyes).map(Box::new).map(View::Question)
    }

    fn votes_told(&self, facts: &[Numbered<Fact>], eyes: Eyes) -> Option<View> {
        let (votes, scores) = self.votes_view(&self.counted_anew(facts), eyes);
        (!votes.is_empty()).then_some(View::Votes { votes, scores })
    }

    /// The questions whose votes these facts may have changed, merges apart. A vote that is taken back is taken from the
    /// parts as well, also from those that were taken out of the whole since.
    fn counted_anew(&self, facts: &[Numbered<Fact>]) -> BTreeSet<Id> {
        let mut counted = BTreeSet::new();
        let mut wholes = BTreeSet::new();
        for one in facts {
            match one.fact {
                Fact::Voted { question, up: true, .. } => {
                    counted.insert(question);
                }
                Fact::Voted { question, up: false, .. } | Fact::Unmerged { question, .. } => {
                    wholes.insert(question);
                }
                _ => {}
            }
        }
        while let Some(id) = wholes.pop_first() {
            counted.insert(id);
            wholes.extend(self.questions.get(&id).into_iter().flat_map(|one| &one.parts));
        }
        counted
    }

    /// Askers hear what becomes of their questions, whoever may see these; voters hear what they support.
    pub(super) fn whispered(&self, facts: &[Numbered<Fact>]) -> Vec<Whisper<View>> {
        let decided = facts
            .iter()
            .filter(|one| !one.fact.is_about_claims() && !matches!(one.fact, Fact::Recounted { .. }));
        let decided: BTreeSet<Id> = decided.filter_map(|one| one.fact.question()).collect();
        let fates = decided.into_iter().filter_map(|id| {
            let to = self.questions.get(&id)?.asker;
            let view = self.question_told(id, Eyes::Asker)?;
            Some(Whisper { to, skip: None, ev: "qa.fate", view })
        });
        fates.chain(self.own_support(facts)).collect()
    }
}
