//! Where someone is signed in: one chain of refresh tokens each.

use plenum_domain::{Id, Timestamp};

use super::audit::Note;
use super::columns::{Key, Micros};
use super::connection::Reach;
use super::query::query;
use super::{Store, StoreError};

const REMEMBER: &str = "INSERT INTO sign_ins (family, tenant, subject, device, started_us)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (family) DO NOTHING";
const LIST: &str = "SELECT refresh_tokens.family AS family, coalesce(MIN(sign_ins.device), '') AS device,
    MIN(refresh_tokens.issued_us) AS started_us, MAX(refresh_tokens.issued_us) AS seen_us
    FROM refresh_tokens LEFT JOIN sign_ins ON sign_ins.family = refresh_tokens.family
    WHERE refresh_tokens.tenant = $1 AND refresh_tokens.subject = $2
    AND refresh_tokens.revoked_us IS NULL AND refresh_tokens.expires_us > $3
    GROUP BY refresh_tokens.family ORDER BY seen_us DESC LIMIT 100";
const END: &str = "UPDATE refresh_tokens SET revoked_us = $4
    WHERE tenant = $1 AND subject = $2 AND family = $3 AND revoked_us IS NULL";
const SWEEP: &str = "DELETE FROM sign_ins WHERE started_us < $1
    AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE refresh_tokens.family = sign_ins.family)";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[REMEMBER, LIST, END, SWEEP];

/// A sign-in that goes on.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SignIn {
    /// The chain of tokens.
    #[sqlx(try_from = "Key")]
    pub family: Id,
    /// What signed in, as it called itself.
    pub device: String,
    /// When its oldest token that is still kept was issued.
    #[sqlx(rename = "started_us", try_from = "Micros")]
    pub started: Timestamp,
    /// When it last renewed itself.
    #[sqlx(rename = "seen_us", try_from = "Micros")]
    pub seen: Timestamp,
}

impl Store {
    /// Remembers what signed in.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remember_sign_in(
        &self,
        tenant: Id,
        subject: Id,
        sign_in: &SignIn,
    ) -> Result<(), StoreError> {
        let remember = query(REMEMBER).bind(sign_in.family).bind(tenant).bind(subject);
        remember.bind(&sign_in.device).bind(sign_in.started).execute(self.quick(tenant)).await.map(drop)
    }

    /// Where someone is signed in, the most recently seen first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sign_ins(&self, tenant: Id, subject: Id, now: Timestamp) -> Result<Vec<SignIn>, StoreError> {
        query(LIST).bind(tenant).bind(subject).bind(now).all(self.readers(tenant)).await
    }

    /// Ends a sign-in, as `note` says; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn end_sign_in(&self, subject: Id, family: Id, note: &Note) -> Result<bool, StoreError> {
        let end = query(END).bind(note.tenant).bind(subject).bind(family).bind(note.at);
        self.change_noted(end, note).await
    }

    /// Deletes what is remembered of sign-ins that are over.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sweep_sign_ins(&self, before: Timestamp) -> Result<u64, StoreError> {
        query(SWEEP).bind(before).execute(self.behind(Reach::Everyone)).await
    }
}
