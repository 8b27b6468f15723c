//! One group, one transaction, one flush to the disk.

use plenum_rooms::engine::{Body, Record};
use rusqlite::{Connection, ErrorCode, Statement, TransactionBehavior, params};

use super::queue::Append;
use super::rooms::{Place, Rooms};
use crate::journal::JournalError;
use crate::journal::record::check_follows;
use crate::journal::sources::Sources;

const INSERT: &str = "INSERT INTO records (lsn, room, seq, opens, key, participant, at_ms, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// What the writer's transactions work on.
pub(super) struct Ledger {
    pub(super) db: Connection,
    pub(super) rooms: Rooms,
    pub(super) sources: Sources,
    /// The place of the newest record.
    pub(super) last_lsn: u64,
}

impl Ledger {
    /// Appends a group and answers for each of its batches. Either the commit succeeds, or no batch of the group is
    /// kept and their sources have to begin anew.
    pub(super) fn append(&mut self, group: &[Append]) -> Vec<Result<u64, JournalError>> {
        let before = self.last_lsn;
        match self.try_append(group) {
            Ok(verdicts) => verdicts,
            Err(error) => {
                self.last_lsn = before;
                self.rooms.forget();
                group.iter().for_each(|append| self.sources.fail(append.source));
                vec![Err(explain(&error)); group.len()]
            }
        }
    }

    fn try_append(&mut self, group: &[Append]) -> rusqlite::Result<Vec<Result<u64, JournalError>>> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut verdicts = Vec::with_capacity(group.len());
        let mut insert = transaction.prepare_cached(INSERT)?;
        for append in group {
            let verdict = match self.sources.admit(append.source) {
                Ok(()) => append_batch(
                    &mut insert,
                    &transaction,
                    &mut self.rooms,
                    &mut self.last_lsn,
                    &append.batch,
                )?,
                Err(refusal) => Err(refusal),
            };
            if verdict.is_err() {
                self.sources.fail(append.source);
            }
            verdicts.push(verdict);
        }
        drop(insert);
        transaction.commit()?;
        Ok(verdicts)
    }
}

/// Appends one batch, or nothing of it when a record does not follow.
fn append_batch(
    statement: &mut Statement<'_>,
    db: &Connection,
    rooms: &mut Rooms,
    last_lsn: &mut u64,
    batch: &[Record],
) -> rusqlite::Result<Result<u64, JournalError>> {
    if let Err(refusal) = check_batch(db, rooms, batch)? {
        return Ok(Err(refusal));
    }
    for record in batch {
        let place = rooms.place(db, record.room, &record.scope)?;
        *last_lsn += 1;
        insert(statement, place, *last_lsn, record)?;
        rooms.advance(record.room, record.seq);
    }
    Ok(Ok(*last_lsn))
}

fn check_batch(
    db: &Connection,
    rooms: &mut Rooms,
    batch: &[Record],
) -> rusqlite::Result<Result<(), JournalError>> {
    let mut ahead = std::collections::BTreeMap::new();
    for record in batch {
        let stored = rooms.place(db, record.room, &record.scope)?.last_seq;
        let last = ahead.get(&record.room).copied().or(stored);
        if let Err(refusal) = check_follows(last, record) {
            return Ok(Err(refusal));
        }
        ahead.insert(record.room, record.seq);
    }
    Ok(Ok(()))
}

fn insert(statement: &mut Statement<'_>, place: Place, lsn: u64, record: &Record) -> rusqlite::Result<()> {
    statement.execute(params![
        lsn.cast_signed(),
        place.row,
        record.seq.cast_signed(),
        matches!(record.body, Body::Opened(_)),
        record.key.map(plenum_domain::Id::to_bytes),
        record.participant.to_bytes(),
        record.at.ms(),
        record.body.bytes(),
    ])?;
    Ok(())
}

/// SQLite's error in the journal's words. A write that the system failed counts as missing room: the batch was
/// rolled back, and the next one tries the disk again.
pub(super) fn explain(error: &rusqlite::Error) -> JournalError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => {
            JournalError::NoSpace(error.to_string().into())
        }
        _ => JournalError::Failed(error.to_string().into()),
    }
}
