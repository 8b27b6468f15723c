//! The rule that keeps a source's order through a failure.

use std::collections::BTreeMap;

use super::{JournalError, Source};

/// Which generations may still append. A batch that was sent before its source knew of a failure builds on
/// facts that were never kept, so it is refused however often the disk recovers in between.
#[derive(Debug, Default)]
pub struct Sources {
    failed: BTreeMap<u32, u32>,
}

impl Sources {
    /// Whether this source may append.
    ///
    /// # Errors
    /// [`JournalError::Superseded`].
    pub fn admit(&self, source: Source) -> Result<(), JournalError> {
        match self.failed.get(&source.shard) {
            Some(failed) if source.generation <= *failed => Err(JournalError::Superseded),
            _ => Ok(()),
        }
    }

    /// Notes that a batch of this source was not kept.
    pub fn fail(&mut self, source: Source) {
        let failed = self.failed.entry(source.shard).or_insert(source.generation);
        *failed = source.generation.max(*failed);
    }
}
