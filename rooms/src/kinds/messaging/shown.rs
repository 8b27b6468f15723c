//! What of a chat is shown to whom.

use std::collections::BTreeMap;

use plenum_domain::Id;

use super::state::{Message, Messaging};
use super::wire::{MessageView, MuteView, ReportView, StateView};
use crate::engine::{Actor, Audience};

/// The reactions that there are.
pub(super) const ALLOWED: &[&str] = &["👍", "❤️", "😂", "😮", "😢", "🎉", "🙏", "👀"];
/// Messages that a joiner is shown; older ones are read page by page.
const LATEST: usize = 50;

impl Messaging {
    pub(super) fn state_view(&self, to: &Actor, audience: Audience) -> StateView {
        let me = to.participant;
        let latest = || self.order.iter().skip(self.order.len().saturating_sub(LATEST));
        let moderator = audience == Audience::Moderator;
        let mine = latest().map(|id| (*id, self.reactions_of(me, *id)));
        StateView {
            messages: latest().filter_map(|id| self.message_view(*id)).collect(),
            slow_mode_s: self.slow_mode_s,
            muted: self.muted.contains_key(&me),
            muted_until_ms: self.muted.get(&me).copied(),
            mine: mine.filter(|(_, emoji)| !emoji.is_empty()).collect(),
            allowed: ALLOWED,
            reports: moderator.then(|| self.reports()),
            mutes: moderator.then(|| self.mutes()),
        }
    }

    pub(super) fn message_view(&self, id: Id) -> Option<MessageView> {
        let one = self.messages.get(&id)?;
        Some(MessageView {
            id,
            author: one.author.clone(),
            text: one.text.clone(),
            at_ms: one.at,
            reactions: counts(one),
            deleted: one.deleted,
            reply_to: one.reply_to,
        })
    }

    /// How many people put which reaction on a message.
    pub(super) fn reactions(&self, id: Id) -> BTreeMap<String, u32> {
        self.messages.get(&id).map(counts).unwrap_or_default()
    }

    /// One person's reactions on a message.
    pub(super) fn reactions_of(&self, person: Id, id: Id) -> Vec<String> {
        let all = self.messages.get(&id).into_iter().flat_map(|one| &one.reactions);
        all.filter(|(_, people)| people.contains(&person)).map(|(emoji, _)| emoji.clone()).collect()
    }

    fn reports(&self) -> Vec<ReportView> {
        self.order.iter().filter_map(|id| self.report_view(*id)).collect()
    }

    pub(super) fn report_view(&self, message: Id) -> Option<ReportView> {
        let one = self.messages.get(&message).filter(|one| !one.reporters.is_empty())?;
        let reasons = one.reasons.iter().cloned().collect();
        Some(ReportView { message, reports: one.reporters.len() as u32, reasons })
    }

    pub(super) fn mutes(&self) -> Vec<MuteView> {
        let mute =
            |(participant, until_ms): (&Id, &_)| MuteView { participant: *participant, until_ms: *until_ms };
        self.muted.iter().map(mute).collect()
    }
}

fn counts(one: &Message) -> BTreeMap<String, u32> {
    one.reactions.iter().map(|(emoji, people)| (emoji.clone(), people.len() as u32)).collect()
}
