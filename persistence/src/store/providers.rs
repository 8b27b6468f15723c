//! Where a tenant's people may sign in besides here, and whom such a provider knows.

use plenum_domain::{Id, Roles};

use super::audit::{Note, write};
use super::columns::RoleNames;
use super::connection::begin;
use super::query::query;
use super::{Store, StoreError, User};

const FIND: &str = "SELECT name, issuer, client_id, client_secret, new_roles
    FROM sign_in_providers WHERE tenant = $1";
const SET: &str = "INSERT INTO sign_in_providers (tenant, name, issuer, client_id, client_secret, new_roles)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant) DO UPDATE SET name = excluded.name,
    issuer = excluded.issuer, client_id = excluded.client_id, client_secret = excluded.client_secret,
    new_roles = excluded.new_roles";
const REMOVE: &str = "DELETE FROM sign_in_providers WHERE tenant = $1";
const LINKED: &str = "SELECT id, tenant, email, name, password_hash, roles, created_us, disabled_us
    FROM users WHERE tenant = $1 AND id =
    (SELECT user_id FROM linked_accounts WHERE tenant = $1 AND issuer = $2 AND subject = $3)";
const LINK: &str = "INSERT INTO linked_accounts (tenant, issuer, subject, user_id, linked_us)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, issuer, subject) DO NOTHING";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[FIND, SET, REMOVE, LINKED, LINK];

/// A provider of sign-ins.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInProvider {
    /// What stands on the button.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// What it calls this hub.
    pub client_id: String,
    /// What only the two know; none for a public client.
    pub client_secret: Option<String>,
    /// The roles of accounts that are made on the way; none when none are made.
    pub new_roles: Option<Roles>,
}

/// Without the secret: it must not reach a log.
impl std::fmt::Debug for SignInProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInProvider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    new_roles: Option<RoleNames>,
}

impl From<Row> for SignInProvider {
    fn from(row: Row) -> Self {
        let Row { name, issuer, client_id, client_secret, new_roles } = row;
        let new_roles = new_roles.map(|RoleNames(roles)| roles);
        Self { name, issuer, client_id, client_secret, new_roles }
    }
}

impl Store {
    /// A tenant's provider.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sign_in_provider(&self, tenant: Id) -> Result<Option<SignInProvider>, StoreError> {
        let found: Option<Row> = query(FIND).bind(tenant).optional(self.readers(tenant)).await?;
        Ok(found.map(SignInProvider::from))
    }

    /// Sets it, as `note` says.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn set_sign_in_provider(&self, to: &SignInProvider, note: &Note) -> Result<(), StoreError> {
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let set = query(SET).bind(note.tenant).bind(&to.name).bind(&to.issuer).bind(&to.client_id);
        set.bind(&to.client_secret).bind(to.new_roles).execute(&mut transaction).await?;
        write(&mut transaction, note).await?;
        transaction.commit().await
    }

    /// Forgets it, as `note` says; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_sign_in_provider(&self, note: &Note) -> Result<bool, StoreError> {
        self.change_noted(query(REMOVE).bind(note.tenant), note).await
    }

    /// The account of somebody whom a provider knows.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn linked_account(
        &self,
        tenant: Id,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<User>, StoreError> {
        query(LINKED).bind(tenant).bind(issuer).bind(subject).optional(self.readers(tenant)).await
    }

    /// Remembers that the account that `note` is about is somebody whom a provider knows.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn link_account(&self, issuer: &str, subject: &str, note: &Note) -> Result<(), StoreError> {
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let link = query(LINK).bind(note.tenant).bind(issuer).bind(subject).bind(note.subject);
        link.bind(note.at).execute(&mut transaction).await?;
        write(&mut transaction, note).await?;
        transaction.commit().await
    }
}
