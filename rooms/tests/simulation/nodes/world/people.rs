//! People and their sockets.

use bytes::Bytes;
use plenum_rooms::engine::{Codec, Input, JoinBody, Output, Push, Refusal, SubId, Ticket};

use super::super::super::Sabotage;
use super::super::super::link::{Down, Up, Weather};
use super::super::super::oracle::{self, Violation};
use super::super::node::{Asked, Socket};
use super::{Event, World};

impl World {
    /// A client's turn: it connects, or loses its line, or acts; then it waits a while.
    pub(super) fn turn(&mut self, client: usize) {
        let playing = self.now < self.end;
        let pause = 5 + self.below(200);
        self.schedule(pause, Event::Turn(client));
        if self.clients[client].socket.is_none() {
            return self.connect(client);
        }
        if playing && self.dice.chance(2) {
            return self.cut(client);
        }
        let mut frames = self.clients[client].due(self.now);
        if playing {
            frames.extend(self.clients[client].act(self.kind, &mut self.dice));
        }
        self.send_up(client, frames);
    }

    fn connect(&mut self, client: usize) {
        let takes = |n: &usize| self.nodes[*n].is_up && self.nodes[*n].paused_until <= self.now;
        let ready: Vec<usize> = (0..self.nodes.len()).filter(takes).collect();
        if self.clients[client].connect_at > self.now || ready.is_empty() {
            return;
        }
        let node = *self.dice.pick(&ready);
        self.sockets += 1;
        let (socket, codec) = (self.sockets, self.clients[client].codec);
        self.at.insert(socket, node);
        self.nodes[node].sockets.insert(SubId(socket), Socket { client, codec, audience: None });
        self.clients[client].busy_until = self.now;
        let frames = self.clients[client].connected(socket, &mut self.dice);
        self.send_up(client, frames);
    }

    /// The line breaks; its node notices at once, what was on its way is lost in both directions.
    pub(super) fn cut(&mut self, client: usize) {
        let Some(over) = self.clients[client].socket else { return };
        self.clients[client].cut(self.now, &mut self.dice);
        self.events.retain(|_, event| !matches!(event, Event::Up { socket, .. } if *socket == over));
        self.forget(over);
    }

    /// A socket is gone from its node.
    fn forget(&mut self, socket: u64) {
        let Some(node) = self.at.remove(&socket) else { return };
        if self.nodes[node].sockets.remove(&SubId(socket)).is_some() {
            self.input(node, Input::Leave { sub: SubId(socket), room: self.room });
        }
    }

    /// Frames of one client arrive in their order.
    fn send_up(&mut self, client: usize, frames: Vec<Up>) {
        let Some(socket) = self.clients[client].socket else { return };
        let Some(node) = self.at.get(&socket).copied() else { return };
        let delay = 1 + (client as i64 * 7) % 20;
        frames.into_iter().for_each(|up| self.schedule(delay, Event::Up { node, client, socket, up }));
    }

    /// A frame reaches a node.
    pub(super) fn receive(&mut self, node: usize, client: usize, socket: u64, up: Up) {
        if !self.nodes[node].sockets.contains_key(&SubId(socket)) {
            return;
        }
        let (by, room) = (self.clients[client].actor.clone(), self.room);
        let (sub, codec) = (SubId(socket), self.clients[client].codec);
        let input = match up {
            Up::Join { since } => {
                let ticket = self.nodes[node].ask(Asked::Join { client });
                Input::Join { ticket, sub, by, room, codec, since }
            }
            Up::Command { key, op, data } => {
                let ticket = self.nodes[node].ask(Asked::Command { client, key, sub });
                let (key, data, codec) = (Some(key), Bytes::from(data.to_string()), Codec::Json);
                Input::Command { ticket, sub: None, by, room, key, op: op.into(), codec, data }
            }
        };
        self.input(node, input);
    }

    /// A frame reaches a client.
    pub(super) fn deliver(&mut self, client: usize, socket: u64, down: Down) {
        if self.clients[client].socket != Some(socket) {
            return;
        }
        let replies = self.clients[client].hear(down, self.now);
        if self.clients[client].socket.is_none() {
            self.forget(socket);
        }
        self.send_up(client, replies);
    }

    /// The sockets of a node that are in the room come in anew, from where they are.
    pub(super) fn rejoin(&mut self, node: usize) {
        let inside: Vec<SubId> = self.nodes[node].sockets.keys().copied().collect();
        for sub in inside {
            let Some(socket) = self.nodes[node].sockets.get_mut(&sub) else { continue };
            let (client, codec) = (socket.client, socket.codec);
            let Some(audience) = socket.audience.take() else { continue };
            let since = self.nodes[node].reader.positions.get(&(audience, codec)).copied();
            let ticket = self.nodes[node].ask(Asked::Rejoin { sub });
            let (by, room) = (self.clients[client].actor.clone(), self.room);
            self.input(node, Input::Join { ticket, sub, by, room, codec, since });
        }
    }

    /// What an output is for the clients of a node.
    pub(super) fn shown(&mut self, node: usize, output: Output) -> Result<Vec<(usize, Down)>, Violation> {
        oracle::may_leave(&output, &self.storage.journal, self.room)?;
        match output {
            Output::Reply { ticket, outcome } => match self.nodes[node].asked.remove(&ticket) {
                Some(Asked::Command { client, key, .. }) => {
                    oracle::may_be_answered(key, &outcome, &self.storage.journal)?;
                    Ok(vec![(client, Down::Reply { key, outcome })])
                }
                Some(Asked::Join { client }) => {
                    let refusal = outcome.err().unwrap_or_else(|| Refusal::busy("a join was answered", 0));
                    Ok(vec![(client, Down::NotJoined(refusal))])
                }
                Some(Asked::Rejoin { sub }) => {
                    let client = self.nodes[node].sockets.get(&sub).map(|socket| socket.client);
                    client.into_iter().for_each(|client| self.cut(client));
                    Ok(Vec::new())
                }
                None => Ok(Vec::new()),
            },
            Output::Joined { ticket, sub, room, seq, audience, body } => {
                let asked = self.nodes[node].asked.remove(&ticket);
                let Some(socket) = self.nodes[node].sockets.get_mut(&sub) else {
                    self.input(node, Input::Leave { sub, room });
                    return Ok(Vec::new());
                };
                socket.audience = Some(audience);
                let client = socket.client;
                Ok(match asked {
                    Some(Asked::Rejoin { .. }) => self.brought_up(client, seq, body),
                    _ => vec![(client, Down::Joined { seq, body })],
                })
            }
            Output::Moved { sub, audience, .. } => {
                let socket = self.nodes[node].sockets.get_mut(&sub);
                if let Some(socket) = socket.filter(|socket| socket.audience.is_some()) {
                    socket.audience = Some(audience);
                }
                Ok(Vec::new())
            }
            Output::Whisper { sub, push, .. } => {
                let lost = self.sabotage == Sabotage::LoseWhispers;
                let socket = self.nodes[node].sockets.get(&sub).filter(|_| !lost);
                Ok(socket.map(|socket| (socket.client, Down::Push(push))).into_iter().collect())
            }
            Output::Push { room, audience, codec, push } if room == self.room => {
                let sockets = self.nodes[node].sockets.values();
                let readers = sockets.filter(|one| (one.audience, one.codec) == (Some(audience), codec));
                Ok(readers.map(|one| (one.client, Down::Push(push.clone()))).collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// What a socket missed while the room changed its owner.
    fn brought_up(&self, client: usize, seq: u64, body: JoinBody) -> Vec<(usize, Down)> {
        let pushes = match body {
            JoinBody::Replay(pushes) => pushes,
            JoinBody::State(data) => {
                vec![Push { range: Some((0, seq)), ev: self.kind.state_event, at: self.now, data }]
            }
        };
        pushes.into_iter().map(|push| (client, Down::Push(push))).collect()
    }

    /// A frame leaves a node for a client, when the client is still on it.
    pub(super) fn send_down(&mut self, node: usize, client: usize, down: Down) {
        let one = &mut self.clients[client];
        let Some(socket) = one.socket.filter(|socket| self.at.get(socket) == Some(&node)) else { return };
        let (arrivals, busy_until) = one.weather.arrivals(&down, self.now, one.busy_until, &mut self.dice);
        one.busy_until = busy_until;
        for at in arrivals {
            self.scheduled += 1;
            let down = down.clone();
            self.events.insert((at, self.scheduled), Event::Down { client, socket, down });
        }
    }

    /// Everyone loses the connection once more, and has a good one from then on.
    pub(super) fn everyone_comes_back(&mut self) {
        for client in 0..self.clients.len() {
            self.cut(client);
            self.clients[client].weather = Weather::GOOD;
        }
    }

    /// Someone who asked is told to come again.
    pub(super) fn busy(ticket: Ticket) -> Output {
        Output::Reply { ticket, outcome: Err(Refusal::busy("the room is moving", 50)) }
    }
}
