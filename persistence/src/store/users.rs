//! Login accounts. Attendees need none: they are participants.

use plenum_domain::{Id, Roles, Timestamp};

use super::columns::{Key, MaybeMicros, Micros, RoleNames};
use super::page::Sorts;
use super::{Listed, Order, Page, Store, StoreError, UnknownSort, ours};

const SORTS: Sorts = &[("email", "email"), ("name", "name"), ("created", "created_us")];

const CREATE: &str = "INSERT INTO users (id, tenant, email, name, password_hash, roles, created_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const BY_ID: &str = "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE tenant = $1 AND id = $2";
const BY_EMAIL: &str = "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE tenant = $1 AND email = $2";
const BY_EMAIL_ANYWHERE: &str =
    "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE email = $1 ORDER BY id LIMIT 2";
const LIST: &str = "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE tenant = $1";
const COUNT: &str = "SELECT COUNT(*) FROM users WHERE tenant = $1";
const SET_PASSWORD: &str = "UPDATE users SET password_hash = $3 WHERE tenant = $1 AND id = $2";
const DISABLE: &str =
    "UPDATE users SET disabled_us = $3 WHERE tenant = $1 AND id = $2 AND disabled_us IS NULL";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[CREATE, BY_ID, BY_EMAIL, BY_EMAIL_ANYWHERE, LIST, COUNT, SET_PASSWORD, DISABLE];
#[cfg(test)]
pub(super) const LISTS: &[(&str, Sorts, u32)] = &[(LIST, SORTS, 2)];

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
        Order::read(text, SORTS)
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
        sqlx::query(CREATE)
            .bind(Key(new.id))
            .bind(Key(new.tenant))
            .bind(new.email.to_lowercase())
            .bind(&new.name)
            .bind(&new.password_hash)
            .bind(RoleNames(new.roles))
            .bind(Micros(new.created))
            .execute(self.durable())
            .await
            .map_err(StoreError::taken("email"))?;
        Ok(())
    }

    /// The account with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn user(&self, tenant: Id, id: Id) -> Result<Option<User>, StoreError> {
        Ok(sqlx::query_as(BY_ID).bind(Key(tenant)).bind(Key(id)).fetch_optional(self.readers()).await?)
    }

    /// The account with this address, in whatever case.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn user_by_email(&self, tenant: Id, email: &str) -> Result<Option<User>, StoreError> {
        let found = sqlx::query_as(BY_EMAIL).bind(Key(tenant)).bind(email.to_lowercase());
        Ok(found.fetch_optional(self.readers()).await?)
    }

    /// The accounts with this address, of whatever tenant, at most two: for a login that names no tenant, which works
    /// when there is only one.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn users_by_email(&self, email: &str) -> Result<Vec<User>, StoreError> {
        let found = sqlx::query_as(BY_EMAIL_ANYWHERE).bind(email.to_lowercase());
        Ok(found.fetch_all(self.readers()).await?)
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
        let order = order.unwrap_or(Order::first(SORTS));
        let items = sqlx::query_as(ours(format!("{LIST}{}", order.clause(2))))
            .bind(Key(tenant))
            .bind(page.limit())
            .bind(page.offset())
            .fetch_all(self.readers())
            .await?;
        let total: i64 = sqlx::query_scalar(COUNT).bind(Key(tenant)).fetch_one(self.readers()).await?;
        Ok(Listed { items, total: total.cast_unsigned() })
    }

    /// Gives an account another password; false when there is no such account.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn set_password(&self, tenant: Id, id: Id, hash: &str) -> Result<bool, StoreError> {
        let change = sqlx::query(SET_PASSWORD).bind(Key(tenant)).bind(Key(id)).bind(hash);
        Ok(change.execute(self.durable()).await?.rows_affected() > 0)
    }

    /// Disables an account; false when there is none, or it is disabled already.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn disable_user(&self, tenant: Id, id: Id, now: Timestamp) -> Result<bool, StoreError> {
        let change = sqlx::query(DISABLE).bind(Key(tenant)).bind(Key(id)).bind(Micros(now));
        Ok(change.execute(self.durable()).await?.rows_affected() > 0)
    }
}
