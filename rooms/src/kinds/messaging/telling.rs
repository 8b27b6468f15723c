//! Who is told what of the facts of a beat.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::Id;

use super::state::Messaging;
use super::wire::{Fact, MessageView, View};
use crate::engine::{Audience, Numbered, SubId, Told, Whisper, latest_of_each};

/// What changed: each is told once a beat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    Message(Id),
    Deleted(Id),
    Reactions(Id),
    Slow,
    Report(Id),
    Mutes,
}

impl Fact {
    fn topic(&self, moderator: bool) -> Option<Topic> {
        match self {
            Self::Sent { message, .. } => Some(Topic::Message(*message)),
            Self::Deleted { message, .. } => Some(Topic::Deleted(*message)),
            Self::Reacted { message, .. } => Some(Topic::Reactions(*message)),
            Self::Slowed { .. } => Some(Topic::Slow),
            Self::Reported { message, .. } => moderator.then_some(Topic::Report(*message)),
            Self::Muted { .. } | Self::Unmuted { .. } => moderator.then_some(Topic::Mutes),
        }
    }
}

impl Messaging {
    pub(super) fn told(&self, facts: &[Numbered<Fact>], to: Audience) -> Vec<Told<View>> {
        let gone = |one: &Numbered<Fact>| match one.fact {
            Fact::Deleted { message, .. } => Some(message),
            _ => None,
        };
        let gone: BTreeSet<Id> = facts.iter().filter_map(gone).collect();
        let sent = self.sent(facts, &gone);
        let topics = latest_of_each(facts, |fact| fact.topic(to == Audience::Moderator)).into_iter();
        let told = topics.filter_map(|(seq, topic)| {
            let (ev, view) = match topic {
                Topic::Message(id) => ("chat.message", View::Message(Box::new(sent.get(&id)?.clone()))),
                Topic::Deleted(id) => ("chat.deleted", View::Deleted { id }),
                Topic::Reactions(id) if gone.contains(&id) => return None,
                Topic::Reactions(id) => {
                    ("chat.reactions", View::Reactions { id, reactions: self.reactions(id) })
                }
                Topic::Slow => ("chat.slow", View::Slow { slow_mode_s: self.slow_mode_s }),
                Topic::Report(id) => ("chat.report", View::Report(self.report_view(id)?)),
                Topic::Mutes => ("chat.mutes", View::Mutes { mutes: self.mutes() }),
            };
            Some(Told { seq, ev, view })
        });
        told.collect()
    }

    /// The messages of this beat that are still there. They are read from the facts, because a long beat may hold more
    /// of them than the room keeps.
    fn sent(&self, facts: &[Numbered<Fact>], gone: &BTreeSet<Id>) -> BTreeMap<Id, MessageView> {
        let sent = facts.iter().filter_map(|one| match &one.fact {
            Fact::Sent { message, author, text, reply_to, at_ms } if !gone.contains(message) => {
                let (id, author, text) = (*message, author.clone(), text.clone());
                let reactions = self.reactions(id);
                let (at_ms, reply_to, deleted) = (*at_ms, *reply_to, false);
                Some((id, MessageView { id, author, text, at_ms, reactions, deleted, reply_to }))
            }
            _ => None,
        });
        sent.collect()
    }

    /// People hear that they are muted or not any more, and on their other sockets what they did on one.
    pub(super) fn whispered(&self, facts: &[Numbered<Fact>]) -> Vec<Whisper<View>> {
        let mut muted = BTreeSet::new();
        let mut reacted: BTreeMap<(Id, Id), Option<SubId>> = BTreeMap::new();
        for one in facts {
            match one.fact {
                Fact::Muted { participant, .. } | Fact::Unmuted { participant } => {
                    muted.insert(participant);
                }
                Fact::Reacted { message, participant, .. } => {
                    let skip = reacted.entry((participant, message)).or_insert(one.origin);
                    // Two sockets of one person in one beat: neither knows how it ended.
                    *skip = skip.filter(|origin| Some(*origin) == one.origin);
                }
                _ => {}
            }
        }
        let muted = muted.into_iter().map(|to| {
            let view = View::Muted { until_ms: self.muted.get(&to).copied() };
            Whisper { to, skip: None, ev: "chat.muted", view }
        });
        let mine = reacted.into_iter().map(|((to, message), skip)| {
            let view = View::Mine { message, emoji: self.reactions_of(to, message) };
            Whisper { to, skip, ev: "chat.mine", view }
        });
        muted.chain(mine).collect()
    }
}
