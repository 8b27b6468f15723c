//! Halls: where sessions take place. A hall is not a room; rooms are live.

use plenum_domain::Id;

use super::columns::{Key, MaybeKey};
use super::connection::{Connection, Transaction};
use super::query::query;
use super::{Edit, Note, Store, StoreError};

const ENSURE: &str = "INSERT INTO halls (id, tenant, conference, name, guid, capacity, position)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (conference, name) DO UPDATE SET guid = coalesce(excluded.guid, halls.guid),
        capacity = coalesce(excluded.capacity, halls.capacity), position = excluded.position
    RETURNING id";
const NEXT: &str = "SELECT coalesce(max(position) + 1, 0) FROM halls WHERE tenant = $1 AND conference = $2";
const FIND: &str = "SELECT id FROM halls WHERE tenant = $1 AND conference = $2 AND name = $3";
const OF_CONFERENCE: &str = "SELECT id, conference, name, guid, capacity, position, venue, version FROM halls
    WHERE tenant = $1 AND conference = $2 ORDER BY position, name";
const BY_ID: &str = "SELECT id, conference, name, guid, capacity, position, venue, version FROM halls
    WHERE tenant = $1 AND id = $2";
const CHANGE: &str =
    "UPDATE halls SET name = $4, capacity = $5, position = $6, venue = $7, version = version + 1
    WHERE tenant = $1 AND id = $2 AND version = $3";
const REMOVE: &str = "DELETE FROM halls WHERE tenant = $1 AND id = $2";
const CREATE: &str = "INSERT INTO halls (id, tenant, conference, name, capacity, position, venue)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ENSURE, NEXT, FIND, OF_CONFERENCE, BY_ID, CHANGE, REMOVE, CREATE];

/// A hall.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hall {
    /// The hall's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// Its name, unique in the conference.
    pub name: String,
    /// Its id in the programme that it was imported from.
    pub guid: Option<String>,
    /// How many people fit in.
    pub capacity: Option<i64>,
    /// Its place in the conference's order.
    pub position: i64,
    /// The venue that it is in.
    #[sqlx(try_from = "MaybeKey")]
    pub venue: Option<Id>,
    /// Counts its changes.
    pub version: i64,
}

/// A hall to have.
#[derive(Clone, Debug)]
pub struct NewHall {
    /// The id that it gets when it is new.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// The conference.
    pub conference: Id,
    /// Its name.
    pub name: String,
    /// Its id in the programme that it comes from.
    pub guid: Option<String>,
    /// How many people fit in.
    pub capacity: Option<i64>,
    /// Its place in the conference's order.
    pub position: i64,
}

impl Store {
    /// The hall with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn hall(&self, tenant: Id, id: Id) -> Result<Option<Hall>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// Removes a hall; its sessions stay and are in none. False when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_hall(&self, id: Id, note: &Note) -> Result<bool, StoreError> {
        self.change_noted(query(REMOVE).bind(note.tenant).bind(id), note).await
    }

    /// The halls of a conference, in their order.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn halls(&self, tenant: Id, conference: Id) -> Result<Vec<Hall>, StoreError> {
        let list = query(OF_CONFERENCE).bind(tenant).bind(conference);
        list.all(self.readers(tenant)).await
    }
}

impl Edit {
    /// The id of the conference's hall with this name; it is made with `new_id` when there is none.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn hall_named(&mut self, conference: Id, name: &str, new_id: Id) -> Result<Id, StoreError> {
        named(&mut self.transaction, self.tenant, conference, name, new_id).await
    }

    /// The hall with this id, as it is now.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn hall(&mut self, id: Id) -> Result<Option<Hall>, StoreError> {
        query(BY_ID).bind(self.tenant).bind(id).optional(&mut self.transaction).await
    }

    /// Makes a hall; it has no guid yet, and its version is 1.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the conference has one with the name.
    pub async fn create_hall(&mut self, hall: &Hall) -> Result<(), StoreError> {
        insert(&mut self.transaction, self.tenant, hall).await
    }

    /// Makes a hall what `hall` says, from the version that it names; false when it is another one by now.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the conference has another one with the name.
    pub async fn change_hall(&mut self, hall: &Hall) -> Result<bool, StoreError> {
        let change = query(CHANGE).bind(self.tenant).bind(hall.id).bind(hall.version).bind(&hall.name);
        let change = change.bind(hall.capacity).bind(hall.position).bind(hall.venue);
        let done = change.execute(&mut self.transaction).await.map_err(StoreError::taken("name"))?;
        Ok(done > 0)
    }
}

pub(super) async fn insert(on: impl Into<Connection<'_>>, tenant: Id, hall: &Hall) -> Result<(), StoreError> {
    let create = query(CREATE).bind(hall.id).bind(tenant).bind(hall.conference).bind(&hall.name);
    let create = create.bind(hall.capacity).bind(hall.position).bind(hall.venue);
    create.execute(on).await.map_err(StoreError::taken("name"))?;
    Ok(())
}

/// The hall with this name; made at the end of the conference's order when there is none.
pub(crate) async fn named(
    transaction: &mut Transaction,
    tenant: Id,
    conference: Id,
    name: &str,
    new_id: Id,
) -> Result<Id, StoreError> {
    let found = query(FIND).bind(tenant).bind(conference).bind(name);
    if let Some((Key(id),)) = found.optional(&mut *transaction).await? {
        return Ok(id);
    }
    let next = query(NEXT).bind(tenant).bind(conference);
    let (position,) = next.one(&mut *transaction).await?;
    let (name, guid, capacity) = (name.to_owned(), None, None);
    ensure(transaction, &NewHall { id: new_id, tenant, conference, name, guid, capacity, position }).await
}

pub(super) async fn ensure(on: impl Into<Connection<'_>>, new: &NewHall) -> Result<Id, StoreError> {
    let (Key(id),) = query(ENSURE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.conference)
        .bind(&new.name)
        .bind(&new.guid)
        .bind(new.capacity)
        .bind(new.position)
        .one(on)
        .await?;
    Ok(id)
}
