//! What travels between shards, and between REST and shards.

use bytes::Bytes;
use plenum_domain::Id;
use plenum_persistence::journal::JournalError;
use plenum_protocol::CloseCode;
use plenum_rooms::engine::{Audience, Codec, Loaded, Outcome, SubId, Ticket};
use plenum_rooms::{Input, Output, RoomRef};
use tokio::sync::oneshot;

/// What REST gets: the answer to a command, or a room's state.
#[derive(Debug)]
pub(crate) enum Answer {
    /// To a command or an opening.
    Outcome(Outcome),
    /// To a look: the seq and the state as JSON.
    Looked(u64, Bytes),
}

/// A question of REST: the shard makes the ticket, and answers once.
pub(crate) struct Ask {
    pub(crate) input: Box<dyn FnOnce(Ticket) -> Input + Send>,
    pub(crate) answer: oneshot::Sender<Answer>,
}

/// Bounded: whoever finds it full refuses with `hub.busy`.
pub(crate) enum Mail {
    /// For this shard's rooms, from a socket of another shard.
    Input(Input),
    /// For this shard's rooms, from REST.
    Ask(Ask),
}

/// Not bounded by itself: each is caused by an accepted input, a beat or an append, which are.
pub(crate) enum News {
    /// An answer, join or personal push for a socket of this shard.
    Output(Output),
    /// A socket of another shard left a room of this one.
    Input(Input),
    /// Frames for all local readers of a room with this audience and codec.
    Frames(Frames),
    /// The fate of a batch that this shard appended.
    Journaled { generation: u32, upto: u64, result: Result<(), JournalError> },
    /// A room came back from the journal; none when it could not be read.
    Reloaded(Option<Box<Loaded>>, RoomRef),
    /// A snapshot of the room is not in the journal.
    NotKept(RoomRef),
    /// Close the sockets of a participant.
    Close { participant: Id, code: CloseCode },
    /// Tell everyone to move away, spread over a time.
    Drain { over_ms: u64 },
    /// Keep all states and stop once they are durable.
    Stop(oneshot::Sender<()>),
    /// Say how it goes.
    Health(oneshot::Sender<super::Vitals>),
}

/// Encoded once, written to many sockets.
#[derive(Clone, Debug)]
pub(crate) struct Frames {
    pub(crate) room: RoomRef,
    pub(crate) audience: Audience,
    pub(crate) codec: Codec,
    pub(crate) bytes: Bytes,
    /// Nobody keeps it: the first to be dropped.
    pub(crate) ephemeral: bool,
}

/// A socket, as one number: its shard, its place there, and how often that place was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SocketId {
    pub(crate) shard: u8,
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

const GENERATION_BITS: u32 = 24;

impl SocketId {
    /// The number of someone without a socket: real ones have a generation from 1 on.
    pub(crate) const fn nobody(shard: u8, nth: u32) -> Self {
        Self { shard, index: nth, generation: 0 }
    }

    pub(crate) const fn sub(self) -> SubId {
        let generation = self.generation as u64 & ((1 << GENERATION_BITS) - 1);
        SubId((self.shard as u64) << 56 | generation << 32 | self.index as u64)
    }

    pub(crate) const fn of(sub: SubId) -> Self {
        let generation = (sub.0 >> 32) as u32 & ((1 << GENERATION_BITS) - 1);
        Self { shard: (sub.0 >> 56) as u8, index: sub.0 as u32, generation }
    }
}

/// Tickets name the shard that waits, and its place among those who wait.
pub(crate) const fn ticket(shard: u8, place: usize) -> Ticket {
    Ticket((shard as u64) << 56 | place as u64)
}

/// The shard that waits, and the place.
pub(crate) const fn waiter(ticket: Ticket) -> (u8, usize) {
    ((ticket.0 >> 56) as u8, (ticket.0 & 0x00FF_FFFF_FFFF_FFFF) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_and_tickets_are_numbers_and_back() {
        let socket = SocketId { shard: 3, index: 19_999, generation: 0x00AB_CDEF };
        assert_eq!(SocketId::of(socket.sub()), socket);
        assert_eq!(waiter(ticket(7, 123_456)), (7, 123_456));
    }
}
