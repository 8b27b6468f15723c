//! Writing to sockets: answers, pushes, goodbyes.

use std::io;

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};
use plenum_protocol::{CloseCode, Codec, write_err, write_ok};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Accepted, Outcome, Refusal};
use serde::Serialize;
use serde_json::{Map, Value};

use super::outbox::{Outbox, Urgency, Written};
use super::sockets::{Phase, Socket};
use super::{frame, frames};
use crate::shard::{Shard, SocketId};

/// How long a goodbye may take, in milliseconds.
const LINGER_MS: i64 = 2_000;

impl Shard {
    pub(crate) fn codec_of(&mut self, id: SocketId) -> Option<Codec> {
        self.sockets.find(id).map(|socket| socket.codec)
    }

    /// One frame of a fan-out: straight to the kernel when nothing waits before it.
    pub(crate) fn write_shared(&mut self, id: SocketId, bytes: &Bytes, urgency: Urgency) {
        let now = self.now_of_turn();
        let Some(socket) = self.sockets.find(id).filter(|socket| !socket.is_closing()) else { return };
        let written = socket.write(bytes, urgency, now);
        if !matches!(written, Written::All | Written::Waits) {
            self.settle(id, written);
        }
    }

    pub(crate) fn write_push(&mut self, id: SocketId, room: RoomRef, bytes: Bytes) {
        self.write_shared(id, &bytes, Urgency::Push(room));
    }

    pub(super) fn write_answer(&mut self, id: SocketId, bytes: Bytes) {
        self.write_shared(id, &bytes, Urgency::Keep);
    }

    /// The answer to a command. Answers of one turn leave together: many of them are for few sockets when many commands
    /// came at once.
    pub(crate) fn reply(&mut self, id: SocketId, re: u64, outcome: Outcome) {
        match outcome {
            Ok(accepted) => {
                let Some(codec) = self.codec_of(id) else { return };
                let ok =
                    accepted.map(|Accepted { seq, opened }| encoded(codec, &Counted { seq, room: opened }));
                let bytes = frame(codec, 64, |out| write_ok(codec, out, re, ok.as_deref()));
                self.cork(id, &bytes);
            }
            Err(refusal) => self.refuse(id, Some(re), &refusal),
        }
    }

    /// Keeps an answer until [`Shard::uncork`].
    fn cork(&mut self, id: SocketId, bytes: &Bytes) {
        let Some(socket) = self.sockets.find(id).filter(|socket| !socket.is_closing()) else { return };
        if socket.outbox.is_none() {
            self.corked.push(id);
        }
        if socket.outbox.get_or_insert_default().hold(bytes, Urgency::Keep) == Written::TooSlow {
            self.close_slow(id);
        }
    }

    /// Sends the answers that were kept.
    pub(crate) fn uncork(&mut self) {
        let mut corked = std::mem::take(&mut self.corked);
        corked.drain(..).for_each(|id| self.write_on(id));
        // What was refused on the way may have been kept as well; the list's room is used again.
        corked.append(&mut self.corked);
        self.corked = corked;
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
        metrics::counter!("plenum_closes_total", "code" => code.number().to_string()).increment(1);
        self.say_nothing_more(id);
    }

    /// A client that does not read is not waited for.
    pub(super) fn close_slow(&mut self, id: SocketId) {
        self.close(id, CloseCode::TooSlow, CloseCode::TooSlow.meaning());
    }

    /// Closes all sockets of a participant, or of a sign-in.
    pub(crate) fn close_participant(&mut self, participant: Id, code: CloseCode) {
        for id in self.sockets.ids() {
            let known = self.sockets.find(id).and_then(|socket| socket.who.as_ref());
            if known.is_some_and(|known| known.is_of(participant)) {
                self.close(id, code, code.meaning());
            }
        }
    }

    /// From now on nothing else is handled or sent; the connection ends when the other side ends it, or soon.
    fn say_nothing_more(&mut self, id: SocketId) {
        let until = self.now().plus_ms(LINGER_MS);
        let Some(socket) = self.sockets.find(id) else { return };
        socket.phase = Phase::Closing;
        socket.until = until;
        socket.partial = None;
        let cannot_be_told = socket.outbox.is_none() && !socket.wire.end_writing();
        self.detach(id);
        if cannot_be_told {
            self.gone(id);
        }
    }

    fn settle(&mut self, id: SocketId, written: Written) {
        match written {
            Written::All | Written::Waits => {}
            Written::TooSlow => self.close_slow(id),
            Written::Gone => self.gone(id),
        }
    }

    /// Writes on what waits, now that there is room again.
    pub(super) fn write_on(&mut self, id: SocketId) {
        let now = self.now_of_turn();
        let Some(socket) = self.sockets.find(id) else { return };
        let Some(outbox) = &mut socket.outbox else { return };
        match outbox.flush(&socket.wire, now) {
            Written::All => {
                let stale = socket.outbox.take().map_or_else(Vec::new, |outbox| outbox.into_stale());
                if socket.is_closing() {
                    return self.say_nothing_more(id);
                }
                stale.into_iter().for_each(|room| self.resync(id, room));
            }
            written => self.settle(id, written),
        }
    }
}

impl Socket {
    /// Writes a frame at once when nothing waits, else lets it wait or give way.
    fn write(&mut self, bytes: &Bytes, urgency: Urgency, now: Timestamp) -> Written {
        if let Some(outbox) = &mut self.outbox {
            return outbox.hold(bytes, urgency);
        }
        let sent = match self.wire.send(bytes) {
            Ok(sent) if sent == bytes.len() => return Written::All,
            Ok(sent) => sent,
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Written::Gone,
            Err(_) if urgency == Urgency::Ephemeral => return Written::All,
            Err(_) => 0,
        };
        self.outbox = Some(Box::new(Outbox::blocked(bytes.clone(), urgency, sent, now)));
        Written::Waits
    }
}

/// What the sender of an accepted command is told.
#[derive(Serialize)]
struct Counted {
    seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<RoomRef>,
}

fn encoded(codec: Codec, map: &impl Serialize) -> Vec<u8> {
    plenum_protocol::encode(codec, map).expect("a map of texts and numbers has a form in both codecs")
}
