//! Scans at doors. Of those of one participant at one door the earliest counts, whichever device told it first.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeKey, Micros};
use super::connection::{Transaction, begin};
use super::page::{Filter, List};
use super::query::query;
use super::{Listed, Page, Store, StoreError};

/// Two devices that scan one ticket wait here for one another.
const HOLD: &str = "UPDATE participants SET arrived_us = arrived_us WHERE tenant = $1 AND id = $2";
const SAVE: &str = "INSERT INTO check_ins
    (id, tenant, conference, session, participant, at_us, received_us, device, checked_by, counts)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE) ON CONFLICT (id) DO NOTHING";
const FIRST: &str =
    "SELECT id, session, participant, at_us, received_us, device, checked_by, counts FROM check_ins
    WHERE tenant = $1 AND participant = $2 AND (session = $3 OR (session IS NULL AND $3 IS NULL))
    ORDER BY at_us, id LIMIT 1";
const COUNT_ONLY: &str = "UPDATE check_ins SET counts = (id = $4) WHERE tenant = $1 AND participant = $2
    AND (session = $3 OR (session IS NULL AND $3 IS NULL))";
const ARRIVED: &str = "UPDATE participants SET arrived_us = $3 WHERE tenant = $1 AND id = $2
    AND (arrived_us > $3 OR arrived_us IS NULL)";
const OF_PARTICIPANT: &str = "SELECT id, session, participant, at_us, received_us, device, checked_by, counts
    FROM check_ins WHERE tenant = $1 AND participant = $2 ORDER BY at_us, id";
const ATTENDED: &str = "SELECT COUNT(*) FROM check_ins WHERE tenant = $1 AND session = $2 AND counts";
const AT_DOOR: Filter = "session = $#";
const COUNTS: Filter = "counts = $#";
pub(super) const LIST: List = List {
    rows: "SELECT id, session, participant, at_us, received_us, device, checked_by, counts FROM check_ins
    WHERE tenant = $1 AND conference = $2",
    filters: &[AT_DOOR, COUNTS],
    sorts: &[("at", "at_us"), ("received", "received_us")],
    shown: None,
    kept: None,
};

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[HOLD, SAVE, FIRST, COUNT_ONLY, ARRIVED, OF_PARTICIPANT, ATTENDED];

/// A scan at a door.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CheckIn {
    /// The scan's id, which the device made: telling it twice is telling it once.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The session whose door it was; the conference's own when none.
    #[sqlx(try_from = "MaybeKey")]
    pub session: Option<Id>,
    /// Whose ticket.
    #[sqlx(try_from = "Key")]
    pub participant: Id,
    /// When, by the device's clock.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
    /// When the hub heard of it.
    #[sqlx(rename = "received_us", try_from = "Micros")]
    pub received: Timestamp,
    /// What the device calls itself.
    pub device: String,
    /// Who scanned.
    #[sqlx(try_from = "MaybeKey")]
    pub checked_by: Option<Id>,
    /// The earliest one of this participant at this door.
    pub counts: bool,
}

impl Store {
    /// Writes a scan down, and says which one of this participant at this door counts now.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such participant or session.
    pub async fn check_in(&self, tenant: Id, conference: Id, scan: &CheckIn) -> Result<CheckIn, StoreError> {
        let mut transaction = begin(self.durable(tenant)).await?;
        let first = one(&mut transaction, tenant, conference, scan).await?;
        transaction.commit().await?;
        Ok(first)
    }

    /// All scans of a participant, in the order of time.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn check_ins_of(&self, tenant: Id, participant: Id) -> Result<Vec<CheckIn>, StoreError> {
        query(OF_PARTICIPANT).bind(tenant).bind(participant).all(self.readers(tenant)).await
    }

    /// How many people came to a session.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn attendance(&self, tenant: Id, session: Id) -> Result<u64, StoreError> {
        let (count,): (i64,) = query(ATTENDED).bind(tenant).bind(session).one(self.readers(tenant)).await?;
        Ok(count.cast_unsigned())
    }

    /// A page of a conference's scans: of one session's door, of those that count or do not.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn check_ins(
        &self,
        tenant: Id,
        conference: Id,
        session: Option<Id>,
        counts: Option<bool>,
        page: Page,
    ) -> Result<Listed<CheckIn>, StoreError> {
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(conference));
        let chosen = chosen.only(AT_DOOR, session).only(COUNTS, counts);
        chosen.page(None, page, || self.readers(tenant)).await
    }
}

async fn one(
    transaction: &mut Transaction,
    tenant: Id,
    conference: Id,
    scan: &CheckIn,
) -> Result<CheckIn, StoreError> {
    query(HOLD).bind(tenant).bind(scan.participant).execute(&mut *transaction).await?;
    let save = query(SAVE)
        .bind(scan.id)
        .bind(tenant)
        .bind(conference)
        .bind(scan.session)
        .bind(scan.participant)
        .bind(scan.at)
        .bind(scan.received)
        .bind(&scan.device)
        .bind(scan.checked_by);
    save.execute(&mut *transaction).await?;
    let first = query(FIRST).bind(tenant).bind(scan.participant).bind(scan.session);
    let first: CheckIn = first.one(&mut *transaction).await?;
    let count = query(COUNT_ONLY).bind(tenant).bind(scan.participant).bind(scan.session).bind(first.id);
    count.execute(&mut *transaction).await?;
    query(ARRIVED).bind(tenant).bind(scan.participant).bind(first.at).execute(&mut *transaction).await?;
    Ok(first)
}
