//! How far the store is behind the journal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Where a projector is. Read from anywhere.
#[derive(Debug)]
pub struct Progress {
    cursor: AtomicU64,
    lag_records: AtomicU64,
    failure: Mutex<Option<String>>,
}

impl Progress {
    pub(super) fn at(cursor: u64) -> Self {
        Self { cursor: AtomicU64::new(cursor), lag_records: AtomicU64::new(0), failure: Mutex::new(None) }
    }

    /// The place in the journal up to which the store has everything.
    pub fn cursor(&self) -> u64 {
        self.cursor.load(Ordering::Acquire)
    }

    /// Records that the store was behind when the projector last looked.
    pub fn lag_records(&self) -> u64 {
        self.lag_records.load(Ordering::Relaxed)
    }

    /// Why the last batch is not in the store; none when it is.
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn reach(&self, cursor: u64) {
        self.cursor.store(cursor, Ordering::Release);
    }

    /// Notes the outcome of a look. A failure is logged when it begins and when it ends.
    pub(super) fn note(&self, lag_records: u64, failure: Option<String>) {
        self.lag_records.store(lag_records, Ordering::Relaxed);
        let mut known = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*known, &failure) {
            (None, Some(why)) => tracing::error!(why, "the store falls behind the journal"),
            (Some(_), None) => tracing::info!("the store follows the journal again"),
            _ => {}
        }
        *known = failure;
    }
}
