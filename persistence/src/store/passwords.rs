//! Changing a password: by the old one, or by a token from a mail that is good once.

use plenum_domain::{Id, Timestamp};

use super::audit::{Note, write};
use super::columns::Key;
use super::connection::{Reach, begin};
use super::query::query;
use super::{Store, StoreError};

const ASK: &str =
    "INSERT INTO password_resets (token_hash, tenant, user_id, expires_us) VALUES ($1, $2, $3, $4)";
const FIND: &str = "SELECT tenant, user_id FROM password_resets WHERE token_hash = $1 AND expires_us > $2";
const USE: &str = "DELETE FROM password_resets WHERE tenant = $1 AND token_hash = $2";
const FORGET: &str = "DELETE FROM password_resets WHERE tenant = $1 AND user_id = $2";
const SET: &str = "UPDATE users SET password_hash = $3 WHERE tenant = $1 AND id = $2";
const END_SIGN_INS: &str = "UPDATE refresh_tokens SET revoked_us = $3
    WHERE tenant = $1 AND subject = $2 AND revoked_us IS NULL AND family <> $4";
const SWEEP: &str = "DELETE FROM password_resets WHERE expires_us <= $1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ASK, FIND, USE, FORGET, SET, END_SIGN_INS, SWEEP];

/// Whose password a token may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reset {
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The account.
    #[sqlx(rename = "user_id", try_from = "Key")]
    pub user: Id,
}

impl Store {
    /// Keeps a token that may change a password once.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn begin_reset(
        &self,
        reset: Reset,
        hash: &[u8; 32],
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        let ask = query(ASK).bind(hash).bind(reset.tenant).bind(reset.user).bind(expires);
        ask.execute(self.durable(reset.tenant)).await.map(drop)
    }

    /// Whose password this token may change, unless it has ended.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn reset(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Reset>, StoreError> {
        query(FIND).bind(hash).bind(now).optional(self.readers(Reach::Everyone)).await
    }

    /// Changes the password of the account that `note` is about and ends its sign-ins, but for `keep`. With a token of
    /// a mail, uses it and all others of the account up; false when it was used meanwhile.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_password(
        &self,
        password_hash: &str,
        token: Option<&[u8; 32]>,
        keep: Option<Id>,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let (tenant, user) = (note.tenant, note.subject);
        let mut transaction = begin(self.durable(note.tenant)).await?;
        if let Some(token) = token
            && query(USE).bind(tenant).bind(token).execute(&mut transaction).await? == 0
        {
            return Ok(false);
        }
        query(FORGET).bind(tenant).bind(user).execute(&mut transaction).await?;
        query(SET).bind(tenant).bind(user).bind(password_hash).execute(&mut transaction).await?;
        let end = query(END_SIGN_INS).bind(tenant).bind(user).bind(note.at).bind(keep.unwrap_or_default());
        end.execute(&mut transaction).await?;
        write(&mut transaction, note).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Deletes the tokens that have ended.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sweep_resets(&self, now: Timestamp) -> Result<u64, StoreError> {
        query(SWEEP).bind(now).execute(self.behind(Reach::Everyone)).await
    }
}
