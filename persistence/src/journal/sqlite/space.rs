//! How much space the journal has left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use super::schema::PAGE_BYTES;
use crate::journal::JournalError;

/// Past this part of its bound a journal is tight: 3/4. What is left holds what comes while rooms are kept and trimmed.
const TIGHT_QUARTERS: u64 = 3;
/// A state takes so much more than its bytes, in quarters: pages are never quite full.
const STATE_QUARTERS: u64 = 5;

const STATES: &str = "SELECT coalesce((SELECT sum(length(state)) FROM snapshots), 0)
    + coalesce((SELECT sum(length(bytes)) FROM pieces), 0)";

/// The bound, and what the writer last saw of it. Rooms' states are not counted: were they, a journal with a bound
/// smaller than all of them would be full for ever, since no trim makes them smaller.
pub(super) struct Space {
    size_bytes_max: u64,
    states_bytes: u64,
    tight: Arc<AtomicBool>,
}

impl Space {
    pub(super) fn new(size_bytes_max: u64, tight: Arc<AtomicBool>) -> Self {
        Self { size_bytes_max, states_bytes: 0, tight }
    }

    /// Looks how much the states take that are there.
    pub(super) fn weigh(&mut self, db: &Connection) {
        let bytes = db.query_row(STATES, [], |row| row.get::<_, i64>(0));
        self.states_bytes = bytes.unwrap_or_default().max(0).cast_unsigned();
    }

    /// All states together take so many bytes more.
    pub(super) const fn kept(&mut self, more_bytes: i64) {
        self.states_bytes = self.states_bytes.saturating_add_signed(more_bytes);
    }

    /// How large the file may be; 0 for as large as the disk allows.
    pub(super) const fn file_bytes_max(&self) -> u64 {
        match self.size_bytes_max {
            0 => 0,
            bytes => bytes.saturating_add(self.states_bytes / 4 * STATE_QUARTERS),
        }
    }

    /// Looks how much of the bound is in use: the file's pages without the free ones.
    pub(super) fn look(&self, db: &Connection) {
        if self.size_bytes_max == 0 {
            return self.tight.store(false, Ordering::Relaxed);
        }
        let pages = |name| db.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
        let (Ok(all), Ok(free)) = (pages("page_count"), pages("freelist_count")) else { return };
        let used_bytes = (all - free).max(0).cast_unsigned() * PAGE_BYTES;
        metrics::gauge!("plenum_journal_used_bytes").set(used_bytes as f64);
        let left_bytes = self.file_bytes_max().saturating_sub(used_bytes);
        let is_tight = left_bytes < self.size_bytes_max / 4 * (4 - TIGHT_QUARTERS);
        self.tight.store(is_tight, Ordering::Relaxed);
    }

    /// A write found no space, whatever the bound says: the disk itself is full.
    pub(super) fn ran_out(&self, error: &JournalError) {
        if matches!(error, JournalError::NoSpace(_)) {
            self.tight.store(true, Ordering::Relaxed);
        }
    }
}
