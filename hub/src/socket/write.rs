//! Writing to sockets: answers, pushes, goodbyes.

use std::rc::Rc;

use bytes::Bytes;
use plenum_domain::Id;
use plenum_protocol::{CloseCode, Codec, write_err, write_ok};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Outcome, Refusal};
use serde_json::{Map, Value};

use super::outbox::{Urgency, Written};
use super::{frame, frames};
use crate::shard::{Shard, ShardCell, SocketId};

impl Shard {
    pub(crate) fn codec_of(&mut self, id: SocketId) -> Option<Codec> {
        self.sockets.find(id).map(|socket| socket.codec)
    }

    /// One frame of a fan-out.
    pub(crate) fn write_shared(&mut self, id: SocketId, bytes: &Bytes, urgency: Urgency) {
        let now = self.now_of_turn();
        let Some(socket) = self.sockets.find(id).filter(|socket| !socket.closing) else { return };
        let written = socket.outbox.write(&socket.stream, bytes, urgency, now);
        if written != Written::All {
            self.settle(id, written);
        }
    }

    pub(crate) fn write_push(&mut self, id: SocketId, room: RoomRef, bytes: Bytes) {
        self.write_shared(id, &bytes, Urgency::Push(room));
    }

    pub(super) fn write_answer(&mut self, id: SocketId, bytes: Bytes) {
        self.write_shared(id, &bytes, Urgency::Keep);
    }

    /// The answer to a command.
    pub(crate) fn reply(&mut self, id: SocketId, re: u64, outcome: Outcome) {
        match outcome {
            Ok(accepted) => {
                let Some(codec) = self.codec_of(id) else { return };
                let mut ok = Map::new();
                if let Some(accepted) = accepted {
                    ok.insert("seq".to_owned(), accepted.seq.into());
                    ok.extend(accepted.opened.map(|room| ("room".to_owned(), Value::from(room.to_string()))));
                }
                let ok = encoded(codec, &ok);
                self.write_answer(id, frame(codec, ok.len() + 32, |out| write_ok(codec, out, re, Some(&ok))));
            }
            Err(refusal) => self.refuse(id, Some(re), &refusal),
        }
    }

    pub(super) fn refuse(&mut self, id: SocketId, re: Option<u64>, refusal: &Refusal) {
        let Some(codec) = self.codec_of(id) else { return };
        let details: Map<String, Value> =
            refusal.details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let details = encoded(codec, &details);
        let bytes = frame(codec, refusal.message.len() + details.len() + 96, |out| {
            write_err(codec, out, re, refusal.code, &refusal.message, refusal.retry_ms, Some(&details));
        });
        metrics::counter!("plenum_refusals_total", "code" => refusal.code).increment(1);
        self.write_answer(id, bytes);
    }

    /// Says goodbye and stops reading; the connection ends once the kernel took it.
    pub(super) fn close(&mut self, id: SocketId, code: CloseCode, reason: &str) {
        let bytes = Bytes::from(frames::close(code.number(), reason));
        self.write_answer(id, bytes);
        if let Some(socket) = self.sockets.find(id) {
            socket.closing = true;
            metrics::counter!("plenum_closes_total", "code" => code.number().to_string()).increment(1);
        }
        self.detach(id);
    }

    /// A client that does not read is not waited for.
    pub(super) fn close_slow(&mut self, id: SocketId) {
        self.close(id, CloseCode::TooSlow, CloseCode::TooSlow.meaning());
    }

    /// Closes all sockets of a participant.
    pub(crate) fn close_participant(&mut self, participant: Id, code: CloseCode) {
        for id in self.sockets.ids() {
            let known = self.sockets.find(id).and_then(|socket| socket.who.as_ref());
            if known.is_some_and(|known| known.actor.participant == participant) {
                self.close(id, code, code.meaning());
            }
        }
    }

    fn settle(&mut self, id: SocketId, written: Written) {
        let Some(socket) = self.sockets.find(id) else { return };
        match written {
            Written::All => {}
            Written::Waits if socket.has_writer => {}
            Written::Waits => {
                socket.has_writer = true;
                self.wants_writer.push(id);
            }
            Written::TooSlow if !socket.closing => self.close_slow(id),
            Written::Gone | Written::TooSlow => {
                socket.closing = true;
                self.detach(id);
            }
        }
    }

    /// Writes on what waits. Returns whether the writer should wait for the kernel again.
    pub(super) fn write_on(&mut self, id: SocketId) -> bool {
        let now = self.now_of_turn();
        let Some(socket) = self.sockets.find(id) else { return false };
        let written = socket.outbox.flush(&socket.stream, now);
        if written == Written::Waits {
            return true;
        }
        socket.has_writer = false;
        let stale = socket.outbox.take_stale();
        if socket.closing {
            return false;
        }
        self.settle(id, written);
        stale.into_iter().for_each(|room| self.resync(id, room));
        false
    }
}

/// Starts a writer for each socket that has something waiting.
pub(crate) fn start_writers(cell: &ShardCell) {
    let wanting = std::mem::take(&mut cell.get().wants_writer);
    for id in wanting {
        let cell = cell.clone();
        tokio::task::spawn_local(async move {
            let Some(stream) = cell.get().sockets.find(id).map(|socket| Rc::clone(&socket.stream)) else {
                return;
            };
            while stream.writable().await.is_ok() {
                if !cell.get().write_on(id) {
                    break;
                }
            }
            cell.ring();
        });
    }
}

fn encoded(codec: Codec, map: &Map<String, Value>) -> Vec<u8> {
    plenum_protocol::encode(codec, map).expect("a map of texts and numbers has a form in both codecs")
}
