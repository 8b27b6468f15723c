//! The conferences that this node owns, as the rest of the hub sees them.

use std::sync::Arc;

use plenum_domain::Id;
use plenum_persistence::journal::{Done, Journal, JournalError, Source};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Loaded, Record, Snapshot};
use tokio::sync::mpsc;

use super::lease::{Lease, Pending, Unreachable};

/// A conference that this node owns: its lease is renewed until it is lost or given up.
#[derive(Clone)]
pub struct Held {
    /// The lease.
    pub lease: Lease,
    /// Its journal, for its projector: places count this conference's records, and the journal's epoch is the history.
    pub journal: Arc<dyn Journal>,
}

/// How taking a conference ended.
pub enum Taken {
    /// It is ours: these are its rooms, up to the barrier. Nothing of it may be served before they are restored.
    Mine {
        /// What we hold.
        held: Held,
        /// The rooms as the journal has them.
        rooms: Vec<Loaded>,
    },
    /// Another member holds it: commands go there.
    Theirs(Lease),
}

/// Why a conference cannot be taken now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TakeError {
    /// The storage does not answer. Refuse with `hub.busy` and try again.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// The journal cannot be read, or lost what was acknowledged.
    #[error("the conference's journal cannot be used: {0}")]
    Journal(#[from] JournalError),
}

/// The conferences of this node. One implementation for a cluster, one for a single node.
pub trait Ownership: Send + Sync {
    /// Takes a conference that nobody owns and reads its rooms. One that is ours already is read again, with a new
    /// epoch: all that was on its way is void.
    fn take(&self, conference: Id) -> Pending<'_, Result<Taken, TakeError>>;

    /// Gives a conference back: waits until nothing of it is on its way to the journal, then releases the lease. The
    /// caller has stopped its rooms and had their snapshots kept.
    fn give_up(&self, conference: Id) -> Pending<'_, ()>;

    /// What we hold of a conference at this moment; none as soon as its lease cannot be trusted any more. Cheap: ask
    /// before every act.
    fn held(&self, conference: Id) -> Option<Held>;

    /// The conferences whose lease is lost from now on, each once: their rooms must be dropped without a word to anyone.
    /// There is one listener; the last call wins.
    fn losses(&self) -> mpsc::UnboundedReceiver<Id>;
}

/// Where shards keep their rooms: one journal for all on a single node, one a conference in a cluster.
pub trait Journals: Send + Sync {
    /// Appends a batch; answers once all of it is durable. In a cluster it holds records of one conference. After an
    /// error it may be kept nevertheless: read the rooms back.
    ///
    /// # Errors
    /// At once, and then `done` is never called: the queue is full, or a conference is not ours.
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<()>) -> Result<(), JournalError>;

    /// Keeps a room's state, behind all that the same source appended before.
    ///
    /// # Errors
    /// As [`Journals::append`].
    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError>;

    /// One room as its journal has it, once nothing of its conference is on its way any more. Blocks.
    ///
    /// # Errors
    /// The journal cannot be read, or the conference is not ours.
    fn room(&self, conference: Id, room: RoomRef) -> Result<Option<Loaded>, JournalError>;

    /// Whether a command to the conference would have to be refused now, and why: ask before a room decides.
    fn refuses(&self, conference: Id) -> Option<JournalError>;

    /// The conference's history, as clients know it; none when it is not ours.
    fn history(&self, conference: Id) -> Option<u64>;

    /// Whether a journal's space runs out, so that rooms should be kept and their records trimmed. Cheap.
    fn is_tight(&self) -> bool {
        false
    }
}
