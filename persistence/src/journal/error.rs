//! What can go wrong.

use std::path::PathBuf;
use std::sync::Arc;

/// Why records are not in the journal. Nothing of the batch was kept, unless an error says that it may have been.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The queue before the writer is full. Try again a little later.
    #[error("the journal's queue is full")]
    Full,
    /// The disk (or the bound that the settings give the journal) has no room, or cannot be written.
    #[error("the journal has no room: {0}")]
    NoSpace(Arc<str>),
    /// An earlier batch of this source failed, and this one was sent before the source knew.
    #[error("an earlier batch of this source failed; begin a new generation from what the journal holds")]
    Superseded,
    /// The records or the snapshot do not continue the room's history: a bug of the sender.
    #[error("{room} is at {last:?}, what is at {seq} does not follow")]
    OutOfOrder {
        /// The room.
        room: plenum_rooms::RoomRef,
        /// The last seq that the journal holds; none when it does not know the room.
        last: Option<u64>,
        /// The seq of what was refused.
        seq: u64,
    },
    /// The writer does not own the conference any more: its lease ended, or another owner has begun.
    #[error("the journal has another owner")]
    Fenced,
    /// The records hold a key that the journal has in the same room already: a bug of the sender, or a second owner.
    #[error("{room} has an action with this key already")]
    Duplicate {
        /// The room.
        room: plenum_rooms::RoomRef,
    },
    /// The journal does not answer. The batch may have been kept, or may still be: read the rooms back to know.
    #[error("the journal does not answer: {0}")]
    Unreachable(Arc<str>),
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
    /// Anything else that the database said.
    #[error("the journal failed: {0}")]
    Failed(Arc<str>),
}

/// Why a journal cannot be opened. Always names the path.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the journal open.
    #[error("{}: another process writes this journal", path.display())]
    Locked {
        /// The journal's file.
        path: PathBuf,
    },
    /// The folder or the file cannot be written.
    #[error("{}: cannot be written: {reason}", path.display())]
    NotWritable {
        /// The journal's file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is something else.
    #[error("{}: not a Plenum journal: {reason}", path.display())]
    NotAJournal {
        /// The journal's file.
        path: PathBuf,
        /// How it was seen.
        reason: String,
    },
    /// A newer Plenum wrote the file.
    #[error("{}: schema {found} was written by a newer Plenum, this one knows up to {known}", path.display())]
    Newer {
        /// The journal's file.
        path: PathBuf,
        /// The file's schema version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// Anything else that the database said.
    #[error("{}: {reason}", path.display())]
    Failed {
        /// The journal's file.
        path: PathBuf,
        /// What the database said.
        reason: String,
    },
}
