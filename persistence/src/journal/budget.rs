//! The bound on what waits for a journal's writer.

use std::sync::atomic::{AtomicUsize, Ordering};

use plenum_rooms::engine::{Record, Snapshot};

use super::record::cost_bytes;
use super::{JournalError, Settings};

/// What a request counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Records.
    pub records: usize,
    /// Bytes.
    pub bytes: usize,
}

impl Cost {
    /// The cost of a batch.
    pub fn of_batch(batch: &[Record]) -> Self {
        Self { records: batch.len(), bytes: batch.iter().map(cost_bytes).sum() }
    }

    /// The cost of a snapshot.
    pub fn of_snapshot(snapshot: &Snapshot) -> Self {
        Self { records: 1, bytes: snapshot.state.len() }
    }
}

/// Counts what waits. The bound is soft by the batches that race for the last place.
#[derive(Debug)]
pub struct Budget {
    settings: Settings,
    records: AtomicUsize,
    bytes: AtomicUsize,
}

impl Budget {
    /// Nothing waits.
    pub fn new(settings: Settings) -> Self {
        Self { settings, records: AtomicUsize::new(0), bytes: AtomicUsize::new(0) }
    }

    /// True when nothing more is taken.
    pub fn is_full(&self) -> bool {
        let waiting = self.waiting();
        waiting.records >= self.settings.queue_records_max || waiting.bytes >= self.settings.queue_bytes_max
    }

    /// Takes a place for `cost`.
    ///
    /// # Errors
    /// [`JournalError::Full`].
    pub fn take(&self, cost: Cost) -> Result<(), JournalError> {
        if self.is_full() {
            metrics::counter!("plenum_journal_refused_total").increment(1);
            return Err(JournalError::Full);
        }
        self.records.fetch_add(cost.records, Ordering::Relaxed);
        self.bytes.fetch_add(cost.bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Gives the place of `cost` back.
    pub fn give(&self, cost: Cost) {
        self.records.fetch_sub(cost.records, Ordering::Relaxed);
        self.bytes.fetch_sub(cost.bytes, Ordering::Relaxed);
    }

    /// What waits now.
    pub fn waiting(&self) -> Cost {
        Cost { records: self.records.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }
}
