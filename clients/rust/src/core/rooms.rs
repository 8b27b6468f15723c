//! The rooms that somebody listens to.

use std::collections::BTreeMap;

use plenum_protocol::Codec;

use super::follower::Follower;

/// One room that is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) follower: Follower,
    /// A join is under way.
    pub(crate) asking: bool,
    /// The next join must bring the whole state, whatever place is held.
    pub(crate) wants_all: bool,
    pub(crate) tries: u32,
    /// When to ask again after a refusal that passes.
    pub(crate) retry_at_ms: Option<i64>,
}

impl Wanted {
    pub(crate) fn new(codec: Codec, room: &str) -> Self {
        Self {
            follower: Follower::new(codec, room),
            asking: false,
            wants_all: false,
            tries: 0,
            retry_at_ms: None,
        }
    }
}

/// All that are wanted, by name.
pub(crate) type Rooms = BTreeMap<String, Wanted>;

/// The names of those that should be asked for now.
pub(crate) fn due(rooms: &Rooms, now_ms: i64) -> Vec<String> {
    let due = rooms.iter().filter(|(_, room)| room.retry_at_ms.is_some_and(|at_ms| at_ms <= now_ms));
    due.map(|(name, _)| name.clone()).collect()
}

/// When the next one should be asked for.
pub(crate) fn next_at_ms(rooms: &Rooms) -> Option<i64> {
    rooms.values().filter_map(|room| room.retry_at_ms).min()
}
