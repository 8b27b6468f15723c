//! What waits for the writer.

use plenum_rooms::engine::{Record, Snapshot};

use crate::journal::{Done, Source};

/// One thing asked of the writer.
pub(super) enum Request {
    Append(Append),
    Snapshot(Keep),
    Trim { projected: u64, done: Done<u64> },
}

/// A batch to append.
pub(super) struct Append {
    pub(super) source: Source,
    pub(super) batch: Vec<Record>,
    pub(super) done: Done<u64>,
}

/// A snapshot to keep.
pub(super) struct Keep {
    pub(super) source: Source,
    pub(super) snapshot: Snapshot,
    pub(super) done: Done<()>,
}
