//! The days of a programme.

use plenum_domain::{Id, Timestamp};

use super::columns::{MaybeKey, Micros};
use super::connection::{Transaction, begin};
use super::query::query;
use super::{Note, Store, StoreError, audit};

const OF_CONFERENCE: &str = "SELECT d.number, d.date, d.title, d.starts_us, d.ends_us, d.chair, p.name AS chair_name
    FROM days d LEFT JOIN people p ON p.id = d.chair WHERE d.tenant = $1 AND d.conference = $2 ORDER BY d.number";
pub(super) const CLEAR: &str = "DELETE FROM days WHERE tenant = $1 AND conference = $2";
pub(super) const ADD: &str =
    "INSERT INTO days (tenant, conference, number, date, title, starts_us, ends_us, chair)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OF_CONFERENCE, CLEAR, ADD];

/// A day of the programme; it may end after midnight.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ProgrammeDay {
    /// Counted from 1.
    pub number: i64,
    /// Its date on the programme, `YYYY-MM-DD`.
    pub date: String,
    /// What it is called beside its date.
    pub title: Option<String>,
    /// When it begins.
    #[sqlx(rename = "starts_us", try_from = "Micros")]
    pub starts: Timestamp,
    /// When it ends.
    #[sqlx(rename = "ends_us", try_from = "Micros")]
    pub ends: Timestamp,
    /// Who chairs it, one of the programme's people.
    #[sqlx(try_from = "MaybeKey")]
    pub chair: Option<Id>,
    /// Their name; looked up, never written.
    pub chair_name: Option<String>,
}

impl Store {
    /// The days of a conference's programme, in their order.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn programme_days(&self, tenant: Id, conference: Id) -> Result<Vec<ProgrammeDay>, StoreError> {
        query(OF_CONFERENCE).bind(tenant).bind(conference).all(self.readers(tenant)).await
    }

    /// Makes these the days of a conference's programme.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference or chair.
    pub async fn replace_programme_days(
        &self,
        conference: Id,
        days: &[ProgrammeDay],
        note: &Note,
    ) -> Result<(), StoreError> {
        let mut transaction = begin(self.durable(note.tenant)).await?;
        replace(&mut transaction, note.tenant, conference, days).await?;
        audit::write(&mut transaction, note).await?;
        transaction.commit().await
    }
}

/// The days of a conference's programme, in their order.
pub(super) async fn of(
    transaction: &mut Transaction,
    tenant: Id,
    conference: Id,
) -> Result<Vec<ProgrammeDay>, StoreError> {
    query(OF_CONFERENCE).bind(tenant).bind(conference).all(transaction).await
}

pub(super) async fn replace(
    transaction: &mut Transaction,
    tenant: Id,
    conference: Id,
    days: &[ProgrammeDay],
) -> Result<(), StoreError> {
    query(CLEAR).bind(tenant).bind(conference).execute(&mut *transaction).await?;
    for day in days {
        let add = query(ADD).bind(tenant).bind(conference).bind(day.number).bind(&day.date);
        let add = add.bind(&day.title).bind(day.starts).bind(day.ends).bind(day.chair);
        add.execute(&mut *transaction).await?;
    }
    Ok(())
}
