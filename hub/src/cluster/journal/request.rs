//! What is asked of a conference's writer.

use plenum_persistence::journal::{Done, Source};
use plenum_rooms::engine::{Record, Snapshot};
use tokio::sync::oneshot;

/// One thing to do, in the order in which they arrive.
pub(in crate::cluster) enum Request {
    /// Append a batch.
    Append(Append),
    /// Keep a snapshot.
    Keep(Keep),
    /// Delete what is both projected up to a place and in a snapshot.
    Trim { projected: u64, done: Done<u64> },
    /// Say when all that was asked before is settled.
    Flush(oneshot::Sender<()>),
    /// The storage may have lost records: compare.
    Compare,
}

/// A batch to append.
pub(in crate::cluster) struct Append {
    pub(super) source: Source,
    pub(super) batch: Vec<Record>,
    pub(super) done: Done<u64>,
}

/// A snapshot to keep.
pub(in crate::cluster) struct Keep {
    pub(super) source: Source,
    pub(super) snapshot: Snapshot,
    pub(super) done: Done<()>,
}
