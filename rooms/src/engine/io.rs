//! What goes into the engine and what comes out. The engine itself does no IO: whoever drives it carries these.

use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::Id;
use serde::{Deserialize, Serialize};

use super::keys::Accepted;
use super::payload::Codec;
use super::record::{Loaded, Record, RoomRef, Scope, Snapshot};
use super::refusal::Refusal;
use super::room::{Actor, Audience, SubId};
use super::stream::Push;

/// Whom an answer goes to, in the driver's own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ticket(pub u64);

/// What the engine is asked.
#[derive(Clone, Debug)]
pub enum Input {
    /// Opens a room from outside (a session of the programme). Answered by [`Output::Reply`]; opening a room that
    /// is open already changes nothing.
    Open {
        /// Whom to answer.
        ticket: Ticket,
        /// Who opens it.
        by: Id,
        /// The new room.
        room: RoomRef,
        /// Where it belongs.
        scope: Scope,
        /// Its settings, JSON.
        settings: Bytes,
    },
    /// A command to a room. Answered by [`Output::Reply`].
    Command {
        /// Whom to answer.
        ticket: Ticket,
        /// The socket that it came from, when it is in the room.
        sub: Option<SubId>,
        /// Who sends it.
        by: Arc<Actor>,
        /// The room.
        room: RoomRef,
        /// The sender's own id of the action.
        key: Option<Id>,
        /// The command's name.
        op: Box<str>,
        /// How `data` is written.
        codec: Codec,
        /// The command's data.
        data: Bytes,
    },
    /// A socket comes into a room. Answered by [`Output::Joined`], or a refusing [`Output::Reply`].
    Join {
        /// Whom to answer.
        ticket: Ticket,
        /// The socket.
        sub: SubId,
        /// Who is behind it.
        by: Arc<Actor>,
        /// The room.
        room: RoomRef,
        /// How the socket reads.
        codec: Codec,
        /// The seq that it holds of this journal's epoch, when it comes back.
        since: Option<u64>,
    },
    /// The state, once, without coming in. Answered by [`Output::Looked`], or a refusing [`Output::Reply`].
    Look {
        /// Whom to answer.
        ticket: Ticket,
        /// Who looks.
        by: Arc<Actor>,
        /// The room.
        room: RoomRef,
        /// How the answer is written.
        codec: Codec,
    },
    /// A socket leaves a room, or is gone. Not answered.
    Leave {
        /// The socket.
        sub: SubId,
        /// The room.
        room: RoomRef,
    },
    /// A room that [`Output::Reload`] asked for.
    Reloaded(Box<Loaded>),
}

/// What a joiner gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinBody {
    /// The whole state.
    State(Bytes),
    /// What was missed.
    Replay(Vec<Push>),
}

/// An answer to a command: none in `ok` when nothing was journaled for it (a reaction).
pub type Outcome = Result<Option<Accepted>, Refusal>;

/// What the engine asks of its driver, in order.
#[derive(Clone, Debug)]
pub enum Output {
    /// Journal this. The engine counts appends from 1; [`super::Engine::durable`] and [`super::Engine::failed`] answer.
    Append(Record),
    /// Keep this state; everything it rests on is durable.
    Snapshot(Snapshot),
    /// A room exists from now on.
    Opened {
        /// The room.
        room: RoomRef,
        /// Where it belongs.
        scope: Scope,
    },
    /// The answer to a command.
    Reply {
        /// Whom to answer.
        ticket: Ticket,
        /// The answer.
        outcome: Outcome,
    },
    /// A socket is in: from now on it reads its audience's pushes.
    Joined {
        /// Whom to answer.
        ticket: Ticket,
        /// The socket.
        sub: SubId,
        /// The room.
        room: RoomRef,
        /// The seq that the socket is at.
        seq: u64,
        /// The audience that it reads with.
        audience: Audience,
        /// State or replay.
        body: JoinBody,
    },
    /// The answer to a look.
    Looked {
        /// Whom to answer.
        ticket: Ticket,
        /// The room's seq.
        seq: u64,
        /// The state.
        state: Bytes,
    },
    /// For every socket that reads with this audience and codec.
    Push {
        /// The room.
        room: RoomRef,
        /// The audience.
        audience: Audience,
        /// The codec.
        codec: Codec,
        /// The push.
        push: Push,
    },
    /// For one socket. Without a range it is personal and must not be dropped.
    Whisper {
        /// The socket.
        sub: SubId,
        /// The room.
        room: RoomRef,
        /// The push.
        push: Push,
    },
    /// A socket reads with another audience from now on.
    Moved {
        /// The socket.
        sub: SubId,
        /// The room.
        room: RoomRef,
        /// The new audience.
        audience: Audience,
    },
    /// The room's state in memory is not to be trusted: read it from the journal and answer with [`Input::Reloaded`].
    Reload {
        /// The room.
        room: RoomRef,
        /// Where it belongs.
        scope: Scope,
    },
}
