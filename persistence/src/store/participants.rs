//! Participants: those who joined a conference.

use plenum_domain::{Id, Roles, Timestamp};

use super::columns::{Key, MaybeMicros, Micros, RoleNames};
use super::connection::{Connection, begin};
use super::page::List;
use super::query::query;
use super::{Grant, Listed, NewRefreshToken, Order, Page, Store, StoreError, UnknownSort, refresh_tokens};

const CREATE: &str =
    "INSERT INTO participants (id, tenant, conference, display_name, email, roles, joined_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
const BY_ID: &str = "SELECT id, tenant, conference, display_name, email, roles, joined_us, status, answers, consents, arrived_us, language, version
    FROM participants WHERE tenant = $1 AND id = $2";
pub(super) const LIST: List = List {
    rows: "SELECT id, tenant, conference, display_name, email, roles, joined_us, status, answers, consents, arrived_us, language, version
    FROM participants WHERE tenant = $1 AND conference = $2
        AND (instr(lower(display_name), lower($3)) > 0 OR $3 IS NULL) AND (status = $4 OR $4 IS NULL)
        AND ((arrived_us IS NOT NULL) = $5 OR $5 IS NULL)",
    sorts: &[
        ("joined", "joined_us"),
        ("name", "display_name"),
        ("email", "email"),
        ("status", "status"),
        ("arrived", "arrived_us"),
    ],
};
const RENAME: &str = "UPDATE participants SET display_name = $3 WHERE tenant = $1 AND id = $2";
const SET_ROLES: &str = "UPDATE participants SET roles = $3 WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, RENAME, SET_ROLES];

/// Someone who joined a conference.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Participant {
    /// The participant's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// The name that others see.
    pub display_name: String,
    /// An address, when one was given.
    pub email: Option<String>,
    /// What the participant may do in the conference.
    #[sqlx(try_from = "RoleNames")]
    pub roles: Roles,
    /// When the participant joined.
    #[sqlx(rename = "joined_us", try_from = "Micros")]
    pub joined: Timestamp,
    /// Where the registration is in its life; who joined by the code is confirmed.
    pub status: String,
    /// What they answered when they registered.
    #[sqlx(json)]
    pub answers: serde_json::Value,
    /// What they agreed to, each with when.
    #[sqlx(json)]
    pub consents: serde_json::Value,
    /// When they were first let in at a door.
    #[sqlx(rename = "arrived_us", try_from = "MaybeMicros")]
    pub arrived: Option<Timestamp>,
    /// What they read best, as IETF names languages; none when nobody knows.
    pub language: Option<String>,
    /// Counts changes of the registration.
    pub version: i64,
}

/// Which participants to list.
#[derive(Clone, Debug, Default)]
pub struct ParticipantFilter {
    /// Those whose name contains this.
    pub search: Option<String>,
    /// Those whose registration has this status.
    pub status: Option<String>,
    /// Those who have arrived, or have not.
    pub arrived: Option<bool>,
    /// In this order; by when they joined when none.
    pub order: Option<Order>,
}

impl Participant {
    /// Reads the name of a sort order of [`Store::participants`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }
}

/// Someone who joins.
#[derive(Clone, Debug)]
pub struct NewParticipant {
    /// The new id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// The conference.
    pub conference: Id,
    /// The name that others see.
    pub display_name: String,
    /// An address, when one is given.
    pub email: Option<String>,
    /// What the participant may do.
    pub roles: Roles,
    /// Now.
    pub joined: Timestamp,
}

impl Store {
    /// Lets someone join, with the first refresh token, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn join(
        &self,
        new: &NewParticipant,
        grant: &Grant,
        token: &NewRefreshToken,
    ) -> Result<(), StoreError> {
        let mut transaction = begin(self.quick(new.tenant)).await?;
        insert(&mut transaction, new).await?;
        refresh_tokens::issue(&mut transaction, grant, token).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Adds a participant without a token; one with this id stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn create_participant(&self, new: &NewParticipant) -> Result<(), StoreError> {
        insert(self.quick(new.tenant), new).await
    }

    /// The participant with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn participant(&self, tenant: Id, id: Id) -> Result<Option<Participant>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// A page of a conference's participants.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn participants(
        &self,
        tenant: Id,
        conference: Id,
        filter: &ParticipantFilter,
        page: Page,
    ) -> Result<Listed<Participant>, StoreError> {
        let chosen = LIST.chosen(|list| {
            let list = list.bind(tenant).bind(conference).bind(&filter.search);
            list.bind(&filter.status).bind(filter.arrived)
        });
        chosen.page(filter.order, page, || self.readers(tenant)).await
    }

    /// Gives a participant another name; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn rename_participant(&self, tenant: Id, id: Id, name: &str) -> Result<bool, StoreError> {
        let change = query(RENAME).bind(tenant).bind(id).bind(name);
        Ok(change.execute(self.durable(tenant)).await? > 0)
    }

    /// Gives a participant other roles; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn set_participant_roles(&self, tenant: Id, id: Id, roles: Roles) -> Result<bool, StoreError> {
        let change = query(SET_ROLES).bind(tenant).bind(id).bind(roles);
        Ok(change.execute(self.durable(tenant)).await? > 0)
    }
}

pub(super) async fn insert(on: impl Into<Connection<'_>>, new: &NewParticipant) -> Result<(), StoreError> {
    query(CREATE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.conference)
        .bind(&new.display_name)
        .bind(&new.email)
        .bind(new.roles)
        .bind(new.joined)
        .execute(on)
        .await?;
    Ok(())
}
