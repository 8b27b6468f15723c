//! What a socket could not be written yet. Bounded: digests replace each other, then all pushes give way to one look at
//! the state, then the socket is closed.

use std::collections::VecDeque;
use std::io;

use bytes::Bytes;
use plenum_domain::Timestamp;
use plenum_rooms::RoomRef;

use super::wire::Wire;
use crate::shard::Frames;

/// Pushes that wait for a slow client hold no more than this, in bytes; then its rooms are marked for a fresh state.
const PUSHES_BYTES_MAX: usize = 16 * 1024;
/// Answers wait as well; a client that lets more pile up than this does not read at all.
const BYTES_MAX: usize = 1024 * 1024;
/// Frames that leave in one call.
const WRITE_SLICES: usize = 16;

/// How long a client that does not read is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A client that is blocked for so long gets the state instead of what it missed, in milliseconds.
    pub stale_after_ms: i64,
    /// A client that takes nothing for so long is closed, in milliseconds.
    pub close_after_ms: i64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { stale_after_ms: 5_000, close_after_ms: 20_000 }
    }
}

/// What may happen to a frame that has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// An answer: waits.
    Keep,
    /// A push of a room: gives way to the room's state.
    Push(RoomRef),
    /// Nobody keeps it: dropped.
    Ephemeral,
}

impl Urgency {
    pub(crate) const fn of(frames: &Frames) -> Self {
        if frames.ephemeral { Self::Ephemeral } else { Self::Push(frames.room) }
    }
}

struct Waiting {
    bytes: Bytes,
    urgency: Urgency,
}

/// How a write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// Nothing waits.
    All,
    /// Something waits: the socket's writer goes on when the kernel takes more.
    Waits,
    /// The socket is gone.
    Gone,
    /// The client does not read: close it.
    TooSlow,
}

/// The frames that wait, in order. A socket has one only while something waits.
#[derive(Default)]
pub(super) struct Outbox {
    queue: VecDeque<Waiting>,
    /// Bytes of the first frame that the kernel has.
    sent: usize,
    bytes: usize,
    pushes_bytes: usize,
    blocked_since: Option<Timestamp>,
    last_progress: Timestamp,
    /// Rooms whose pushes were dropped: shown the state once the client reads again.
    stale: Vec<RoomRef>,
}

impl Outbox {
    /// The outbox of a client that took only `sent` bytes of a frame.
    pub(super) fn blocked(bytes: Bytes, urgency: Urgency, sent: usize, now: Timestamp) -> Self {
        let mut outbox = Self { blocked_since: Some(now), last_progress: now, sent, ..Self::default() };
        // A frame of which a part is out must be finished, whatever it is.
        outbox.push(bytes, if sent > 0 { Urgency::Keep } else { urgency });
        outbox
    }

    /// Keeps a frame that must wait behind others, or lets it give way.
    pub(super) fn hold(&mut self, bytes: &Bytes, urgency: Urgency) -> Written {
        match urgency {
            Urgency::Ephemeral => return Written::Waits,
            Urgency::Push(room) if self.stale.contains(&room) => return Written::Waits,
            Urgency::Push(room) if self.pushes_bytes + bytes.len() > PUSHES_BYTES_MAX => {
                self.drop_pushes(|other| other == room);
                return Written::Waits;
            }
            _ if self.bytes + bytes.len() > BYTES_MAX => return Written::TooSlow,
            _ => self.push(bytes.clone(), urgency),
        }
        Written::Waits
    }

    fn push(&mut self, bytes: Bytes, urgency: Urgency) {
        self.bytes += bytes.len();
        if matches!(urgency, Urgency::Push(_)) {
            self.pushes_bytes += bytes.len();
        }
        self.queue.push_back(Waiting { bytes, urgency });
    }

    /// Drops the pushes of rooms, and marks those rooms.
    fn drop_pushes(&mut self, of: impl Fn(RoomRef) -> bool) {
        let mut kept = VecDeque::with_capacity(self.queue.len());
        let begun = usize::from(self.sent > 0);
        for (place, waiting) in std::mem::take(&mut self.queue).into_iter().enumerate() {
            match waiting.urgency {
                Urgency::Push(room) if place >= begun && of(room) => {
                    self.bytes -= waiting.bytes.len();
                    self.pushes_bytes -= waiting.bytes.len();
                    self.mark_stale(room);
                }
                _ => kept.push_back(waiting),
            }
        }
        self.queue = kept;
    }

    fn mark_stale(&mut self, room: RoomRef) {
        if !self.stale.contains(&room) {
            metrics::counter!("plenum_resyncs_total").increment(1);
            self.stale.push(room);
        }
    }

    /// Writes on what waits.
    pub(super) fn flush(&mut self, wire: &Wire, now: Timestamp) -> Written {
        while !self.queue.is_empty() {
            match self.send(wire) {
                Ok(0) => return Written::Gone,
                Ok(sent) => {
                    self.last_progress = now;
                    self.forget(sent);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.blocked_since.get_or_insert_with(|| {
                        self.last_progress = now;
                        now
                    });
                    return Written::Waits;
                }
                Err(_) => return Written::Gone,
            }
        }
        Written::All
    }

    fn send(&self, wire: &Wire) -> io::Result<usize> {
        if let (1, Some(only)) = (self.queue.len(), self.queue.front()) {
            return wire.send(&only.bytes[self.sent..]);
        }
        let slices: Vec<io::IoSlice<'_>> = self.slices().collect();
        wire.send_pieces(&slices)
    }

    fn slices(&self) -> impl Iterator<Item = io::IoSlice<'_>> {
        let first = self.sent;
        self.queue.iter().take(WRITE_SLICES).enumerate().map(move |(place, waiting)| {
            io::IoSlice::new(if place == 0 { &waiting.bytes[first..] } else { &waiting.bytes })
        })
    }

    fn forget(&mut self, mut sent: usize) {
        sent += self.sent;
        while let Some(first) = self.queue.front() {
            let length = first.bytes.len();
            if sent < length {
                break;
            }
            sent -= length;
            self.bytes -= length;
            if matches!(first.urgency, Urgency::Push(_)) {
                self.pushes_bytes -= length;
            }
            self.queue.pop_front();
        }
        self.sent = sent;
    }

    /// Looks at how long the client has been blocked.
    pub(super) fn check(&mut self, now: Timestamp, patience: Patience) -> Written {
        let Some(since) = self.blocked_since else { return Written::All };
        if now.since_ms(self.last_progress) >= patience.close_after_ms {
            return Written::TooSlow;
        }
        if now.since_ms(since) >= patience.stale_after_ms {
            self.drop_pushes(|_| true);
        }
        Written::Waits
    }

    /// The rooms whose state must be shown, now that nothing waits any more.
    pub(super) fn into_stale(self) -> Vec<RoomRef> {
        self.stale
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.is_some()
    }
}
