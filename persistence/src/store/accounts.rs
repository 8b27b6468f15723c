//! Accounts as those who manage people see them: found, renamed, given other roles, disabled.

use plenum_domain::{Id, Role, Roles, Timestamp};

use super::audit::Note;
use super::columns::{Key, MaybeMicros, Micros, RoleNames};
use super::page::{Filter, List};
use super::query::query;
use super::{Listed, Order, Page, Store, StoreError, UnknownSort};

const BY_ID: &str = "SELECT id, email, name, roles, created_us, disabled_us, version,
    password_hash IS NOT NULL AS has_password FROM users WHERE tenant = $1 AND id = $2";
const CALLED: Filter = "(email LIKE $# ESCAPE '!' OR lower(name) LIKE $# ESCAPE '!')";
const HOLDS: Filter = "',' || roles || ',' LIKE '%,' || CAST($# AS TEXT) || ',%'";
pub(super) const LIST: List = List {
    rows: "SELECT id, email, name, roles, created_us, disabled_us, version,
    password_hash IS NOT NULL AS has_password FROM users
    WHERE tenant = $1",
    filters: &[CALLED, HOLDS],
    sorts: &[("email", "email"), ("name", "name"), ("created", "created_us")],
    shown: None,
    kept: None,
};
const CHANGE: &str = "UPDATE users SET name = $3, roles = $4, disabled_us = $5, version = version + 1
    WHERE tenant = $1 AND id = $2 AND version = $6 AND (CAST($7 AS BIGINT) = 1 OR EXISTS (
        SELECT 1 FROM users AS another WHERE another.tenant = $1 AND another.id <> $2
        AND another.disabled_us IS NULL AND ',' || another.roles || ',' LIKE '%,owner,%'))";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[BY_ID, CHANGE];

/// An account, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// The account's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The address, in lower case.
    pub email: String,
    /// The name for people.
    pub name: String,
    /// What the account holds in the whole tenant, besides grants.
    #[sqlx(try_from = "RoleNames")]
    pub roles: Roles,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// When it was disabled.
    #[sqlx(rename = "disabled_us", try_from = "MaybeMicros")]
    pub disabled: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
    /// Whether it can sign in by a password.
    pub has_password: bool,
}

/// Which accounts, in which order.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// Only those whose address or name contains this.
    pub search: Option<String>,
    /// Only those that hold this role in the whole tenant.
    pub role: Option<Role>,
    /// The order.
    pub order: Option<Order>,
}

/// An account as it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// The name for people.
    pub name: String,
    /// What it holds in the whole tenant.
    pub roles: Roles,
    /// When it was disabled; none for an account that works.
    pub disabled: Option<Timestamp>,
}

impl Account {
    /// Reads the name of a sort order, with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }

    fn owns(roles: Roles, disabled: Option<Timestamp>) -> bool {
        roles.has(Role::Owner) && disabled.is_none()
    }
}

/// A pattern for what contains `text`, in small letters; `!` takes away the meaning of the sign after it.
pub(super) fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.trim().to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

impl Store {
    /// The account with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn account(&self, tenant: Id, id: Id) -> Result<Option<Account>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// A page of the tenant's accounts.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn accounts(
        &self,
        tenant: Id,
        filter: &AccountFilter,
        page: Page,
    ) -> Result<Listed<Account>, StoreError> {
        let mut chosen = LIST.chosen(|list| list.bind(tenant)).only(HOLDS, filter.role.map(Role::name));
        if let Some(text) = &filter.search {
            let pattern = containing(text);
            chosen = chosen.and(CALLED, [(&pattern).into(), (&pattern).into()]);
        }
        chosen.page(filter.order, page, || self.readers(tenant)).await
    }

    /// Changes an account that is still as it was read, as `note` says. False when it is not any more, or when it is
    /// the tenant's last owner and would not be one afterwards.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_account(
        &self,
        was: &Account,
        change: &AccountChange,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let owned = Account::owns(was.roles, was.disabled);
        let keeps_owner = !owned || Account::owns(change.roles, change.disabled);
        let update = query(CHANGE)
            .bind(note.tenant)
            .bind(was.id)
            .bind(&change.name)
            .bind(change.roles)
            .bind(change.disabled)
            .bind(was.version)
            .bind(i64::from(keeps_owner));
        self.change_noted(update, note).await
    }
}
