//! The sockets of a shard.

use std::net::IpAddr;
use std::rc::Rc;

use plenum_domain::Timestamp;
use plenum_protocol::Codec;
use plenum_rooms::RoomRef;
use slab::Slab;
use tokio::net::TcpStream;

use super::identity::Identity;
use super::outbox::Outbox;
use super::rooms::Place;
use crate::limits::Bucket;
use crate::shard::SocketId;

/// A room that a socket is in, or asked to be let into.
pub(super) struct Seat {
    pub(super) room: RoomRef,
    /// None while the answer is awaited.
    pub(super) place: Option<Place>,
}

/// One connection.
pub(super) struct Socket {
    pub(super) id: SocketId,
    pub(super) stream: Rc<TcpStream>,
    pub(super) codec: Codec,
    pub(super) address: IpAddr,
    /// Known after hello.
    pub(super) who: Option<Box<Identity>>,
    pub(super) seats: Vec<Seat>,
    pub(super) outbox: Outbox,
    pub(super) bucket: Bucket,
    pub(super) opened_at: Timestamp,
    pub(super) heard_at: Timestamp,
    pub(super) pinged_at: Timestamp,
    /// Refused in a row for going too fast.
    pub(super) refused: u32,
    /// A task waits for the kernel to take more.
    pub(super) has_writer: bool,
    /// A close frame was sent or is not wanted any more: nothing else is read or written.
    pub(super) closing: bool,
    /// When a drain closes it.
    pub(super) moves_at: Option<Timestamp>,
}

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
}

/// Generations go round from 1: who has no socket has generation 0.
const GENERATIONS: u32 = 0x00FF_FFFF;
/// A socket reads at most so many bytes at once.
const SCRATCH_BYTES: usize = 64 * 1024;

impl Sockets {
    pub(crate) fn new(shard: u8) -> Self {
        let never = Timestamp::from_ms(0);
        let scratch = vec![0; SCRATCH_BYTES];
        Self { shard, slab: Slab::new(), generation: 0, next_swept: 0, swept_at: never, scratch }
    }

    pub(crate) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(crate) fn blocked(&self) -> usize {
        self.slab.iter().filter(|(_, socket)| socket.outbox.is_blocked()).count()
    }

    pub(super) fn add(&mut self, make: impl FnOnce(SocketId) -> Socket) -> SocketId {
        self.generation = self.generation % GENERATIONS + 1;
        let entry = self.slab.vacant_entry();
        let id = SocketId { shard: self.shard, index: entry.key() as u32, generation: self.generation };
        entry.insert(make(id));
        id
    }

    pub(super) fn find(&mut self, id: SocketId) -> Option<&mut Socket> {
        self.slab.get_mut(id.index as usize).filter(|socket| socket.id.generation == id.generation)
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
        let part =
            (self.next_swept..end).filter_map(|place| self.slab.get(place)).map(|socket| socket.id).collect();
        self.next_swept = if end >= self.slab.capacity() { 0 } else { end };
        part
    }

    pub(super) fn capacity(&self) -> usize {
        self.slab.capacity()
    }
}
