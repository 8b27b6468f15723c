//! Seats in sessions with a capacity, and who waits for one.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, Micros};
use super::connection::{Transaction, begin};
use super::page::{Filter, List};
use super::query::query;
use super::{Edit, Listed, Note, Page, Store, StoreError, audit};

/// Two people who want the last seat: on PostgreSQL the second waits here until the first is done.
const HOLD: &str = "UPDATE sessions SET capacity = capacity WHERE tenant = $1 AND id = $2 RETURNING capacity";
const TAKE: &str = "INSERT INTO seats (id, tenant, session, participant, waits, since_us)
    VALUES ($1, $2, $3, $4, FALSE, $5) ON CONFLICT (session, participant) DO NOTHING";
const TAKEN: &str = "SELECT COUNT(*) FROM seats WHERE tenant = $1 AND session = $2 AND NOT waits";
const WAIT: &str = "UPDATE seats SET waits = TRUE WHERE tenant = $1 AND id = $2";
const LEAVE: &str = "DELETE FROM seats WHERE tenant = $1 AND session = $2 AND participant = $3";
const PROMOTE: &str = "UPDATE seats SET waits = FALSE WHERE tenant = $1 AND id IN
    (SELECT id FROM seats WHERE tenant = $1 AND session = $2 AND waits ORDER BY id LIMIT $3)
    RETURNING participant";
const OF: &str = "SELECT e.id, e.participant, p.display_name, e.waits, e.since_us FROM seats e
    JOIN participants p ON p.id = e.participant WHERE e.tenant = $1 AND e.session = $2 AND e.participant = $3";
const OF_PARTICIPANT: &str = "SELECT session FROM seats WHERE tenant = $1 AND participant = $2 AND NOT waits";
const WAITS: Filter = "e.waits = $#";
pub(super) const LIST: List = List {
    rows: "SELECT e.id AS id, e.participant, p.display_name, e.waits, e.since_us FROM seats e
    JOIN participants p ON p.id = e.participant
    WHERE e.tenant = $1 AND e.session = $2",
    filters: &[WAITS],
    sorts: &[("since", "since_us"), ("name", "display_name")],
    shown: None,
    kept: None,
};

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[HOLD, TAKE, TAKEN, WAIT, LEAVE, PROMOTE, OF, OF_PARTICIPANT];

/// A place in a session, or in the queue for one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Seat {
    /// The seat's id; those who came later have larger ones.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// Whose.
    #[sqlx(try_from = "Key")]
    pub participant: Id,
    /// Their name.
    pub display_name: String,
    /// The session was full: it is a place in the queue.
    pub waits: bool,
    /// Since when.
    #[sqlx(rename = "since_us", try_from = "Micros")]
    pub since: Timestamp,
}

impl Store {
    /// Gives a participant a seat, or a place in the queue when the session is full. Who has one keeps it. A new one that
    /// somebody else takes for them is in the audit log, as `note` says.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such session or participant.
    pub async fn take_seat(
        &self,
        tenant: Id,
        session: Id,
        participant: Id,
        id: Id,
        now: Timestamp,
        note: Option<&Note>,
    ) -> Result<Option<Seat>, StoreError> {
        let mut transaction = begin(self.durable(tenant)).await?;
        let Some(capacity) = hold(&mut transaction, tenant, session).await? else { return Ok(None) };
        let take = query(TAKE).bind(id).bind(tenant).bind(session).bind(participant).bind(now);
        let is_new = take.execute(&mut transaction).await? > 0;
        if is_new && taken(&mut transaction, tenant, session).await? > capacity {
            query(WAIT).bind(tenant).bind(id).execute(&mut transaction).await?;
        }
        let seat = query(OF).bind(tenant).bind(session).bind(participant);
        let seat = seat.optional(&mut transaction).await?;
        note_if(&mut transaction, is_new, note).await?;
        transaction.commit().await?;
        Ok(seat)
    }

    /// Takes a participant's seat back, and gives what is free to those who waited longest; none when there was none. As `note`
    /// says, when somebody else does it.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn leave_seat(
        &self,
        tenant: Id,
        session: Id,
        participant: Id,
        note: Option<&Note>,
    ) -> Result<Option<Vec<Id>>, StoreError> {
        let mut transaction = begin(self.durable(tenant)).await?;
        let Some(capacity) = hold(&mut transaction, tenant, session).await? else { return Ok(None) };
        let leave = query(LEAVE).bind(tenant).bind(session).bind(participant);
        let left = leave.execute(&mut transaction).await? > 0;
        let promoted = promote(&mut transaction, tenant, session, capacity).await?;
        note_if(&mut transaction, left, note).await?;
        transaction.commit().await?;
        Ok(left.then_some(promoted))
    }

    /// The sessions in which a participant has a seat.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn seats_of(&self, tenant: Id, participant: Id) -> Result<Vec<Id>, StoreError> {
        let list = query(OF_PARTICIPANT).bind(tenant).bind(participant);
        let sessions: Vec<(Key,)> = list.all(self.readers(tenant)).await?;
        Ok(sessions.into_iter().map(|(Key(id),)| id).collect())
    }

    /// A page of a session's seats, of those who wait or do not when it is said.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn seats(
        &self,
        tenant: Id,
        session: Id,
        waits: Option<bool>,
        page: Page,
    ) -> Result<Listed<Seat>, StoreError> {
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(session)).only(WAITS, waits);
        chosen.page(None, page, || self.readers(tenant)).await
    }
}

impl Edit {
    /// Gives what is free to those who waited longest, after the session's capacity was changed.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn fill_seats(&mut self, session: Id) -> Result<Vec<Id>, StoreError> {
        let (transaction, tenant) = (&mut self.transaction, self.tenant);
        let Some(capacity) = hold(transaction, tenant, session).await? else { return Ok(Vec::new()) };
        promote(transaction, tenant, session, capacity).await
    }
}

/// Writes down what somebody did for another one, when they did.
async fn note_if(transaction: &mut Transaction, done: bool, note: Option<&Note>) -> Result<(), StoreError> {
    match note.filter(|_| done) {
        Some(note) => audit::write(transaction, note).await,
        None => Ok(()),
    }
}

/// The session's capacity, held against others until the end of the transaction; none when there is no such session.
async fn hold(transaction: &mut Transaction, tenant: Id, session: Id) -> Result<Option<i64>, StoreError> {
    let held: Option<(Option<i64>,)> = query(HOLD).bind(tenant).bind(session).optional(transaction).await?;
    Ok(held.map(|(capacity,)| capacity.unwrap_or(i64::MAX)))
}

async fn taken(transaction: &mut Transaction, tenant: Id, session: Id) -> Result<i64, StoreError> {
    let (taken,): (i64,) = query(TAKEN).bind(tenant).bind(session).one(transaction).await?;
    Ok(taken)
}

async fn promote(
    transaction: &mut Transaction,
    tenant: Id,
    session: Id,
    capacity: i64,
) -> Result<Vec<Id>, StoreError> {
    let free = (capacity - taken(transaction, tenant, session).await?).max(0);
    let promote = query(PROMOTE).bind(tenant).bind(session).bind(free);
    let promoted: Vec<(Key,)> = promote.all(transaction).await?;
    Ok(promoted.into_iter().map(|(Key(id),)| id).collect())
}
