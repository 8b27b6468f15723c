//! Conferences.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, Micros, Words};
use super::connection::{Connection, Reach};
use super::page::{Filter, List};
use super::query::query;
use super::value::SpacedWords;
use super::{Edit, Listed, Note, Order, Page, Store, StoreError, UnknownSort};

const CREATE: &str = "INSERT INTO conferences
    (id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code, created_us, updated_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)";
const BY_ID: &str =
    "SELECT id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code,
    created_us, updated_us, version, series, description, languages FROM conferences WHERE tenant = $1 AND id = $2";
const BY_JOIN_CODE: &str =
    "SELECT id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code,
    created_us, updated_us, version, series, description, languages FROM conferences WHERE join_code = $1";
const OF_ANYONE: &str =
    "SELECT id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code,
    created_us, updated_us, version, series, description, languages FROM conferences WHERE id = $1";
const AT_STATUS: Filter = "status = $#";
const OF_SERIES: Filter = "series = $#";
pub(super) const LIST: List = List {
    rows: "SELECT id, tenant, title, slug, acronym, time_zone, starts_on, ends_on, status, join_code,
    created_us, updated_us, version, series, description, languages FROM conferences WHERE tenant = $1",
    filters: &[AT_STATUS, OF_SERIES],
    sorts: &[
        ("starts_on", "starts_on"),
        ("ends_on", "ends_on"),
        ("title", "title"),
        ("status", "status"),
        ("created", "created_us"),
    ],
    shown: None,
    kept: None,
};
const CHANGE: &str =
    "UPDATE conferences SET title = coalesce($3, title), time_zone = coalesce($4, time_zone),
    starts_on = coalesce($5, starts_on), ends_on = coalesce($6, ends_on), status = coalesce($7, status),
    updated_us = $8, series = CASE WHEN $9 THEN $10 ELSE series END, description = coalesce($11, description),
    languages = coalesce($12, languages), version = version + 1
    WHERE tenant = $1 AND id = $2 AND (version = $13 OR $13 IS NULL)";
const REMOVE: &str = "DELETE FROM conferences WHERE tenant = $1 AND id = $2 AND version = $3";
const RENEW_CODE: &str = "UPDATE conferences SET join_code = $3, updated_us = $4, version = version + 1 WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, OF_ANYONE, BY_JOIN_CODE, CHANGE, REMOVE, RENEW_CODE];

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
    /// `draft`, `published`, `ongoing`, `completed` or `archived`: the hub decides.
    pub status: String,
    /// The code on the slide.
    pub join_code: String,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// When it was last changed.
    #[sqlx(rename = "updated_us", try_from = "Micros")]
    pub updated: Timestamp,
    /// Counts its changes.
    pub version: i64,
    /// The series that it is one of: every one of them has this name here.
    pub series: Option<String>,
    /// What it is about.
    pub description: String,
    /// The languages of its texts, the first one is that of the programme itself.
    #[sqlx(try_from = "Words")]
    pub languages: Vec<String>,
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
    /// The series; none in it for no series.
    pub series: Option<Option<String>>,
    /// What it is about.
    pub description: Option<String>,
    /// The languages of its texts.
    pub languages: Option<Vec<String>>,
    /// Only when this is still its version.
    pub version: Option<i64>,
}

/// Which conferences to list.
#[derive(Clone, Debug, Default)]
pub struct ConferenceFilter {
    /// Those with this status.
    pub status: Option<String>,
    /// Those of this series.
    pub series: Option<String>,
    /// In this order; by first day when none.
    pub order: Option<Order>,
}

impl Store {
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

    /// The conference with this id, of whatever tenant: for a ticket, which names its conference and is checked against
    /// the key of the conference's tenant.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn conference_of_anyone(&self, id: Id) -> Result<Option<Conference>, StoreError> {
        // Whose ticket it is, its signature tells.
        query(OF_ANYONE).bind(id).optional(self.readers(Reach::Everyone)).await
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
        let chosen = LIST.chosen(|list| list.bind(tenant));
        let chosen =
            chosen.only(AT_STATUS, filter.status.as_deref()).only(OF_SERIES, filter.series.as_deref());
        chosen.page(filter.order, page, || self.readers(tenant)).await
    }

    /// Removes a conference with all that belongs to it; false when it is not any more as `was` was read.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_conference(&self, was: &Conference, note: &Note) -> Result<bool, StoreError> {
        let remove = query(REMOVE).bind(was.tenant).bind(was.id).bind(was.version);
        self.change_noted(remove, note).await
    }
}

impl Edit {
    /// Makes a conference.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the slug or the join code is.
    pub async fn create_conference(&mut self, new: &NewConference) -> Result<(), StoreError> {
        insert(&mut self.transaction, new).await
    }

    /// The conference with this id, as it is now.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn conference(&mut self, id: Id) -> Result<Option<Conference>, StoreError> {
        query(BY_ID).bind(self.tenant).bind(id).optional(&mut self.transaction).await
    }

    /// Changes a conference; false when there is none, or not of that version.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_conference(
        &mut self,
        id: Id,
        change: &ConferenceChange,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let change = query(CHANGE)
            .bind(self.tenant)
            .bind(id)
            .bind(&change.title)
            .bind(&change.time_zone)
            .bind(&change.starts_on)
            .bind(&change.ends_on)
            .bind(&change.status)
            .bind(now)
            .bind(change.series.is_some())
            .bind(change.series.clone().flatten())
            .bind(&change.description)
            .bind(change.languages.as_deref().map(SpacedWords))
            .bind(change.version);
        Ok(change.execute(&mut self.transaction).await? > 0)
    }

    /// Gives a conference another join code; false when there is none.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another conference has the code.
    pub async fn renew_join_code(&mut self, id: Id, code: &str, now: Timestamp) -> Result<bool, StoreError> {
        let change = query(RENEW_CODE).bind(self.tenant).bind(id).bind(code).bind(now);
        let done = change.execute(&mut self.transaction).await.map_err(StoreError::taken("join_code"))?;
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
