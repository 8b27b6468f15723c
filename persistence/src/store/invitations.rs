//! Invitations: an address that may become an account, by a token that is good once.

use plenum_domain::{Id, Roles, Timestamp};
use serde_json::Value;

use super::audit::{Note, write};
use super::columns::{Key, MaybeKey, Micros, RoleNames};
use super::connection::{Reach, begin};
use super::query::query;
use super::{GrantedRole, NewRoleGrant, Store, StoreError, grants};

const CREATE: &str = "INSERT INTO invitations
    (id, tenant, email, name, roles, grants, token_hash, invited_by, created_us, expires_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const LIST: &str = "SELECT id, tenant, email, name, roles, grants, invited_by, created_us, expires_us
    FROM invitations WHERE tenant = $1 ORDER BY created_us DESC, id LIMIT 1000";
const BY_ID: &str = "SELECT id, tenant, email, name, roles, grants, invited_by, created_us, expires_us
    FROM invitations WHERE tenant = $1 AND id = $2";
const BY_TOKEN: &str = "SELECT id, tenant, email, name, roles, grants, invited_by, created_us, expires_us
    FROM invitations WHERE token_hash = $1 AND expires_us > $2";
const RENEW: &str = "UPDATE invitations SET token_hash = $3, expires_us = $4 WHERE tenant = $1 AND id = $2";
const REMOVE: &str = "DELETE FROM invitations WHERE tenant = $1 AND id = $2";
const USE: &str = "DELETE FROM invitations WHERE tenant = $1 AND id = $2 AND token_hash = $3";
const ACCOUNT: &str = "INSERT INTO users (id, tenant, email, name, password_hash, roles, created_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, LIST, BY_ID, BY_TOKEN, RENEW, REMOVE, USE, ACCOUNT];

/// An invitation, without its token.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Invitation {
    /// The invitation's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The address, in lower case.
    pub email: String,
    /// What whoever invites calls them.
    pub name: String,
    /// Roles in the whole tenant.
    #[sqlx(try_from = "RoleNames")]
    pub roles: Roles,
    /// Roles for conferences, as they were asked for.
    #[sqlx(json)]
    pub grants: Value,
    /// Who invited them.
    #[sqlx(try_from = "MaybeKey")]
    pub invited_by: Option<Id>,
    /// When.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// Until when it can be accepted.
    #[sqlx(rename = "expires_us", try_from = "Micros")]
    pub expires: Timestamp,
}

/// Someone who accepts.
#[derive(Clone)]
pub struct Accepted {
    /// The new account's id.
    pub user: Id,
    /// The name that they chose.
    pub name: String,
    /// Their password's hash in PHC form.
    pub password_hash: String,
    /// The roles for conferences, with new ids.
    pub grants: Vec<(Id, GrantedRole, Option<Id>)>,
}

impl Store {
    /// Keeps an invitation, as `note` says.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the address is invited already.
    pub async fn invite(
        &self,
        new: &Invitation,
        token_hash: &[u8; 32],
        note: &Note,
    ) -> Result<(), StoreError> {
        let create = query(CREATE)
            .bind(new.id)
            .bind(new.tenant)
            .bind(&new.email)
            .bind(&new.name)
            .bind(new.roles)
            .bind(&new.grants)
            .bind(token_hash)
            .bind(new.invited_by)
            .bind(new.created)
            .bind(new.expires);
        self.change_noted(create, note).await.map_err(|error| error.named("email")).map(drop)
    }

    /// The invitations that are open, newest first, at most a thousand.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn invitations(&self, tenant: Id) -> Result<Vec<Invitation>, StoreError> {
        query(LIST).bind(tenant).all(self.readers(tenant)).await
    }

    /// The invitation with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn invitation(&self, tenant: Id, id: Id) -> Result<Option<Invitation>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// The invitation with this token, unless it has ended.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn invitation_by_token(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        query(BY_TOKEN).bind(hash).bind(now).optional(self.readers(Reach::Everyone)).await
    }

    /// Gives an invitation another token and more time, as `note` says; false when it is gone.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn renew_invitation(
        &self,
        hash: &[u8; 32],
        expires: Timestamp,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let renew = query(RENEW).bind(note.tenant).bind(note.subject).bind(hash).bind(expires);
        self.change_noted(renew, note).await
    }

    /// Takes an invitation back, as `note` says; false when it is gone.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn take_invitation_back(&self, note: &Note) -> Result<bool, StoreError> {
        self.change_noted(query(REMOVE).bind(note.tenant).bind(note.subject), note).await
    }

    /// Makes an account of an invitation and its token, as `note` says; false when the token was used meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the address has an account; [`StoreError::Dangling`] when a conference or role that
    /// it was invited to is gone.
    pub async fn accept_invitation(
        &self,
        invitation: &Invitation,
        hash: &[u8; 32],
        accepted: &Accepted,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let (tenant, user) = (invitation.tenant, accepted.user);
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let used = query(USE).bind(tenant).bind(invitation.id).bind(hash);
        if used.execute(&mut transaction).await? == 0 {
            return Ok(false);
        }
        let account = query(ACCOUNT).bind(user).bind(tenant).bind(&invitation.email).bind(&accepted.name);
        let account = account.bind(&accepted.password_hash).bind(invitation.roles).bind(note.at);
        account.execute(&mut transaction).await.map_err(|error| error.named("email"))?;
        for (id, role, conference) in &accepted.grants {
            let new = NewRoleGrant { id: *id, user, conference: *conference, role: *role };
            grants::insert(&mut transaction, tenant, &new, invitation.invited_by, note.at).await?;
        }
        write(&mut transaction, note).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
