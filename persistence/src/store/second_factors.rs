//! Second factors: a secret shared with an app on the account's phone, and codes for when the phone is lost.

use plenum_domain::{Id, Timestamp};

use super::audit::{Note, write};
use super::columns::MaybeMicros;
use super::connection::begin;
use super::query::query;
use super::{Store, StoreError};

const FIND: &str = "SELECT totp_secret, totp_us, totp_step FROM users WHERE tenant = $1 AND id = $2";
const PREPARE: &str = "UPDATE users SET totp_secret = $3, totp_us = NULL, totp_step = NULL
    WHERE tenant = $1 AND id = $2 AND totp_us IS NULL";
const CONFIRM: &str = "UPDATE users SET totp_us = $3, totp_step = $4
    WHERE tenant = $1 AND id = $2 AND totp_secret IS NOT NULL AND totp_us IS NULL";
const USE_STEP: &str = "UPDATE users SET totp_step = $3
    WHERE tenant = $1 AND id = $2 AND (totp_step IS NULL OR totp_step < $3)";
const REMOVE: &str = "UPDATE users SET totp_secret = NULL, totp_us = NULL, totp_step = NULL
    WHERE tenant = $1 AND id = $2";
const FORGET_CODES: &str = "DELETE FROM recovery_codes WHERE tenant = $1 AND user_id = $2";
const ADD_CODE: &str = "INSERT INTO recovery_codes (tenant, user_id, hash) VALUES ($1, $2, $3)";
const USE_CODE: &str = "UPDATE recovery_codes SET used_us = $4
    WHERE tenant = $1 AND user_id = $2 AND hash = $3 AND used_us IS NULL";
const CODES_LEFT: &str = "SELECT COUNT(*) AS count FROM recovery_codes
    WHERE tenant = $1 AND user_id = $2 AND used_us IS NULL";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[FIND, PREPARE, CONFIRM, USE_STEP, REMOVE, FORGET_CODES, ADD_CODE, USE_CODE, CODES_LEFT];

/// An account's second factor.
#[derive(Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct SecondFactor {
    /// What the app on the phone knows too.
    #[sqlx(rename = "totp_secret")]
    pub secret: Option<Vec<u8>>,
    /// When it was confirmed; from then on it is asked for.
    #[sqlx(rename = "totp_us", try_from = "MaybeMicros")]
    pub confirmed: Option<Timestamp>,
    /// The time step of the last code that was used.
    #[sqlx(rename = "totp_step")]
    pub step: Option<i64>,
}

/// Without the secret.
impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("confirmed", &self.confirmed).finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

impl Store {
    /// An account's second factor; an empty one when it has none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn second_factor(&self, tenant: Id, user: Id) -> Result<SecondFactor, StoreError> {
        let found: Option<SecondFactor> =
            query(FIND).bind(tenant).bind(user).optional(self.readers(tenant)).await?;
        Ok(found.unwrap_or_default())
    }

    /// Keeps a secret that is not confirmed yet; false when the account has a confirmed one.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn prepare_second_factor(
        &self,
        tenant: Id,
        user: Id,
        secret: &[u8],
    ) -> Result<bool, StoreError> {
        Ok(query(PREPARE).bind(tenant).bind(user).bind(secret).execute(self.durable(tenant)).await? > 0)
    }

    /// Confirms the secret with the step of its first code, and keeps recovery codes, as `note` says; false when there
    /// is nothing to confirm.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn confirm_second_factor(
        &self,
        step: i64,
        codes: &[[u8; 32]],
        note: &Note,
    ) -> Result<bool, StoreError> {
        let (tenant, user) = (note.tenant, note.subject);
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let confirm = query(CONFIRM).bind(tenant).bind(user).bind(note.at).bind(step);
        if confirm.execute(&mut transaction).await? == 0 {
            return Ok(false);
        }
        query(FORGET_CODES).bind(tenant).bind(user).execute(&mut transaction).await?;
        for code in codes {
            query(ADD_CODE).bind(tenant).bind(user).bind(code).execute(&mut transaction).await?;
        }
        write(&mut transaction, note).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Uses a code's time step up; false when it or a later one was used before.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn use_second_factor(&self, tenant: Id, user: Id, step: i64) -> Result<bool, StoreError> {
        Ok(query(USE_STEP).bind(tenant).bind(user).bind(step).execute(self.durable(tenant)).await? > 0)
    }

    /// Uses a recovery code up; false when it is none of the account's, or was used before.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn use_recovery_code(
        &self,
        tenant: Id,
        user: Id,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = query(USE_CODE).bind(tenant).bind(user).bind(hash).bind(now);
        Ok(used.execute(self.durable(tenant)).await? > 0)
    }

    /// How many recovery codes an account has left.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn recovery_codes_left(&self, tenant: Id, user: Id) -> Result<u64, StoreError> {
        let Count { count } = query(CODES_LEFT).bind(tenant).bind(user).one(self.readers(tenant)).await?;
        Ok(count.cast_unsigned())
    }

    /// Takes a second factor and its recovery codes away, as `note` says; false when there is no such account.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_second_factor(&self, note: &Note) -> Result<bool, StoreError> {
        let (tenant, user) = (note.tenant, note.subject);
        let mut transaction = begin(self.durable(note.tenant)).await?;
        query(FORGET_CODES).bind(tenant).bind(user).execute(&mut transaction).await?;
        let done = query(REMOVE).bind(tenant).bind(user).execute(&mut transaction).await? > 0;
        write(&mut transaction, note).await?;
        transaction.commit().await?;
        Ok(done)
    }
}
