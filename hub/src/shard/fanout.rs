//! One buffer, many sockets: the shard walks a room's readers and writes to each directly.

use std::collections::HashMap;

use plenum_rooms::RoomRef;
use plenum_rooms::engine::{AUDIENCES, Audience, Codec};

use super::message::{Frames, SocketId};
use super::state::Shard;
use crate::socket::{Place, Urgency};

/// So many sockets are written to before commands get a turn.
const WALK_STEP: usize = 256;

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

    /// All readers of a room.
    pub(super) fn of(&self, room: RoomRef) -> Vec<SocketId> {
        self.0.get(&room).into_iter().flat_map(|lists| lists.0.iter().flatten().flatten()).copied().collect()
    }

    pub(super) fn list(&self, frames: &Frames) -> &[SocketId] {
        self.0.get(&frames.room).map_or(&[], |lists| &lists.0[frames.audience.index()][frames.codec.index()])
    }
}

impl Shard {
    /// Goes on with the fan-outs, for a limited number of sockets. Returns whether there is more to do.
    pub(super) fn walk(&mut self) -> bool {
        let (mut budget, mut has_ended) = (WALK_STEP, false);
        while budget > 0 {
            let Some(mut walk) = self.walks.begin(&self.readers) else { return has_ended };
            if walk.is_new() {
                // Until now, what the room said next would have left in the same write; from here on it would come behind it.
                let room = walk.frames.room;
                self.desk_of(room).into_iter().for_each(|desk| desk.engine.telling(room));
            }
            let part = walk.take(budget);
            budget -= part.len();
            let urgency = Urgency::of(&walk.frames);
            for socket in &walk.readers[part.clone()] {
                self.write_shared(*socket, &walk.frames.bytes, urgency);
            }
            metrics::counter!("plenum_deliveries_total").increment(part.len() as u64);
            if let Some(room) = self.walks.put_back(walk) {
                if let Some(desk) = self.desk_of(room) {
                    desk.engine.told(room);
                }
                has_ended = true;
            }
        }
        has_ended || !self.walks.is_empty()
    }
}
