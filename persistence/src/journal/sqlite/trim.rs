//! Deleting what is both in the store and in a snapshot, in small steps.

use rusqlite::{Connection, params};

use crate::journal::Done;

/// Records looked at in one step: about two milliseconds of work.
const STEP_RECORDS: i64 = 2_000;

const SCAN: &str = "SELECT max(lsn) FROM
    (SELECT lsn FROM records WHERE lsn > $1 AND lsn <= $2 ORDER BY lsn LIMIT $3)";
const DELETE: &str = "DELETE FROM records WHERE lsn > $1 AND lsn <= $2
    AND seq <= (SELECT seq FROM snapshots WHERE snapshots.room = records.room)";
const NOTE: &str = "UPDATE meta SET trimmed_lsn = max(trimmed_lsn, $1)";

/// A trim under way.
pub(super) struct Trim {
    projected: u64,
    looked_at: u64,
    deleted: u64,
    done: Done<u64>,
}

impl Trim {
    /// A trim up to `projected`, not begun.
    pub(super) fn new(projected: u64, done: Done<u64>) -> Self {
        Self { projected, looked_at: 0, deleted: 0, done }
    }

    /// Takes one step. Gives itself back while there is more to do.
    pub(super) fn step(mut self, db: &mut Connection) -> Option<Self> {
        match self.try_step(db) {
            Ok(true) => Some(self),
            Ok(false) => {
                metrics::counter!("plenum_journal_trimmed_records_total").increment(self.deleted);
                (self.done)(Ok(self.deleted));
                None
            }
            Err(error) => {
                (self.done)(Err(super::commit::explain(&error)));
                None
            }
        }
    }

    fn try_step(&mut self, db: &mut Connection) -> rusqlite::Result<bool> {
        let (from, to) = (self.looked_at.cast_signed(), self.projected.cast_signed());
        let transaction = db.transaction()?;
        let reached: Option<i64> =
            transaction.prepare_cached(SCAN)?.query_row(params![from, to, STEP_RECORDS], |row| row.get(0))?;
        let Some(reached) = reached else { return Ok(false) };
        let deleted = transaction.prepare_cached(DELETE)?.execute(params![from, reached])?;
        transaction.prepare_cached(NOTE)?.execute([reached])?;
        transaction.commit()?;
        self.looked_at = reached.cast_unsigned();
        self.deleted += deleted as u64;
        Ok(true)
    }
}
