//! The world: nodes, people, what they share, and everything that is on its way, by virtual time.

mod edge;
mod nemesis;
mod owning;
mod people;

use std::collections::BTreeMap;

use plenum_domain::Timestamp;
use plenum_rooms::engine::sample::Dice;
use plenum_rooms::engine::{Input, Output, Record, RoomRef, Settings};
use plenum_rooms::kinds::Kind;
use plenum_rooms::relay::Beat;

use self::edge::Found;
use super::super::Sabotage;
use super::super::client::Client;
use super::super::fold::played;
use super::super::link::{Down, Up};
use super::super::oracle::Violation;
use super::super::verdict;
use super::net::{Frame, Message, Net, Place};
use super::node::Node;
use super::storage::Storage;
use crate::desk::Desk;

/// How long people act, in milliseconds.
const PLAY_MS: i64 = 9_000;
/// How long it may take until all is quiet after that, in milliseconds.
const QUIET_MS: i64 = 60_000;
const NODES: usize = 3;
/// Nodes look at their watches so often, in milliseconds.
const TICK_MS: i64 = 25;
/// Owners renew and nodes announce themselves so often, in milliseconds.
const RENEW_MS: i64 = 1_000;
/// What the storage does not answer for so long is lost, in milliseconds.
const ANSWER_MS: i64 = 900;

/// Something that will happen. What happens at a node names it.
pub(super) enum Event {
    /// A client connects, acts, or sends again.
    Turn(usize),
    /// A frame reaches a node.
    Up {
        node: usize,
        client: usize,
        socket: u64,
        up: Up,
    },
    /// A frame reaches a client.
    Down {
        client: usize,
        socket: u64,
        down: Down,
    },
    /// A message between nodes arrives.
    Net {
        node: usize,
        line: u64,
        message: Message,
    },
    /// A beat comes over the bus.
    Bus {
        node: usize,
        beat: Beat<Frame>,
    },
    /// A node notices that a line is no more.
    Broken {
        node: usize,
        line: u64,
    },
    /// A node's question about the owner reaches the storage, or its answer the node.
    Find {
        node: usize,
        run: u64,
        round: u64,
        asked_at: Timestamp,
    },
    Found {
        node: usize,
        run: u64,
        round: u64,
        found: Found,
    },
    /// A batch reaches the storage, or its answer the owner: none when it was lost.
    Append {
        node: usize,
        run: u64,
        epoch: u64,
        batch: Vec<Record>,
        upto: u64,
        asked_at: Timestamp,
    },
    Appended {
        node: usize,
        run: u64,
        epoch: u64,
        upto: u64,
        verdict: Option<bool>,
        asked_at: Timestamp,
    },
    /// The same for a renewal.
    Renewed {
        node: usize,
        run: u64,
        epoch: u64,
        granted: bool,
        asked_at: Timestamp,
    },
    /// A node looks at its watch.
    Tick {
        node: usize,
        run: u64,
    },
    Renew {
        node: usize,
        run: u64,
    },
    /// A room was read back.
    Reloaded {
        node: usize,
        run: u64,
        epoch: u64,
        room: RoomRef,
    },
    HandOver,
    Crash {
        node: usize,
    },
    Start {
        node: usize,
    },
    Pause {
        node: usize,
    },
    Cut {
        one: Place,
        other: Place,
        cut: bool,
    },
}

/// What happened in a world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) accepted: u64,
    pub(super) owners: u64,
    pub(super) crashes: u64,
    pub(super) pauses: u64,
    pub(super) cuts: u64,
    pub(super) handed_over: u64,
    pub(super) repeated_beats: u64,
    pub(super) fenced: u64,
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
    storage: Storage,
    net: Net,
    nodes: Vec<Node>,
    clients: Vec<Client>,
    /// The node of each open socket.
    at: BTreeMap<u64, usize>,
    events: BTreeMap<(Timestamp, u64), Event>,
    scheduled: u64,
    sockets: u64,
    sum: Summary,
    sabotage: Sabotage,
}

impl World {
    pub(super) fn new(seed: u64, sabotage: Sabotage) -> Self {
        let mut dice = Dice::new(seed ^ 0x0C10_57E2);
        let played = played();
        let kind = played[(seed % played.len() as u64) as usize];
        let mut desk = Desk::tuned(Settings::default());
        let room = desk.open(kind.name, &kind.sample.settings(&mut dice));
        let count = 3 + dice.below(5) as usize;
        let clients = (0..count).map(|n| Client::new(n, &mut dice, sabotage)).collect();
        let mut world = Self {
            seed,
            dice,
            now: desk.now,
            end: desk.now.plus_ms(PLAY_MS),
            kind,
            room,
            storage: Storage::new(desk.journal, sabotage != Sabotage::OpenFence),
            net: Net::default(),
            nodes: (0..NODES).map(|_| Node::new()).collect(),
            clients,
            at: BTreeMap::new(),
            events: BTreeMap::new(),
            scheduled: 0,
            sockets: 0,
            sum: Summary::default(),
            sabotage,
        };
        (0..NODES).for_each(|node| world.start_watches(node));
        (0..count).for_each(|client| world.schedule(1, Event::Turn(client)));
        world.plan_trouble();
        world
    }

    /// Plays the seed until all is quiet, and looks at what is left.
    pub(super) fn run(&mut self) -> Result<(), Violation> {
        while self.now < self.end {
            self.step().map_err(|violation| self.named(&violation))?;
        }
        self.calm_down();
        while !self.is_quiet() {
            self.step().map_err(|violation| self.named(&violation))?;
            if self.now > self.end.plus_ms(QUIET_MS) {
                return Err(self.named(&format!("it never becomes quiet: {}", self.restless())));
            }
        }
        let live = self.owner_now().and_then(|n| self.nodes[n].owner.as_ref());
        let live = live.and_then(|owner| owner.engine.state_bytes(self.room));
        verdict::judge(&self.storage.journal, self.now, self.room, live, &self.clients)
            .map_err(|violation| self.named(&violation))
    }

    fn named(&self, violation: &str) -> Violation {
        format!("seed {} ({} on {NODES} nodes): {violation}", self.seed, self.kind.name)
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
        match self.next_call().filter(|(at, _)| *at <= next) {
            Some((at, node)) => {
                self.now = self.now.max(at);
                let now = self.now;
                if let Some(owner) = &mut self.nodes[node].owner {
                    owner.engine.tick(now);
                }
            }
            None => {
                self.now = self.now.max(next);
                if let Some((_, event)) = self.events.pop_first() {
                    self.happen(event)?;
                }
            }
        }
        (0..NODES).try_for_each(|node| self.carry(node))
    }

    /// When which owner's engine wants to be called; a paused one is not.
    fn next_call(&self) -> Option<(Timestamp, usize)> {
        let calls = self.nodes.iter().enumerate().filter_map(|(n, node)| {
            let at = node.owner.as_ref()?.engine.next_call()?;
            Some((at.max(node.paused_until), n))
        });
        calls.min()
    }

    fn happen(&mut self, event: Event) -> Result<(), Violation> {
        let node = node_of(&event);
        if let Some(until) = node.map(|n| self.nodes[n].paused_until).filter(|until| *until > self.now) {
            // It is taken up when the node wakes, in its order.
            self.scheduled += 1;
            self.events.insert((until, self.scheduled), event);
            return Ok(());
        }
        match event {
            Event::Turn(client) => self.turn(client),
            Event::Up { node, client, socket, up } => self.receive(node, client, socket, up),
            Event::Down { client, socket, down } => self.deliver(client, socket, down),
            Event::Net { node, line, message } => self.hear(node, line, message)?,
            Event::Bus { node, beat } => self.hear_beat(node, beat)?,
            Event::Broken { node, line } => self.line_broke(node, line),
            Event::Find { node, run, round, asked_at } => self.find(node, run, round, asked_at),
            Event::Found { node, run, round, found } if self.nodes[node].run == run => {
                self.found(node, round, found)?;
            }
            Event::Append { node, run, epoch, batch, upto, asked_at } => {
                self.append(node, run, epoch, batch, upto, asked_at)?;
            }
            Event::Appended { node, run, epoch, upto, verdict, asked_at } if self.nodes[node].run == run => {
                self.appended(node, epoch, upto, verdict, asked_at);
            }
            Event::Renewed { node, run, epoch, granted, asked_at } if self.nodes[node].run == run => {
                self.renewed(node, epoch, granted, asked_at);
            }
            Event::Tick { node, run } if self.nodes[node].run == run && self.nodes[node].is_up => {
                self.schedule(TICK_MS, Event::Tick { node, run });
                self.tick(node);
            }
            Event::Renew { node, run } if self.nodes[node].run == run && self.nodes[node].is_up => {
                self.schedule(RENEW_MS, Event::Renew { node, run });
                self.renew(node);
            }
            Event::Reloaded { node, run, epoch, room } if self.nodes[node].run == run => {
                self.reloaded(node, epoch, room);
            }
            Event::HandOver => self.hand_over(),
            Event::Crash { node } => self.crash(node),
            Event::Start { node } => self.restart(node),
            Event::Pause { node } => self.pause(node),
            Event::Cut { one, other, cut } => self.cut_way(one, other, cut),
            _ => {}
        }
        Ok(())
    }

    fn start_watches(&mut self, node: usize) {
        let run = self.nodes[node].run;
        self.schedule(0, Event::Renew { node, run });
        self.schedule(1, Event::Tick { node, run });
    }

    /// The node that owns the conference and may act.
    fn owner_now(&self) -> Option<usize> {
        let acts = |node: &Node| node.owner.as_ref().is_some_and(|owner| owner.is_trusted(self.now));
        self.nodes.iter().position(acts)
    }

    fn is_quiet(&self) -> bool {
        let passing = self.events.values().any(|event| {
            !matches!(
                event,
                Event::Turn(_) | Event::Tick { .. } | Event::Renew { .. } | Event::Renewed { .. }
            )
        });
        let Some(owner) = self.owner_now().and_then(|n| self.nodes[n].owner.as_ref()) else { return false };
        let told = owner.is_settled()
            && owner.engine.next_call().is_none_or(|at| at > self.now.plus_ms(1_000))
            && owner.tide_told == owner.sending.tide();
        let at_rest = |client: &Client| {
            client.socket.is_some() && !client.joining && client.waits_for_nothing(self.now)
        };
        let all_in = |node: &Node| node.sockets.values().all(|socket| socket.audience.is_some());
        told && !passing
            && self.clients.iter().all(at_rest)
            && self.nodes.iter().all(|node| node.reader.is_quiet() && all_in(node))
            && self.nodes.iter().filter(|node| node.owner.is_some()).count() == 1
    }

    /// Who keeps it from being quiet, for people.
    fn restless(&self) -> String {
        let nodes = self.nodes.iter().enumerate().map(|(n, node)| {
            let owns =
                node.owner.as_ref().map(|owner| (owner.epoch, owner.engine.waiting(), owner.in_flight));
            let (quiet, line) = (node.reader.is_quiet(), node.reader.line());
            let out = node.sockets.values().filter(|socket| socket.audience.is_none()).count();
            format!("node {n} owns {owns:?}, reads over {line:?}, quiet {quiet}, {out} not in")
        });
        let clients = self.clients.iter().enumerate().map(|(n, client)| {
            let (socket, joining, waits) = (client.socket, client.joining, client.unanswered.len());
            format!("client {n} on {socket:?}, joining {joining}, {waits} unanswered")
        });
        nodes.chain(clients).collect::<Vec<_>>().join("; ")
    }

    /// What happened.
    pub(super) fn summary(&self) -> Summary {
        let answered = self.clients.iter().flat_map(|client| client.answered.values());
        let live = self.owner_now().and_then(|n| self.nodes[n].owner.as_ref());
        Summary {
            accepted: answered.filter(|(_, outcome)| outcome.is_ok()).count() as u64,
            owners: self.storage.epoch,
            fenced: self.storage.fenced,
            state: live.and_then(|owner| owner.engine.state_bytes(self.room)).unwrap_or_default(),
            ..self.sum.clone()
        }
    }

    /// Hands an input of a node to the room, wherever it is.
    fn input(&mut self, node: usize, input: Input) {
        let now = self.now;
        match self.nodes[node].owner.as_mut().filter(|owner| !owner.leaving) {
            Some(owner) => owner.engine.handle(input, now),
            None => self.forward(node, input),
        }
    }

    /// An output for one socket or asker, at its own node.
    fn show(&mut self, node: usize, output: Output) -> Result<(), Violation> {
        let down = self.shown(node, output)?;
        down.into_iter().for_each(|(client, down)| self.send_down(node, client, down));
        Ok(())
    }
}

/// The node at which an event happens; none when it happens elsewhere.
const fn node_of(event: &Event) -> Option<usize> {
    match event {
        Event::Up { node, .. }
        | Event::Net { node, .. }
        | Event::Bus { node, .. }
        | Event::Broken { node, .. }
        | Event::Found { node, .. }
        | Event::Appended { node, .. }
        | Event::Renewed { node, .. }
        | Event::Tick { node, .. }
        | Event::Renew { node, .. }
        | Event::Reloaded { node, .. } => Some(*node),
        _ => None,
    }
}

impl Summary {
    /// Adds what happened in another world.
    pub(super) fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.owners += other.owners;
        self.crashes += other.crashes;
        self.pauses += other.pauses;
        self.cuts += other.cuts;
        self.handed_over += other.handed_over;
        self.repeated_beats += other.repeated_beats;
        self.fenced += other.fenced;
    }
}
