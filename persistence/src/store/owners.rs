//! In a cluster: how far the journal of each conference has been written into the store, and by which of its owners.

use plenum_domain::Id;

use super::connection::{Reach, Transaction, begin};
use super::query::query;
use super::{Store, StoreError};

const CLAIM: &str =
    "INSERT INTO projections (conference, owner_epoch, history, cursor) VALUES ($1, $2, $3, 0)
    ON CONFLICT (conference) DO UPDATE SET owner_epoch = excluded.owner_epoch
    WHERE projections.owner_epoch <= excluded.owner_epoch
    RETURNING history, cursor";
const MOVE: &str =
    "UPDATE projections SET history = $3, cursor = $4 WHERE conference = $1 AND owner_epoch = $2";
const SEEN: &str = "SELECT owner_epoch, history, cursor FROM projections WHERE conference = $1";
const ACCEPT_LOSS: &str = "UPDATE projections SET owner_epoch = owner_epoch + 1, history = $2, cursor = 0
    WHERE conference = $1";
/// After history was lost the rooms' seqs begin earlier again: whatever comes next is newer than what is there.
const FORGET_SEQS: [&str; 4] = [
    "UPDATE polls SET seq = 0 WHERE conference = $1",
    "UPDATE poll_results SET seq = 0 WHERE poll IN (SELECT id FROM polls WHERE conference = $1)",
    "UPDATE questions SET seq = 0 WHERE conference = $1",
    "UPDATE messages SET reactions_seq = 0 WHERE conference = $1",
];

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[CLAIM, MOVE, SEEN, ACCEPT_LOSS, FORGET_SEQS[0], FORGET_SEQS[1], FORGET_SEQS[2], FORGET_SEQS[3]];

/// What the store remembers of a conference's journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The newest owner that wrote.
    pub owner_epoch: u64,
    /// The journal's history.
    pub history: u64,
    /// The place up to which the journal is in the store.
    pub lsn: u64,
}

impl Store {
    /// What the store remembers of a conference's journal; none when nothing of it was ever written.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn seen(&self, conference: Id) -> Result<Option<Seen>, StoreError> {
        let row: Option<(i64, i64, i64)> =
            query(SEEN).bind(conference).optional(self.readers(Reach::Everyone)).await?;
        Ok(row.map(|(owner_epoch, history, lsn)| Seen {
            owner_epoch: owner_epoch.cast_unsigned(),
            history: history.cast_unsigned(),
            lsn: lsn.cast_unsigned(),
        }))
    }

    /// What the journal of a conference lost is given up: from now on it has a new history, and what the store knows of the
    /// old one is no reason any more not to serve it. Says whether the store knew of the conference.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn accept_loss(&self, conference: Id, history: u64) -> Result<bool, StoreError> {
        let mut transaction = begin(self.behind(Reach::Everyone)).await?;
        let accept = query(ACCEPT_LOSS).bind(conference).bind(history.cast_signed());
        let is_known = accept.execute(&mut transaction).await? > 0;
        for statement in FORGET_SEQS {
            query(statement).bind(conference).execute(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(is_known)
    }

    /// From now on only the owner with this epoch writes what happens in the conference. Says from which place on; none
    /// when a newer owner writes already.
    pub(crate) async fn claim(
        &self,
        conference: Id,
        owner_epoch: u64,
        history: u64,
    ) -> Result<Option<u64>, StoreError> {
        let mut transaction = begin(self.behind(Reach::Everyone)).await?;
        let claim = query(CLAIM).bind(conference).bind(owner_epoch.cast_signed()).bind(history.cast_signed());
        let row: Option<(i64, i64)> = claim.optional(&mut transaction).await?;
        let cursor = match row {
            None => None,
            Some((known, cursor)) if known.cast_unsigned() == history => Some(cursor.cast_unsigned()),
            Some(_) => {
                for statement in FORGET_SEQS {
                    query(statement).bind(conference).execute(&mut transaction).await?;
                }
                Some(0)
            }
        };
        transaction.commit().await?;
        Ok(cursor)
    }
}

/// Moves the cursor, in the transaction that wrote the rows. Says whether this owner may: if not, nothing of it may stay.
pub(crate) async fn move_to(
    transaction: &mut Transaction,
    (conference, owner_epoch): (Id, u64),
    history: u64,
    cursor: u64,
) -> Result<bool, StoreError> {
    let update = query(MOVE)
        .bind(conference)
        .bind(owner_epoch.cast_signed())
        .bind(history.cast_signed())
        .bind(cursor.cast_signed());
    Ok(update.execute(transaction).await? > 0)
}
