//! What a journal holds beside the engine's own records.

use plenum_domain::Id;
use plenum_rooms::engine::{Body, Record, Snapshot};

use super::JournalError;

/// A record with its place in the whole journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The place: grows with every record of every room, and is never given twice.
    pub lsn: u64,
    /// The record.
    pub record: Record,
}

/// Which rooms to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every room of the journal.
    All,
    /// The rooms of one conference.
    Conference(Id),
}

/// Who appends. After a failed commit the journal refuses what this source sent before it knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The shard's number.
    pub shard: u32,
    /// Counts the failures that the shard was told of: one more after each of them.
    pub generation: u32,
}

/// Bytes that a record counts for in a bounded queue: its body and what lies around it.
pub(super) fn cost_bytes(record: &Record) -> usize {
    size_of::<Record>() + record.body.bytes().len()
}

/// Whether the record continues what the journal holds of its room: it opens a new room, or adds to an open one.
///
/// # Errors
/// [`JournalError::OutOfOrder`].
pub fn check_follows(last_seq: Option<u64>, record: &Record) -> Result<(), JournalError> {
    let follows = match (&record.body, last_seq) {
        (Body::Opened(_), None) => record.seq == 0,
        (Body::Facts(_) | Body::Nothing, Some(last)) => record.seq > last,
        (Body::Opened(_), Some(_)) | (Body::Facts(_) | Body::Nothing, None) => false,
    };
    match follows {
        true => Ok(()),
        false => Err(JournalError::OutOfOrder { room: record.room, last: last_seq, seq: record.seq }),
    }
}

/// Whether the journal holds all that the snapshot does.
///
/// # Errors
/// [`JournalError::OutOfOrder`].
pub fn check_covers(last_seq: Option<u64>, snapshot: &Snapshot) -> Result<(), JournalError> {
    match last_seq {
        Some(last) if snapshot.seq <= last => Ok(()),
        last => Err(JournalError::OutOfOrder { room: snapshot.room, last, seq: snapshot.seq }),
    }
}
