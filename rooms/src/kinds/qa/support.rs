//! Whom a beat's facts made support what: told to each on its own, so that what a client holds as its own support is what
//! a join would say.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::Id;

use super::state::{Qa, Question};
use super::wire::{Fact, View};
use crate::engine::{Numbered, SubId, Whisper};

/// A person, and a question that it may support from now on, or no more.
type Support = (Id, Id);

impl Qa {
    pub(super) fn own_support(&self, facts: &[Numbered<Fact>]) -> impl Iterator<Item = Whisper<View>> {
        let mut moved = self.voted_in(facts);
        for support in self.united_in(facts) {
            moved.entry(support).or_default();
        }
        moved.into_iter().filter_map(|((to, question), skip)| {
            let up = self.questions.get(&question)?.has_vote_of(to);
            Some(Whisper { to, skip, ev: "qa.mine", view: View::Mine { question, up } })
        })
    }

    /// What the votes of a beat touched, each with the socket that knows it from its reply.
    fn voted_in(&self, facts: &[Numbered<Fact>]) -> BTreeMap<Support, Option<SubId>> {
        let mut voted: BTreeMap<Support, Option<SubId>> = BTreeMap::new();
        let taken_apart = facts.iter().filter_map(|one| match one.fact {
            Fact::Unmerged { question, .. } => Some(question),
            _ => None,
        });
        let taken_apart: Vec<Id> = taken_apart.collect();
        for one in facts {
            let Fact::Voted { question, voter, up } = one.fact else { continue };
            // A vote is taken back from the parts as well, also from those that were taken out of the whole since.
            let touched =
                if up { vec![question] } else { self.with_parts([&[question], &*taken_apart].concat()) };
            // Who voted for a part, or takes back a vote that stood for several, cannot know from the reply what that did.
            let origin = one.origin.filter(|_| self.with_parts(vec![question]).len() == 1);
            for id in touched {
                let known = voted.entry((voter, id)).or_insert(origin);
                // Two sockets of one person in one beat: neither knows how it ended.
                *known = known.filter(|socket| origin == Some(*socket));
            }
        }
        voted
    }

    /// What merging and taking apart touched: whoever supports a part, and the whole that its vote counts for, or did.
    fn united_in(&self, facts: &[Numbered<Fact>]) -> BTreeSet<Support> {
        let wholes = facts.iter().filter_map(|one| match one.fact {
            Fact::Recounted { question } => Some(question),
            _ => None,
        });
        let wholes: BTreeSet<Id> = wholes.collect();
        let parts = facts.iter().filter_map(|one| match one.fact {
            Fact::Merged { question, .. } | Fact::Unmerged { question, .. } => self.questions.get(&question),
            _ => None,
        });
        let people: BTreeSet<Id> = parts.flat_map(Question::supporters).collect();
        let of_whole = |whole: Id| people.iter().map(move |person| (*person, whole));
        // Who voted for the whole itself goes on supporting it.
        let own = |(person, whole): &Support| {
            self.questions.get(whole).is_some_and(|whole| whole.voters.contains(person))
        };
        wholes.into_iter().flat_map(of_whole).filter(|support| !own(support)).collect()
    }

    /// Questions and all that is part of them.
    fn with_parts(&self, mut all: Vec<Id>) -> Vec<Id> {
        let mut next = 0;
        while let Some(question) = all.get(next).and_then(|id| self.questions.get(id)) {
            all.extend(&question.parts);
            next += 1;
        }
        all
    }
}
