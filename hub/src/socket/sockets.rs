//! The sockets of a shard.

use std::io;
use std::net::IpAddr;
use std::os::fd::OwnedFd;

use plenum_domain::Timestamp;
use plenum_protocol::Codec;
use plenum_rooms::RoomRef;
use slab::Slab;

use super::frames::FrameReader;
use super::identity::Identity;
use super::outbox::Outbox;
use super::ready::{Readiness, Ready};
use super::rooms::Place;
use super::wire::Wire;
use crate::limits::Bucket;
use crate::shard::SocketId;

/// A room that a socket is in, or asked to be let into.
pub(super) struct Seat {
    pub(super) room: RoomRef,
    /// None while the answer is awaited.
    pub(super) place: Option<Place>,
}

/// How far a socket's life has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is read and written.
    Open,
    /// Its token is being looked up: it is read on once the answer is there.
    Checking,
    /// Its goodbye was said: nothing else is handled or sent.
    Closing,
}

/// One connection. Thousands of them lie idle, so what few need is on the heap.
pub(super) struct Socket {
    pub(super) id: SocketId,
    pub(super) wire: Wire,
    pub(super) codec: Codec,
    pub(super) phase: Phase,
    /// Refused in a row for going too fast.
    pub(super) refused: u8,
    /// What waits, when something does.
    pub(super) outbox: Option<Box<Outbox>>,
    /// A message that is not whole yet.
    pub(super) partial: Option<Box<FrameReader>>,
    /// Known after hello.
    pub(super) who: Option<Box<Identity>>,
    pub(super) seats: Vec<Seat>,
    pub(super) bucket: Bucket,
    pub(super) heard_at: Timestamp,
    pub(super) pinged_at: Timestamp,
    /// When its patience ends: for the hello, for a drain, for a goodbye that is not taken.
    pub(super) until: Timestamp,
    pub(super) address: IpAddr,
}

impl Socket {
    pub(super) fn is_closing(&self) -> bool {
        self.phase == Phase::Closing
    }
}

/// Later than everything.
pub(super) const NEVER: Timestamp = Timestamp::from_ms(i64::MAX);

/// All connections of a shard, by place.
pub(crate) struct Sockets {
    shard: u8,
    slab: Slab<Socket>,
    /// How often places were used: an old number of a place that is in use again names nobody.
    generation: u32,
    pub(super) next_swept: usize,
    pub(super) swept_at: Timestamp,
    /// One buffer to read into for all sockets of the shard.
    pub(super) scratch: Vec<u8>,
    readiness: Readiness,
    /// Sockets that have more to read than they may at once.
    pub(super) unread: Vec<SocketId>,
}

/// Generations go round from 1: who has no socket has generation 0.
const GENERATIONS: u32 = 0x00FF_FFFF;
/// A socket reads at most so many bytes at once.
const SCRATCH_BYTES: usize = 64 * 1024;

impl Sockets {
    /// # Errors
    /// The process has no file descriptor left.
    pub(crate) fn new(shard: u8) -> io::Result<Self> {
        Ok(Self {
            shard,
            slab: Slab::new(),
            generation: 0,
            next_swept: 0,
            swept_at: Timestamp::from_ms(0),
            scratch: vec![0; SCRATCH_BYTES],
            readiness: Readiness::new()?,
            unread: Vec::new(),
        })
    }

    /// A handle that is readable whenever a socket is ready.
    ///
    /// # Errors
    /// The process has no file descriptor left.
    pub(crate) fn handle(&self) -> io::Result<OwnedFd> {
        self.readiness.handle()
    }

    pub(crate) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(crate) fn blocked(&self) -> usize {
        let waits = |socket: &Socket| socket.outbox.as_ref().is_some_and(|outbox| outbox.is_blocked());
        self.slab.iter().filter(|(_, socket)| waits(socket)).count()
    }

    pub(crate) fn outbox_bytes(&self) -> usize {
        self.slab.iter().filter_map(|(_, socket)| socket.outbox.as_ref()).map(|outbox| outbox.bytes()).sum()
    }

    /// Adds a connection that is listened to from now on.
    ///
    /// # Errors
    /// The system does not take it on.
    pub(super) fn add(
        &mut self,
        mut wire: Wire,
        make: impl FnOnce(SocketId, Wire) -> Socket,
    ) -> io::Result<SocketId> {
        let entry = self.slab.vacant_entry();
        wire.register(self.readiness.registry(), entry.key())?;
        self.generation = self.generation % GENERATIONS + 1;
        let id = SocketId { shard: self.shard, index: entry.key() as u32, generation: self.generation };
        entry.insert(make(id, wire));
        Ok(id)
    }

    /// The sockets that are ready, and whether there may be more.
    pub(super) fn ready(&mut self) -> (Vec<Ready>, bool) {
        let mut ready = Vec::new();
        let more = self.readiness.take(&mut ready);
        (ready, more)
    }

    pub(super) fn find(&mut self, id: SocketId) -> Option<&mut Socket> {
        self.slab.get_mut(id.index as usize).filter(|socket| socket.id.generation == id.generation)
    }

    /// Who is at a place now.
    pub(super) fn at(&self, place: usize) -> Option<SocketId> {
        self.slab.get(place).map(|socket| socket.id)
    }

    pub(super) fn remove(&mut self, id: SocketId) -> Option<Socket> {
        self.find(id)?;
        let socket = self.slab.try_remove(id.index as usize);
        if self.slab.is_empty() {
            self.slab.shrink_to_fit();
        }
        socket
    }

    pub(super) fn ids(&self) -> Vec<SocketId> {
        self.slab.iter().map(|(_, socket)| socket.id).collect()
    }

    /// The sockets of the next part of the slab, going round.
    pub(super) fn next_part(&mut self, places: usize) -> Vec<SocketId> {
        let end = self.next_swept + places;
        let part = (self.next_swept..end).filter_map(|place| self.at(place)).collect();
        self.next_swept = if end >= self.slab.capacity() { 0 } else { end };
        part
    }

    pub(super) fn capacity(&self) -> usize {
        self.slab.capacity()
    }
}
