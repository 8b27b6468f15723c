//! The journal: what is in it has happened, whatever breaks next.
//!
//! A shard appends what its rooms decided and waits; only when the batch is durable does anyone hear of it.
//! One writer makes one commit of all batches that wait, so a busy hub pays for one disk flush a few thousand
//! records, and a quiet one waits for nobody.

mod budget;
mod error;
mod memory;
mod record;
mod settings;
mod sources;
pub mod sqlite;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
#[cfg(test)]
mod tests;

pub use budget::{Budget, Cost};
pub use error::{JournalError, OpenError};
pub use memory::MemoryJournal;
pub use record::{Entry, Source, Which, check_covers, check_follows};
pub use settings::Settings;
pub use sources::Sources;
pub use sqlite::SqliteJournal;

use plenum_rooms::engine::{Loaded, Record, RoomRef, Snapshot};

/// Called once when the fate of a request is known, on the writer's thread: hand the news on, do not work there.
pub type Done<T> = Box<dyn FnOnce(Result<T, JournalError>) + Send>;

/// Rooms as they are read, one at a time.
pub type Rooms = Box<dyn Iterator<Item = Result<Loaded, JournalError>> + Send>;

/// A journal of one node. Every method may be called from any thread.
pub trait Journal: Send + Sync {
    /// Appends the records of one batch, all or none of them, and answers with the place of the last one
    /// once they are durable. Does not block.
    ///
    /// # Errors
    /// [`JournalError::Full`] or [`JournalError::Closed`] at once, and then `done` is never called.
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<u64>) -> Result<(), JournalError>;

    /// Keeps a room's state in place of an older one. It is written after all that the same source
    /// appended before.
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError>;

    /// Deletes the records up to `projected` (a place) that their room's snapshot contains, a few at a time
    /// while nobody waits; answers with their number.
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn trim(&self, projected: u64, done: Done<u64>) -> Result<(), JournalError>;

    /// The rooms of the journal with their newest snapshot and what came after it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    fn load(&self, which: Which) -> Result<Rooms, JournalError>;

    /// One room, as [`Journal::load`] gives it; absent when the journal knows nothing of it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    fn room(&self, room: RoomRef) -> Result<Option<Loaded>, JournalError>;

    /// The records of a room whose seq is `seq_from` or more, in order, at most `limit`.
    ///
    /// # Errors
    /// When the journal cannot be read.
    fn read(&self, room: RoomRef, seq_from: u64, limit: usize) -> Result<Vec<Record>, JournalError>;

    /// The records after a place, in the order in which they became durable, at most `limit`.
    ///
    /// # Errors
    /// When the journal cannot be read.
    fn after(&self, lsn: u64, limit: usize) -> Result<Vec<Entry>, JournalError>;

    /// The place of the newest durable record: cheap, so that a reader need not ask the disk whether there is news.
    fn durable_lsn(&self) -> u64;

    /// The epoch: changes only when history was lost.
    fn epoch(&self) -> u64;

    /// True when the queue would refuse a batch now: ask before a room decides.
    fn is_full(&self) -> bool;

    /// True when the journal's space runs out: rooms should be kept as snapshots, so that a trim finds records that it
    /// may delete. Cheap.
    fn is_tight(&self) -> bool {
        false
    }
}
