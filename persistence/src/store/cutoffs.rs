//! Whose sockets were closed and whose tokens of before ended: every hub on this store follows it.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeMicros, Micros};
use super::connection::Reach;
use super::query::query;
use super::{Store, StoreError};

const CUT: &str = "INSERT INTO cutoffs (subject, tenant, at_us, tokens_us) VALUES ($1, $2, $3, $4)
    ON CONFLICT (subject) DO UPDATE SET at_us = excluded.at_us,
    tokens_us = coalesce(excluded.tokens_us, cutoffs.tokens_us)";
const SINCE: &str = "SELECT subject, at_us, tokens_us FROM cutoffs WHERE at_us >= $1 ORDER BY at_us, subject";
const SWEEP: &str = "DELETE FROM cutoffs WHERE at_us < $1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CUT, SINCE, SWEEP];

/// A person, screen or sign-in whose rights changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Cutoff {
    /// The account, participant, screen or sign-in.
    #[sqlx(try_from = "Key")]
    pub subject: Id,
    /// When sockets were closed.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
    /// Access tokens of before this have ended.
    #[sqlx(rename = "tokens_us", try_from = "MaybeMicros")]
    pub tokens: Option<Timestamp>,
}

impl Store {
    /// Writes a cutoff down.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn cut(&self, tenant: Id, cutoff: &Cutoff) -> Result<(), StoreError> {
        let cut = query(CUT).bind(cutoff.subject).bind(tenant).bind(cutoff.at).bind(cutoff.tokens);
        cut.execute(self.durable(tenant)).await?;
        Ok(())
    }

    /// Those since then, of everybody, oldest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn cutoffs_since(&self, since: Timestamp) -> Result<Vec<Cutoff>, StoreError> {
        // Every hub follows what was cut, of every tenant.
        query(SINCE).bind(since).all(self.readers(Reach::Everyone)).await
    }

    /// Deletes those before then: no token is that old.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sweep_cutoffs(&self, before: Timestamp) -> Result<u64, StoreError> {
        query(SWEEP).bind(before).execute(self.behind(Reach::Everyone)).await
    }
}
