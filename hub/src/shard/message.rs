//! What travels between shards, and between REST and shards.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::Id;
use plenum_persistence::journal::JournalError;
use plenum_protocol::CloseCode;
use plenum_rooms::engine::{Audience, Codec, Engine, Loaded, Outcome, Refusal, SubId, Ticket};
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

/// Bounded by its causes: answers by those who wait for one (`links::ANSWERS`; more commands are refused), pushes by a
/// count (`PUSHES`; more are dropped, and their readers are shown the state), the rest by sockets, rooms and batches.
pub(crate) enum News {
    /// An answer, join or personal push for a socket of this shard.
    Output(Output),
    /// A socket of another shard left a room of this one.
    Input(Input),
    /// Frames for all local readers of a room with this audience and codec.
    Frames(Frames),
    /// The fate of a batch that a desk of this shard appended.
    Journaled { desk: Id, generation: u32, upto: u64, result: Result<(), JournalError> },
    /// A room came back from the journal for the desk of this tenure; none when it could not be read.
    Reloaded { loaded: Option<Box<Loaded>>, room: RoomRef, tenure: u32 },
    /// A snapshot of the room is not in the journal.
    NotKept(RoomRef),
    /// What the cluster asks for.
    Cluster(ClusterNews),
    /// Close the sockets of a participant.
    Close { participant: Id, code: CloseCode },
    /// Tell everyone to move away, spread over a time.
    Drain { over_ms: u64 },
    /// Keep all states and stop once they are durable.
    Stop(oneshot::Sender<()>),
    /// Say how it goes.
    Health(oneshot::Sender<super::Vitals>),
}

/// What happens to the conferences of this shard because there are other nodes.
pub(crate) enum ClusterNews {
    /// A conference is ours; the engine has its rooms.
    Seat { conference: Id, epoch: u64, engine: Box<Engine>, done: oneshot::Sender<()> },
    /// A conference's lease is lost.
    Unseat { conference: Id, done: oneshot::Sender<()> },
    /// A conference is given to another node; says which nodes listened once its desk is cleared.
    Leave { conference: Id, done: oneshot::Sender<Vec<Visitor>> },
    /// Another node wants to hear of a conference of ours.
    Attach { conference: Id, visitor: Visitor },
    /// Another node wants to hear no more of it.
    Detach { conference: Id, visitor: Visitor },
    /// Another node missed the beats after this one.
    Repeat { conference: Id, visitor: Visitor, epoch: u64, after: u64 },
    /// Another node is gone.
    Gone { visitor: Visitor },
    /// A conference has another owner: our sockets in it come in anew, from where they are.
    Rejoin { conference: Id, since: Arc<Positions> },
    /// A room was looked for.
    Located { room: RoomRef, refusal: Option<Refusal> },
}

/// The seq that the readers of a room are at, by audience and codec.
pub(crate) type Positions = BTreeMap<(RoomRef, Audience, Codec), u64>;

impl News {
    /// The room whose push this is; none when it is something that cannot be dropped.
    pub(super) fn pushed(&self) -> Option<RoomRef> {
        match self {
            Self::Frames(frames) => Some(frames.room),
            Self::Output(Output::Whisper { room, .. }) => Some(*room),
            _ => None,
        }
    }
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
const INDEX_BITS: u32 = 24;
const SHARD_SHIFT: u32 = GENERATION_BITS + INDEX_BITS;
const VISITOR_SHIFT: u32 = SHARD_SHIFT + 8;

/// Another node that is connected to this one, as the first byte of its sockets' and tickets' numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Visitor(pub(crate) u8);

impl Visitor {
    /// This node itself.
    pub(crate) const HERE: Self = Self(0);

    /// The least and the greatest number that something of this node can have.
    pub(crate) const fn numbers(self) -> (u64, u64) {
        let first = (self.0 as u64) << VISITOR_SHIFT;
        (first, first | ((1 << VISITOR_SHIFT) - 1))
    }

    /// A number of that node, as it is known here.
    pub(crate) const fn mark(self, number: u64) -> u64 {
        self.numbers().0 | Numbers::home(number)
    }
}

/// Numbers of sockets and tickets.
pub(crate) struct Numbers;

impl Numbers {
    /// The number as the node knows it that gave it.
    pub(crate) const fn home(number: u64) -> u64 {
        number & ((1 << VISITOR_SHIFT) - 1)
    }
}

/// The node that a socket or a ticket belongs to.
pub(crate) const fn visitor(number: u64) -> Visitor {
    Visitor((number >> VISITOR_SHIFT) as u8)
}

impl SocketId {
    /// The number of someone without a socket: real ones have a generation from 1 on.
    pub(crate) const fn nobody(shard: u8, nth: u32) -> Self {
        Self { shard, index: nth, generation: 0 }
    }

    pub(crate) const fn sub(self) -> SubId {
        let generation = self.generation as u64 & ((1 << GENERATION_BITS) - 1);
        let index = self.index as u64 & ((1 << INDEX_BITS) - 1);
        SubId((self.shard as u64) << SHARD_SHIFT | generation << INDEX_BITS | index)
    }

    pub(crate) const fn of(sub: SubId) -> Self {
        let generation = (sub.0 >> INDEX_BITS) as u32 & ((1 << GENERATION_BITS) - 1);
        let index = sub.0 as u32 & ((1 << INDEX_BITS) - 1);
        Self { shard: (sub.0 >> SHARD_SHIFT) as u8, index, generation }
    }
}

/// Tickets name the shard that waits, and the number of who waits there.
pub(crate) const fn ticket(shard: u8, number: u64) -> Ticket {
    Ticket((shard as u64) << SHARD_SHIFT | number)
}

/// The shard that waits, and the number there.
pub(crate) const fn waiter(ticket: Ticket) -> (u8, u64) {
    ((ticket.0 >> SHARD_SHIFT) as u8, ticket.0 & ((1 << SHARD_SHIFT) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_and_tickets_are_numbers_and_back() {
        let socket = SocketId { shard: 3, index: 19_999, generation: 0x00AB_CDEF };
        assert_eq!(SocketId::of(socket.sub()), socket);
        assert_eq!(waiter(ticket(7, 123_456)), (7, 123_456));
        assert_eq!(visitor(socket.sub().0), Visitor::HERE);
    }

    #[test]
    fn numbers_of_other_nodes_are_marked_and_found_again() {
        let socket = SocketId { shard: 63, index: 0x00FF_FFFF, generation: 0x00FF_FFFF }.sub().0;
        let node = Visitor(200);
        let marked = node.mark(socket);
        assert_eq!((visitor(marked), Numbers::home(marked)), (node, socket));
        let (first, last) = node.numbers();
        assert!((first..=last).contains(&marked) && !(first..=last).contains(&Visitor(201).mark(0)));
        assert_eq!(SocketId::of(SubId(marked)), SocketId::of(SubId(socket)));
    }
}
