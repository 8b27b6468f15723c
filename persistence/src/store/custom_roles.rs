//! Roles that a tenant made for itself.

use plenum_domain::access::Actions;
use plenum_domain::{Id, Timestamp};

use super::audit::{Note, write};
use super::columns::{ActionNames, Key, Micros};
use super::connection::begin;
use super::query::query;
use super::{Store, StoreError};

const CREATE: &str = "INSERT INTO custom_roles (id, tenant, name, actions, created_us, version)
    VALUES ($1, $2, $3, $4, $5, 1)";
const BY_ID: &str = "SELECT id, name, actions, created_us, version FROM custom_roles
    WHERE tenant = $1 AND id = $2";
const LIST: &str = "SELECT id, name, actions, created_us, version FROM custom_roles
    WHERE tenant = $1 ORDER BY name, id";
const CHANGE: &str = "UPDATE custom_roles SET name = $3, actions = $4, version = version + 1
    WHERE tenant = $1 AND id = $2 AND (CAST($5 AS BIGINT) IS NULL OR version = $5)";
const REMOVE: &str = "DELETE FROM custom_roles WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, LIST, CHANGE, REMOVE];

/// A tenant's own role.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CustomRole {
    /// The role's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// What the tenant calls it.
    pub name: String,
    /// What it allows.
    #[sqlx(try_from = "ActionNames")]
    pub actions: Actions,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Store {
    /// Makes a role, as `note` says.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the tenant has one of this name.
    pub async fn create_custom_role(
        &self,
        name: &str,
        actions: Actions,
        note: &Note,
    ) -> Result<(), StoreError> {
        let create =
            query(CREATE).bind(note.subject).bind(note.tenant).bind(name).bind(actions).bind(note.at);
        let mut transaction = begin(self.durable(note.tenant)).await?;
        create.execute(&mut transaction).await.map_err(|error| error.named("name"))?;
        write(&mut transaction, note).await?;
        transaction.commit().await
    }

    /// The role with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn custom_role(&self, tenant: Id, id: Id) -> Result<Option<CustomRole>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// The tenant's own roles, by name.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn custom_roles(&self, tenant: Id) -> Result<Vec<CustomRole>, StoreError> {
        query(LIST).bind(tenant).all(self.readers(tenant)).await
    }

    /// Changes a role, as `note` says; false when it is gone, or not at the `version` that is expected.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the tenant has another one of this name.
    pub async fn change_custom_role(
        &self,
        name: &str,
        actions: Actions,
        version: Option<i64>,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let change =
            query(CHANGE).bind(note.tenant).bind(note.subject).bind(name).bind(actions).bind(version);
        self.change_noted(change, note).await.map_err(|error| error.named("name"))
    }

    /// Removes a role from whoever held it, as `note` says; false when it is gone.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_custom_role(&self, note: &Note) -> Result<bool, StoreError> {
        self.change_noted(query(REMOVE).bind(note.tenant).bind(note.subject), note).await
    }
}
