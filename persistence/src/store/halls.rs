//! Halls: where sessions take place. A hall is not a room; rooms are live.

use plenum_domain::Id;

use super::columns::Key;
use super::connection::{Connection, Transaction, begin};
use super::query::query;
use super::{Store, StoreError};

const ENSURE: &str = "INSERT INTO halls (id, tenant, conference, name, guid, capacity, position)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (conference, name) DO UPDATE SET guid = coalesce(excluded.guid, halls.guid),
        capacity = coalesce(excluded.capacity, halls.capacity), position = excluded.position
    RETURNING id";
const NEXT: &str = "SELECT coalesce(max(position) + 1, 0) FROM halls WHERE tenant = $1 AND conference = $2";
const FIND: &str = "SELECT id FROM halls WHERE tenant = $1 AND conference = $2 AND name = $3";
const OF_CONFERENCE: &str = "SELECT id, name, guid, capacity, position FROM halls
    WHERE tenant = $1 AND conference = $2 ORDER BY position, name";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ENSURE, NEXT, FIND, OF_CONFERENCE];

/// A hall.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hall {
    /// The hall's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// Its name, unique in the conference.
    pub name: String,
    /// Its id in the programme that it was imported from.
    pub guid: Option<String>,
    /// How many people fit in.
    pub capacity: Option<i64>,
    /// Its place in the conference's order.
    pub position: i64,
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
    /// The id of the conference's hall with this name; it is made with `new_id` when there is none.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn hall_named(
        &self,
        tenant: Id,
        conference: Id,
        name: &str,
        new_id: Id,
    ) -> Result<Id, StoreError> {
        let mut transaction = begin(self.durable(tenant)).await?;
        let id = named(&mut transaction, tenant, conference, name, new_id).await?;
        transaction.commit().await?;
        Ok(id)
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
