//! Deleting what is both in the store and in a snapshot, in small steps.

use plenum_persistence::journal::{Done, JournalError};

use super::holding::Holding;
use crate::cluster::fence::{EntryId, Trimmed};

/// Entries looked at in one step.
const STEP_ENTRIES: usize = 1_000;

/// A trim under way.
pub(super) struct Trim {
    projected: u64,
    from: EntryId,
    deleted: u64,
    done: Done<u64>,
}

impl Trim {
    pub(super) fn new(projected: u64, done: Done<u64>) -> Self {
        Self { projected, from: EntryId::default(), deleted: 0, done }
    }

    /// Takes one step. Gives itself back while there is more to do.
    pub(super) async fn step(mut self, holding: &Holding) -> Option<Self> {
        match self.try_step(holding).await {
            Ok(true) => Some(self),
            Ok(false) => {
                metrics::counter!("plenum_journal_trimmed_records_total").increment(self.deleted);
                (self.done)(Ok(self.deleted));
                None
            }
            Err(error) => {
                (self.done)(Err(error));
                None
            }
        }
    }

    async fn try_step(&mut self, holding: &Holding) -> Result<bool, JournalError> {
        let epoch = holding.lease().epoch;
        let step = holding.fence.trim(holding.conference, epoch, self.projected, self.from, STEP_ENTRIES);
        match step.await? {
            Trimmed::Fenced => Err(JournalError::Fenced),
            Trimmed::Step { deleted, reached } => {
                self.deleted += deleted;
                self.from = reached.unwrap_or_default().next();
                Ok(reached.is_some())
            }
        }
    }
}
