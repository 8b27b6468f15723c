//! Letters to those who registered: written down with the change that they tell of, sent behind it.

use plenum_domain::registration::Notice;
use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeMicros, Micros};
use super::connection::{Connection, Reach, Transaction};
use super::query::query;
use super::{Edit, Store, StoreError};

/// Of whoever has no address nothing is written down.
const ADD: &str = "INSERT INTO registration_letters
    (participant, version, tenant, conference, notice, state, tries, due_us, asked_us)
    SELECT id, version, tenant, conference, $3, 'due', 0, $4, $4 FROM participants
        WHERE tenant = $1 AND id = $2 AND email IS NOT NULL
    ON CONFLICT (participant, version) DO UPDATE SET notice = excluded.notice, state = 'due', tries = 0,
        due_us = excluded.due_us, asked_us = excluded.asked_us, ended_us = NULL, reason = NULL
    WHERE registration_letters.state NOT IN ('due', 'under_way')";
const NEXT: &str = "SELECT due_us FROM registration_letters WHERE state = 'due' AND due_us <= $1 LIMIT 1";
/// Two hubs that see the same row: the second finds it under way, and leaves it.
const TAKE: &str = "UPDATE registration_letters SET state = 'under_way', tries = tries + 1, due_us = $2
    WHERE state = 'due' AND (participant, version) IN (SELECT participant, version FROM registration_letters
        WHERE state = 'due' AND due_us <= $1 ORDER BY due_us LIMIT $3)
    RETURNING participant, version, tenant, conference, notice, state, tries, asked_us, ended_us, reason";
const ENDED: &str = "UPDATE registration_letters SET state = $4, ended_us = $5, reason = $6
    WHERE tenant = $1 AND participant = $2 AND version = $3 AND state = 'under_way'";
const AGAIN: &str = "UPDATE registration_letters SET state = 'due', due_us = $4, reason = $5
    WHERE tenant = $1 AND participant = $2 AND version = $3 AND state = 'under_way'";
const LOST: &str = "UPDATE registration_letters SET state = 'failed', ended_us = $1, reason = $2
    WHERE state = 'under_way' AND due_us <= $1";
const OF_PARTICIPANT: &str =
    "SELECT participant, version, tenant, conference, notice, state, tries, asked_us, ended_us, reason
    FROM registration_letters WHERE tenant = $1 AND participant = $2 ORDER BY asked_us DESC, version DESC LIMIT $3";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ADD, NEXT, TAKE, ENDED, AGAIN, LOST, OF_PARTICIPANT];

/// Somebody's letters are shown so many at most.
const SHOWN_MAX: i64 = 50;

/// A letter to someone who registered, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RegistrationLetter {
    /// To whom.
    #[sqlx(try_from = "Key")]
    pub participant: Id,
    /// The version of the registration that it tells of.
    pub version: i64,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// What it says: the name of a [`Notice`].
    pub notice: String,
    /// `due`, `under_way`, `sent`, `failed` or `outdated`.
    pub state: String,
    /// How often it was tried.
    pub tries: i64,
    /// Since when it is to be sent.
    #[sqlx(rename = "asked_us", try_from = "Micros")]
    pub asked: Timestamp,
    /// When it was sent or given up.
    #[sqlx(rename = "ended_us", try_from = "MaybeMicros")]
    pub ended: Option<Timestamp>,
    /// Why it did not go yet.
    pub reason: Option<String>,
}

/// What became of a letter that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterEnd {
    /// It went.
    Sent,
    /// It did not, and will not.
    Failed(String),
    /// It did not; to be tried again at a time.
    Again(String, Timestamp),
    /// It is true no more, and was not sent.
    Outdated,
}

impl Store {
    /// Takes letters that are due, of everybody: a hub sends those of all tenants. Nobody else takes them; one that has
    /// not ended at `until` counts as failed.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn take_letters(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<RegistrationLetter>, StoreError> {
        let next: Option<(i64,)> = query(NEXT).bind(now).optional(self.readers(Reach::Everyone)).await?;
        if next.is_none() {
            return Ok(Vec::new());
        }
        let take = query(TAKE).bind(now).bind(until).bind(i64::from(limit));
        take.all(self.durable(Reach::Everyone)).await
    }

    /// Says what became of a letter that was taken.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn letter_ended(
        &self,
        letter: &RegistrationLetter,
        end: &LetterEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let of = |sql| query(sql).bind(letter.tenant).bind(letter.participant).bind(letter.version);
        let ended = |state: &str, reason: Option<&str>| {
            of(ENDED).bind(state).bind(now).bind(reason.map(str::to_owned))
        };
        let end = match end {
            LetterEnd::Sent => ended("sent", None),
            LetterEnd::Failed(reason) => ended("failed", Some(reason)),
            LetterEnd::Outdated => ended("outdated", None),
            LetterEnd::Again(reason, at) => of(AGAIN).bind(*at).bind(reason),
        };
        end.execute(self.durable(letter.tenant)).await.map(drop)
    }

    /// Gives up letters whose hub ended under way, of everybody: they may have gone, so they are not sent again.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn give_up_letters(&self, now: Timestamp, reason: &str) -> Result<u64, StoreError> {
        query(LOST).bind(now).bind(reason).execute(self.durable(Reach::Everyone)).await
    }

    /// Someone's letters, the latest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn letters_of(
        &self,
        tenant: Id,
        participant: Id,
    ) -> Result<Vec<RegistrationLetter>, StoreError> {
        let all = query(OF_PARTICIPANT).bind(tenant).bind(participant).bind(SHOWN_MAX);
        all.all(self.readers(tenant)).await
    }
}

impl Edit {
    /// Has someone written to, again when it was done; false when they have no address, or it is under way.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn ask_letter(
        &mut self,
        participant: Id,
        notice: Notice,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let whom = (self.tenant, participant);
        Ok(added(Connection::from(&mut self.transaction), whom, notice, now).await? > 0)
    }
}

/// Writes a letter down with the change that it tells of.
pub(super) async fn add(
    transaction: &mut Transaction,
    whom: (Id, Id),
    notice: Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    added(Connection::from(transaction), whom, notice, now).await.map(drop)
}

async fn added(
    on: Connection<'_>,
    (tenant, participant): (Id, Id),
    notice: Notice,
    now: Timestamp,
) -> Result<u64, StoreError> {
    query(ADD).bind(tenant).bind(participant).bind(notice.name()).bind(now).execute(on).await
}
