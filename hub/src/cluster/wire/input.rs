//! What is asked of a room on another node.

use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::Id;
use plenum_rooms::engine::{Actor, Codec, SubId, Ticket};
use plenum_rooms::{Input, RoomRef, Scope};
use serde::{Deserialize, Serialize};

/// An [`Input`] on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Asked {
    /// [`Input::Open`].
    Open { ticket: Ticket, by: Id, room: RoomRef, scope: Scope, settings: Bytes },
    /// [`Input::Command`].
    Command {
        ticket: Ticket,
        sub: Option<SubId>,
        by: Actor,
        room: RoomRef,
        key: Option<Id>,
        op: String,
        codec: Codec,
        data: Bytes,
    },
    /// [`Input::Join`].
    Join { ticket: Ticket, sub: SubId, by: Actor, room: RoomRef, codec: Codec, since: Option<u64> },
    /// [`Input::Look`].
    Look { ticket: Ticket, by: Actor, room: RoomRef, codec: Codec },
    /// [`Input::Leave`].
    Leave { sub: SubId, room: RoomRef },
}

impl Asked {
    /// The form in which an input travels; none for what never leaves its node.
    pub(crate) fn of(input: &Input) -> Option<Self> {
        Some(match input.clone() {
            Input::Open { ticket, by, room, scope, settings } => {
                Self::Open { ticket, by, room, scope, settings }
            }
            Input::Command { ticket, sub, by, room, key, op, codec, data } => {
                let (by, op) = (Arc::unwrap_or_clone(by), op.into());
                Self::Command { ticket, sub, by, room, key, op, codec, data }
            }
            Input::Join { ticket, sub, by, room, codec, since } => {
                Self::Join { ticket, sub, by: Arc::unwrap_or_clone(by), room, codec, since }
            }
            Input::Look { ticket, by, room, codec } => {
                Self::Look { ticket, by: Arc::unwrap_or_clone(by), room, codec }
            }
            Input::Leave { sub, room } => Self::Leave { sub, room },
            Input::Reloaded(_) => return None,
        })
    }

    /// The input, with the numbers of whoever asks as `mark` changes them.
    pub(crate) fn into_input(self, mark: impl Fn(u64) -> u64) -> Input {
        let mark_ticket = |ticket: Ticket| Ticket(mark(ticket.0));
        let mark_sub = |sub: SubId| SubId(mark(sub.0));
        match self {
            Self::Open { ticket, by, room, scope, settings } => {
                Input::Open { ticket: mark_ticket(ticket), by, room, scope, settings }
            }
            Self::Command { ticket, sub, by, room, key, op, codec, data } => {
                let (ticket, sub) = (mark_ticket(ticket), sub.map(mark_sub));
                Input::Command { ticket, sub, by: Arc::new(by), room, key, op: op.into(), codec, data }
            }
            Self::Join { ticket, sub, by, room, codec, since } => {
                let (ticket, sub) = (mark_ticket(ticket), mark_sub(sub));
                Input::Join { ticket, sub, by: Arc::new(by), room, codec, since }
            }
            Self::Look { ticket, by, room, codec } => {
                Input::Look { ticket: mark_ticket(ticket), by: Arc::new(by), room, codec }
            }
            Self::Leave { sub, room } => Input::Leave { sub: mark_sub(sub), room },
        }
    }
}
