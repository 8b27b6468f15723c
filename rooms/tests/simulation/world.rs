//! The world: one hub, its clients, and everything that is on its way, by virtual time.

use std::collections::BTreeMap;

use plenum_domain::Timestamp;
use plenum_rooms::engine::sample::Dice;
use plenum_rooms::engine::{Input, Refusal, RoomRef, Scope, Settings};
use plenum_rooms::kinds::Kind;

use super::Sabotage;
use super::client::Client;
use super::fold::played;
use super::link::{Down, Up, Weather};
use super::oracle::Violation;
use super::server::Server;
use super::verdict;
use crate::desk::{Desk, Journal};

/// How long people act, in milliseconds.
const PLAY_MS: i64 = 3_500;
/// How long it may take until all is quiet after that, in milliseconds.
const QUIET_MS: i64 = 60_000;

/// Something that will happen.
enum Event {
    /// A client connects, acts, or sends again.
    Turn(usize),
    /// A frame reaches the hub over a socket.
    Up(usize, u64, Up),
    /// A frame reaches a client over a socket.
    Down(usize, u64, Down),
    /// The disk is done with what it was given.
    Commit,
    /// A room was read back.
    Reloaded(RoomRef, Scope),
    Crash,
    Start,
}

/// What happened in a world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) accepted: u64,
    pub(super) refused: u64,
    pub(super) repeated: u64,
    pub(super) gaps: u64,
    pub(super) replays: u64,
    pub(super) crashes: u64,
    pub(super) disk_full: u64,
    pub(super) state: Vec<u8>,
}

/// One seed's world.
pub(super) struct World {
    seed: u64,
    dice: Dice,
    now: Timestamp,
    end: Timestamp,
    kind: &'static Kind,
    room: RoomRef,
    journal: Journal,
    server: Option<Server>,
    clients: Vec<Client>,
    events: BTreeMap<(Timestamp, u64), Event>,
    scheduled: u64,
    sockets: u64,
    committing: bool,
    crashes: u64,
    disk_full: u64,
    sabotage: Sabotage,
}

impl World {
    pub(super) fn new(seed: u64, sabotage: Sabotage) -> Self {
        let mut dice = Dice::new(seed ^ 0x51D_0000);
        let played = played();
        let kind = played[(seed % played.len() as u64) as usize];
        let mut desk = Desk::tuned(Settings::default());
        let room = desk.open(kind.name, &kind.sample.settings(&mut dice));
        let clients = (0..3 + dice.below(6) as usize).map(|n| Client::new(n, &mut dice, sabotage)).collect();
        let now = desk.now;
        let mut world = Self {
            seed,
            dice,
            now,
            end: now.plus_ms(PLAY_MS),
            kind,
            room,
            journal: desk.journal,
            server: None,
            clients,
            events: BTreeMap::new(),
            scheduled: 0,
            sockets: 0,
            committing: false,
            crashes: 0,
            disk_full: 0,
            sabotage,
        };
        world.schedule(0, Event::Start);
        (0..world.clients.len()).for_each(|client| world.schedule(1, Event::Turn(client)));
        for _ in 0..world.dice.below(5) {
            let at = world.dice.below(PLAY_MS as u64) as i64;
            world.schedule(at, Event::Crash);
        }
        world
    }

    /// Plays the seed until all is quiet, and looks at what is left.
    pub(super) fn run(&mut self) -> Result<(), Violation> {
        while self.now < self.end {
            self.step()?;
        }
        self.calm_down();
        while !self.is_quiet() {
            self.step()?;
            if self.now > self.end.plus_ms(QUIET_MS) {
                return Err(self.named("it never becomes quiet"));
            }
        }
        self.judge().map_err(|violation| self.named(&violation))
    }

    fn named(&self, violation: &str) -> Violation {
        format!("seed {} ({}): {violation}", self.seed, self.kind.name)
    }

    fn schedule(&mut self, in_ms: i64, event: Event) {
        self.scheduled += 1;
        self.events.insert((self.now.plus_ms(in_ms), self.scheduled), event);
    }

    fn below(&mut self, ms: u64) -> i64 {
        self.dice.below(ms) as i64
    }

    /// The next thing happens.
    fn step(&mut self) -> Result<(), Violation> {
        let next = self.events.first_key_value().map(|((at, _), _)| *at).unwrap_or(self.now.plus_ms(1_000));
        let call = self.server.as_ref().and_then(|server| server.engine.next_call());
        if let Some(call) = call.filter(|call| *call <= next) {
            self.now = self.now.max(call);
            if let Some(server) = &mut self.server {
                server.engine.tick(self.now);
            }
        } else {
            self.now = self.now.max(next);
            if let Some((_, event)) = self.events.pop_first() {
                self.happen(event).map_err(|violation| self.named(&violation))?;
            }
        }
        self.carry().map_err(|violation| self.named(&violation))
    }

    fn happen(&mut self, event: Event) -> Result<(), Violation> {
        match event {
            Event::Turn(client) => self.turn(client),
            Event::Up(client, socket, up) => {
                let by = &self.clients[client].actor;
                if let Some(server) = &mut self.server {
                    server.receive(socket, by, up, self.now);
                }
            }
            Event::Down(client, socket, down) if self.clients[client].socket == Some(socket) => {
                self.deliver(client, socket, down);
            }
            Event::Down(..) => {}
            Event::Commit => self.commit(),
            Event::Reloaded(room, scope) => {
                let loaded = self.journal.load_or_empty(room, scope);
                if let Some(server) = &mut self.server {
                    server.engine.handle(Input::Reloaded(Box::new(loaded)), self.now);
                }
            }
            Event::Crash => self.crash(),
            Event::Start => {
                self.server =
                    Some(Server::start(self.room, &mut self.journal, &mut self.dice, self.sabotage)?);
            }
        }
        Ok(())
    }

    /// A client's turn: it connects, or loses its line, or acts; then it waits a while.
    fn turn(&mut self, client: usize) {
        let playing = self.now < self.end;
        let pause = 5 + self.below(120);
        self.schedule(pause, Event::Turn(client));
        if self.clients[client].socket.is_none() {
            return self.connect(client);
        }
        if playing && self.dice.chance(3) {
            return self.cut(client);
        }
        let mut frames = self.clients[client].due(self.now);
        if playing {
            let n = if self.dice.chance(10) { 4 } else { 1 };
            frames.extend((0..n).filter_map(|_| self.clients[client].act(self.kind, &mut self.dice)));
        }
        self.send_up(client, frames);
    }

    fn connect(&mut self, client: usize) {
        let ready = self.clients[client].connect_at <= self.now;
        let Some(server) = self.server.as_mut().filter(|_| ready) else { return };
        self.sockets += 1;
        server.accept(self.sockets, client, self.clients[client].codec);
        self.clients[client].busy_until = self.now;
        let frames = self.clients[client].connected(self.sockets, &mut self.dice);
        self.send_up(client, frames);
    }

    /// The line breaks; the hub notices at once, what was on its way is lost in both directions.
    fn cut(&mut self, client: usize) {
        let Some(socket) = self.clients[client].socket else { return };
        self.clients[client].cut(self.now, &mut self.dice);
        self.events.retain(|_, event| !matches!(event, Event::Up(_, over, _) if *over == socket));
        if let Some(server) = &mut self.server {
            server.forget(socket, self.now);
        }
    }

    /// Frames of one client arrive in their order.
    fn send_up(&mut self, client: usize, frames: Vec<Up>) {
        let Some(socket) = self.clients[client].socket else { return };
        let delay = 1 + (client as i64 * 7) % 20;
        frames.into_iter().for_each(|up| self.schedule(delay, Event::Up(client, socket, up)));
    }

    fn deliver(&mut self, client: usize, socket: u64, down: Down) {
        let replies = self.clients[client].hear(down, self.now);
        if self.clients[client].socket.is_none()
            && let Some(server) = &mut self.server
        {
            server.forget(socket, self.now);
        }
        self.send_up(client, replies);
    }

    fn commit(&mut self) {
        self.committing = false;
        let Some(server) = &mut self.server else { return };
        if self.now < self.end && self.dice.chance(2) {
            self.disk_full += 1;
            self.journal.lose_pending();
            server.engine.failed(&Refusal::busy("the disk is full", 50));
        } else if self.journal.pending() > 0 {
            let count = 1 + self.dice.below(self.journal.pending() as u64) as usize;
            server.engine.durable(self.journal.keep(count));
        }
    }

    /// The hub dies: the journal keeps the first of the records that were on their way, or none, or all.
    fn crash(&mut self) {
        if self.server.take().is_none() {
            return;
        }
        self.crashes += 1;
        let kept = self.dice.below(self.journal.pending() as u64 + 1) as usize;
        self.journal.keep(kept);
        self.journal.restart();
        self.committing = false;
        self.events.retain(|_, event| matches!(event, Event::Turn(_) | Event::Crash | Event::Start));
        for client in 0..self.clients.len() {
            self.clients[client].cut(self.now, &mut self.dice);
        }
        let down_ms = 10 + self.below(400);
        self.schedule(down_ms, Event::Start);
    }

    /// Whatever the engine let out is on its way, to the disk and to the clients.
    fn carry(&mut self) -> Result<(), Violation> {
        let Some(server) = &mut self.server else { return Ok(()) };
        let down = server.carry(&mut self.journal)?;
        let reloads = std::mem::take(&mut server.reloads);
        for (room, scope) in reloads {
            let delay = self.below(30);
            self.schedule(delay, Event::Reloaded(room, scope));
        }
        if self.journal.pending() > 0 && !self.committing {
            self.committing = true;
            let delay = 1 + self.below(8);
            self.schedule(delay, Event::Commit);
        }
        for (client, down) in down {
            self.send_down(client, down);
        }
        Ok(())
    }

    fn send_down(&mut self, client: usize, down: Down) {
        let one = &mut self.clients[client];
        let Some(socket) = one.socket else { return };
        let (arrivals, busy_until) = one.weather.arrivals(&down, self.now, one.busy_until, &mut self.dice);
        one.busy_until = busy_until;
        for at in arrivals {
            self.scheduled += 1;
            self.events.insert((at, self.scheduled), Event::Down(client, socket, down.clone()));
        }
    }

    /// No more actions, crashes or bad weather; everyone comes back once more, so that whatever was dropped last is noticed.
    fn calm_down(&mut self) {
        self.events.retain(|_, event| !matches!(event, Event::Crash));
        for client in 0..self.clients.len() {
            self.cut(client);
            self.clients[client].weather = Weather::GOOD;
        }
    }

    fn is_quiet(&self) -> bool {
        let frames = self.events.values().any(|event| matches!(event, Event::Up(..) | Event::Down(..)));
        let at_rest = |client: &Client| {
            client.socket.is_some() && !client.joining && client.waits_for_nothing(self.now)
        };
        let told = self.server.as_ref().is_some_and(|server| {
            server.engine.waiting() == 0
                && server.engine.next_call().is_none_or(|at| at > self.now.plus_ms(1_000))
        });
        told && !frames && self.journal.pending() == 0 && self.clients.iter().all(at_rest)
    }

    fn judge(&mut self) -> Result<(), Violation> {
        let live = self.server.as_ref().and_then(|server| server.engine.state_bytes(self.room));
        verdict::judge(&self.journal, self.now, self.room, live, &self.clients)
    }

    /// What happened.
    pub(super) fn summary(&self) -> Summary {
        let answered = || self.clients.iter().flat_map(|client| client.answered.values());
        let sum = |of: fn(&Client) -> u64| self.clients.iter().map(of).sum();
        let server = self.server.as_ref();
        Summary {
            accepted: answered().filter(|(_, outcome)| outcome.is_ok()).count() as u64,
            refused: answered().filter(|(_, outcome)| outcome.is_err()).count() as u64,
            repeated: sum(|client| client.repeated),
            gaps: sum(|client| client.gaps),
            replays: sum(|client| client.replays),
            crashes: self.crashes,
            disk_full: self.disk_full,
            state: server.and_then(|server| server.engine.state_bytes(self.room)).unwrap_or_default(),
        }
    }
}

impl Summary {
    /// Adds what happened in another world.
    pub(super) fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.repeated += other.repeated;
        self.gaps += other.gaps;
        self.replays += other.replays;
        self.crashes += other.crashes;
        self.disk_full += other.disk_full;
    }
}
