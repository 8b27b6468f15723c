//! A node: sockets, perhaps the conference, and its way to the node that has it.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::{
    Audience, Codec, Engine, Input, Output, Record, RoomRef, Settings, SubId, Ticket,
};
use plenum_rooms::relay::Sending;

use super::net::Frame;
use super::reader::Reader;

/// How long an owner believes in its lease, in milliseconds.
const TRUSTED_MS: i64 = 2_000;
/// The bits of a number below those of the line that it came over.
const NODE_SHIFT: u32 = 40;

#[derive(Clone, Copy)]
pub(super) struct Socket {
    pub(super) client: usize,
    pub(super) codec: Codec,
    /// None until it is in the room, and while the room changes its owner.
    pub(super) audience: Option<Audience>,
}

/// Whom an answer is for.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    Join { client: usize },
    Rejoin { sub: SubId },
    Command { client: usize, key: Id, sub: SubId },
}

/// What the owner of the conference has.
pub(super) struct Owner {
    pub(super) epoch: u64,
    pub(super) engine: Engine,
    pub(super) sending: Sending<Frame>,
    /// Lines that listen, with their attachments.
    pub(super) visitors: BTreeMap<u64, u32>,
    pub(super) tide_told: u64,
    pub(super) batch: Vec<Record>,
    pub(super) appended: u64,
    pub(super) in_flight: bool,
    trusted_from: Timestamp,
    pub(super) leaving: bool,
}

impl Owner {
    pub(super) fn new(epoch: u64, engine: Engine, asked_at: Timestamp) -> Self {
        Self {
            epoch,
            engine,
            sending: Sending::new(epoch),
            visitors: BTreeMap::new(),
            tide_told: 0,
            batch: Vec::new(),
            appended: 0,
            in_flight: false,
            trusted_from: asked_at,
            leaving: false,
        }
    }

    pub(super) fn is_trusted(&self, now: Timestamp) -> bool {
        now.since_ms(self.trusted_from) < TRUSTED_MS
    }

    pub(super) fn renewed(&mut self, asked_at: Timestamp) {
        self.trusted_from = self.trusted_from.max(asked_at);
    }

    pub(super) fn is_settled(&self) -> bool {
        self.engine.waiting() == 0 && self.batch.is_empty() && !self.in_flight
    }
}

pub(super) struct Node {
    /// Counts its stops.
    pub(super) run: u64,
    pub(super) is_up: bool,
    pub(super) paused_until: Timestamp,
    pub(super) owner: Option<Owner>,
    pub(super) reader: Reader,
    pub(super) sockets: BTreeMap<SubId, Socket>,
    pub(super) asked: BTreeMap<Ticket, Asked>,
    tickets: u64,
    /// Rooms to be read back.
    pub(super) reloads: BTreeSet<RoomRef>,
}

impl Node {
    pub(super) const fn new() -> Self {
        Self {
            run: 0,
            is_up: true,
            paused_until: Timestamp::from_ms(0),
            owner: None,
            reader: Reader::new(),
            sockets: BTreeMap::new(),
            asked: BTreeMap::new(),
            tickets: 0,
            reloads: BTreeSet::new(),
        }
    }

    /// It stops, and loses all that it had.
    pub(super) fn stop(&mut self) {
        let (run, tickets) = (self.run + 1, self.tickets);
        *self = Self { run, tickets, is_up: false, ..Self::new() };
    }

    pub(super) fn ask(&mut self, asked: Asked) -> Ticket {
        self.tickets += 1;
        self.asked.insert(Ticket(self.tickets), asked);
        Ticket(self.tickets)
    }

    /// An engine for this node.
    pub(super) fn engine(snapshot_after: u32) -> Engine {
        Engine::new(Settings { snapshot_after, ..Settings::default() })
    }
}

/// A number of a node, as the owner knows it: the line that it came over goes before it.
pub(super) const fn marked(line: u64, number: u64) -> u64 {
    line << NODE_SHIFT | number
}

/// The line that a number came over (0 for the owner's own), and the number there.
pub(super) const fn unmarked(number: u64) -> (u64, u64) {
    (number >> NODE_SHIFT, number & ((1 << NODE_SHIFT) - 1))
}

/// An input with its numbers changed.
pub(super) fn renumbered(input: Input, mark: impl Fn(u64) -> u64) -> Input {
    let mark_ticket = |ticket: Ticket| Ticket(mark(ticket.0));
    match input {
        Input::Command { ticket, sub, by, room, key, op, codec, data } => {
            let sub = sub.map(|sub| SubId(mark(sub.0)));
            Input::Command { ticket: mark_ticket(ticket), sub, by, room, key, op, codec, data }
        }
        Input::Join { ticket, sub, by, room, codec, since } => {
            Input::Join { ticket: mark_ticket(ticket), sub: SubId(mark(sub.0)), by, room, codec, since }
        }
        Input::Leave { sub, room } => Input::Leave { sub: SubId(mark(sub.0)), room },
        other => other,
    }
}

/// An output with its numbers changed back.
pub(super) fn sent_home(output: Output) -> Output {
    let home = |number| unmarked(number).1;
    match output {
        Output::Reply { ticket, outcome } => Output::Reply { ticket: Ticket(home(ticket.0)), outcome },
        Output::Joined { ticket, sub, room, seq, audience, body } => {
            let (ticket, sub) = (Ticket(home(ticket.0)), SubId(home(sub.0)));
            Output::Joined { ticket, sub, room, seq, audience, body }
        }
        Output::Whisper { sub, room, push } => Output::Whisper { sub: SubId(home(sub.0)), room, push },
        Output::Moved { sub, room, audience } => Output::Moved { sub: SubId(home(sub.0)), room, audience },
        other => other,
    }
}

pub(super) const fn ticket_of(input: &Input) -> Option<Ticket> {
    match input {
        Input::Command { ticket, .. } | Input::Join { ticket, .. } => Some(*ticket),
        _ => None,
    }
}
