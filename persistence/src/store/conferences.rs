//! Conferences.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, Micros};
use super::connection::{Connection, Reach};
use super::page::List;
use super::query::query;
use super::{Listed, Order, Page, Store, StoreError, UnknownSort};

const CREATE: &str = "INSERT INTO conferences
    (id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code, created_us, updated_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)";
const BY_ID: &str =
    "SELECT id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code,
    created_us, updated_us FROM conferences WHERE tenant = $1 AND id = $2";
const BY_JOIN_CODE: &str =
    "SELECT id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code,
    created_us, updated_us FROM conferences WHERE join_code = $1";
pub(super) const LIST: List = List {
    rows: "SELECT id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code,
    created_us, updated_us FROM conferences WHERE tenant = $1 AND (status = $2 OR $2 IS NULL)",
    sorts: &[
        ("starts_on", "starts_on"),
        ("ends_on", "ends_on"),
        ("title", "title"),
        ("status", "status"),
        ("created", "created_us"),
    ],
};
const CHANGE: &str =
    "UPDATE conferences SET title = coalesce($3, title), time_zone = coalesce($4, time_zone),
    starts_on = coalesce($5, starts_on), ends_on = coalesce($6, ends_on), status = coalesce($7, status),
    updated_us = $8 WHERE tenant = $1 AND id = $2";
const RENEW_CODE: &str =
    "UPDATE conferences SET join_code = $3, updated_us = $4 WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, BY_JOIN_CODE, CHANGE, RENEW_CODE];

/// A conference.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Conference {
    /// The conference's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// Its name.
    pub title: String,
    /// Its name in addresses.
    pub slug: String,
    /// The short name in the programme that it was imported from; importing again finds it by this.
    pub acronym: Option<String>,
    /// The IANA time zone.
    pub time_zone: String,
    /// The first day, `YYYY-MM-DD` in the conference's time zone.
    pub starts_on: String,
    /// The last day.
    pub ends_on: String,
    /// `draft`, `published`, `live`, `ended` or `archived`: the hub decides.
    pub status: String,
    /// The code on the slide.
    pub join_code: String,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// When it was last changed.
    #[sqlx(rename = "updated_us", try_from = "Micros")]
    pub updated: Timestamp,
}

impl Conference {
    /// Reads the name of a sort order of [`Store::conferences`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }
}

/// A conference to make.
#[derive(Clone, Debug)]
pub struct NewConference {
    /// The new id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// Its name.
    pub title: String,
    /// Its name in addresses.
    pub slug: String,
    /// The short name in the programme that it comes from.
    pub acronym: Option<String>,
    /// The IANA time zone.
    pub time_zone: String,
    /// The first day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// The last day, `YYYY-MM-DD`.
    pub ends_on: String,
    /// The first status.
    pub status: String,
    /// The code on the slide.
    pub join_code: String,
    /// Now.
    pub created: Timestamp,
}

/// What to change of a conference: what is none stays.
#[derive(Clone, Debug, Default)]
pub struct ConferenceChange {
    /// Its name.
    pub title: Option<String>,
    /// The IANA time zone.
    pub time_zone: Option<String>,
    /// The first day.
    pub starts_on: Option<String>,
    /// The last day.
    pub ends_on: Option<String>,
    /// The status.
    pub status: Option<String>,
}

/// Which conferences to list.
#[derive(Clone, Debug, Default)]
pub struct ConferenceFilter {
    /// Those with this status.
    pub status: Option<String>,
    /// In this order; by first day when none.
    pub order: Option<Order>,
}

impl Store {
    /// Makes a conference.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the slug or the join code is.
    pub async fn create_conference(&self, new: &NewConference) -> Result<(), StoreError> {
        insert(self.durable(new.tenant), new).await
    }

    /// The conference with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn conference(&self, tenant: Id, id: Id) -> Result<Option<Conference>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// The conference with this join code, of whatever tenant: the code is all that an attendee has.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn conference_by_join_code(&self, code: &str) -> Result<Option<Conference>, StoreError> {
        // The code is all that an attendee has.
        query(BY_JOIN_CODE).bind(code).optional(self.readers(Reach::Everyone)).await
    }

    /// A page of the tenant's conferences.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn conferences(
        &self,
        tenant: Id,
        filter: &ConferenceFilter,
        page: Page,
    ) -> Result<Listed<Conference>, StoreError> {
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(&filter.status));
        chosen.page(filter.order, page, || self.readers(tenant)).await
    }

    /// Changes a conference; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_conference(
        &self,
        tenant: Id,
        id: Id,
        change: &ConferenceChange,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let change = query(CHANGE)
            .bind(tenant)
            .bind(id)
            .bind(&change.title)
            .bind(&change.time_zone)
            .bind(&change.starts_on)
            .bind(&change.ends_on)
            .bind(&change.status)
            .bind(now);
        Ok(change.execute(self.durable(tenant)).await? > 0)
    }

    /// Gives a conference another join code; false when there is none.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another conference has the code.
    pub async fn renew_join_code(
        &self,
        tenant: Id,
        id: Id,
        code: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let change = query(RENEW_CODE).bind(tenant).bind(id).bind(code).bind(now);
        let done = change.execute(self.durable(tenant)).await.map_err(StoreError::taken("join_code"))?;
        Ok(done > 0)
    }
}

pub(super) async fn insert(on: impl Into<Connection<'_>>, new: &NewConference) -> Result<(), StoreError> {
    query(CREATE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(&new.title)
        .bind(&new.slug)
        .bind(&new.acronym)
        .bind(&new.time_zone)
        .bind(&new.starts_on)
        .bind(&new.ends_on)
        .bind(&new.status)
        .bind(&new.join_code)
        .bind(new.created)
        .execute(on)
        .await
        .map_err(StoreError::taken("slug or join_code"))?;
    Ok(())
}
