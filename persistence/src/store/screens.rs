//! Venue screens, and how one is paired: it shows a code, an organiser confirms it, the screen fetches its place.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeKey, Micros};
use super::connection::{Connection, Reach, Transaction, begin};
use super::query::query;
use super::{Edit, Store, StoreError};

const CREATE: &str = "INSERT INTO screens (id, tenant, conference, session, name, paired_us)
    VALUES ($1, $2, $3, $4, $5, $6)";
const BY_ID: &str = "SELECT id, tenant, conference, session, name, paired_us
    FROM screens WHERE tenant = $1 AND id = $2";
const OF_CONFERENCE: &str = "SELECT id, tenant, conference, session, name, paired_us
    FROM screens WHERE tenant = $1 AND conference = $2 ORDER BY name, id";
const PLACE: &str = "UPDATE screens SET session =
    (SELECT s.id FROM sessions s WHERE s.tenant = $1 AND s.conference = screens.conference AND s.id = $3)
    WHERE tenant = $1 AND id = $2";
const REMOVE: &str = "DELETE FROM screens WHERE tenant = $1 AND id = $2";
const BEGIN: &str = "INSERT INTO screen_pairings (code, poll_token_hash, expires_us) VALUES ($1, $2, $3)";
const CONFIRM: &str =
    "UPDATE screen_pairings SET screen = $2 WHERE code = $1 AND screen IS NULL AND expires_us > $3";
const WAITING: &str = "SELECT code FROM screen_pairings WHERE poll_token_hash = $1 AND expires_us > $2";
const TAKE: &str = "DELETE FROM screen_pairings
    WHERE poll_token_hash = $1 AND expires_us > $2 AND screen IS NOT NULL RETURNING screen";
const OF_PAIRING: &str = "SELECT id, tenant, conference, session, name, paired_us FROM screens WHERE id = $1";
const SWEEP: &str = "DELETE FROM screen_pairings WHERE expires_us <= $1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[CREATE, BY_ID, OF_CONFERENCE, PLACE, REMOVE, BEGIN, CONFIRM, WAITING, TAKE, OF_PAIRING, SWEEP];

/// A paired screen.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Screen {
    /// The screen's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// The session that it follows.
    #[sqlx(try_from = "MaybeKey")]
    pub session: Option<Id>,
    /// What organisers call it.
    pub name: String,
    /// When it was paired.
    #[sqlx(rename = "paired_us", try_from = "Micros")]
    pub paired: Timestamp,
}

/// A screen to pair.
#[derive(Clone, Debug)]
pub struct NewScreen {
    /// The new id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// The conference.
    pub conference: Id,
    /// The session that it follows.
    pub session: Option<Id>,
    /// What organisers call it.
    pub name: String,
    /// Now.
    pub paired: Timestamp,
}

/// How far a pairing has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// Nobody has confirmed the code yet.
    Waiting,
    /// It is confirmed; this is told once.
    Paired(Screen),
    /// There is no such pairing, or it has ended.
    Unknown,
}

impl Store {
    /// Begins a pairing: the screen shows `code`, and asks again with the token whose SHA-256 this is.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another pairing has the code: make another.
    pub async fn begin_pairing(
        &self,
        code: &str,
        poll_token_hash: &[u8; 32],
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        let begin = query(BEGIN).bind(code).bind(poll_token_hash).bind(expires);
        begin.execute(self.quick(Reach::Everyone)).await.map_err(StoreError::taken("code"))?;
        Ok(())
    }

    /// Asks whether the pairing of this token is confirmed. The pairing ends with the answer that it is.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn take_pairing(
        &self,
        poll_token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Pairing, StoreError> {
        // The token is all that a screen has: it belongs to nobody yet.
        let mut transaction = begin(self.quick(Reach::Everyone)).await?;
        let take = query(TAKE).bind(poll_token_hash).bind(now);
        let pairing = match take.optional::<(Key,)>(&mut transaction).await? {
            Some((Key(screen),)) => {
                let screen = query(OF_PAIRING).bind(screen).optional(&mut transaction).await?;
                screen.map_or(Pairing::Unknown, Pairing::Paired)
            }
            None => {
                let waiting = query(WAITING).bind(poll_token_hash).bind(now);
                let waiting: Option<(String,)> = waiting.optional(&mut transaction).await?;
                waiting.map_or(Pairing::Unknown, |_| Pairing::Waiting)
            }
        };
        transaction.commit().await?;
        Ok(pairing)
    }

    /// Deletes the pairings that have ended.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sweep_pairings(&self, now: Timestamp) -> Result<u64, StoreError> {
        query(SWEEP).bind(now).execute(self.behind(Reach::Everyone)).await
    }

    /// The screen with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn screen(&self, tenant: Id, id: Id) -> Result<Option<Screen>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// The screens of a conference, by name.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn screens(&self, tenant: Id, conference: Id) -> Result<Vec<Screen>, StoreError> {
        let list = query(OF_CONFERENCE).bind(tenant).bind(conference);
        list.all(self.readers(tenant)).await
    }
}

impl Edit {
    /// Makes a screen and confirms the code that it shows; false when the code is unknown, has ended or is confirmed
    /// already: then the edit is to be dropped.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference or session.
    pub async fn confirm_pairing(&mut self, code: &str, new: &NewScreen) -> Result<bool, StoreError> {
        insert(&mut self.transaction, new).await?;
        let confirm = query(CONFIRM).bind(code).bind(new.id).bind(new.paired);
        Ok(confirm.execute(&mut self.transaction).await? > 0)
    }

    /// The screen with this id, as it is now.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn screen(&mut self, id: Id) -> Result<Option<Screen>, StoreError> {
        of(&mut self.transaction, self.tenant, id).await
    }

    /// Removes a screen; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_screen(&mut self, id: Id) -> Result<bool, StoreError> {
        let removal = query(REMOVE).bind(self.tenant).bind(id).execute(&mut self.transaction).await?;
        Ok(removal > 0)
    }
}

/// The screen with this id, as the transaction sees it.
pub(crate) async fn of(
    transaction: &mut Transaction,
    tenant: Id,
    id: Id,
) -> Result<Option<Screen>, StoreError> {
    query(BY_ID).bind(tenant).bind(id).optional(transaction).await
}

/// Lets a screen follow a session of its conference, or none; none too when there is no such session.
pub(crate) async fn place(
    transaction: &mut Transaction,
    tenant: Id,
    id: Id,
    session: Option<Id>,
) -> Result<(), StoreError> {
    query(PLACE).bind(tenant).bind(id).bind(session).execute(transaction).await?;
    Ok(())
}

async fn insert(on: impl Into<Connection<'_>>, new: &NewScreen) -> Result<(), StoreError> {
    query(CREATE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.conference)
        .bind(new.session)
        .bind(&new.name)
        .bind(new.paired)
        .execute(on)
        .await?;
    Ok(())
}
