//! How much space the journal has left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use super::schema::PAGE_BYTES;
use crate::journal::JournalError;

/// Past this part of its bound a journal is tight: 3/4. What is left holds what comes while rooms are kept and trimmed.
const TIGHT_QUARTERS: u64 = 3;

/// The bound, and what the writer last saw of it.
pub(super) struct Space {
    size_bytes_max: u64,
    tight: Arc<AtomicBool>,
}

impl Space {
    pub(super) fn new(size_bytes_max: u64, tight: Arc<AtomicBool>) -> Self {
        Self { size_bytes_max, tight }
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
        self.tight.store(used_bytes > self.size_bytes_max / 4 * TIGHT_QUARTERS, Ordering::Relaxed);
    }

    /// A write found no space, whatever the bound says: the disk itself is full.
    pub(super) fn ran_out(&self, error: &JournalError) {
        if matches!(error, JournalError::NoSpace(_)) {
            self.tight.store(true, Ordering::Relaxed);
        }
    }
}
