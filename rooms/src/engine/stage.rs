//! A room on a stage, for tests of kinds: an engine with one room, people with a socket in each codec, and all
//! that each socket is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::io::{Input, JoinBody, Outcome, Output, Ticket};
use super::payload::{Codec, Payload};
use super::record::{Body, Loaded, Record, RoomRef, Scope};
use super::room::{Audience, SubId};
use super::sample::{Dice, SampleCommand, person};
use super::shard::{Engine, Settings};
use super::stream::Push;
use crate::kinds;

/// When the curtain rises, in milliseconds since 1970.
pub(crate) const START_MS: i64 = 1_763_800_000_000;

/// Something that a socket was sent.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) ev: &'static str,
    pub(crate) data: Value,
}

/// Everything that one person's sockets were sent, in both codecs.
#[derive(Default)]
struct Ears {
    audience: Option<Audience>,
    heard: Vec<Heard>,
    bytes: Vec<Bytes>,
    seq: u64,
}

pub(crate) struct Stage {
    engine: Engine,
    room: RoomRef,
    scope: Scope,
    now: Timestamp,
    keys: u64,
    records: Vec<Record>,
    people: BTreeMap<u64, Ears>,
    answer: Option<Outcome>,
    looked: Option<Bytes>,
}

impl Stage {
    pub(crate) fn open(kind: &str, settings: &Value) -> Self {
        let id = Id::from_bits(0x0198_0000_0000_7000_8000_0000_00AA_0000);
        let kind = kinds::find(kind).expect("the kind is in the registry");
        let scope = Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: Some(id) };
        let mut stage = Self {
            engine: Engine::new(Settings::default()),
            room: RoomRef::new(kind.name, id),
            scope,
            now: Timestamp::from_ms(START_MS),
            keys: 0,
            records: Vec::new(),
            people: BTreeMap::new(),
            answer: None,
            looked: None,
        };
        let settings = Bytes::from(settings.to_string());
        let (ticket, by, room) = (Ticket(0), person(0).participant, stage.room);
        stage.handle(Input::Open { ticket, by, room, scope, settings });
        stage.answer.take().expect("opening is answered").expect("the settings work");
        stage
    }

    pub(crate) fn id(&self) -> Id {
        self.room.id
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The id of the command that came last, which is the id of what it made.
    pub(crate) fn last_key(&self) -> Id {
        Id::from_bits(0x0198_0000_0000_7000_8000_0000_BB00_0000 + u128::from(self.keys))
    }

    /// A person comes in, with a socket in each codec.
    pub(crate) fn join(&mut self, n: u64) {
        self.join_since(n, None);
    }

    /// A person who left comes back with what it holds.
    pub(crate) fn come_back(&mut self, n: u64) {
        let since = self.people[&n].seq;
        self.join_since(n, Some(since));
    }

    fn join_since(&mut self, n: u64, since: Option<u64>) {
        let (room, by) = (self.room, Arc::new(person(n)));
        self.people.entry(n).or_default();
        for codec in Codec::ALL {
            let sub = SubId(2 * n + codec.index() as u64);
            let by = Arc::clone(&by);
            self.handle(Input::Join { ticket: Ticket(n), sub, by, room, codec, since });
        }
    }

    pub(crate) fn leave(&mut self, n: u64) {
        self.people.get_mut(&n).expect("the person is in").audience = None;
        for codec in Codec::ALL {
            self.handle(Input::Leave { sub: SubId(2 * n + codec.index() as u64), room: self.room });
        }
    }

    /// A person sends a command with a key of its own; the beats that follow are heard.
    pub(crate) fn send(&mut self, n: u64, op: &str, data: &Value) -> Outcome {
        self.keys += 1;
        let (ticket, by, key) = (Ticket(n), Arc::new(person(n)), Some(self.last_key()));
        let data = Bytes::from(data.to_string());
        let (room, sub) = (self.room, Some(SubId(2 * n)));
        self.handle(Input::Command { ticket, sub, by, room, key, op: op.into(), codec: Codec::Json, data });
        self.answer.take().expect("every command is answered")
    }

    /// As [`Self::send`], for what must be accepted. Returns the command's id.
    pub(crate) fn does(&mut self, n: u64, op: &str, data: &Value) -> Id {
        self.send(n, op, data).unwrap_or_else(|no| panic!("{op} {data} of person {n} was refused: {no:?}"));
        self.last_key()
    }

    /// As [`Self::send`], for what must be refused. Returns the code.
    pub(crate) fn refused(&mut self, n: u64, op: &str, data: &Value) -> &'static str {
        self.send(n, op, data).expect_err("the command is to be refused").code
    }

    /// Lets time pass, beat by beat.
    pub(crate) fn wait_ms(&mut self, ms: i64) {
        let until = self.now.plus_ms(ms);
        while let Some(at) = self.engine.next_call().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.engine.tick(self.now);
            self.drain();
        }
        self.now = until;
    }

    /// Lets time pass in which nobody calls.
    pub(crate) fn skip_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    /// The state that a person would get on joining.
    pub(crate) fn state(&mut self, n: u64) -> Value {
        let bytes = self.state_bytes(n, Codec::Json);
        serde_json::from_slice(&bytes).expect("a state is JSON")
    }

    fn state_bytes(&mut self, n: u64, codec: Codec) -> Bytes {
        let (ticket, room, by) = (Ticket(n), self.room, Arc::new(person(n)));
        self.handle(Input::Look { ticket, by, room, codec });
        self.looked.take().expect("a look is answered")
    }

    /// What a person heard since the last call.
    pub(crate) fn heard(&mut self, n: u64) -> Vec<Heard> {
        std::mem::take(&mut self.people.get_mut(&n).expect("the person is in").heard)
    }

    /// The data of the last push of this name that a person heard since the last call.
    pub(crate) fn last_heard(&mut self, n: u64, ev: &str) -> Option<Value> {
        self.heard(n).into_iter().rfind(|heard| heard.ev == ev).map(|heard| heard.data)
    }

    /// Everything that a person was ever sent, in both codecs, and its state now: to search for texts.
    pub(crate) fn all_seen(&mut self, n: u64) -> String {
        let now = self.seen_now(n);
        let sent = self.people.get(&n).map(|ears| ears.bytes.concat()).unwrap_or_default();
        String::from_utf8_lossy(&sent).into_owned() + &now
    }

    /// A person's state now, in both codecs.
    pub(crate) fn seen_now(&mut self, n: u64) -> String {
        let states = Codec::ALL.map(|codec| self.state_bytes(n, codec));
        String::from_utf8_lossy(&states.concat()).into_owned()
    }

    /// Whether a text was in anything that a person was ever sent, or is in its state now.
    pub(crate) fn ever_saw(&mut self, n: u64, text: &str) -> bool {
        self.all_seen(n).contains(text)
    }

    /// Whether a text is in a person's state now.
    pub(crate) fn sees(&mut self, n: u64, text: &str) -> bool {
        self.seen_now(n).contains(text)
    }

    /// Plays made-up traffic of `people` (see [`person`]), each command as `bend` leaves it.
    pub(crate) fn play(
        &mut self,
        dice: &mut Dice,
        people: u64,
        commands: u32,
        bend: impl Fn(u64, &mut SampleCommand),
    ) {
        let kind = kinds::find(self.room.kind).expect("the kind is in the registry");
        for _ in 0..commands {
            let n = dice.below(people);
            let state = self.state(n);
            let mut command = kind.sample.command(dice, &person(n), &state);
            bend(n, &mut command);
            let _ = self.send(n, command.op, &command.data);
            self.wait_ms(dice.below(400) as i64);
        }
        self.wait_ms(1_000);
    }

    /// All that happened, as the journal has it.
    pub(crate) fn facts<F: DeserializeOwned>(&self) -> Vec<F> {
        let bodies = self.records.iter().filter(|record| record.room == self.room).map(|record| &record.body);
        let facts = bodies.filter_map(|body| match body {
            Body::Facts(bytes) => Some(rmp_serde::from_slice::<Vec<F>>(bytes).expect("facts are readable")),
            Body::Opened(_) | Body::Nothing => None,
        });
        facts.flatten().collect()
    }

    /// Checks that the journal alone makes the same room.
    pub(crate) fn assert_replays(&self) {
        let mut engine = Engine::new(Settings::default());
        let (room, records) = (self.room, self.records.clone());
        let records = records.into_iter().filter(|record| record.room == room).collect();
        engine.restore(Loaded { room, scope: self.scope, snapshot: None, records }).expect("it is readable");
        let (live, replayed) = (self.engine.state_bytes(room), engine.state_bytes(room));
        assert_eq!(replayed, live, "replay makes another room");
        let kind = kinds::find(room.kind).expect("the kind is in the registry");
        let restored = (kind.restore)(&live.expect("the room is open")).expect("a snapshot is readable");
        assert_eq!(Some(restored.snapshot()), replayed, "a snapshot makes another room");
    }

    /// Whether the engine holds the room.
    pub(crate) fn has_room(&self, room: RoomRef) -> bool {
        self.engine.seq(room).is_some()
    }

    fn handle(&mut self, input: Input) {
        self.engine.handle(input, self.now);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            let outputs = self.engine.take();
            if outputs.is_empty() {
                return;
            }
            outputs.into_iter().for_each(|output| self.output(output));
        }
    }

    fn output(&mut self, output: Output) {
        match output {
            Output::Append(record) => {
                self.records.push(record);
                self.engine.durable(self.records.len() as u64);
            }
            Output::Reply { outcome, .. } => self.answer = Some(outcome),
            Output::Looked { state, .. } => self.looked = Some(state),
            Output::Joined { sub, audience, seq, body, .. } => {
                let ears = self.people.entry(sub.0 / 2).or_default();
                ears.audience = Some(audience);
                ears.seq = seq;
                match body {
                    JoinBody::State(state) => ears.bytes.push(state),
                    JoinBody::Replay(pushes) => ears.bytes.extend(pushes.into_iter().map(|push| push.data)),
                }
            }
            Output::Moved { sub, audience, .. } => {
                self.people.entry(sub.0 / 2).or_default().audience = Some(audience);
            }
            Output::Whisper { sub, push, .. } => {
                self.hear(sub.0 / 2, Codec::ALL[(sub.0 % 2) as usize], &push);
            }
            Output::Push { audience, codec, push, .. } => {
                let people = self.people.iter().filter(|(_, ears)| ears.audience == Some(audience));
                let listeners: Vec<u64> = people.map(|(n, _)| *n).collect();
                listeners.into_iter().for_each(|n| self.hear(n, codec, &push));
            }
            Output::Reload { .. } => panic!("the room failed"),
            Output::Snapshot(_) | Output::Opened { .. } => {}
        }
    }

    fn hear(&mut self, n: u64, codec: Codec, push: &Push) {
        let ears = self.people.entry(n).or_default();
        ears.bytes.push(push.data.clone());
        if codec == Codec::MsgPack {
            return;
        }
        if let Some((prev, seq)) = push.range {
            assert!(prev < seq, "{} covers nothing: readers would skip it", push.ev);
            assert!(prev <= ears.seq, "{} leaves a gap", push.ev);
            ears.seq = ears.seq.max(seq);
        }
        let data = Payload::json(&push.data).read().expect("a push is JSON");
        ears.heard.push(Heard { ev: push.ev, data });
    }
}
