//! Venues: where a conference takes place, be it a building or an address on the web.

use plenum_domain::Id;

use super::columns::Key;
use super::connection::Connection;
use super::page::List;
use super::query::query;
use super::{Edit, Listed, Note, Order, Page, Store, StoreError, UnknownSort};

const CREATE: &str = "INSERT INTO venues
    (id, tenant, conference, name, kind, address, city, country, url, capacity, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)";
const BY_ID: &str =
    "SELECT id, tenant, conference, name, kind, address, city, country, url, capacity, version
    FROM venues WHERE tenant = $1 AND id = $2";
const CHANGE: &str =
    "UPDATE venues SET name = $4, kind = $5, address = $6, city = $7, country = $8, url = $9,
    capacity = $10, version = version + 1 WHERE tenant = $1 AND id = $2 AND version = $3";
const ALL: &str = "SELECT id, tenant, conference, name, kind, address, city, country, url, capacity, version
    FROM venues WHERE tenant = $1 AND conference = $2 ORDER BY name";
const REMOVE: &str = "DELETE FROM venues WHERE tenant = $1 AND id = $2";
pub(super) const LIST: List = List {
    rows: "SELECT id, tenant, conference, name, kind, address, city, country, url, capacity, version
    FROM venues WHERE tenant = $1 AND conference = $2",
    filters: &[],
    sorts: &[("name", "name"), ("kind", "kind"), ("city", "city"), ("capacity", "capacity")],
    shown: None,
    kept: None,
};

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, CHANGE, ALL, REMOVE];

/// Where a conference takes place.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Venue {
    /// The venue's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// What it is called and where it is.
    #[sqlx(flatten)]
    pub about: AboutVenue,
    /// Counts its changes.
    pub version: i64,
}

/// What a venue is called and where it is.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AboutVenue {
    /// Its name, unique in the conference.
    pub name: String,
    /// `physical`, `virtual` or `hybrid`.
    pub kind: String,
    /// Its street, or how to find it; may be empty.
    pub address: String,
    /// Its city.
    pub city: Option<String>,
    /// ISO's two letters of its country.
    pub country: Option<String>,
    /// Where it is on the web.
    pub url: Option<String>,
    /// How many people fit in.
    pub capacity: Option<i64>,
}

impl Venue {
    /// Reads the name of a sort order of [`Store::venues`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }
}

impl Store {
    /// Every venue of a conference, by name.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn all_venues(&self, tenant: Id, conference: Id) -> Result<Vec<Venue>, StoreError> {
        query(ALL).bind(tenant).bind(conference).all(self.readers(tenant)).await
    }

    /// The venue with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn venue(&self, tenant: Id, id: Id) -> Result<Option<Venue>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// A page of a conference's venues.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn venues(
        &self,
        tenant: Id,
        conference: Id,
        order: Option<Order>,
        page: Page,
    ) -> Result<Listed<Venue>, StoreError> {
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(conference));
        chosen.page(order, page, || self.readers(tenant)).await
    }

    /// Removes a venue; its halls stay and belong to none. False when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_venue(&self, id: Id, note: &Note) -> Result<bool, StoreError> {
        self.change_noted(query(REMOVE).bind(note.tenant).bind(id), note).await
    }
}

impl Edit {
    /// Makes a venue; its version is 1.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the conference has one with the name.
    pub async fn create_venue(&mut self, venue: &Venue) -> Result<(), StoreError> {
        insert(&mut self.transaction, venue).await
    }

    /// The venue with this id, as it is now.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn venue(&mut self, id: Id) -> Result<Option<Venue>, StoreError> {
        query(BY_ID).bind(self.tenant).bind(id).optional(&mut self.transaction).await
    }

    /// Makes a venue what `about` says; false when it is not any more as `was` was read.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the conference has another one with the name.
    pub async fn change_venue(&mut self, was: &Venue, about: &AboutVenue) -> Result<bool, StoreError> {
        let change = query(CHANGE)
            .bind(was.tenant)
            .bind(was.id)
            .bind(was.version)
            .bind(&about.name)
            .bind(&about.kind)
            .bind(&about.address)
            .bind(&about.city)
            .bind(&about.country)
            .bind(&about.url)
            .bind(about.capacity);
        let done = change.execute(&mut self.transaction).await.map_err(StoreError::taken("name"))?;
        Ok(done > 0)
    }
}

pub(super) async fn insert(on: impl Into<Connection<'_>>, venue: &Venue) -> Result<(), StoreError> {
    let Venue { id, tenant, conference, about, .. } = venue;
    let create = query(CREATE)
        .bind(*id)
        .bind(*tenant)
        .bind(*conference)
        .bind(&about.name)
        .bind(&about.kind)
        .bind(&about.address)
        .bind(&about.city)
        .bind(&about.country)
        .bind(&about.url)
        .bind(about.capacity);
    create.execute(on).await.map_err(StoreError::taken("name"))?;
    Ok(())
}
