//! Many sockets that only listen, at the least cost: a thread, a buffer, frames counted by their headers. A few of them
//! read what they get, so that it is known when what arrived.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Read as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use plenum_protocol::{Codec, Limits, ServerMessage, parse_server_frame};

use crate::conn::{Conn, frame_at};

/// How long the thread sleeps when nothing is there. It sleeps instead of waiting for its sockets, so that nobody who
/// writes to one has to wake it: a crowd on machines of its own is not woken by the hub's core either.
const NAP: Duration = Duration::from_micros(500);
/// Bytes read at once.
const BUFFER_BYTES: usize = 256 * 1024;
/// The longest head of a server's frame (RFC 6455 §5.2, without a mask).
const HEAD_BYTES: usize = 10;

/// What all sockets of a swarm got so far.
#[derive(Default)]
pub(crate) struct Counts {
    frames: AtomicU64,
    bytes: AtomicU64,
    ended: AtomicU64,
    is_over: AtomicBool,
    /// By their names, what reading sockets got that nobody keeps.
    passing: Mutex<BTreeMap<String, u64>>,
}

impl Counts {
    /// How often reading sockets got what nobody keeps (who is there, reactions), by its name.
    pub(crate) fn passing(&self) -> BTreeMap<String, u64> {
        self.passing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn passed(&self, name: &str) {
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        *passing.entry(name.to_owned()).or_default() += 1;
    }

    /// Whole frames that carry something: pings, which a hub sends to whoever is silent, are none.
    pub(crate) fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Sockets that were closed by the other side.
    pub(crate) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }
}

/// A push that a reading socket got.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    /// Which socket.
    pub(crate) ear: usize,
    /// The room, as [`room_mark`] has it.
    pub(crate) room: u64,
    /// The room's seq up to which it tells.
    pub(crate) seq: u64,
    pub(crate) at: Instant,
}

/// A number for a room's name.
pub(crate) fn room_mark(name: &str) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// Sockets that listen.
pub(crate) struct Swarm {
    pub(crate) counts: Arc<Counts>,
    pub(crate) sockets: usize,
    threads: Vec<JoinHandle<io::Result<Vec<Heard>>>>,
}

impl Swarm {
    /// Listens with these connections; every `reading`th reads what it gets (0: none does).
    pub(crate) fn listen(conns: Vec<Conn>, reading: usize) -> io::Result<Self> {
        Self::listen_in(1, conns, reading)
    }

    /// The same in so many threads, where the crowd has more cores than one.
    pub(crate) fn listen_in(threads: usize, conns: Vec<Conn>, reading: usize) -> io::Result<Self> {
        let mut ears = Vec::with_capacity(conns.len());
        for (n, conn) in conns.into_iter().enumerate() {
            let is_reading = reading > 0 && n % reading == 0;
            ears.push(Ear::new(conn, is_reading)?);
        }
        Self::start(threads, ears)
    }

    /// Counts frames on plain connections.
    pub(crate) fn count(streams: Vec<std::net::TcpStream>) -> io::Result<Self> {
        let counting =
            |stream| Ear { stream: TcpStream::from_std(stream), skip: 0, head: Vec::new(), reads: None };
        Self::start(1, streams.into_iter().map(counting).collect())
    }

    fn start(threads: usize, mut ears: Vec<Ear>) -> io::Result<Self> {
        let counts = Arc::new(Counts::default());
        let (sockets, mut started) = (ears.len(), Vec::with_capacity(threads));
        for n in 0..threads {
            // The last ones first, so that each keeps its place.
            let (shared, first) = (Arc::clone(&counts), sockets * (threads - 1 - n) / threads);
            let mine = ears.split_off(first);
            let listen = move || listen(mine, first, &shared);
            started.push(std::thread::Builder::new().name("swarm".to_owned()).spawn(listen)?);
        }
        Ok(Self { counts, sockets, threads: started })
    }

    /// Waits until so many frames have come since the swarm began.
    ///
    /// # Errors
    /// They do not come in time.
    pub(crate) async fn reach(&self, frames: u64, within: Duration) -> io::Result<()> {
        let until = Instant::now() + within;
        while self.counts.frames() < frames {
            if Instant::now() > until {
                let (has, ended) = (self.counts.frames(), self.counts.ended());
                return Err(io::Error::other(format!(
                    "{has} of {frames} frames came, {ended} sockets ended"
                )));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Waits until nothing has come for a while.
    pub(crate) async fn settle(&self) {
        let mut before = u64::MAX;
        while before != self.counts.frames() {
            before = self.counts.frames();
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
    }

    /// Closes all and returns what was read.
    pub(crate) fn stop(self) -> io::Result<Vec<Heard>> {
        self.counts.is_over.store(true, Ordering::Relaxed);
        let mut heard = Vec::new();
        for thread in self.threads {
            heard.extend(thread.join().map_err(|_| io::Error::other("a swarm's thread panicked"))??);
        }
        Ok(heard)
    }
}

/// One socket.
struct Ear {
    stream: TcpStream,
    /// Bytes of the frame at hand that are still to come.
    skip: usize,
    /// The beginning of a frame's head.
    head: Vec<u8>,
    reads: Option<Reads>,
}

/// What a reading socket keeps.
struct Reads {
    codec: Codec,
    inbox: Vec<u8>,
}

impl Ear {
    fn new(conn: Conn, is_reading: bool) -> io::Result<Self> {
        let (stream, codec, inbox) = conn.into_parts()?;
        let mut ear = Self { stream: TcpStream::from_std(stream), skip: 0, head: Vec::new(), reads: None };
        if is_reading {
            ear.reads = Some(Reads { codec, inbox });
        } else {
            ear.walk(&inbox);
        }
        Ok(ear)
    }

    /// Counts the frames that begin in `bytes` and carry something.
    fn walk(&mut self, mut bytes: &[u8]) -> u64 {
        let mut frames = 0;
        loop {
            if self.skip >= bytes.len() {
                self.skip -= bytes.len();
                return frames;
            }
            bytes = &bytes[self.skip..];
            self.skip = 0;
            let Some(head) = self.head(bytes) else { return frames };
            bytes = &bytes[head.size..];
            self.skip = head.length;
            frames += u64::from(!head.is_control);
        }
    }

    /// Takes a frame's head, of which the rest is in `bytes`; none when it is not whole.
    fn head(&mut self, bytes: &[u8]) -> Option<Head> {
        if self.head.is_empty()
            && let Some(head) = head_of(bytes)
        {
            return Some(head);
        }
        let before = self.head.len();
        self.head.extend(bytes.iter().take(HEAD_BYTES - before));
        let head = head_of(&self.head)?;
        self.head.clear();
        Some(Head { size: head.size - before, ..head })
    }
}

/// What a frame begins with (RFC 6455 §5.2).
struct Head {
    /// Bytes of the payload.
    length: usize,
    /// Bytes of the head itself.
    size: usize,
    /// Whether it is a ping, a pong or a close.
    is_control: bool,
}

/// The bit of an opcode that control frames have.
const CONTROL: u8 = 0x08;

/// The head, when it is whole.
fn head_of(bytes: &[u8]) -> Option<Head> {
    let (length, size) = match *bytes.get(1)? {
        126 => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
        127 => (u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize, 10),
        short => (usize::from(short), 2),
    };
    Some(Head { length, size, is_control: bytes[0] & CONTROL != 0 })
}

/// Listens with these sockets, of which the first one is the swarm's `first`.
fn listen(mut ears: Vec<Ear>, first: usize, counts: &Counts) -> io::Result<Vec<Heard>> {
    let (mut poll, mut events) = (Poll::new()?, Events::with_capacity(4_096));
    for (place, ear) in ears.iter_mut().enumerate() {
        poll.registry().register(&mut ear.stream, Token(place), Interest::READABLE)?;
    }
    let (mut buffer, mut heard) = (vec![0; BUFFER_BYTES], Vec::new());
    while !counts.is_over.load(Ordering::Relaxed) {
        match poll.poll(&mut events, Some(Duration::ZERO)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
            _ if events.is_empty() => std::thread::sleep(NAP),
            _ => {}
        }
        for event in &events {
            let place = event.token().0;
            if take(&mut ears[place], first + place, counts, &mut buffer, &mut heard) {
                counts.ended.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    Ok(heard)
}

/// Reads all that is there. Returns whether it was the end.
fn take(ear: &mut Ear, place: usize, counts: &Counts, buffer: &mut [u8], heard: &mut Vec<Heard>) -> bool {
    loop {
        let length = match ear.stream.read(buffer) {
            Ok(0) => return true,
            Ok(length) => length,
            Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
        };
        let frames = match &mut ear.reads {
            Some(reads) => reads.hear(place, &buffer[..length], counts, heard),
            None => ear.walk(&buffer[..length]),
        };
        counts.frames.fetch_add(frames, Ordering::Relaxed);
        counts.bytes.fetch_add(length as u64, Ordering::Relaxed);
        if length < buffer.len() {
            return false;
        }
    }
}

impl Reads {
    fn hear(&mut self, ear: usize, bytes: &[u8], counts: &Counts, heard: &mut Vec<Heard>) -> u64 {
        let at = Instant::now();
        self.inbox.extend_from_slice(bytes);
        let (mut used, mut frames) = (0, 0);
        while let Some((first, start, end)) = frame_at(&self.inbox[used..]) {
            used += end;
            if first & CONTROL != 0 {
                continue;
            }
            frames += 1;
            let payload = &self.inbox[used - end + start..used];
            for message in parse_server_frame(self.codec, payload, &Limits::SERVER) {
                let Ok(ServerMessage::Push(push)) = &message else { continue };
                let Some(seq) = push.seq else {
                    counts.passed(&push.ev);
                    continue;
                };
                let room = room_mark(push.room.as_deref().unwrap_or_default());
                heard.push(Heard { ear, room, seq, at });
            }
        }
        self.inbox.drain(..used);
        frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_but_no_pings_are_counted_however_they_are_cut() {
        let ping = || vec![0x89, 0];
        let frame = |length: usize| match length {
            0..=125 => [vec![0x81, length as u8], vec![7; length]].concat(),
            _ => [vec![0x81, 126], (length as u16).to_be_bytes().to_vec(), vec![7; length]].concat(),
        };
        let all = [0, 5, 125, 126, 300, 0, 1].into_iter().flat_map(|length| [ping(), frame(length)].concat());
        let all: Vec<u8> = all.collect();
        for piece in 1..all.len() {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let stream = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let mut ear = Ear { stream: TcpStream::from_std(stream), skip: 0, head: Vec::new(), reads: None };
            let counted: u64 = all.chunks(piece).map(|part| ear.walk(part)).sum();
            assert_eq!(counted, 7, "in pieces of {piece}");
        }
    }
}
