//! Roles that accounts hold besides those of the whole tenant: in one conference, or roles of the tenant's own.

use plenum_domain::access::{Actions, Grant as Held, Held as What, Over};
use plenum_domain::{Id, Role, Roles, Timestamp};

use super::audit::{Note, write};
use super::columns::{ActionNames, Key, MaybeKey, Micros};
use super::connection::{Transaction, begin};
use super::query::query;
use super::{Store, StoreError};

const FIND: &str = "SELECT id FROM grants WHERE tenant = $1 AND user_id = $2
    AND coalesce(conference, id) = coalesce($3, id) AND (conference IS NULL) = (CAST($4 AS BIGINT) = 1)
    AND coalesce(role, '') = coalesce(CAST($5 AS TEXT), '') AND coalesce(custom, id) = coalesce($6, id)
    AND (custom IS NULL) = (CAST($7 AS BIGINT) = 1)";
const CREATE: &str = "INSERT INTO grants
    (id, tenant, user_id, conference, role, custom, granted_by, granted_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const OF_USER: &str = "SELECT grants.id, grants.user_id, grants.conference, grants.role, grants.custom,
    custom_roles.name AS custom_name, coalesce(custom_roles.actions, '') AS actions, grants.granted_by,
    grants.granted_us
    FROM grants LEFT JOIN custom_roles ON custom_roles.id = grants.custom
    WHERE grants.tenant = $1 AND grants.user_id = $2 ORDER BY grants.granted_us, grants.id";
const OF_CONFERENCE: &str = "SELECT grants.id, grants.user_id, grants.conference, grants.role, grants.custom,
    custom_roles.name AS custom_name, coalesce(custom_roles.actions, '') AS actions, grants.granted_by,
    grants.granted_us
    FROM grants LEFT JOIN custom_roles ON custom_roles.id = grants.custom
    WHERE grants.tenant = $1 AND grants.conference = $2 ORDER BY grants.granted_us, grants.id";
const HOLDERS: &str = "SELECT DISTINCT user_id AS id FROM grants WHERE tenant = $1 AND custom = $2";
const PARTICIPANT: &str = "UPDATE participants SET roles = $3 WHERE tenant = $1 AND id = $2";
const REMOVE: &str = "DELETE FROM grants WHERE tenant = $1 AND user_id = $2 AND id = $3";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[FIND, CREATE, OF_USER, OF_CONFERENCE, HOLDERS, PARTICIPANT, REMOVE];

/// A role that an account holds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RoleGrant {
    /// The grant's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The account.
    #[sqlx(rename = "user_id", try_from = "Key")]
    pub user: Id,
    /// The conference; none for the whole tenant.
    #[sqlx(try_from = "MaybeKey")]
    pub conference: Option<Id>,
    role: Option<String>,
    /// The tenant's own role, when it is one.
    #[sqlx(try_from = "MaybeKey")]
    pub custom: Option<Id>,
    custom_name: Option<String>,
    #[sqlx(try_from = "ActionNames")]
    actions: Actions,
    /// Who granted it.
    #[sqlx(try_from = "MaybeKey")]
    pub granted_by: Option<Id>,
    /// When.
    #[sqlx(rename = "granted_us", try_from = "Micros")]
    pub granted: Timestamp,
}

/// A role to grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantedRole {
    /// One that every tenant has.
    Role(Role),
    /// One of the tenant's own.
    Custom(Id),
}

impl GrantedRole {
    fn columns(self) -> (Option<&'static str>, Option<Id>) {
        match self {
            Self::Role(role) => (Some(role.name()), None),
            Self::Custom(id) => (None, Some(id)),
        }
    }
}

/// A grant to make.
#[derive(Clone, Copy, Debug)]
pub struct NewRoleGrant {
    /// The new id.
    pub id: Id,
    /// The account.
    pub user: Id,
    /// The conference; none for the whole tenant.
    pub conference: Option<Id>,
    /// The role.
    pub role: GrantedRole,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(try_from = "Key")]
    id: Id,
}

impl RoleGrant {
    /// The name of the role that is held.
    pub fn role_name(&self) -> &str {
        self.role.as_deref().or(self.custom_name.as_deref()).unwrap_or_default()
    }

    /// As the matrix knows it; none for a role that this program does not know.
    pub fn held(&self) -> Option<Held> {
        let over = self.conference.map_or(Over::Tenant, Over::Conference);
        let held = match (&self.role, &self.custom_name) {
            (Some(role), _) => What::Role(role.parse().ok()?),
            (None, Some(name)) => What::Custom { name: name.clone(), actions: self.actions },
            (None, None) => return None,
        };
        Some(Held { held, over })
    }
}

impl Store {
    /// Grants a role, as `note` says.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the account holds it already; [`StoreError::Dangling`] when the account, conference
    /// or role is gone.
    pub async fn grant_role(&self, new: &NewRoleGrant, note: &Note) -> Result<(), StoreError> {
        let (role, custom) = new.role.columns();
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let same = query(FIND)
            .bind(note.tenant)
            .bind(new.user)
            .bind(new.conference)
            .bind(i64::from(new.conference.is_none()))
            .bind(role)
            .bind(custom)
            .bind(i64::from(custom.is_none()));
        if same.optional::<Found>(&mut transaction).await?.is_some() {
            return Err(StoreError::Taken("role"));
        }
        insert(&mut transaction, note.tenant, new, note.actor, note.at).await?;
        write(&mut transaction, note).await?;
        transaction.commit().await
    }

    /// Takes a role from an account, as `note` says; false when it does not hold it.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn take_role(&self, user: Id, grant: Id, note: &Note) -> Result<bool, StoreError> {
        self.change_noted(query(REMOVE).bind(note.tenant).bind(user).bind(grant), note).await
    }

    /// Gives the participant that `note` is about other roles; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_participant_roles(&self, roles: Roles, note: &Note) -> Result<bool, StoreError> {
        let change = query(PARTICIPANT).bind(note.tenant).bind(note.subject).bind(roles);
        self.change_noted(change, note).await
    }

    /// What an account holds, oldest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn grants_of(&self, tenant: Id, user: Id) -> Result<Vec<RoleGrant>, StoreError> {
        query(OF_USER).bind(tenant).bind(user).all(self.readers(tenant)).await
    }

    /// What is held in a conference, oldest first.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn grants_in(&self, tenant: Id, conference: Id) -> Result<Vec<RoleGrant>, StoreError> {
        query(OF_CONFERENCE).bind(tenant).bind(conference).all(self.readers(tenant)).await
    }

    /// The accounts that hold a role of the tenant's own.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn holders_of(&self, tenant: Id, custom: Id) -> Result<Vec<Id>, StoreError> {
        let found: Vec<Found> = query(HOLDERS).bind(tenant).bind(custom).all(self.readers(tenant)).await?;
        Ok(found.into_iter().map(|found| found.id).collect())
    }
}

/// Adds a grant with the change that it belongs to.
pub(super) async fn insert(
    transaction: &mut Transaction,
    tenant: Id,
    new: &NewRoleGrant,
    by: Option<Id>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (role, custom) = new.role.columns();
    let create = query(CREATE).bind(new.id).bind(tenant).bind(new.user).bind(new.conference);
    create.bind(role).bind(custom).bind(by).bind(at).execute(transaction).await.map(drop)
}
