//! What of a question room is shown to whom. Nothing else in this folder makes views.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::Id;

use super::score::per_mille;
use super::state::{Qa, Question};
use super::wire::{QuestionView, StateView, Status};
use crate::engine::{Actor, Audience};

/// Of each status, a joiner is shown the newest.
const LISTED: usize = 500;

/// Whose eyes see a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eyes {
    /// Of anyone in the hall, and of its screens.
    Everyone,
    /// Of whoever asked it.
    Asker,
    /// Of those who run the room.
    Moderator,
}

impl Eyes {
    pub(super) fn of(audience: Audience) -> Self {
        match audience {
            Audience::Moderator => Self::Moderator,
            Audience::Attendee | Audience::Informed | Audience::Screen => Self::Everyone,
        }
    }
}

impl Qa {
    /// A question for these eyes; none when they may not know of it. What everyone has seen and may not read any more
    /// is shown as a gravestone: without text, author and reason.
    pub(super) fn question_view(&self, id: Id, eyes: Eyes) -> Option<QuestionView> {
        let one = self.questions.get(&id).filter(|one| eyes != Eyes::Everyone || one.shown)?;
        let readable = eyes != Eyes::Everyone || one.is_public();
        let moderator = eyes == Eyes::Moderator;
        let claim = self.claims.get(&id).filter(|_| moderator);
        let reason = one.reason.clone().filter(|_| eyes != Eyes::Everyone);
        Some(QuestionView {
            id,
            text: if readable { one.text.clone() } else { String::new() },
            status: one.status,
            votes: one.votes(),
            score: score(one),
            author: one.author.clone().filter(|_| readable),
            asked_ms: one.asked_at,
            claimed_by: claim.map(|claim| claim.by.id),
            claimed_name: claim.map(|claim| claim.by.name.clone()),
            reason,
            edited: one.original.is_some(),
            original: one.original.clone().filter(|_| moderator),
            merged_into: one.merged_into,
        })
    }

    /// The votes of some questions for these eyes, and their scores; for moderators the scores of all open questions.
    pub(super) fn votes_view(
        &self,
        ids: &BTreeSet<Id>,
        eyes: Eyes,
    ) -> (BTreeMap<Id, u32>, BTreeMap<Id, u16>) {
        let visible = |one: &Question| eyes == Eyes::Moderator || one.is_public();
        let voted = ids.iter().filter_map(|id| Some((*id, self.questions.get(id)?)));
        let voted: Vec<(Id, &Question)> = voted.filter(|(_, one)| visible(one)).collect();
        let votes = voted.iter().map(|(id, one)| (*id, one.votes())).collect();
        let mut scores: BTreeMap<Id, u16> = voted.iter().map(|(id, one)| (*id, score(one))).collect();
        if eyes == Eyes::Moderator {
            let open = self.listed(|one| one.is_open() && one.shown).into_iter();
            scores.extend(open.filter_map(|id| Some((id, score(self.questions.get(&id)?)))));
        }
        (votes, scores)
    }

    pub(super) fn state_view(&self, to: &Actor, audience: Audience) -> StateView {
        let (me, eyes) = (to.participant, Eyes::of(audience));
        let listed = self.listed(|one| eyes == Eyes::Moderator || one.is_public() || one.asker == me);
        let of_listed = |holds: &dyn Fn(&Question) -> bool| -> Vec<Id> {
            listed.iter().filter(|id| self.questions.get(id).is_some_and(holds)).copied().collect()
        };
        // Not of the listed ones alone: one that is hidden now may be shown again.
        let supported =
            self.order.iter().filter(|id| self.questions.get(id).is_some_and(|one| one.has_vote_of(me)));
        StateView {
            settings: self.settings.clone(),
            mine: supported.copied().collect(),
            asked: of_listed(&|one| one.asker == me),
            questions: listed
                .iter()
                .filter_map(|id| self.question_view(*id, self.eyes(*id, me, eyes)))
                .collect(),
        }
    }

    fn eyes(&self, id: Id, me: Id, eyes: Eyes) -> Eyes {
        let own = self.questions.get(&id).is_some_and(|one| one.asker == me);
        if own && eyes == Eyes::Everyone { Eyes::Asker } else { eyes }
    }

    /// The newest of each status among those that `holds`, oldest first.
    fn listed(&self, holds: impl Fn(&Question) -> bool) -> Vec<Id> {
        let mut of_status: BTreeMap<Status, usize> = BTreeMap::new();
        let newest = self.order.iter().rev().filter(|id| {
            let Some(one) = self.questions.get(id).filter(|one| holds(one)) else { return false };
            let listed = of_status.entry(one.status).or_default();
            *listed += 1;
            *listed <= LISTED
        });
        let mut ids: Vec<Id> = newest.copied().collect();
        ids.reverse();
        ids
    }
}

fn score(one: &Question) -> u16 {
    per_mille(one.votes(), one.could_vote)
}
