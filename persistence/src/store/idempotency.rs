//! Answers to REST requests that carried an `Idempotency-Key`, so that asking again gives the same answer.

use plenum_domain::{Id, Timestamp};

use super::connection::{Reach, begin};
use super::query::{Query, query};
use super::{Store, StoreError};

const SWEEP_ONE: &str =
    "DELETE FROM idempotency WHERE tenant = $1 AND subject = $2 AND key = $3 AND expires_us <= $4";
const CLAIM: &str = "INSERT INTO idempotency (tenant, subject, key, request_hash, expires_us, node, begun_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, subject, key) DO UPDATE
    SET node = excluded.node, begun_us = excluded.begun_us, expires_us = excluded.expires_us
    WHERE idempotency.status IS NULL AND idempotency.begun_us <= $8
    AND idempotency.request_hash = excluded.request_hash";
const FIND: &str = "SELECT request_hash, status, response FROM idempotency
    WHERE tenant = $1 AND subject = $2 AND key = $3";
const FINISH: &str = "UPDATE idempotency SET status = $4, response = $5
    WHERE tenant = $1 AND subject = $2 AND key = $3";
const ABANDON: &str =
    "DELETE FROM idempotency WHERE tenant = $1 AND subject = $2 AND key = $3 AND status IS NULL";
const ABANDON_ALL: &str = "DELETE FROM idempotency WHERE status IS NULL AND node = $1";
const SWEEP: &str = "DELETE FROM idempotency WHERE expires_us <= $1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SWEEP_ONE, CLAIM, FIND, FINISH, ABANDON, ABANDON_ALL, SWEEP];

/// A request that is not answered after this long, in milliseconds, has lost its node: no handler takes that long.
const UNDER_WAY_MAX_MS: i64 = 60_000;

/// Whose key it is: the same text from another person is another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The tenant.
    pub tenant: Id,
    /// Who asks; the zero id for those who have no name yet.
    pub subject: Id,
    /// The header's text.
    pub key: String,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: go on, then call [`Store::finish_request`] or [`Store::abandon_request`].
    New,
    /// The request was answered with this.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The body.
        response: Vec<u8>,
    },
    /// The key belongs to a request with another body.
    OtherRequest,
    /// The same request is being answered right now.
    UnderWay,
}

#[derive(sqlx::FromRow)]
struct Found {
    request_hash: Vec<u8>,
    status: Option<i64>,
    response: Option<Vec<u8>>,
}

impl Store {
    /// Claims a key for a request at a node until `expires`, or says what is known of it. The hash is over all that
    /// makes the request: method, path and body.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn begin_request(
        &self,
        key: &IdempotencyKey,
        request_hash: &[u8; 32],
        node: &str,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Begun, StoreError> {
        let mut transaction = begin(self.quick(key.tenant)).await?;
        bound(SWEEP_ONE, key).bind(now).execute(&mut transaction).await?;
        let claim = bound(CLAIM, key).bind(request_hash).bind(expires).bind(node).bind(now);
        let claim = claim.bind(now.plus_ms(-UNDER_WAY_MAX_MS));
        let claimed = claim.execute(&mut transaction).await? > 0;
        let found: Option<Found> = bound(FIND, key).optional(&mut transaction).await?;
        transaction.commit().await?;
        Ok(match found {
            _ if claimed => Begun::New,
            Some(found) if found.request_hash != request_hash => Begun::OtherRequest,
            Some(Found { status: Some(status), response, .. }) => {
                let status = u16::try_from(status).unwrap_or(500);
                Begun::Answered { status, response: response.unwrap_or_default() }
            }
            // None: whoever had claimed it has just given it free. The next try gets it.
            Some(Found { status: None, .. }) | None => Begun::UnderWay,
        })
    }

    /// Keeps the answer to a request.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn finish_request(
        &self,
        key: &IdempotencyKey,
        status: u16,
        response: &[u8],
    ) -> Result<(), StoreError> {
        bound(FINISH, key).bind(i64::from(status)).bind(response).execute(self.quick(key.tenant)).await?;
        Ok(())
    }

    /// Gives a key free whose request failed in a way that another try may cure.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn abandon_request(&self, key: &IdempotencyKey) -> Result<(), StoreError> {
        bound(ABANDON, key).execute(self.quick(key.tenant)).await?;
        Ok(())
    }

    /// Gives all keys free whose requests were under way at a node when its process ended. Call it once, at its start.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn abandon_all_requests(&self, node: &str) -> Result<u64, StoreError> {
        query(ABANDON_ALL).bind(node).execute(self.quick(Reach::Everyone)).await
    }

    /// Deletes the answers that have ended.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sweep_requests(&self, now: Timestamp) -> Result<u64, StoreError> {
        query(SWEEP).bind(now).execute(self.behind(Reach::Everyone)).await
    }
}

fn bound(statement: &'static str, key: &IdempotencyKey) -> Query {
    query(statement).bind(key.tenant).bind(key.subject).bind(&key.key)
}
