//! A single node: everything is ours, in one journal.

use std::sync::Arc;

use plenum_domain::Id;
use plenum_persistence::journal::{Done, Journal, JournalError, Source};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Loaded, Record, Snapshot};

use super::ownership::Journals;

/// One journal for all conferences.
pub struct OneJournal(pub Arc<dyn Journal>);

impl Journals for OneJournal {
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<()>) -> Result<(), JournalError> {
        self.0.append(source, batch, Box::new(move |verdict| done(verdict.map(|_| ()))))
    }

    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError> {
        self.0.snapshot(source, snapshot, done)
    }

    fn room(&self, _: Id, room: RoomRef) -> Result<Option<Loaded>, JournalError> {
        self.0.room(room)
    }

    fn refuses(&self, _: Id) -> Option<JournalError> {
        self.0.is_full().then_some(JournalError::Full)
    }

    fn history(&self, _: Id) -> Option<u64> {
        Some(self.0.epoch())
    }

    fn is_tight(&self) -> bool {
        self.0.is_tight()
    }
}
