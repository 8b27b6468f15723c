//! An engine on a desk: its journal is a list, its clock a number, and every output is kept for looking at.

mod hall;
mod journal;
mod person;

use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::{
    Actor, Codec, Engine, Input, JoinBody, Outcome, Output, Refusal, RoomRef, Scope, Settings, SubId, Ticket,
};
use plenum_rooms::kinds::{KINDS, Kind};
use serde_json::Value;

pub(crate) use hall::{Hall, Heard, judge, read};
pub(crate) use journal::Journal;
pub(crate) use person::{ATTENDEE, MODERATOR, SCREEN, person};

/// The engine, its journal and its clock.
pub(crate) struct Desk {
    pub(crate) engine: Engine,
    pub(crate) journal: Journal,
    pub(crate) now: Timestamp,
    /// Whether appends wait for [`Desk::settle`]; else each is durable at once.
    pub(crate) holds: bool,
    /// What the engine let out since the last [`Desk::heard`], appends and snapshots apart.
    heard: Vec<Output>,
    tickets: u64,
    kinds: &'static [Kind],
}

/// Where every room on the desk belongs.
pub(crate) const SCOPE: Scope =
    Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: Some(ROOM_ID) };
/// The id of the room that a test opens first.
pub(crate) const ROOM_ID: Id = Id::from_bits(0x0198_0000_0000_7000_8000_0000_00AA_0001);
/// More calls than an engine has reasons for at one moment.
const CALLS_AT_ONCE: u32 = 10;
/// When a desk's clock starts.
const START: Timestamp = Timestamp::from_ms(1_763_800_000_000);

impl Desk {
    /// A desk whose engine is tuned differently.
    pub(crate) fn tuned(settings: Settings) -> Self {
        Self::hosting(settings, KINDS)
    }

    /// A desk whose engine hosts only `kinds`.
    pub(crate) fn hosting(settings: Settings, kinds: &'static [Kind]) -> Self {
        let (engine, journal) = (Engine::hosting(settings, kinds), Journal::default());
        Self { engine, journal, now: START, holds: false, heard: Vec::new(), tickets: 0, kinds }
    }

    /// Opens the room that the test is about, with `settings`.
    pub(crate) fn open(&mut self, kind: &'static str, settings: &Value) -> RoomRef {
        let room = RoomRef::new(kind, ROOM_ID);
        let (ticket, settings) = (self.ticket(), Bytes::from(settings.to_string()));
        self.handle(Input::Open { ticket, by: person(0).participant, room, scope: SCOPE, settings });
        room
    }

    /// Sends a command in JSON from nowhere in particular. Returns whom the engine will answer.
    pub(crate) fn send(
        &mut self,
        by: &Arc<Actor>,
        room: RoomRef,
        key: Option<Id>,
        op: &str,
        data: &Value,
    ) -> Ticket {
        self.send_bytes(by, room, key, op, Codec::Json, Bytes::from(data.to_string()))
    }

    /// Sends a command whose data may be anything.
    pub(crate) fn send_bytes(
        &mut self,
        by: &Arc<Actor>,
        room: RoomRef,
        key: Option<Id>,
        op: &str,
        codec: Codec,
        data: Bytes,
    ) -> Ticket {
        let (ticket, by, op) = (self.ticket(), Arc::clone(by), op.into());
        self.handle(Input::Command { ticket, sub: None, by, room, key, op, codec, data });
        ticket
    }

    /// Sends a command and returns the answer, which has to be there at once.
    pub(crate) fn ask(
        &mut self,
        by: &Arc<Actor>,
        room: RoomRef,
        key: Option<Id>,
        op: &str,
        data: &Value,
    ) -> Outcome {
        let ticket = self.send(by, room, key, op, data);
        self.answer(ticket).expect("the desk answers at once unless it holds appends")
    }

    /// The answer to `ticket`, when it left the engine since the last [`Desk::heard`].
    pub(crate) fn answer(&self, ticket: Ticket) -> Option<Outcome> {
        self.heard.iter().find_map(|output| match output {
            Output::Reply { ticket: one, outcome } if *one == ticket => Some(outcome.clone()),
            _ => None,
        })
    }

    /// Asks for a socket to come in. Returns whom the engine will answer.
    pub(crate) fn knock(
        &mut self,
        by: &Arc<Actor>,
        sub: u64,
        room: RoomRef,
        codec: Codec,
        since: Option<u64>,
    ) -> Ticket {
        let (ticket, by) = (self.ticket(), Arc::clone(by));
        self.handle(Input::Join { ticket, sub: SubId(sub), by, room, codec, since });
        ticket
    }

    /// Lets a socket leave.
    pub(crate) fn leave(&mut self, sub: u64, room: RoomRef) {
        self.handle(Input::Leave { sub: SubId(sub), room });
    }

    /// Lets a socket come in, or come back. Returns the seq and what it got.
    pub(crate) fn join(
        &mut self,
        by: &Arc<Actor>,
        sub: u64,
        room: RoomRef,
        codec: Codec,
        since: Option<u64>,
    ) -> Result<(u64, JoinBody), Refusal> {
        let ticket = self.knock(by, sub, room, codec, since);
        self.joined(ticket).expect("the desk answers at once unless it holds appends")
    }

    /// What the join with `ticket` was answered.
    pub(crate) fn joined(&self, ticket: Ticket) -> Option<Result<(u64, JoinBody), Refusal>> {
        self.heard.iter().find_map(|output| match output {
            Output::Joined { ticket: one, seq, body, .. } if *one == ticket => Some(Ok((*seq, body.clone()))),
            Output::Reply { ticket: one, outcome: Err(refusal) } if *one == ticket => {
                Some(Err(refusal.clone()))
            }
            _ => None,
        })
    }

    /// The room's state as `by` sees it, in `codec`.
    pub(crate) fn look(&mut self, by: &Arc<Actor>, room: RoomRef, codec: Codec) -> Bytes {
        let ticket = self.ticket();
        self.handle(Input::Look { ticket, by: Arc::clone(by), room, codec });
        let state = self.heard.iter().find_map(|output| match output {
            Output::Looked { ticket: one, state, .. } if *one == ticket => Some(state.clone()),
            _ => None,
        });
        state.expect("a participant may look at an open room")
    }

    /// The room's state as `by` sees it, read.
    pub(crate) fn view(&mut self, by: &Arc<Actor>, room: RoomRef) -> Value {
        serde_json::from_slice(&self.look(by, room, Codec::Json)).expect("a state is JSON")
    }

    /// Lets `ms` pass, with every call that the engine asked for on the way.
    pub(crate) fn pass(&mut self, ms: i64) {
        let end = self.now.plus_ms(ms);
        let mut calls = 0;
        while let Some(at) = self.engine.next_call().filter(|at| *at <= end) {
            calls = if self.now >= at { calls + 1 } else { 0 };
            self.now = self.now.max(at);
            self.engine.tick(self.now);
            self.carry();
            assert!(calls < CALLS_AT_ONCE, "the engine wants to be called at {at:?} again and again");
        }
        self.now = end;
    }

    /// Hands one input to the engine and carries what comes out.
    pub(crate) fn handle(&mut self, input: Input) {
        self.engine.handle(input, self.now);
        self.carry();
    }

    /// A number for an input that will be answered.
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    /// What the engine let out since this was last asked, appends and snapshots apart.
    pub(crate) fn heard(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.heard)
    }

    /// Everything that was appended is durable now.
    pub(crate) fn settle(&mut self) {
        self.engine.durable(self.journal.keep_all());
        self.carry();
    }

    /// What is not durable yet never will be: the disk refused it.
    pub(crate) fn fail(&mut self, refusal: &Refusal) {
        self.journal.lose_pending();
        self.engine.failed(refusal);
        self.carry();
    }

    /// An engine that was started from this desk's journal, on its own desk.
    pub(crate) fn restarted(&self) -> Self {
        let mut desk = Self::hosting(Settings::default(), self.kinds);
        (desk.journal, desk.now) = (self.journal.clone(), self.now);
        desk.journal.restart();
        for room in desk.journal.rooms() {
            desk.engine.restore(desk.journal.load(room)).expect("the journal can be read");
        }
        desk
    }

    fn carry(&mut self) {
        loop {
            let outputs = self.engine.take();
            if outputs.is_empty() {
                return;
            }
            outputs.into_iter().for_each(|output| self.carry_one(output));
        }
    }

    fn carry_one(&mut self, output: Output) {
        match output {
            Output::Append(record) => {
                self.journal.append(record);
                if !self.holds {
                    self.engine.durable(self.journal.keep_all());
                }
            }
            Output::Snapshot(snapshot) => self.journal.keep_snapshot(snapshot),
            Output::Reload { room, scope } => {
                self.heard.push(Output::Reload { room, scope });
                let loaded = self.journal.load_or_empty(room, scope);
                self.engine.handle(Input::Reloaded(Box::new(loaded)), self.now);
            }
            other => self.heard.push(other),
        }
    }
}
