//! What a chat remembers: the latest messages, who is muted, who wrote when.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use plenum_domain::{Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::wire::{Fact, Person};

/// Messages in memory; older ones are in the store.
pub(super) const KEPT: usize = 1_000;
/// Reasons of reports kept of one message.
const REASONS: usize = 20;
/// The longest slow mode, in seconds.
pub(super) const MAX_SLOW_S: u32 = 3_600;
/// With more people than this, those who wrote longer ago than any slow mode lasts are forgotten.
const WRITERS: usize = 10_000;

/// The room of one session's chat.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Messaging {
    pub(super) slow_mode_s: u32,
    pub(super) messages: BTreeMap<Id, Message>,
    /// In the order in which they were sent.
    pub(super) order: VecDeque<Id>,
    /// Until when who may not write.
    pub(super) muted: BTreeMap<Id, Timestamp>,
    /// When who wrote last.
    pub(super) wrote: BTreeMap<Id, Timestamp>,
}

/// A message.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) author: Person,
    /// Empty once it is deleted: the text is not even in memory then.
    pub(super) text: String,
    pub(super) at: Timestamp,
    pub(super) reply_to: Option<Id>,
    pub(super) deleted: bool,
    /// Who put which reaction on it.
    pub(super) reactions: BTreeMap<String, BTreeSet<Id>>,
    pub(super) reporters: BTreeSet<Id>,
    pub(super) reasons: VecDeque<String>,
}

impl Message {
    pub(super) fn has_reaction(&self, emoji: &str, of: Id) -> bool {
        self.reactions.get(emoji).is_some_and(|people| people.contains(&of))
    }

    fn react(&mut self, emoji: &str, of: Id, on: bool) {
        let people = self.reactions.entry(emoji.to_owned()).or_default();
        if on {
            people.insert(of);
        } else {
            people.remove(&of);
        }
        self.reactions.retain(|_, people| !people.is_empty());
    }

    fn delete(&mut self) {
        self.deleted = true;
        self.text.clear();
        self.reactions.clear();
        self.reporters.clear();
        self.reasons.clear();
    }

    fn report(&mut self, by: Id, reason: Option<&String>) {
        self.reporters.insert(by);
        self.reasons.extend(reason.cloned());
        if self.reasons.len() > REASONS {
            self.reasons.pop_front();
        }
    }
}

impl Messaging {
    pub(super) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Sent { message, author, text, reply_to, at_ms } => {
                self.wrote(author.id, *at_ms);
                self.keep(*message, new(author, text, *reply_to, *at_ms));
            }
            Fact::Reacted { message, participant, emoji, on } => {
                self.change(*message, |one| one.react(emoji, *participant, *on));
            }
            Fact::Deleted { message, .. } => self.change(*message, Message::delete),
            Fact::Reported { message, by, reason } => {
                self.change(*message, |one| one.report(*by, reason.as_ref()));
            }
            Fact::Muted { participant, until_ms, .. } => {
                self.muted.insert(*participant, *until_ms);
            }
            Fact::Unmuted { participant } => {
                self.muted.remove(participant);
            }
            Fact::Slowed { seconds, .. } => self.slow_mode_s = *seconds,
        }
    }

    fn change(&mut self, id: Id, change: impl FnOnce(&mut Message)) {
        if let Some(message) = self.messages.get_mut(&id) {
            change(message);
        }
    }

    fn wrote(&mut self, person: Id, at: Timestamp) {
        self.wrote.insert(person, at);
        if self.wrote.len() > WRITERS {
            let slowest_ms = i64::from(MAX_SLOW_S) * 1_000;
            self.wrote.retain(|_, last| at.since_ms(*last) <= slowest_ms);
        }
    }

    fn keep(&mut self, id: Id, message: Message) {
        self.messages.insert(id, message);
        self.order.push_back(id);
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.messages.remove(&oldest);
        }
    }
}

fn new(author: &Person, text: &str, reply_to: Option<Id>, at: Timestamp) -> Message {
    Message {
        author: author.clone(),
        text: text.to_owned(),
        at,
        reply_to,
        deleted: false,
        reactions: BTreeMap::new(),
        reporters: BTreeSet::new(),
        reasons: VecDeque::new(),
    }
}
