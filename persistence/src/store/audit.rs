//! The audit log: who changed what of rights, people, settings and programmes. Written together with the change itself.

use plenum_domain::{Id, Timestamp};
use serde_json::Value;

use super::columns::{Key, MaybeKey, Micros};
use super::connection::{Transaction, begin};
use super::query::{Query, query};
use super::{Store, StoreError};

const WRITE: &str = "INSERT INTO audit
    (id, tenant, at_us, actor, actor_name, action, subject_is, subject, details)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
/// Whoever acted in a room is known by id: their name is looked up. Written twice, it is written once.
const WRITE_OF_ROOM: &str = "INSERT INTO audit
    (id, tenant, at_us, actor, actor_name, action, subject_is, subject, details)
    VALUES ($1, $2, $3, $4, COALESCE((SELECT name FROM users WHERE tenant = $2 AND id = $4),
        (SELECT display_name FROM participants WHERE tenant = $2 AND id = $4), ''), $5, $6, $7, $8)
    ON CONFLICT (id) DO NOTHING";
const LIST: &str = "SELECT id, at_us, actor, actor_name, action, subject_is, subject, details FROM audit
    WHERE tenant = $1 AND (CAST($2 AS TEXT) IS NULL OR action = $2) AND id < $3 ORDER BY id DESC LIMIT $4";
const OF_SUBJECT: &str =
    "SELECT id, at_us, actor, actor_name, action, subject_is, subject, details FROM audit
    WHERE tenant = $1 AND (CAST($2 AS TEXT) IS NULL OR action = $2) AND id < $3 AND subject = $5
    ORDER BY id DESC LIMIT $4";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[WRITE, WRITE_OF_ROOM, LIST, OF_SUBJECT];

/// A change to write down.
#[derive(Clone, Debug)]
pub struct Note {
    /// The entry's id; later ones are larger.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// When.
    pub at: Timestamp,
    /// Who did it; none for the command line and for what people do before they are known.
    pub actor: Option<Id>,
    /// Their name at that time.
    pub actor_name: String,
    /// What was done, `grant.given`.
    pub action: &'static str,
    /// What it was done to: `user`, `participant`, `role`, `tenant`…
    pub subject_is: &'static str,
    /// Which of them.
    pub subject: Id,
    /// Before and after, without secrets.
    pub details: Value,
}

/// A change that was written down.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct AuditEntry {
    /// The entry's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// When.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
    /// Who did it.
    #[sqlx(try_from = "MaybeKey")]
    pub actor: Option<Id>,
    /// Their name at that time.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub subject_is: String,
    /// Which of them.
    #[sqlx(try_from = "Key")]
    pub subject: Id,
    /// Before and after.
    #[sqlx(json)]
    pub details: Value,
}

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only those of this action.
    pub action: Option<String>,
    /// Only those about this person or thing.
    pub subject: Option<Id>,
    /// Only those before this one.
    pub before: Option<Id>,
}

impl Store {
    /// The newest entries, newest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn audit(
        &self,
        tenant: Id,
        filter: &AuditFilter,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = if filter.subject.is_some() { OF_SUBJECT } else { LIST };
        let before = filter.before.unwrap_or(Id::from_bits(u128::MAX));
        let list = query(sql).bind(tenant).bind(&filter.action).bind(before).bind(i64::from(limit));
        match filter.subject {
            None => list.all(self.readers(tenant)).await,
            Some(subject) => list.bind(subject).all(self.readers(tenant)).await,
        }
    }

    /// Makes a change and writes it down, both or neither. Nothing is written down when no row changed.
    pub(super) async fn change_noted(&self, change: Query, note: &Note) -> Result<bool, StoreError> {
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let done = change.execute(&mut transaction).await? > 0;
        if done {
            write(&mut transaction, note).await?;
        }
        transaction.commit().await?;
        Ok(done)
    }
}

/// Writes an entry with the change that it is about.
pub(super) async fn write(transaction: &mut Transaction, note: &Note) -> Result<(), StoreError> {
    query(WRITE)
        .bind(note.id)
        .bind(note.tenant)
        .bind(note.at)
        .bind(note.actor)
        .bind(&note.actor_name)
        .bind(note.action)
        .bind(note.subject_is)
        .bind(note.subject)
        .bind(&note.details)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Writes an entry about what somebody did in a room, with the rows that follow from it. Its name is not read.
pub(crate) async fn write_of_room(transaction: &mut Transaction, note: &Note) -> Result<(), StoreError> {
    query(WRITE_OF_ROOM)
        .bind(note.id)
        .bind(note.tenant)
        .bind(note.at)
        .bind(note.actor)
        .bind(note.action)
        .bind(note.subject_is)
        .bind(note.subject)
        .bind(&note.details)
        .execute(transaction)
        .await?;
    Ok(())
}
