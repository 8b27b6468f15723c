//! The rooms that the projector follows at the moment.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Corrupt, Record};

use super::folded::{Projected, sealed_record};
use super::kinds;
use super::rows::Rows;
use crate::journal::{Entry, Journal, JournalError};
use crate::store::Urgency;

/// Rooms that are kept in memory; those that were quiet for longest are left out first and come back from the journal.
const ROOMS_MAX: usize = 512;

/// After so many records the projector gives way: some tens of microseconds.
const RECORDS_AT_A_TIME: usize = 16;

/// The rooms, and when each was last needed (counted in batches).
#[derive(Default)]
pub(super) struct Folds {
    rooms: BTreeMap<RoomRef, (Box<dyn Projected>, u64)>,
    /// Rooms that this program cannot read or follow: archived sealed, without rows.
    broken: BTreeSet<RoomRef>,
    batch: u64,
}

impl Folds {
    /// The rows of a batch. Gives way now and then.
    pub(super) fn rows(
        &mut self,
        journal: &dyn Journal,
        entries: Vec<Entry>,
        urgency: &Urgency,
    ) -> Result<Rows, JournalError> {
        self.batch += 1;
        let mut rows = Rows::default();
        let mut touched = BTreeSet::new();
        for (n, Entry { record, .. }) in entries.into_iter().enumerate() {
            if n % RECORDS_AT_A_TIME == 0 {
                urgency.give_way();
            }
            let room = record.room;
            if self.follow(journal, room)? {
                touched.insert(room);
                self.take(room, record, &mut rows);
            } else {
                rows.facts.push(sealed_record(&record));
            }
        }
        for room in touched {
            self.finish(room, &mut rows);
        }
        self.leave_out_the_quiet();
        Ok(rows)
    }

    /// Whether the room has rows; brings it back when it has, and is not here.
    fn follow(&mut self, journal: &dyn Journal, room: RoomRef) -> Result<bool, JournalError> {
        if let Some((_, last_used)) = self.rooms.get_mut(&room) {
            *last_used = self.batch;
            return Ok(true);
        }
        let opener = kinds::opener(room.kind).filter(|_| !self.broken.contains(&room));
        let Some(open) = opener else { return Ok(false) };
        let Some(loaded) = journal.room(room)? else { return Ok(false) };
        match careful(room, || open(loaded)) {
            Some(folded) => {
                self.rooms.insert(room, (folded, self.batch));
                Ok(true)
            }
            None => {
                self.broken.insert(room);
                Ok(false)
            }
        }
    }

    fn take(&mut self, room: RoomRef, record: Record, rows: &mut Rows) {
        let sealed = sealed_record(&record);
        let taken = match self.rooms.get_mut(&room) {
            Some((folded, _)) => careful(room, || folded.take(record, rows)),
            None => None,
        };
        if taken.is_none() {
            self.give_up(room);
            rows.facts.push(sealed);
        }
    }

    fn finish(&mut self, room: RoomRef, rows: &mut Rows) {
        let Some((folded, _)) = self.rooms.get_mut(&room) else { return };
        let finished = careful(room, || {
            folded.finish(rows);
            Ok(())
        });
        if finished.is_none() {
            self.give_up(room);
        }
    }

    fn give_up(&mut self, room: RoomRef) {
        self.rooms.remove(&room);
        self.broken.insert(room);
    }

    fn leave_out_the_quiet(&mut self) {
        while self.rooms.len() > ROOMS_MAX {
            let quietest =
                self.rooms.iter().min_by_key(|(_, (_, last_used))| *last_used).map(|(room, _)| *room);
            let Some(room) = quietest else { return };
            self.rooms.remove(&room);
        }
    }
}

/// Does something with a room that may be beyond this program. One such room stops no other.
fn careful<T>(room: RoomRef, act: impl FnOnce() -> Result<T, Corrupt>) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(Ok(value)) => Some(value),
        Ok(Err(corrupt)) => {
            tracing::error!(room.id = %room, %corrupt, "a room is not written to the store");
            None
        }
        Err(_) => {
            tracing::error!(room.id = %room, "a room panicked in the projector and is not written to the store");
            None
        }
    }
}
