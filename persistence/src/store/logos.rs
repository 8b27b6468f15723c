//! Tenants' logos: one a tenant, found by what it looks like, so that a changed one has another address.

use plenum_domain::Id;

use super::audit::{Note, write};
use super::connection::{Reach, begin};
use super::query::query;
use super::{Store, StoreError};

const SAVE: &str =
    "INSERT INTO logos (tenant, hash, media_type, bytes, created_us) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (tenant) DO UPDATE SET hash = excluded.hash, media_type = excluded.media_type,
    bytes = excluded.bytes, created_us = excluded.created_us";
const REMOVE: &str = "DELETE FROM logos WHERE tenant = $1";
const HASH: &str = "SELECT hash FROM logos WHERE tenant = $1";
const BY_HASH: &str = "SELECT media_type, bytes FROM logos WHERE hash = $1 LIMIT 1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SAVE, REMOVE, HASH, BY_HASH];

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Logo {
    /// `image/png` or the like.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Hash {
    hash: String,
}

impl Store {
    /// Gives a tenant a logo, as `note` says.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn save_logo(&self, hash: &str, logo: &Logo, note: &Note) -> Result<(), StoreError> {
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let save = query(SAVE).bind(note.tenant).bind(hash).bind(&logo.media_type).bind(&logo.bytes);
        save.bind(note.at).execute(&mut transaction).await?;
        write(&mut transaction, note).await?;
        transaction.commit().await
    }

    /// Takes a tenant's logo away, as `note` says; false when it has none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_logo(&self, note: &Note) -> Result<bool, StoreError> {
        self.change_noted(query(REMOVE).bind(note.tenant), note).await
    }

    /// The hash of a tenant's logo.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn logo_hash(&self, tenant: Id) -> Result<Option<String>, StoreError> {
        let found: Option<Hash> = query(HASH).bind(tenant).optional(self.readers(tenant)).await?;
        Ok(found.map(|found| found.hash))
    }

    /// The logo with this hash, whoever's it is: logos are public.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn logo(&self, hash: &str) -> Result<Option<Logo>, StoreError> {
        query(BY_HASH).bind(hash).optional(self.readers(Reach::Everyone)).await
    }
}
