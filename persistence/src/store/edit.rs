//! Edits: what organisers change, in one transaction with what the audit log says of it.

use plenum_domain::Id;

use super::audit::{Note, write};
use super::connection::{Transaction, begin};
use super::{Store, StoreError};

/// Changes of a tenant that happen together with their entry in the audit log. Dropped without a commit, none of them do.
///
/// What it reads is as its own changes made it. Nothing else is written meanwhile on SQLite: an edit waits for nobody but
/// the store.
#[must_use = "an edit that is dropped changes nothing"]
pub struct Edit {
    pub(super) transaction: Transaction,
    pub(super) tenant: Id,
}

impl Store {
    /// Begins an edit of what a tenant has.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn edit(&self, tenant: Id) -> Result<Edit, StoreError> {
        Ok(Edit { transaction: begin(self.durable(tenant)).await?, tenant })
    }
}

impl Edit {
    /// Writes one more entry down, about one of several changes.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn note(&mut self, note: &Note) -> Result<(), StoreError> {
        assert_eq!(
            note.tenant, self.tenant,
            "an entry stands in the log of the tenant whose things were changed"
        );
        write(&mut self.transaction, note).await
    }

    /// Makes all of it happen, with this entry.
    ///
    /// # Errors
    /// When the store cannot answer; then none of it happened.
    pub async fn commit(mut self, note: &Note) -> Result<(), StoreError> {
        self.note(note).await?;
        self.transaction.commit().await
    }

    /// Makes happen what changed no field: versions count it, the log has nothing to tell.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn commit_unchanged(self) -> Result<(), StoreError> {
        self.transaction.commit().await
    }
}
