//! Refresh tokens: each is good once. Using an old one again means that someone copied it, and ends its family.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeKey, MaybeMicros};
use super::connection::{Connection, Reach, Transaction, begin};
use super::query::query;
use super::{Edit, Store, StoreError};

const ISSUE: &str = "INSERT INTO refresh_tokens
    (hash, family, tenant, subject, subject_is, conference, issued_us, expires_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FIND: &str = "SELECT family, tenant, subject, subject_is, conference, rotated_us, revoked_us
    FROM refresh_tokens WHERE hash = $1";
/// The first to use a token has it; whoever waited for its row finds it used.
const ROTATE: &str = "UPDATE refresh_tokens SET rotated_us = $2
    WHERE hash = $1 AND rotated_us IS NULL AND revoked_us IS NULL AND expires_us > $2
    RETURNING family, tenant, subject, subject_is, conference";
const REVOKE_FAMILY: &str =
    "UPDATE refresh_tokens SET revoked_us = $2 WHERE family = $1 AND revoked_us IS NULL";
const REVOKE_SUBJECT: &str =
    "UPDATE refresh_tokens SET revoked_us = $3 WHERE tenant = $1 AND subject = $2 AND revoked_us IS NULL";
const SWEEP: &str = "DELETE FROM refresh_tokens WHERE expires_us <= $1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ISSUE, FIND, ROTATE, REVOKE_FAMILY, REVOKE_SUBJECT, SWEEP];

/// What kind of thing a token speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A login account.
    User,
    /// An attendee who joined by code.
    Participant,
    /// A venue screen.
    Screen,
}

impl Subject {
    const ALL: [(Self, &'static str); 3] =
        [(Self::User, "user"), (Self::Participant, "participant"), (Self::Screen, "screen")];

    fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

impl TryFrom<String> for Subject {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text).map(|(subject, _)| *subject);
        found.ok_or_else(|| format!("{text:?} is no subject of a token"))
    }
}

/// Whom a token speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Grant {
    /// The chain of tokens that began with one login.
    #[sqlx(try_from = "Key")]
    pub family: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The user, participant or screen.
    #[sqlx(try_from = "Key")]
    pub subject: Id,
    /// Which of them.
    #[sqlx(try_from = "String")]
    pub subject_is: Subject,
    /// The conference that the token is for, when it is for one.
    #[sqlx(try_from = "MaybeKey")]
    pub conference: Option<Id>,
}

/// A token to keep. Only its hash is ever stored.
#[derive(Clone, Debug)]
pub struct NewRefreshToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Now.
    pub issued: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// What came of using a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The new token is kept in its place.
    Rotated(Grant),
    /// It was used before: its whole family is revoked now.
    Reused(Grant),
    /// Nobody knows it, it has ended, or it was revoked.
    Unknown,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    grant: Grant,
    #[sqlx(rename = "rotated_us", try_from = "MaybeMicros")]
    rotated: Option<Timestamp>,
    #[sqlx(rename = "revoked_us", try_from = "MaybeMicros")]
    revoked: Option<Timestamp>,
}

impl Store {
    /// Keeps the first token of a family.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn issue_refresh_token(&self, grant: &Grant, new: &NewRefreshToken) -> Result<(), StoreError> {
        issue(self.quick(grant.tenant), grant, new).await
    }

    /// Uses a token: keeps `new` in its place, or revokes the family when it was used before.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn rotate_refresh_token(
        &self,
        old_hash: &[u8; 32],
        new: &NewRefreshToken,
    ) -> Result<Rotation, StoreError> {
        // The hash is all that its bearer shows.
        let mut transaction = begin(self.quick(Reach::Everyone)).await?;
        let rotate = query(ROTATE).bind(old_hash).bind(new.issued);
        let rotation = match rotate.optional::<Grant>(&mut transaction).await? {
            Some(grant) => {
                issue(&mut transaction, &grant, new).await?;
                Rotation::Rotated(grant)
            }
            None => refuse(&mut transaction, old_hash, new.issued).await?,
        };
        transaction.commit().await?;
        Ok(rotation)
    }

    /// Ends the family of a token (logging out); none when nobody knows the token.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn revoke_refresh_token(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Grant>, StoreError> {
        let mut transaction = begin(self.durable(Reach::Everyone)).await?;
        let found: Option<Found> = query(FIND).bind(hash).optional(&mut transaction).await?;
        if let Some(found) = &found {
            revoke(&mut transaction, found.grant.family, now).await?;
        }
        transaction.commit().await?;
        Ok(found.map(|found| found.grant))
    }

    /// Ends every family of a user, participant or screen; answers with the number of tokens.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn revoke_refresh_tokens_of(
        &self,
        tenant: Id,
        subject: Id,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let change = query(REVOKE_SUBJECT).bind(tenant).bind(subject).bind(now);
        change.execute(self.durable(tenant)).await
    }

    /// Deletes the tokens that have ended.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sweep_refresh_tokens(&self, now: Timestamp) -> Result<u64, StoreError> {
        query(SWEEP).bind(now).execute(self.behind(Reach::Everyone)).await
    }
}

/// What a token means that cannot be used. That it was used before means that someone copied it.
impl Edit {
    /// Ends every family of a user, participant or screen.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn revoke_refresh_tokens_of(&mut self, subject: Id, now: Timestamp) -> Result<(), StoreError> {
        let change = query(REVOKE_SUBJECT).bind(self.tenant).bind(subject).bind(now);
        change.execute(&mut self.transaction).await.map(|_| ())
    }
}

async fn refuse(
    transaction: &mut Transaction,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Rotation, StoreError> {
    match query(FIND).bind(hash).optional::<Found>(&mut *transaction).await? {
        Some(found) if found.revoked.is_none() && found.rotated.is_some() => {
            revoke(transaction, found.grant.family, now).await?;
            Ok(Rotation::Reused(found.grant))
        }
        _ => Ok(Rotation::Unknown),
    }
}

pub(super) async fn issue(
    on: impl Into<Connection<'_>>,
    grant: &Grant,
    new: &NewRefreshToken,
) -> Result<(), StoreError> {
    query(ISSUE)
        .bind(&new.hash)
        .bind(grant.family)
        .bind(grant.tenant)
        .bind(grant.subject)
        .bind(grant.subject_is.name())
        .bind(grant.conference)
        .bind(new.issued)
        .bind(new.expires)
        .execute(on)
        .await?;
    Ok(())
}

async fn revoke(on: impl Into<Connection<'_>>, family: Id, now: Timestamp) -> Result<(), StoreError> {
    query(REVOKE_FAMILY).bind(family).bind(now).execute(on).await?;
    Ok(())
}
