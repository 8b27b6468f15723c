//! One buffer, many sockets: the shard walks a room's readers and writes to each directly.

use std::collections::HashMap;

use bytes::{Bytes, BytesMut};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{AUDIENCES, Audience, Codec};

use super::message::{Frames, SocketId};
use super::state::Shard;
use crate::socket::{Place, Urgency};

/// So many sockets are written to before commands get a turn.
const WALK_STEP: usize = 256;
/// Frames of one room that wait for their walk are merged into one write, up to so many bytes.
const MERGED_BYTES_MAX: usize = 32 * 1024;

/// The local readers of every room.
#[derive(Default)]
pub(super) struct Readers(HashMap<RoomRef, Lists>);

/// A room's readers by audience and codec.
#[derive(Default)]
struct Lists([[Vec<SocketId>; 2]; AUDIENCES.len()]);

impl Readers {
    /// Adds a reader. Returns its place in its list.
    pub(super) fn add(&mut self, room: RoomRef, audience: Audience, codec: Codec, socket: SocketId) -> Place {
        let list = &mut self.0.entry(room).or_default().0[audience.index()][codec.index()];
        list.push(socket);
        Place { audience, codec, at: list.len() - 1 }
    }

    /// Removes a reader. Returns the reader that took its place in the list, if one did.
    pub(super) fn remove(&mut self, room: RoomRef, place: Place) -> Option<SocketId> {
        let lists = self.0.get_mut(&room)?;
        let list = &mut lists.0[place.audience.index()][place.codec.index()];
        if place.at >= list.len() {
            return None;
        }
        list.swap_remove(place.at);
        let moved = list.get(place.at).copied();
        if lists.0.iter().flatten().all(Vec::is_empty) {
            self.0.remove(&room);
        }
        moved
    }

    fn list(&self, frames: &Frames) -> &[SocketId] {
        self.0.get(&frames.room).map_or(&[], |lists| &lists.0[frames.audience.index()][frames.codec.index()])
    }
}

/// A fan-out that is under way or waits.
pub(super) struct Walk {
    frames: Frames,
    /// The readers as they were when it began: who comes later has it in the state, and who came while it waited
    /// passes over what its state has already.
    readers: Option<Vec<SocketId>>,
    next: usize,
}

impl Shard {
    /// Begins to write frames to all local readers; merges them into a walk that has not begun.
    pub(super) fn fan_out(&mut self, frames: Frames) {
        if let Some(waiting) = self.walks.back_mut().filter(|walk| walk.takes(&frames)) {
            waiting.frames.bytes = joined(&waiting.frames.bytes, &frames.bytes);
            return;
        }
        self.walks.push_back(Walk { frames, readers: None, next: 0 });
    }

    /// Goes on with the fan-outs, for a limited number of sockets. Returns whether there is more to do.
    pub(super) fn walk(&mut self) -> bool {
        let mut budget = WALK_STEP;
        while budget > 0 {
            let Some(mut walk) = self.walks.pop_front() else { return false };
            let readers = walk.readers.take().unwrap_or_else(|| self.readers.list(&walk.frames).to_vec());
            let end = readers.len().min(walk.next + budget);
            budget -= end - walk.next;
            let urgency = Urgency::of(&walk.frames);
            for socket in &readers[walk.next..end] {
                self.write_shared(*socket, &walk.frames.bytes, urgency);
            }
            metrics::counter!("plenum_deliveries_total").increment((end - walk.next) as u64);
            if end < readers.len() {
                self.walks.push_front(Walk { frames: walk.frames, readers: Some(readers), next: end });
            }
        }
        !self.walks.is_empty()
    }
}

impl Walk {
    /// Whether `frames` may leave in the same write.
    fn takes(&self, frames: &Frames) -> bool {
        let is_same = self.frames.room == frames.room
            && self.frames.audience == frames.audience
            && self.frames.codec == frames.codec
            && self.frames.ephemeral == frames.ephemeral;
        is_same && self.readers.is_none() && self.frames.bytes.len() + frames.bytes.len() <= MERGED_BYTES_MAX
    }
}

fn joined(first: &Bytes, second: &Bytes) -> Bytes {
    let mut both = BytesMut::with_capacity(first.len() + second.len());
    both.extend_from_slice(first);
    both.extend_from_slice(second);
    both.freeze()
}
