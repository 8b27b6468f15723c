//! Personal access tokens.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeMicros, Micros, Words};
use super::connection::Reach;
use super::query::query;
use super::value::SpacedWords;
use super::{Edit, Store, StoreError};

const CREATE: &str =
    "INSERT INTO api_tokens (id, tenant, user_id, name, hash, scopes, created_us, expires_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const BY_HASH: &str = "SELECT id, tenant, user_id, name, scopes, created_us, expires_us, last_used_us
    FROM api_tokens WHERE hash = $1 AND revoked_us IS NULL AND (expires_us IS NULL OR expires_us > $2)";
const OF_USER: &str = "SELECT id, tenant, user_id, name, scopes, created_us, expires_us, last_used_us
    FROM api_tokens WHERE tenant = $1 AND user_id = $2 AND revoked_us IS NULL ORDER BY created_us, id";
const USED: &str = "UPDATE api_tokens SET last_used_us = $3 WHERE tenant = $1 AND id = $2";
const REVOKE: &str =
    "UPDATE api_tokens SET revoked_us = $3 WHERE tenant = $1 AND id = $2 AND revoked_us IS NULL";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_HASH, OF_USER, USED, REVOKE];

/// A personal access token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ApiToken {
    /// The token's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The account that it speaks for.
    #[sqlx(rename = "user_id", try_from = "Key")]
    pub user: Id,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    #[sqlx(try_from = "Words")]
    pub scopes: Vec<String>,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// When it ends; none for never.
    #[sqlx(rename = "expires_us", try_from = "MaybeMicros")]
    pub expires: Option<Timestamp>,
    /// When it was last used.
    #[sqlx(rename = "last_used_us", try_from = "MaybeMicros")]
    pub last_used: Option<Timestamp>,
}

/// A token to keep.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// The new id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// The account that it speaks for.
    pub user: Id,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// What it may be used for; words without spaces.
    pub scopes: Vec<String>,
    /// Now.
    pub created: Timestamp,
    /// When it ends; none for never.
    pub expires: Option<Timestamp>,
}

impl Store {
    /// The token with this SHA-256, unless it has ended or was revoked.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn api_token(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<ApiToken>, StoreError> {
        let found = query(BY_HASH).bind(hash).bind(now);
        // The hash is all that its bearer shows.
        found.optional(self.readers(Reach::Everyone)).await
    }

    /// The tokens of an account, oldest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn api_tokens(&self, tenant: Id, user: Id) -> Result<Vec<ApiToken>, StoreError> {
        query(OF_USER).bind(tenant).bind(user).all(self.readers(tenant)).await
    }

    /// Notes that a token was used. Call it now and then, not at every request.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn api_token_used(&self, tenant: Id, id: Id, now: Timestamp) -> Result<(), StoreError> {
        query(USED).bind(tenant).bind(id).bind(now).execute(self.quick(tenant)).await?;
        Ok(())
    }
}

impl Edit {
    /// Keeps a token.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such account.
    pub async fn create_api_token(&mut self, new: &NewApiToken) -> Result<(), StoreError> {
        query(CREATE)
            .bind(new.id)
            .bind(new.tenant)
            .bind(new.user)
            .bind(&new.name)
            .bind(&new.hash)
            .bind(SpacedWords(&new.scopes))
            .bind(new.created)
            .bind(new.expires)
            .execute(&mut self.transaction)
            .await?;
        Ok(())
    }

    /// Revokes a token; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn revoke_api_token(&mut self, id: Id, now: Timestamp) -> Result<bool, StoreError> {
        let change = query(REVOKE).bind(self.tenant).bind(id).bind(now);
        Ok(change.execute(&mut self.transaction).await? > 0)
    }
}
