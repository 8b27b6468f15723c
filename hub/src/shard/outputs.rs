//! What the engine asks for, carried out.

use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::Id;
use plenum_rooms::engine::{Audience, Codec, Outcome, Push, SubId, Ticket};
use plenum_rooms::{Output, RoomRef, Scope};

use super::desk::Desk;
use super::message::{Answer, Frames, News, SocketId, Visitor, visitor, waiter};
use super::state::Shard;
use super::waiting::Waiting;
use crate::cluster::Spread;
use crate::socket::{self, Arrival};

impl Shard {
    /// Carries out all that the engine asks for, then sends the batch to the journal.
    pub(super) fn flush(&mut self) {
        self.with_desks(|shard, desks| {
            for (key, desk) in desks {
                shard.flush_desk(*key, desk);
            }
        });
        if self.links.outside.is_some() {
            self.clear_desks();
        }
        self.uncork();
    }

    fn flush_desk(&mut self, key: Id, desk: &mut Desk) {
        // Without its lease nothing leaves: the conference may be another node's by now.
        if !self.may_speak(key) {
            return;
        }
        for output in desk.engine.take() {
            self.carry_out(key, desk, output);
        }
        self.append_batch(key, desk);
        if let (Some(relay), Some(outside)) = (&mut desk.relay, &self.links.outside) {
            relay.close(key, outside);
        }
    }

    fn carry_out(&mut self, key: Id, desk: &mut Desk, output: Output) {
        match output {
            Output::Append(record) => {
                desk.batch.push(record);
                desk.appended += 1;
            }
            Output::Snapshot(snapshot) => {
                // It must stand behind the records that it contains.
                self.append_batch(key, desk);
                self.keep(desk.source, snapshot);
            }
            Output::Opened { room, scope } => self.links.directory.enter(room, scope),
            Output::Push { room, audience, codec, push } => {
                self.publish(desk, room, audience, codec, &push);
            }
            Output::Reload { room, scope } => self.read_back(room, scope, desk.tenure),
            Output::Joined { sub, room, .. } => {
                let shard = usize::from(SocketId::of(sub).shard);
                if shard != self.me && visitor(sub.0) == Visitor::HERE {
                    *self.remote.entry(room).or_default() |= 1 << shard;
                }
                self.hand_out(desk, key, output);
            }
            other => self.hand_out(desk, key, other),
        }
    }

    pub(super) fn hand_on(&mut self, shard: usize, output: Output) {
        if shard == self.me {
            self.deliver(output);
        } else {
            self.links.tell(shard, News::Output(output));
        }
    }

    /// What is for a socket of this shard, or for someone who waits here.
    pub(super) fn deliver(&mut self, output: Output) {
        match output {
            Output::Reply { ticket, outcome } => self.replied(ticket, outcome),
            Output::Looked { ticket, seq, state } => {
                if let Some(Waiting::Rest(answer)) = self.waiters.take(waiter(ticket).1) {
                    // REST may have given up waiting.
                    let _ = answer.send(Answer::Looked(seq, state));
                }
            }
            Output::Joined { ticket, sub, room, seq, audience, body } => {
                let waiting = self.waiters.take(waiter(ticket).1);
                if let Some(Waiting::Rest(answer)) = waiting {
                    // REST may have given up waiting.
                    let _ = answer.send(Answer::Outcome(Ok(None)));
                } else if let Some(waiting) = waiting {
                    let arrival = Arrival { socket: SocketId::of(sub), room, seq, audience, body };
                    self.joined(waiting, arrival);
                }
            }
            Output::Whisper { sub, room, push } => self.whispered(sub, room, &push),
            Output::Moved { sub, room, audience } => self.moved(SocketId::of(sub), room, audience),
            _ => {}
        }
    }

    fn replied(&mut self, ticket: Ticket, outcome: Outcome) {
        match self.waiters.take(waiter(ticket).1) {
            Some(Waiting::Reply { socket, re, followed }) => {
                self.links.tracer.answered(followed, &outcome);
                self.reply(socket, re, outcome);
            }
            Some(Waiting::Join { socket, re, room }) => self.join_refused(socket, re, room, outcome),
            Some(Waiting::Resync { socket, room }) => {
                // It is told by the gap in its next push, or was told already by the room's end.
                self.leave_room(socket, room);
            }
            Some(Waiting::Rejoin { socket }) => self.move_away(socket),
            Some(Waiting::Rest(answer)) => {
                // REST may have given up waiting.
                let _ = answer.send(Answer::Outcome(outcome));
            }
            None => {}
        }
    }

    /// Encodes a push once for all readers of its audience and codec, here and on other shards.
    fn publish(&mut self, desk: &mut Desk, room: RoomRef, audience: Audience, codec: Codec, push: &Push) {
        let bytes = push_frame(room, codec, push);
        if let Some(relay) = &mut desk.relay {
            let (seq, bytes) = (push.range.map(|(_, seq)| seq), bytes.clone());
            relay.put(|| Spread { room, audience, codec, seq, bytes }, room);
        }
        let frames = Frames { room, audience, codec, bytes, ephemeral: push.range.is_none() };
        let others = self.remote.get(&room).copied().unwrap_or_default();
        for shard in (0..self.links.shards()).filter(|shard| others & (1 << shard) != 0) {
            self.links.tell(shard, News::Frames(frames.clone()));
        }
        self.walks.add(frames);
    }

    /// Readers of rooms whose pushes were dropped on their way here are shown the state.
    pub(super) fn show_missed(&mut self) {
        for room in self.links.backlogs[self.me].take_missed() {
            for reader in self.readers.of(room) {
                self.resync(reader, room);
            }
        }
    }

    fn whispered(&mut self, sub: SubId, room: RoomRef, push: &Push) {
        let socket = SocketId::of(sub);
        if let Some(codec) = self.codec_of(socket) {
            self.write_push(socket, room, push_frame(room, socket::engine_codec(codec), push));
        }
    }

    /// Reads a room from the journal on a thread that may block, for the desk of this tenure.
    pub(super) fn read_back(&self, room: RoomRef, scope: Scope, tenure: u32) {
        let (links, me) = (Arc::clone(&self.links), self.me);
        tokio::task::spawn_blocking(move || {
            let empty = plenum_rooms::engine::Loaded { room, scope, snapshot: None, records: Vec::new() };
            let loaded = match links.journals.room(scope.conference, room) {
                Ok(loaded) => Some(Box::new(loaded.unwrap_or(empty))),
                Err(error) => {
                    tracing::error!(%room, %error, "the room cannot be read back yet");
                    None
                }
            };
            links.tell(me, News::Reloaded { loaded, room, tenure });
        });
    }
}

/// A whole WebSocket frame around a push.
pub(crate) fn push_frame(room: RoomRef, codec: Codec, push: &Push) -> Bytes {
    let name = room.to_string();
    let head = socket::head(&name, push);
    let codec = socket::wire_codec(codec);
    socket::frame(codec, push.data.len() + 160, |out| {
        plenum_protocol::write_push(codec, out, &head, &push.data);
    })
}
