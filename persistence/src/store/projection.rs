//! How far the journal has been written into the store.

use super::connection::{Connection, Reach, begin};
use super::query::query;
use super::{Store, StoreError};

const CURSOR: &str = "SELECT epoch, cursor FROM projection";
const MOVE: &str = "INSERT INTO projection (only_row, epoch, cursor) VALUES (1, $1, $2)
    ON CONFLICT (only_row) DO UPDATE SET epoch = excluded.epoch, cursor = excluded.cursor";
/// After history was lost the rooms' seqs begin earlier again: whatever comes next is newer than what is there.
const FORGET_SEQS: [&str; 4] = [
    "UPDATE polls SET seq = 0",
    "UPDATE poll_results SET seq = 0",
    "UPDATE questions SET seq = 0",
    "UPDATE messages SET reactions_seq = 0",
];

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[CURSOR, MOVE, FORGET_SEQS[0], FORGET_SEQS[1], FORGET_SEQS[2], FORGET_SEQS[3]];

impl Store {
    /// The place up to which the journal of this epoch is in the store.
    pub(crate) async fn projected_to(&self, epoch: u64) -> Result<u64, StoreError> {
        let found: Option<(i64, i64)> = query(CURSOR).optional(self.behind(Reach::Everyone)).await?;
        match found {
            Some((known, cursor)) if known.cast_unsigned() == epoch => Ok(cursor.cast_unsigned()),
            None => Ok(0),
            Some(_) => {
                let mut transaction = begin(self.behind(Reach::Everyone)).await?;
                for statement in FORGET_SEQS {
                    query(statement).execute(&mut transaction).await?;
                }
                move_to(&mut transaction, epoch, 0).await?;
                transaction.commit().await?;
                Ok(0)
            }
        }
    }
}

pub(crate) async fn move_to(
    on: impl Into<Connection<'_>>,
    epoch: u64,
    cursor: u64,
) -> Result<(), StoreError> {
    let update = query(MOVE).bind(epoch.cast_signed()).bind(cursor.cast_signed());
    update.execute(on).await?;
    Ok(())
}
