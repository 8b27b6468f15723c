//! Who waits for an answer of the engine.

use plenum_rooms::RoomRef;
use slab::Slab;
use tokio::sync::oneshot;

use super::message::{Answer, SocketId};

/// Someone who asked.
pub(crate) enum Waiting {
    /// A socket, for the reply to its command `re`.
    Reply { socket: SocketId, re: u64 },
    /// A socket that wants into a room.
    Join { socket: SocketId, re: u64, room: RoomRef },
    /// A socket that fell behind in a room: it is shown the state.
    Resync { socket: SocketId, room: RoomRef },
    /// A socket whose room has another owner: it goes on from where it is.
    Rejoin { socket: SocketId },
    /// REST.
    Rest(oneshot::Sender<Answer>),
}

/// Those who wait, by place.
#[derive(Default)]
pub(super) struct Waiters(Slab<Waiting>);

impl Waiters {
    pub(super) fn add(&mut self, waiting: Waiting) -> usize {
        self.0.insert(waiting)
    }

    pub(super) fn take(&mut self, place: usize) -> Option<Waiting> {
        self.0.try_remove(place)
    }

    /// Everyone of REST who waits.
    pub(super) fn into_rest(self) -> impl Iterator<Item = oneshot::Sender<Answer>> {
        self.0.into_iter().filter_map(|(_, waiting)| match waiting {
            Waiting::Rest(answer) => Some(answer),
            _ => None,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
