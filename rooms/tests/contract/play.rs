//! A room of one kind, played by made-up people.

use std::sync::Arc;

use plenum_domain::Id;
use plenum_rooms::engine::sample::{Dice, SampleCommand};
use plenum_rooms::engine::{Actor, Moment, Outcome, Output, Payload, RoomRef, Settings};
use plenum_rooms::kinds::Kind;

use crate::desk::{Desk, person};

/// Two moderators, a screen, and attendees.
const PEOPLE: u64 = 9;

/// A room and its made-up traffic.
pub(crate) struct Play {
    pub(crate) desk: Desk,
    pub(crate) kind: &'static Kind,
    pub(crate) room: RoomRef,
    pub(crate) dice: Dice,
}

/// One command that was sent.
pub(crate) struct Sent {
    pub(crate) by: Arc<Actor>,
    pub(crate) key: Id,
    pub(crate) command: SampleCommand,
    pub(crate) outcome: Outcome,
}

impl Play {
    /// An open room of `kind`.
    pub(crate) fn new(kind: &'static Kind, seed: u64) -> Self {
        Self::tuned(kind, seed, Settings::default())
    }

    /// An open room of `kind` in an engine with other settings.
    pub(crate) fn tuned(kind: &'static Kind, seed: u64, settings: Settings) -> Self {
        let mut dice = Dice::new(seed);
        let mut desk = Desk::tuned(settings);
        let room = desk.open(kind.name, &kind.sample.settings(&mut dice));
        let opened = desk.heard().iter().any(|output| matches!(output, Output::Opened { .. }));
        assert!(opened, "{}: the sample's settings (seed {seed}) do not open a room", kind.name);
        Self { desk, kind, room, dice }
    }

    /// Sends `count` commands, with time passing between them, and returns them.
    pub(crate) fn run(&mut self, count: usize) -> Vec<Sent> {
        (0..count).map(|_| self.step()).collect()
    }

    /// The same as [`Play::run`], but only with commands that a room keeps: what passes is gone after a restart.
    pub(crate) fn run_lasting(&mut self, count: usize) {
        for _ in 0..count {
            let by = person(self.dice.below(PEOPLE));
            let command = self.made_up(&by);
            if !self.passes(&by, &command) {
                self.send(by, command);
            }
            self.some_time();
        }
    }

    /// Whether the room takes the command as one that nobody keeps.
    fn passes(&self, by: &Actor, SampleCommand { op, data }: &SampleCommand) -> bool {
        let mut copy = (self.kind.restore)(&self.bytes()).expect("a room reads what it wrote");
        let at = Moment { now: self.desk.now, command: Id::default(), seed: 0 };
        copy.touch(by, op, &Payload::json(data.to_string().as_bytes()), &at).is_some()
    }

    /// One command by anyone, and some time.
    pub(crate) fn step(&mut self) -> Sent {
        let by = person(self.dice.below(PEOPLE));
        let command = self.made_up(&by);
        let sent = self.send(by, command);
        self.some_time();
        sent
    }

    /// A command that `by` might send now.
    pub(crate) fn made_up(&mut self, by: &Arc<Actor>) -> SampleCommand {
        let state = self.desk.view(by, self.room);
        self.kind.sample.command(&mut self.dice, by, &state)
    }

    /// Sends a command under a new key.
    pub(crate) fn send(&mut self, by: Arc<Actor>, command: SampleCommand) -> Sent {
        let key = self.dice.id();
        let outcome = self.desk.ask(&by, self.room, Some(key), command.op, &command.data);
        Sent { by, key, command, outcome }
    }

    /// Mostly none, now and then a beat, seldom minutes.
    fn some_time(&mut self) {
        let ms = match self.dice.below(100) {
            0..60 => 0,
            60..95 => self.dice.below(600),
            _ => self.dice.below(400_000),
        };
        self.desk.pass(ms as i64);
    }

    /// The room's whole state.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.desk.engine.state_bytes(self.room).expect("the room is open")
    }

    /// The first half of the kind's ops and events.
    pub(crate) fn prefix(&self) -> &'static str {
        prefix(self.kind)
    }
}

/// The first half of a kind's ops and events: `chat` for messaging.
pub(crate) fn prefix(kind: &Kind) -> &'static str {
    let op = kind.ops.first().expect("a kind has at least one command");
    op.split_once('.').expect("a command is called <what>.<verb>").0
}
