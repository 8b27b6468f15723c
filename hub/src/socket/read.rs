//! One task a socket: it waits for bytes, and owns some only while a message is incomplete.

use std::rc::Rc;
use std::time::Duration;

use plenum_protocol::{CloseCode, Codec};
use tokio::net::TcpStream;

use super::commands::Later;
use super::frames::{self, FrameReader, Message};
use super::identity::Identify;
use crate::shard::{Shard, ShardCell, SocketId};

/// A socket that sends without a pause lets others read after so many buffers.
const READS_IN_A_ROW: usize = 4;
/// How long a goodbye may take.
const LINGER: Duration = Duration::from_secs(2);

/// What a socket's task does next.
enum Next {
    /// Wait until there is something to read.
    Wait,
    /// Let others have a turn, then read on.
    GoOn,
    /// A token must be checked first; what came behind it waits.
    Later(Later),
    /// The connection is over.
    End,
}

/// Reads a socket to its end. `first` holds bytes that came with the handshake.
pub(super) async fn run(
    cell: ShardCell,
    id: SocketId,
    stream: Rc<TcpStream>,
    first: Vec<u8>,
    who: std::sync::Arc<dyn Identify>,
) {
    let mut reader = FrameReader::default();
    let mut next = if first.is_empty() { Next::Wait } else { cell.get().feed(id, &mut reader, first) };
    loop {
        match next {
            Next::End => break,
            Next::GoOn => tokio::task::yield_now().await,
            Next::Wait if stream.readable().await.is_err() => break,
            Next::Wait => {}
            Next::Later(later) => {
                let identified = who.identify(&later.token).await;
                next = cell.get().identified(id, later, identified);
                cell.ring();
                continue;
            }
        }
        next = cell.get().read(id, &mut reader, &stream);
        cell.ring();
    }
    cell.ring();
    // On the heap: an open socket's task must not hold room for its goodbye. One that takes none is not waited for.
    let _ = Box::pin(tokio::time::timeout(LINGER, linger(&cell, id, &stream))).await;
    cell.get().gone(id);
    cell.ring();
}

/// Lets the last frames out and the client's last ones in: closing with unread bytes would take the close frame back.
async fn linger(cell: &ShardCell, id: SocketId, stream: &TcpStream) {
    while cell.get().write_on(id) {
        if stream.writable().await.is_err() {
            return;
        }
    }
    if socket2::SockRef::from(stream).shutdown(std::net::Shutdown::Write).is_err() {
        return;
    }
    let mut rest = [0; 1_024];
    while stream.readable().await.is_ok() {
        match stream.try_read(&mut rest) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

impl Shard {
    /// Reads what is there, for a limited time.
    fn read(&mut self, id: SocketId, reader: &mut FrameReader, stream: &TcpStream) -> Next {
        for _ in 0..READS_IN_A_ROW {
            let mut scratch = std::mem::take(&mut self.sockets.scratch);
            let read = stream.try_read(&mut scratch);
            let next = match read {
                Ok(0) => Some(Next::End),
                Ok(length) => self.take_bytes(id, reader, &mut scratch[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Some(Next::Wait),
                Err(_) => Some(Next::End),
            };
            self.sockets.scratch = scratch;
            if let Some(next) = next {
                return next;
            }
        }
        Next::GoOn
    }

    fn feed(&mut self, id: SocketId, reader: &mut FrameReader, mut bytes: Vec<u8>) -> Next {
        self.take_bytes(id, reader, &mut bytes).unwrap_or(Next::GoOn)
    }

    /// Handles the messages in `bytes`. None when reading may go on.
    fn take_bytes(&mut self, id: SocketId, reader: &mut FrameReader, bytes: &mut [u8]) -> Option<Next> {
        let now = self.now();
        let socket = self.sockets.find(id)?;
        if socket.closing {
            return Some(Next::End);
        }
        socket.heard_at = now;
        let (limit, mut later) = (self.wire.frame_bytes_max, None);
        let fed = reader.feed(bytes, limit, |message| self.take_message(id, &message, &mut later));
        if let Err(code) = fed {
            self.close(id, code, code.meaning());
        }
        if self.sockets.find(id).is_none_or(|socket| socket.closing) {
            return Some(Next::End);
        }
        later.map(Next::Later)
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
        self.sockets.find(id).is_some_and(|socket| !socket.closing)
    }

    /// A token was checked: answers, and handles what came behind it.
    fn identified(
        &mut self,
        id: SocketId,
        later: Later,
        identified: Result<super::Identity, super::IdentifyError>,
    ) -> Next {
        let (held, mut again) = (later.held, None);
        self.introduced(id, later.re, later.is_hello, identified);
        for bytes in held {
            let Some(codec) = self.codec_of(id) else { return Next::End };
            if !self.take_frame(id, codec, &bytes, &mut again) {
                return Next::End;
            }
        }
        match again {
            Some(later) => Next::Later(later),
            None if self.is_open(id) => Next::GoOn,
            None => Next::End,
        }
    }

    /// The connection is over: its rooms and counts are told.
    fn gone(&mut self, id: SocketId) {
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
