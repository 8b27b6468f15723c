//! Tenants: the only table that is asked without one.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, Micros};
use super::connection::Reach;
use super::query::query;
use super::{Store, StoreError};

const CREATE: &str = "INSERT INTO tenants (id, slug, name, settings, created_us) VALUES ($1, $2, $3, $4, $5)";
const BY_ID: &str = "SELECT id, slug, name, settings, created_us FROM tenants WHERE id = $1";
const BY_SLUG: &str = "SELECT id, slug, name, settings, created_us FROM tenants WHERE slug = $1";
const ALL: &str = "SELECT id, slug, name, settings, created_us FROM tenants ORDER BY slug";
const CONFIGURE: &str = "UPDATE tenants SET settings = $2 WHERE id = $1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, BY_SLUG, ALL, CONFIGURE];

/// A customer of this installation: nothing of it is visible to another.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Tenant {
    /// The tenant's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The name in addresses.
    pub slug: String,
    /// The name for people.
    pub name: String,
    /// Settings that only the hub reads: allowed origins, limits.
    #[sqlx(json)]
    pub settings: serde_json::Value,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
}

/// A tenant to make.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// The new id.
    pub id: Id,
    /// The name in addresses.
    pub slug: String,
    /// The name for people.
    pub name: String,
    /// Now.
    pub created: Timestamp,
}

impl Store {
    /// Makes a tenant.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another tenant has the slug.
    pub async fn create_tenant(&self, new: &NewTenant) -> Result<(), StoreError> {
        query(CREATE)
            .bind(new.id)
            .bind(&new.slug)
            .bind(&new.name)
            .bind(serde_json::json!({}))
            .bind(new.created)
            .execute(self.durable(new.id))
            .await
            .map_err(StoreError::taken("slug"))?;
        Ok(())
    }

    /// The tenant with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tenant(&self, id: Id) -> Result<Option<Tenant>, StoreError> {
        query(BY_ID).bind(id).optional(self.readers(id)).await
    }

    /// The tenant with this slug.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Option<Tenant>, StoreError> {
        query(BY_SLUG).bind(slug).optional(self.readers(Reach::Everyone)).await
    }

    /// Every tenant, by slug.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        query(ALL).all(self.readers(Reach::Everyone)).await
    }

    /// Replaces a tenant's settings; false when there is no such tenant.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn configure_tenant(&self, id: Id, settings: &serde_json::Value) -> Result<bool, StoreError> {
        let done = query(CONFIGURE).bind(id).bind(settings).execute(self.durable(id)).await?;
        Ok(done > 0)
    }
}
