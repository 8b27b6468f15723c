//! A hub in the test's hand, and a clock.

use plenum_client::core::{Action, Core, CoreOptions, Effect, Ticket};
use plenum_client::{Codec, LinkState, Payload, Refusal, RoomUpdate};
use plenum_protocol::{
    CommandLimits, HelloOk, Limits, encode, parse_frame, write_err, write_hello_ok, write_ok,
};
use serde_json::{Value, json};

/// A command as the hub saw it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) id: u64,
    pub(crate) op: String,
    pub(crate) room: Option<String>,
    pub(crate) key: Option<u128>,
    pub(crate) since: Option<(String, u64)>,
    pub(crate) data: Option<Value>,
}

pub(crate) struct World {
    pub(crate) core: Core,
    pub(crate) now_ms: i64,
    pub(crate) codec: Codec,
    /// What the hub saw on the socket of now, oldest first; answered ones are taken out.
    pub(crate) seen: Vec<Seen>,
    /// How many objects each frame carried.
    pub(crate) frames: Vec<usize>,
    pub(crate) updates: Vec<RoomUpdate>,
    pub(crate) settled: Vec<(Ticket, Result<Payload, Refusal>)>,
    pub(crate) state: LinkState,
    /// Which token requests wanted a fresh one.
    pub(crate) tokens: Vec<bool>,
    pub(crate) opens: usize,
    pub(crate) closes: usize,
    token_request: u64,
}

pub(crate) const START_MS: i64 = 1_763_800_000_000;

impl World {
    pub(crate) fn new(codec: Codec) -> Self {
        let options = CoreOptions {
            codec,
            client: "test/1".to_owned(),
            outbox_max: 4,
            comeback_max_ms: 30_000,
            seed: 7,
        };
        Self {
            core: Core::new(options),
            now_ms: START_MS,
            codec,
            seen: Vec::new(),
            frames: Vec::new(),
            updates: Vec::new(),
            settled: Vec::new(),
            state: LinkState::Idle,
            tokens: Vec::new(),
            opens: 0,
            closes: 0,
            token_request: 0,
        }
    }

    /// A world in which the client is greeted.
    pub(crate) fn live() -> Self {
        let mut world = Self::new(Codec::MsgPack);
        world.core.start(world.now_ms);
        world.greet();
        world
    }

    /// Does the effects.
    pub(crate) fn settle(&mut self) {
        while let Some(effect) = self.core.effect() {
            match effect {
                Effect::FetchToken { request, fresh } => {
                    self.token_request = request;
                    self.tokens.push(fresh);
                }
                Effect::Open => self.opens += 1,
                Effect::Close => {
                    self.closes += 1;
                    self.seen.clear();
                }
                Effect::Send(frame) => self.see(&frame),
                Effect::Update(update) => self.updates.push(update),
                Effect::Settled(ticket, outcome) => self.settled.push((ticket, outcome)),
                Effect::State(state) => self.state = state,
            }
        }
    }

    fn see(&mut self, frame: &[u8]) {
        let before = self.seen.len();
        for command in parse_frame(self.codec, frame, &Limits::CLIENT) {
            let command = command.expect("the client writes good frames");
            let data =
                command.data.map(|bytes| plenum_protocol::decode(self.codec, bytes).expect("an object"));
            self.seen.push(Seen {
                id: command.id,
                op: command.op.into_owned(),
                room: command.room.map(std::borrow::Cow::into_owned),
                key: command.key,
                since: command.since.map(|since| (since.epoch.into_owned(), since.seq)),
                data,
            });
        }
        self.frames.push(self.seen.len() - before);
    }

    /// Gives the token, opens the socket and answers the hello.
    pub(crate) fn greet(&mut self) {
        self.greet_with(|hello| hello);
    }

    pub(crate) fn greet_with(&mut self, change: impl FnOnce(HelloOk<'static>) -> HelloOk<'static>) {
        self.give_token();
        self.core.opened(self.now_ms);
        self.settle();
        let hello = self.take("hello");
        let mut frame = Vec::new();
        write_hello_ok(self.codec, &mut frame, hello.id, &change(self.hello_ok()));
        self.hub_sends(&frame);
    }

    pub(crate) fn give_token(&mut self) {
        self.settle();
        self.core.token(self.now_ms, self.token_request, Ok("T".to_owned()));
        self.settle();
    }

    pub(crate) fn refuse_token(&mut self, why: plenum_client::core::NoToken) {
        self.settle();
        self.core.token(self.now_ms, self.token_request, Err(why));
        self.settle();
    }

    fn hello_ok(&self) -> HelloOk<'static> {
        HelloOk {
            participant: "P".into(),
            conference: Some("C".into()),
            roles: vec!["attendee".into()],
            server_ms: self.now_ms,
            ping_s: 25,
            session: "S".into(),
            token_ends_ms: self.now_ms + 900_000,
            max_frame_bytes: 65_536,
            limits: CommandLimits { commands_per_s: 0, commands_burst: 0 },
            herd_ms: 5_000,
        }
    }

    /// Lets time pass, wake by wake.
    pub(crate) fn pass(&mut self, delay_ms: i64) {
        let until_ms = self.now_ms + delay_ms;
        self.settle();
        while let Some(at_ms) = self.core.wake_at_ms().filter(|at_ms| *at_ms <= until_ms) {
            self.now_ms = self.now_ms.max(at_ms);
            self.core.tick(self.now_ms);
            self.settle();
        }
        self.now_ms = until_ms;
    }

    /// The line breaks (1006) or the hub closes.
    pub(crate) fn close(&mut self, number: u16) {
        self.core.closed(self.now_ms, number);
        self.settle();
    }

    /// Breaks the line and lets the client come back.
    pub(crate) fn come_back(&mut self) {
        self.close(1006);
        let LinkState::Waiting { until_ms } = self.state else { panic!("{:?}", self.state) };
        self.pass(until_ms - self.now_ms);
        self.greet();
    }

    /// The oldest unanswered command, which must have that op.
    pub(crate) fn take(&mut self, op: &str) -> Seen {
        let seen = self.seen.remove(0);
        assert_eq!(seen.op, op);
        seen
    }

    pub(crate) fn ok(&mut self, op: &str, ok: &Value) -> Seen {
        let seen = self.take(op);
        let mut frame = Vec::new();
        write_ok(self.codec, &mut frame, seen.id, Some(&encode(self.codec, ok).expect("it encodes")));
        self.hub_sends(&frame);
        seen
    }

    pub(crate) fn err(&mut self, op: &str, code: &str, retry_ms: Option<u64>) -> Seen {
        let seen = self.take(op);
        let mut frame = Vec::new();
        write_err(self.codec, &mut frame, Some(seen.id), code, "no", retry_ms, None);
        self.hub_sends(&frame);
        seen
    }

    pub(crate) fn push(&mut self, push: &Value) {
        let frame = encode(self.codec, push).expect("it encodes");
        self.hub_sends(&frame);
    }

    pub(crate) fn hub_sends(&mut self, frame: &[u8]) {
        self.core.frame(self.now_ms, frame);
        self.settle();
    }

    pub(crate) fn act(&mut self, room: &str, op: &str, key: u128) -> Ticket {
        let data = encode(self.codec, &json!({})).expect("it encodes");
        let action = Action { key, room: room.to_owned(), op: op.to_owned(), data };
        let ticket = self.core.act(self.now_ms, action);
        self.settle();
        ticket
    }

    pub(crate) fn ops(&self) -> Vec<&str> {
        self.seen.iter().map(|seen| seen.op.as_str()).collect()
    }

    /// How each settled command ended: `ok`, or its code.
    pub(crate) fn outcomes(&self) -> Vec<&str> {
        self.settled
            .iter()
            .map(|(_, outcome)| outcome.as_ref().map_or_else(|refusal| &*refusal.code, |_| "ok"))
            .collect()
    }
}
