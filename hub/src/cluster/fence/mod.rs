//! What the cluster's storage does for a conference, each in one atomic step, behind the fence of its lease.
//!
//! [`RedisFence`](super::redis::RedisFence) runs `library.lua` in Redis; [`MemoryFence`] runs [`Model`], the same rules
//! as plain Rust. One test runs both on the same operations.

mod memory;
mod model;

use plenum_domain::Id;
use plenum_rooms::{RoomRef, Scope};

pub use memory::MemoryFence;
pub use model::Model;

use super::lease::{Leases, Pending, Unreachable};

/// The functions that Redis is given.
pub const LIBRARY: &str = include_str!("library.lua");

/// A record as the storage keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The room's name.
    pub room: String,
    /// The room's seq after it.
    pub seq: u64,
    /// The sender's key; empty when time itself acted.
    pub key: String,
    /// All else.
    pub bytes: Vec<u8>,
}

/// The id of an entry in a conference's log: they sort by epoch, then place. A barrier has the place 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryId {
    /// The epoch of the lease that it was written under.
    pub epoch: u64,
    /// Its place.
    pub lsn: u64,
}

impl EntryId {
    /// The id right after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { epoch: self.epoch, lsn: self.lsn + 1 }
    }
}

impl std::fmt::Display for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.epoch, self.lsn)
    }
}

impl std::str::FromStr for EntryId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, lsn) = text.split_once('-').unwrap_or((text, ""));
        Ok(Self { epoch: epoch.parse()?, lsn: lsn.parse()? })
    }
}

/// What stands in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logged {
    /// An owner begins; so many records were there before.
    Barrier(u64),
    /// A record.
    Record(Stored),
}

/// A room's state as the storage keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// The room's name.
    pub room: String,
    /// All else.
    pub bytes: Vec<u8>,
}

/// How an append ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// All of the batch is durable; this is the place of its last record.
    Kept(u64),
    /// The epoch does not hold the lease; nothing was written.
    Fenced,
    /// The log's last record is at another place than the batch continues; nothing was written.
    Gap(u64),
    /// The log has a record of this room with the key of one of the batch; nothing was written.
    Duplicate(String),
}

/// How a write without an answer of its own ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is durable.
    Kept,
    /// The epoch does not hold the lease; nothing was written.
    Fenced,
}

/// How one step of a trim ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trimmed {
    /// Records deleted, and the last entry that was looked at when there may be more.
    Step {
        /// Records deleted.
        deleted: u64,
        /// The last entry that was looked at; none when there is nothing more to look at.
        reached: Option<EntryId>,
    },
    /// The epoch does not hold the lease; nothing was deleted.
    Fenced,
}

/// Which conference a room belongs to, for members that have never heard of it.
pub trait Atlas: Send + Sync {
    /// Enters rooms, before the records that open them are appended. A room keeps its first place.
    fn enter(&self, rooms: Vec<(RoomRef, Scope)>) -> Pending<'_, Result<(), Unreachable>>;

    /// Where a room belongs; none when nobody ever entered it.
    fn scope(&self, room: RoomRef) -> Pending<'_, Result<Option<Scope>, Unreachable>>;
}

/// A conference's storage, seen from one member. Writes name the epoch of their lease.
pub trait Fence: Leases + Atlas {
    /// The place of the last record, whoever wrote it.
    fn last(&self, conference: Id) -> Pending<'_, Result<u64, Unreachable>>;

    /// Appends records from place `first` on, all or none; extends the lease.
    fn append(
        &self,
        conference: Id,
        epoch: u64,
        first: u64,
        batch: Vec<Stored>,
    ) -> Pending<'_, Result<Appended, Unreachable>>;

    /// Keeps a room's state at a seq, unless a newer one is there.
    fn keep(
        &self,
        conference: Id,
        epoch: u64,
        seq: u64,
        snapshot: StoredSnapshot,
    ) -> Pending<'_, Result<Written, Unreachable>>;

    /// Deletes records up to the place `upto` that their room's snapshot covers; looks at `limit` entries from `from` on.
    fn trim(
        &self,
        conference: Id,
        epoch: u64,
        upto: u64,
        from: EntryId,
        limit: usize,
    ) -> Pending<'_, Result<Trimmed, Unreachable>>;

    /// Deletes all that is kept of a conference, and ends the lease. Epochs go on counting.
    fn erase(&self, conference: Id, epoch: u64) -> Pending<'_, Result<Written, Unreachable>>;

    /// Entries of the log from `from` on, in order, at most `limit`.
    fn entries(
        &self,
        conference: Id,
        from: EntryId,
        limit: usize,
    ) -> Pending<'_, Result<Vec<(EntryId, Logged)>, Unreachable>>;

    /// One room's state.
    fn snapshot(
        &self,
        conference: Id,
        room: String,
    ) -> Pending<'_, Result<Option<StoredSnapshot>, Unreachable>>;

    /// All rooms' states.
    fn snapshots(&self, conference: Id) -> Pending<'_, Result<Vec<StoredSnapshot>, Unreachable>>;
}
