//! Login accounts. Attendees need none: they are participants.

use plenum_domain::{Id, Roles, Timestamp};

use super::columns::{Key, MaybeMicros, Micros, RoleNames};
use super::connection::{Connection, Reach};
use super::page::List;
use super::query::query;
use super::{Edit, Listed, Order, Page, Store, StoreError, UnknownSort};

const CREATE: &str = "INSERT INTO users (id, tenant, email, name, password_hash, roles, created_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const BY_ID: &str = "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE tenant = $1 AND id = $2";
const BY_EMAIL: &str = "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE tenant = $1 AND email = $2";
const BY_EMAIL_ANYWHERE: &str =
    "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE email = $1 ORDER BY id LIMIT 2";
pub(super) const LIST: List = List {
    rows: "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE tenant = $1",
    filters: &[],
    sorts: &[("email", "email"), ("name", "name"), ("created", "created_us")],
    shown: None,
    kept: None,
};
const SET_PASSWORD: &str = "UPDATE users SET password_hash = $3 WHERE tenant = $1 AND id = $2";
const DISABLE: &str =
    "UPDATE users SET disabled_us = $3 WHERE tenant = $1 AND id = $2 AND disabled_us IS NULL";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, BY_EMAIL, BY_EMAIL_ANYWHERE, SET_PASSWORD, DISABLE];

/// A login account.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// The account's id; in rooms it is the participant.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The address, in lower case.
    pub email: String,
    /// The name for people.
    pub name: String,
    /// The password's hash in PHC form; none when the account cannot log in with a password.
    pub password_hash: Option<String>,
    /// What the account may do, in the whole tenant.
    #[sqlx(try_from = "RoleNames")]
    pub roles: Roles,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// When it was disabled.
    #[sqlx(rename = "disabled_us", try_from = "MaybeMicros")]
    pub disabled: Option<Timestamp>,
}

/// Without the hash: it must not reach a log.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("roles", &self.roles).finish_non_exhaustive()
    }
}

impl User {
    /// Reads the name of a sort order of [`Store::users`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }
}

/// An account to make.
#[derive(Clone)]
pub struct NewUser {
    /// The new id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// The address; case does not matter.
    pub email: String,
    /// The name for people.
    pub name: String,
    /// The password's hash in PHC form.
    pub password_hash: Option<String>,
    /// What the account may do.
    pub roles: Roles,
    /// Now.
    pub created: Timestamp,
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the tenant has an account with this address.
    pub async fn create_user(&self, new: &NewUser) -> Result<(), StoreError> {
        insert(self.durable(new.tenant), new).await
    }

    /// The account with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn user(&self, tenant: Id, id: Id) -> Result<Option<User>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// The account with this address, in whatever case.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn user_by_email(&self, tenant: Id, email: &str) -> Result<Option<User>, StoreError> {
        let found = query(BY_EMAIL).bind(tenant).bind(email.to_lowercase());
        found.optional(self.readers(tenant)).await
    }

    /// The accounts with this address, of whatever tenant, at most two: for a login that names no tenant, which works
    /// when there is only one.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn users_by_email(&self, email: &str) -> Result<Vec<User>, StoreError> {
        let found = query(BY_EMAIL_ANYWHERE).bind(email.to_lowercase());
        // The address is all that a login may give.
        found.all(self.readers(Reach::Everyone)).await
    }

    /// A page of the tenant's accounts.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn users(
        &self,
        tenant: Id,
        order: Option<Order>,
        page: Page,
    ) -> Result<Listed<User>, StoreError> {
        let chosen = LIST.chosen(|list| list.bind(tenant));
        chosen.page(order, page, || self.readers(tenant)).await
    }

    /// Gives an account another password; false when there is no such account.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn set_password(&self, tenant: Id, id: Id, hash: &str) -> Result<bool, StoreError> {
        let change = query(SET_PASSWORD).bind(tenant).bind(id).bind(hash);
        Ok(change.execute(self.durable(tenant)).await? > 0)
    }

    /// Disables an account; false when there is none, or it is disabled already.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn disable_user(&self, tenant: Id, id: Id, now: Timestamp) -> Result<bool, StoreError> {
        let change = query(DISABLE).bind(tenant).bind(id).bind(now);
        Ok(change.execute(self.durable(tenant)).await? > 0)
    }
}

impl Edit {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the tenant has an account with this address.
    pub async fn create_user(&mut self, new: &NewUser) -> Result<(), StoreError> {
        insert(&mut self.transaction, new).await
    }
}

async fn insert(on: impl Into<Connection<'_>>, new: &NewUser) -> Result<(), StoreError> {
    query(CREATE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.email.to_lowercase())
        .bind(&new.name)
        .bind(&new.password_hash)
        .bind(new.roles)
        .bind(new.created)
        .execute(on)
        .await
        .map_err(StoreError::taken("email"))?;
    Ok(())
}
