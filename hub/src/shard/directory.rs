//! Which rooms there are, where they belong, and which shard owns them.

use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;
use plenum_domain::Id;
use plenum_rooms::{RoomRef, Scope};

/// A room's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) scope: Scope,
    pub(crate) shard: usize,
}

/// All rooms of the node, for every shard and for REST to look at.
#[derive(Debug)]
pub(crate) struct Directory {
    rooms: DashMap<RoomRef, Place>,
    shards: usize,
    open: AtomicUsize,
}

impl Directory {
    pub(crate) fn new(shards: usize) -> Self {
        Self { rooms: DashMap::new(), shards, open: AtomicUsize::new(0) }
    }

    /// The shard that owns a conference: all of its rooms have one owner.
    pub(crate) fn owner(&self, conference: Id) -> usize {
        let bits = conference.bits();
        let mixed = ((bits >> 64) as u64 ^ bits as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize % self.shards
    }

    /// Enters a room. A room that is there keeps its place: nobody takes over another one's name.
    pub(crate) fn enter(&self, room: RoomRef, scope: Scope) {
        let place = Place { scope, shard: self.owner(scope.conference) };
        self.rooms.entry(room).or_insert_with(|| {
            self.open.fetch_add(1, Ordering::Relaxed);
            place
        });
    }

    pub(crate) fn find(&self, room: RoomRef) -> Option<Place> {
        self.rooms.get(&room).map(|place| *place)
    }

    pub(crate) fn len(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conference_has_one_owner_and_a_name_one_place() {
        let directory = Directory::new(4);
        let scope = |n| Scope { tenant: Id::from_bits(n), conference: Id::from_bits(n), session: None };
        let room = RoomRef::new("poll", Id::from_bits(9));
        directory.enter(room, scope(1));
        directory.enter(room, scope(2));
        assert_eq!(directory.find(room).map(|place| place.scope), Some(scope(1)));
        assert_eq!(directory.len(), 1);
        let owners: std::collections::BTreeSet<usize> =
            (0..100).map(|n| directory.owner(Id::from_bits(n))).collect();
        assert_eq!(owners.len(), 4, "conferences spread over the shards");
    }
}
