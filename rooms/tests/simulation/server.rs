//! The hub of the simulation: an engine, its sockets, and a journal that outlives it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::sample::Dice;
use plenum_rooms::engine::{
    Actor, Audience, Codec, Engine, Input, Output, Refusal, RoomRef, Scope, Settings, SubId, Ticket,
};

use super::Sabotage;
use super::link::{Down, Up};
use super::oracle::{self, Violation};
use crate::desk::Journal;

/// One socket that the hub knows.
#[derive(Clone, Copy)]
struct Socket {
    client: usize,
    codec: Codec,
    /// None until it is in the room.
    audience: Option<Audience>,
}

/// Whom an answer goes to.
enum Asked {
    Join { client: usize },
    Command { client: usize, key: Id },
}

/// A hub between its start and its crash.
pub(super) struct Server {
    pub(super) engine: Engine,
    room: RoomRef,
    sockets: BTreeMap<SubId, Socket>,
    asked: BTreeMap<Ticket, Asked>,
    tickets: u64,
    /// Rooms to be read back from the journal.
    pub(super) reloads: Vec<(RoomRef, Scope)>,
    sabotage: Sabotage,
}

impl Server {
    /// A hub that starts from what the journal kept.
    pub(super) fn start(
        room: RoomRef,
        journal: &mut Journal,
        dice: &mut Dice,
        sabotage: Sabotage,
    ) -> Result<Self, Violation> {
        let snapshot_after = 3 + dice.below(40) as u32;
        let mut engine = Engine::new(Settings { snapshot_after, ..Settings::default() });
        journal.restart();
        for known in journal.rooms() {
            let mut loaded = journal.load(known);
            if sabotage == Sabotage::ForgetRecord && loaded.records.len() > 1 {
                loaded.records.pop();
            }
            engine.restore(loaded).map_err(|why| format!("the journal cannot be read: {why}"))?;
        }
        let (sockets, asked, reloads) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        Ok(Self { engine, room, sockets, asked, tickets: 0, reloads, sabotage })
    }

    fn ask(&mut self, asked: Asked) -> Ticket {
        self.tickets += 1;
        self.asked.insert(Ticket(self.tickets), asked);
        Ticket(self.tickets)
    }

    /// A client opened a socket.
    pub(super) fn accept(&mut self, socket: u64, client: usize, codec: Codec) {
        self.sockets.insert(SubId(socket), Socket { client, codec, audience: None });
    }

    /// A client's socket is gone.
    pub(super) fn forget(&mut self, socket: u64, now: Timestamp) {
        if self.sockets.remove(&SubId(socket)).is_some() {
            self.engine.handle(Input::Leave { sub: SubId(socket), room: self.room }, now);
        }
    }

    /// A frame came from a client's socket.
    pub(super) fn receive(&mut self, socket: u64, by: &Arc<Actor>, up: Up, now: Timestamp) {
        let Some(Socket { client, codec, .. }) = self.sockets.get(&SubId(socket)).copied() else { return };
        let (sub, by, room) = (SubId(socket), Arc::clone(by), self.room);
        let input = match up {
            Up::Join { since } => {
                let ticket = self.ask(Asked::Join { client });
                Input::Join { ticket, sub, by, room, codec, since }
            }
            Up::Command { key, op, data } => {
                let ticket = self.ask(Asked::Command { client, key });
                let data = Bytes::from(data.to_string());
                Input::Command {
                    ticket,
                    sub: None,
                    by,
                    room,
                    key: Some(key),
                    op: op.into(),
                    codec: Codec::Json,
                    data,
                }
            }
        };
        self.engine.handle(input, now);
    }

    /// Carries what the engine let out: appends to the journal, the rest to the clients it is for.
    pub(super) fn carry(&mut self, journal: &mut Journal) -> Result<Vec<(usize, Down)>, Violation> {
        let mut down = Vec::new();
        loop {
            let outputs = self.engine.take();
            if outputs.is_empty() {
                return Ok(down);
            }
            for output in outputs {
                self.carry_one(output, journal, &mut down)?;
            }
        }
    }

    fn carry_one(
        &mut self,
        output: Output,
        journal: &mut Journal,
        down: &mut Vec<(usize, Down)>,
    ) -> Result<(), Violation> {
        oracle::may_leave(&output, journal, self.room)?;
        match output {
            Output::Append(record) => {
                journal.append(record);
                if self.sabotage == Sabotage::OpenGate {
                    self.engine.durable(journal.appended());
                }
            }
            Output::Snapshot(snapshot) => journal.keep_snapshot(snapshot),
            Output::Reload { room, scope } => self.reloads.push((room, scope)),
            Output::Reply { ticket, outcome } => match self.asked.remove(&ticket) {
                Some(Asked::Command { client, key }) => {
                    oracle::may_be_answered(key, &outcome, journal)?;
                    down.push((client, Down::Reply { key, outcome }));
                }
                Some(Asked::Join { client }) => {
                    let refusal = outcome.err().unwrap_or_else(|| Refusal::busy("a join was answered", 0));
                    down.push((client, Down::NotJoined(refusal)));
                }
                None => {}
            },
            Output::Joined { ticket, sub, seq, audience, body, .. } => {
                if let Some(socket) = self.sockets.get_mut(&sub) {
                    socket.audience = Some(audience);
                }
                if let Some(Asked::Join { client }) = self.asked.remove(&ticket) {
                    down.push((client, Down::Joined { seq, body }));
                }
            }
            Output::Moved { sub, audience, .. } => {
                if let Some(socket) = self.sockets.get_mut(&sub) {
                    socket.audience = Some(audience);
                }
            }
            Output::Whisper { sub, push, .. } => {
                let lost = self.sabotage == Sabotage::LoseWhispers;
                let socket = self.sockets.get(&sub).filter(|_| !lost);
                down.extend(socket.map(|socket| (socket.client, Down::Push(push))));
            }
            Output::Push { room, audience, codec, push } if room == self.room => {
                let readers =
                    self.sockets.values().filter(|one| (one.audience, one.codec) == (Some(audience), codec));
                down.extend(readers.map(|one| (one.client, Down::Push(push.clone()))));
            }
            Output::Push { .. } | Output::Opened { .. } | Output::Looked { .. } => {}
        }
        Ok(())
    }
}
