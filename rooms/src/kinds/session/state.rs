//! What a session remembers, and what it shows of it.

use plenum_domain::{Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::presence::Presence;
use super::reactions::{ALLOWED, Reactions};
use super::wire::{
    Fact, Live, LiveKind, PollLine, PollsView, ReactionsView, RoomsView, SessionView, StateView, Status,
    Timer,
};
use crate::engine::{RoomRef, Scope};

/// The room of one session: what is live now, the countdown, reactions, who is here.
#[derive(Debug, Serialize, Deserialize)]
pub struct Session {
    pub(super) id: Id,
    pub(super) scope: Scope,
    pub(super) title: String,
    pub(super) starts_ms: Option<Timestamp>,
    pub(super) ends_ms: Option<Timestamp>,
    pub(super) hall: Option<String>,
    pub(super) status: Status,
    pub(super) live: Live,
    pub(super) timer: Timer,
    pub(super) polls: Vec<Poll>,
    /// Of this moment only: no fact tells of them.
    #[serde(skip)]
    pub(super) reactions: Reactions,
    /// Who is here, of which facts tell peaks only.
    #[serde(default)]
    pub(super) presence: Presence,
}

/// A poll on the session's list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Poll {
    pub(super) id: Id,
    pub(super) title: String,
}

impl Poll {
    pub(super) const fn room(&self) -> RoomRef {
        RoomRef::new("poll", self.id)
    }
}

pub(super) const BLANK: Live = Live { kind: LiveKind::Blank, room: None, text: None };

impl Session {
    pub(super) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Status(status) => self.status = *status,
            Fact::Edited(about) => self.edited(about),
            Fact::Live(live) => self.live = live.clone(),
            Fact::Timer(timer) => self.timer = timer.clone(),
            Fact::PollAdded { poll, title, .. } => {
                self.polls.push(Poll { id: *poll, title: title.clone() });
            }
            Fact::PollsOrdered(order) => {
                self.polls.sort_by_key(|poll| order.iter().position(|id| *id == poll.id));
            }
            Fact::PollRemoved(gone) => self.polls.retain(|poll| poll.id != *gone),
            Fact::Peak(peak) => self.presence.tell(*peak),
        }
    }

    pub(super) const fn qa(&self) -> RoomRef {
        RoomRef::new("qa", self.id)
    }

    pub(super) const fn messaging(&self) -> RoomRef {
        RoomRef::new("messaging", self.id)
    }

    pub(super) fn poll(&self, room: RoomRef) -> Option<&Poll> {
        self.polls.iter().find(|poll| poll.room() == room)
    }

    pub(super) fn session_view(&self) -> SessionView {
        SessionView {
            id: self.id,
            title: self.title.clone(),
            status: self.status,
            starts_ms: self.starts_ms,
            ends_ms: self.ends_ms,
            hall: self.hall.clone(),
        }
    }

    fn poll_rooms(&self) -> Vec<RoomRef> {
        self.polls.iter().map(Poll::room).collect()
    }

    fn poll_titles(&self) -> Vec<PollLine> {
        self.polls.iter().map(|poll| PollLine { room: poll.room(), title: poll.title.clone() }).collect()
    }

    pub(super) fn polls_view(&self, moderator: bool) -> PollsView {
        PollsView { polls: self.poll_rooms(), titles: moderator.then(|| self.poll_titles()) }
    }

    pub(super) fn state_view(&self, moderator: bool) -> StateView {
        StateView {
            session: self.session_view(),
            live: self.live.clone(),
            timer: self.timer.clone(),
            present: self.presence.people(),
            rooms: RoomsView { qa: self.qa(), messaging: self.messaging(), polls: self.poll_rooms() },
            poll_titles: moderator.then(|| self.poll_titles()),
            reactions: ReactionsView { allowed: ALLOWED, totals: self.reactions.totals() },
        }
    }
}
