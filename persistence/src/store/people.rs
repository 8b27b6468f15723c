//! The people of a programme, and what they speak at.

use plenum_domain::Id;

use super::columns::Key;
use super::connection::{Connection, Transaction};
use super::page::List;
use super::query::query;
use super::{Edit, Listed, Order, Page, Store, StoreError, UnknownSort, search};

const SAVE: &str = "INSERT INTO people (id, tenant, conference, source_key, name, affiliation, biography, avatar_url)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (conference, source_key) DO UPDATE SET name = excluded.name, affiliation = excluded.affiliation,
        biography = excluded.biography, avatar_url = excluded.avatar_url
    RETURNING id";
const OF_CONFERENCE: &str = "SELECT id, name, affiliation, biography, avatar_url, version FROM people
    WHERE tenant = $1 AND conference = $2 ORDER BY name, id";
const BY_ID: &str = "SELECT id, name, affiliation, biography, avatar_url, version, conference FROM people
    WHERE tenant = $1 AND id = $2";
const CHANGE: &str = "UPDATE people SET name = $3, affiliation = $4, biography = $5, avatar_url = $6,
    version = version + 1 WHERE tenant = $1 AND id = $2 AND version = $7";
pub(super) const LIST: List = List {
    rows: "SELECT id, name, affiliation, biography, avatar_url, version FROM people
    WHERE tenant = $1 AND conference = $2",
    filters: &[],
    sorts: &[("name", "name"), ("affiliation", "affiliation")],
    shown: None,
    kept: None,
};
const OF_SESSION: &str =
    "SELECT p.id, p.name, p.affiliation, p.biography, p.avatar_url, p.version, s.role, s.confirmation
    FROM session_speakers s JOIN people p ON p.id = s.person
    WHERE s.tenant = $1 AND s.session = $2 ORDER BY s.position, p.id";
const BUSY: &str = "SELECT k.session, k.person, p.name, k.role, k.confirmation FROM sessions s
    JOIN session_speakers k ON k.session = s.id JOIN people p ON p.id = k.person
    WHERE s.tenant = $1 AND s.conference = $2 ORDER BY k.session, k.position";
const PLACE: &str = "INSERT INTO session_speakers (tenant, session, person, position, role, confirmation)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (session, person) DO UPDATE SET position = excluded.position,
        role = excluded.role, confirmation = excluded.confirmation";
const TAKE_AWAY: &str = "DELETE FROM session_speakers WHERE tenant = $1 AND session = $2 AND person = $3";
const CLEAR_SPEAKERS: &str = "DELETE FROM session_speakers WHERE tenant = $1 AND session = $2";
const ADD_SPEAKER: &str =
    "INSERT INTO session_speakers (tenant, session, person, position, role, confirmation)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (session, person) DO NOTHING";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[SAVE, OF_CONFERENCE, BY_ID, CHANGE, OF_SESSION, BUSY, PLACE, TAKE_AWAY, CLEAR_SPEAKERS, ADD_SPEAKER];

/// Someone in a programme.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// The person's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The name as the programme has it.
    pub name: String,
    /// Where the person works.
    pub affiliation: Option<String>,
    /// About the person, not to be trusted as HTML.
    pub biography: Option<String>,
    /// A picture.
    pub avatar_url: Option<String>,
    /// Counts changes.
    pub version: i64,
}

/// Someone who speaks at a session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Speaker {
    /// Who.
    #[sqlx(flatten)]
    pub person: Person,
    /// As what: `speaker`, `chair`.
    pub role: String,
    /// `invited`, `confirmed` or `declined`.
    pub confirmation: String,
}

/// Someone's part in a session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Part {
    /// The session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// Who.
    #[sqlx(try_from = "Key")]
    pub person: Id,
    /// Their name.
    pub name: String,
    /// As what.
    pub role: String,
    /// `invited`, `confirmed` or `declined`.
    pub confirmation: String,
}

#[derive(sqlx::FromRow)]
struct Placed {
    #[sqlx(flatten)]
    person: Person,
    #[sqlx(try_from = "Key")]
    conference: Id,
}

impl Person {
    /// Reads the name of a sort order of [`Store::people_page`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }
}

/// A person to have.
#[derive(Clone, Debug)]
pub(super) struct NewPerson<'a> {
    pub(super) id: Id,
    pub(super) tenant: Id,
    pub(super) conference: Id,
    pub(super) source_key: &'a str,
    pub(super) name: &'a str,
    pub(super) affiliation: Option<&'a str>,
    pub(super) biography: Option<&'a str>,
    pub(super) avatar_url: Option<&'a str>,
}

impl Store {
    /// Everyone in a conference's programme, by name.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn people(&self, tenant: Id, conference: Id) -> Result<Vec<Person>, StoreError> {
        let list = query(OF_CONFERENCE).bind(tenant).bind(conference);
        list.all(self.readers(tenant)).await
    }

    /// A page of those in a conference's programme.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn people_page(
        &self,
        tenant: Id,
        conference: Id,
        order: Option<Order>,
        page: Page,
    ) -> Result<Listed<Person>, StoreError> {
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(conference));
        chosen.page(order, page, || self.readers(tenant)).await
    }

    /// Someone in a programme, and the conference that it is of.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn person(&self, tenant: Id, id: Id) -> Result<Option<(Person, Id)>, StoreError> {
        let found: Option<Placed> = query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await?;
        Ok(found.map(|placed| (placed.person, placed.conference)))
    }

    /// Everyone's part in a conference's sessions.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn parts(&self, tenant: Id, conference: Id) -> Result<Vec<Part>, StoreError> {
        query(BUSY).bind(tenant).bind(conference).all(self.readers(tenant)).await
    }

    /// Those who speak at a session, in the programme's order.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn speakers(&self, tenant: Id, session: Id) -> Result<Vec<Speaker>, StoreError> {
        let list = query(OF_SESSION).bind(tenant).bind(session);
        list.all(self.readers(tenant)).await
    }
}

impl Edit {
    /// Adds someone to a conference's programme, by hand.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn create_person(&mut self, conference: Id, person: &Person) -> Result<(), StoreError> {
        insert(&mut self.transaction, self.tenant, conference, person).await
    }

    /// The person with this id, as they are now.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn person(&mut self, id: Id) -> Result<Option<Person>, StoreError> {
        let found: Option<Placed> =
            query(BY_ID).bind(self.tenant).bind(id).optional(&mut self.transaction).await?;
        Ok(found.map(|placed| placed.person))
    }

    /// Makes someone what `person` says; false when there is no such person, or it was changed since its version.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_person(&mut self, person: &Person) -> Result<bool, StoreError> {
        let change = query(CHANGE)
            .bind(self.tenant)
            .bind(person.id)
            .bind(&person.name)
            .bind(&person.affiliation)
            .bind(&person.biography)
            .bind(&person.avatar_url)
            .bind(person.version);
        let done = change.execute(&mut self.transaction).await? > 0;
        search::refresh_person(&mut self.transaction, self.tenant, person.id).await?;
        Ok(done)
    }

    /// Gives someone a part in a session, at this place of its list, or changes the one that they have.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such session or person.
    pub async fn place_speaker(&mut self, part: &Part, position: i64) -> Result<(), StoreError> {
        place(&mut self.transaction, self.tenant, part, position).await
    }

    /// Takes someone's part in a session away; false when there was none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_speaker(&mut self, session: Id, person: Id) -> Result<bool, StoreError> {
        let remove = query(TAKE_AWAY).bind(self.tenant).bind(session).bind(person);
        let done = remove.execute(&mut self.transaction).await? > 0;
        search::refresh(&mut self.transaction, self.tenant, session).await?;
        Ok(done)
    }
}

/// Someone who is added by hand: nothing that is imported is taken for the same person.
pub(super) async fn insert(
    on: impl Into<Connection<'_>>,
    tenant: Id,
    conference: Id,
    person: &Person,
) -> Result<(), StoreError> {
    let key = person.id.to_string();
    let new = NewPerson {
        id: person.id,
        tenant,
        conference,
        source_key: &key,
        name: &person.name,
        affiliation: person.affiliation.as_deref(),
        biography: person.biography.as_deref(),
        avatar_url: person.avatar_url.as_deref(),
    };
    save(on, &new).await.map(|_| ())
}

pub(super) async fn place(
    transaction: &mut Transaction,
    tenant: Id,
    part: &Part,
    position: i64,
) -> Result<(), StoreError> {
    let place = query(PLACE)
        .bind(tenant)
        .bind(part.session)
        .bind(part.person)
        .bind(position)
        .bind(&part.role)
        .bind(&part.confirmation);
    place.execute(&mut *transaction).await?;
    search::refresh(transaction, tenant, part.session).await
}

pub(super) async fn save(on: impl Into<Connection<'_>>, new: &NewPerson<'_>) -> Result<Id, StoreError> {
    let (Key(id),) = query(SAVE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.conference)
        .bind(new.source_key)
        .bind(new.name)
        .bind(new.affiliation)
        .bind(new.biography)
        .bind(new.avatar_url)
        .one(on)
        .await?;
    Ok(id)
}

/// Makes these people, in this order, the session's speakers; who is one already keeps role and confirmation.
pub(super) async fn replace_speakers(
    transaction: &mut Transaction,
    tenant: Id,
    session: Id,
    people: &[Id],
) -> Result<(), StoreError> {
    let before: Vec<Speaker> = query(OF_SESSION).bind(tenant).bind(session).all(&mut *transaction).await?;
    let clear = query(CLEAR_SPEAKERS).bind(tenant).bind(session);
    clear.execute(&mut *transaction).await?;
    for (position, person) in (0_i64..).zip(people) {
        let known = before.iter().find(|speaker| speaker.person.id == *person);
        let role = known.map_or("speaker", |speaker| speaker.role.as_str());
        let confirmation = known.map_or("confirmed", |speaker| speaker.confirmation.as_str());
        let add = query(ADD_SPEAKER).bind(tenant).bind(session).bind(*person);
        add.bind(position).bind(role).bind(confirmation).execute(&mut *transaction).await?;
    }
    search::refresh(transaction, tenant, session).await
}
