//! Reading: whoever the system says is ready gets its turn, and owns bytes only while a message is incomplete.

use std::io;

use plenum_protocol::{CloseCode, Codec};

use super::commands::Later;
use super::frames::{self, FrameReader, Message};
use super::identity::{IdentifyError, Identity};
use super::ready::Ready;
use super::sockets::Phase;
use crate::shard::{Shard, ShardCell, SocketId};

/// A socket that sends without a pause lets others read after so many buffers.
const READS_IN_A_ROW: usize = 4;

impl Shard {
    /// Reads from all sockets that have something, and writes on those that have room again. Returns whether there is
    /// more to do at once.
    pub(crate) fn serve_sockets(&mut self) -> bool {
        for id in std::mem::take(&mut self.sockets.unread) {
            self.read(id, true);
        }
        let (ready, more) = self.sockets.ready();
        for one in ready {
            self.serve(one);
        }
        more || !self.sockets.unread.is_empty()
    }

    fn serve(&mut self, ready: Ready) {
        let Some(id) = self.sockets.at(ready.place) else { return };
        if ready.is_writable {
            self.write_on(id);
        }
        if ready.is_readable || ready.is_ended {
            self.read(id, ready.is_ended);
        }
    }

    /// Reads what is there, for a limited time. Less than a whole buffer is all there is, unless the end came with it: the
    /// system says of each thing once that it is there.
    fn read(&mut self, id: SocketId, to_the_end: bool) {
        for _ in 0..READS_IN_A_ROW {
            let mut scratch = std::mem::take(&mut self.sockets.scratch);
            let read = self.read_once(id, &mut scratch);
            let is_all = read.is_none_or(|length| length < scratch.len() && !to_the_end);
            self.sockets.scratch = scratch;
            if is_all {
                return;
            }
        }
        self.sockets.unread.push(id);
    }

    /// Reads and handles one buffer. None when there is nothing more to read.
    fn read_once(&mut self, id: SocketId, scratch: &mut [u8]) -> Option<usize> {
        let socket = self.sockets.find(id).filter(|socket| socket.phase != Phase::Checking)?;
        match socket.wire.read(scratch) {
            Ok(0) => {
                self.gone(id);
                None
            }
            Ok(length) => {
                self.take_bytes(id, &mut scratch[..length]);
                Some(length)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(_) => {
                self.gone(id);
                None
            }
        }
    }

    /// Handles the messages in `bytes`. Behind a goodbye they are only taken, so that the goodbye arrives: closing with
    /// unread bytes would take it back.
    pub(super) fn take_bytes(&mut self, id: SocketId, bytes: &mut [u8]) {
        let now = self.now();
        let Some(socket) = self.sockets.find(id).filter(|socket| !socket.is_closing()) else { return };
        socket.heard_at = now;
        let partial = socket.partial.take();
        let (limit, mut later) = (self.wire.frame_bytes_max, None);
        let mut reader = partial.map_or_else(FrameReader::default, |partial| *partial);
        let fed = reader.feed(bytes, limit, |message| self.take_message(id, &message, &mut later));
        if let Err(code) = fed {
            self.close(id, code, code.meaning());
        }
        let Some(socket) = self.sockets.find(id).filter(|socket| !socket.is_closing()) else { return };
        if reader.is_inside() {
            socket.partial = Some(Box::new(reader));
        }
        if let Some(later) = later {
            socket.phase = Phase::Checking;
            self.wants_check.push((id, later));
        }
    }

    /// Handles one message. Returns whether the next one is wanted.
    fn take_message(&mut self, id: SocketId, message: &Message<'_>, later: &mut Option<Later>) -> bool {
        match message {
            Message::Text(bytes) => self.take_frame(id, Codec::Json, bytes, later),
            Message::Binary(bytes) => self.take_frame(id, Codec::MsgPack, bytes, later),
            Message::Ping(payload) => self.pinged(id, payload),
            Message::Pong => true,
            Message::Close(_) => {
                self.close(id, CloseCode::Normal, "");
                false
            }
            Message::TooLarge(start) => {
                self.refuse_too_large(id, start);
                false
            }
        }
    }

    /// A control frame costs as much as a command: ten thousand pings are a flood.
    fn pinged(&mut self, id: SocketId, payload: &[u8]) -> bool {
        if !self.admit(id, None) {
            return self.is_open(id);
        }
        self.write_answer(id, frames::pong(payload).into());
        true
    }

    fn take_frame(&mut self, id: SocketId, codec: Codec, bytes: &[u8], later: &mut Option<Later>) -> bool {
        if let Some(later) = later {
            let fits = later.hold(bytes);
            if !fits {
                self.close_eager(id);
            }
            return fits;
        }
        match self.codec_of(id) {
            Some(agreed) if agreed == codec => self.commands(id, codec, bytes, later),
            Some(_) => self.close(id, CloseCode::WrongKind, CloseCode::WrongKind.meaning()),
            None => return false,
        }
        self.is_open(id)
    }

    pub(super) fn is_open(&mut self, id: SocketId) -> bool {
        self.sockets.find(id).is_some_and(|socket| !socket.is_closing())
    }

    /// A token was looked up: answers, handles what came behind it, and reads on.
    fn identified(
        &mut self,
        id: SocketId,
        (re, is_hello, held): (u64, bool, Vec<Vec<u8>>),
        identified: Result<Identity, IdentifyError>,
    ) {
        let Some(socket) = self.sockets.find(id).filter(|socket| !socket.is_closing()) else { return };
        socket.phase = Phase::Open;
        self.introduced(id, re, is_hello, identified);
        let mut again = None;
        for bytes in held {
            let Some(codec) = self.codec_of(id) else { return };
            if !self.take_frame(id, codec, &bytes, &mut again) {
                return;
            }
        }
        match (again, self.sockets.find(id)) {
            (Some(later), Some(socket)) => {
                socket.phase = Phase::Checking;
                self.wants_check.push((id, later));
            }
            // What came meanwhile was said of already.
            _ => self.sockets.unread.push(id),
        }
    }

    /// The connection is over: its rooms and counts are told.
    pub(super) fn gone(&mut self, id: SocketId) {
        self.detach(id);
        if let Some(socket) = self.sockets.remove(id) {
            self.links.limits.leave_address(socket.address);
            metrics::gauge!("plenum_sockets").decrement(1.0);
        }
    }

    /// Takes a socket out of all rooms and out of its person's count.
    pub(super) fn detach(&mut self, id: SocketId) {
        let rooms =
            self.sockets.find(id).map(|socket| socket.seats.iter().map(|seat| seat.room).collect::<Vec<_>>());
        for room in rooms.into_iter().flatten() {
            self.leave_room(id, room);
        }
        let who = self.sockets.find(id).and_then(|socket| socket.who.take());
        if let Some(who) = who {
            self.links.limits.leave_person(who.actor.participant);
        }
    }
}

/// Waits for the tokens that have to be looked up; a token that speaks for itself was answered already.
pub(crate) fn start_checks(cell: &ShardCell) {
    let wanting = std::mem::take(&mut cell.get().wants_check);
    for (id, later) in wanting {
        let cell = ShardCell::clone(cell);
        tokio::task::spawn_local(async move {
            let Later { answer, re, is_hello, held, .. } = later;
            let identified = answer.await;
            cell.get().identified(id, (re, is_hello, held), identified);
            cell.ring();
        });
    }
}
