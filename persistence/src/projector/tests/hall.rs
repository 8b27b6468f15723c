//! A hall full of made-up people: real rooms, a journal, and a store behind it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::sample::{Dice, person};
use plenum_rooms::engine::{Actor, Engine, Input, Output, Settings, SubId, Ticket};
use plenum_rooms::{Codec, RoomRef, Scope, kinds};
use serde_json::Value;

use crate::journal::{Journal, MemoryJournal, Source};

pub(super) const SESSION: Id = Id::from_bits(0x0199_0000_0000_7000_8000_0000_0000_0003);
pub(super) const TENANT: Id = Id::from_bits(0x0199_0000_0000_7000_8000_0000_0000_0001);
pub(super) const CONFERENCE: Id = Id::from_bits(0x0199_0000_0000_7000_8000_0000_0000_0002);
const PEOPLE: u64 = 9;
const SHARD: Source = Source { shard: 0, generation: 0 };

pub(super) struct Hall {
    engine: Engine,
    pub(super) journal: Arc<MemoryJournal>,
    pub(super) rooms: BTreeSet<RoomRef>,
    appends: u64,
    dice: Dice,
    now: Timestamp,
}

impl Hall {
    /// A session with its rooms, without polls.
    pub(super) fn new(seed: u64) -> Self {
        let settings = Settings { snapshot_after: 40, ..Settings::default() };
        let mut hall = Self {
            engine: Engine::new(settings),
            journal: Arc::new(MemoryJournal::new(5, crate::journal::Settings::default())),
            rooms: BTreeSet::new(),
            appends: 0,
            dice: Dice::new(seed),
            now: Timestamp::from_ms(1_763_800_000_000),
        };
        for kind in ["session", "qa", "messaging"].into_iter().filter_map(kinds::find) {
            let settings = kind.sample.settings(&mut hall.dice);
            hall.open(RoomRef::new(kind.name, SESSION), &settings);
        }
        hall
    }

    pub(super) fn open(&mut self, room: RoomRef, settings: &Value) {
        let scope = Scope { tenant: TENANT, conference: CONFERENCE, session: Some(SESSION) };
        let settings = Bytes::from(settings.to_string());
        self.handle(Input::Open { ticket: Ticket(0), by: person(0).participant, room, scope, settings });
    }

    /// A poll with made-up settings.
    pub(super) fn open_a_poll(&mut self) {
        let settings = kinds::find("poll").expect("polls exist").sample.settings(&mut self.dice);
        let id = self.dice.id();
        self.open(RoomRef::new("poll", id), &settings);
    }

    /// So many people do something somewhere.
    pub(super) fn live(&mut self, commands: u32) {
        for _ in 0..commands {
            let rooms: Vec<RoomRef> = self.rooms.iter().copied().collect();
            let room = *self.dice.pick(&rooms);
            let by = person(self.dice.below(PEOPLE));
            let state = self.look(room, &by);
            let sample = kinds::find(room.kind).expect("the room's kind exists").sample;
            let command = sample.command(&mut self.dice, &by, &state);
            self.command(room, by, command.op, &command.data);
        }
    }

    pub(super) fn command(&mut self, room: RoomRef, by: Actor, op: &str, data: &Value) {
        self.now = self.now.plus_ms(self.dice.below(2_000).cast_signed());
        let (key, data) = (Some(self.dice.id()), Bytes::from(data.to_string()));
        let (by, op) = (Arc::new(by), op.into());
        let ticket = Ticket(0);
        self.handle(Input::Command { ticket, sub: None, by, room, key, op, codec: Codec::Json, data });
    }

    /// Time goes by.
    pub(super) fn wait_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    /// The hall's clock.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The room's state for someone, as JSON.
    pub(super) fn look(&mut self, room: RoomRef, by: &Actor) -> Value {
        let by = Arc::new(by.clone());
        let looked = self.handle(Input::Look { ticket: Ticket(1), by, room, codec: Codec::Json });
        looked.expect("a look is answered")
    }

    /// Someone comes into a room, or leaves it.
    pub(super) fn come(&mut self, room: RoomRef, n: u64) {
        let (ticket, sub, by) = (Ticket(2), SubId(n), Arc::new(person(n)));
        self.handle(Input::Join { ticket, sub, by, room, codec: Codec::Json, since: None });
    }

    pub(super) fn leave(&mut self, room: RoomRef, n: u64) {
        self.handle(Input::Leave { sub: SubId(n), room });
    }

    /// Time goes by, and rooms are called when they want to be.
    pub(super) fn pass_ms(&mut self, ms: i64) {
        let until = self.now.plus_ms(ms);
        while let Some(at) = self.engine.next_call().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.engine.tick(self.now);
            self.drain();
        }
        self.now = until;
    }

    fn handle(&mut self, input: Input) -> Option<Value> {
        self.engine.handle(input, self.now);
        self.drain()
    }

    /// Keeps what the engine said until it says no more.
    fn drain(&mut self) -> Option<Value> {
        let mut looked = None;
        loop {
            let outputs = self.engine.take();
            if outputs.is_empty() {
                return looked;
            }
            for output in outputs {
                match output {
                    Output::Append(record) => {
                        let done = |verdict: Result<u64, _>| assert!(verdict.is_ok(), "the journal takes it");
                        self.journal.append(SHARD, vec![record], Box::new(done)).expect("the queue has room");
                        self.appends += 1;
                        self.engine.durable(self.appends);
                    }
                    Output::Snapshot(snapshot) => {
                        let done = |verdict: Result<(), _>| verdict.expect("the journal takes it");
                        self.journal.snapshot(SHARD, snapshot, Box::new(done)).expect("the queue has room");
                    }
                    Output::Opened { room, .. } => {
                        self.rooms.insert(room);
                    }
                    Output::Looked { state, .. } => looked = serde_json::from_slice(&state).ok(),
                    _ => {}
                }
            }
        }
    }

    /// Waits until the journal has answered everything.
    pub(super) fn settle(&self) {
        crate::journal::conformance::wait(|done| self.journal.trim(0, done)).expect("the journal answers");
    }
}
