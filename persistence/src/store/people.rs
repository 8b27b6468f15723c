//! The people of a programme, and what they speak at.

use plenum_domain::Id;

use super::columns::Key;
use super::connection::{Connection, Transaction};
use super::query::query;
use super::{Store, StoreError};

const SAVE: &str = "INSERT INTO people (id, tenant, conference, source_key, name, affiliation, biography, avatar_url)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (conference, source_key) DO UPDATE SET name = excluded.name, affiliation = excluded.affiliation,
        biography = excluded.biography, avatar_url = excluded.avatar_url
    RETURNING id";
const OF_CONFERENCE: &str = "SELECT id, name, affiliation, biography, avatar_url FROM people
    WHERE tenant = $1 AND conference = $2 ORDER BY name, id";
const OF_SESSION: &str = "SELECT p.id, p.name, p.affiliation, p.biography, p.avatar_url, s.role
    FROM session_speakers s JOIN people p ON p.id = s.person
    WHERE s.tenant = $1 AND s.session = $2 ORDER BY s.position";
const CLEAR_SPEAKERS: &str = "DELETE FROM session_speakers WHERE tenant = $1 AND session = $2";
const ADD_SPEAKER: &str = "INSERT INTO session_speakers (tenant, session, person, position, role)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session, person) DO NOTHING";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SAVE, OF_CONFERENCE, OF_SESSION, CLEAR_SPEAKERS, ADD_SPEAKER];

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
}

/// Someone who speaks at a session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Speaker {
    /// Who.
    #[sqlx(flatten)]
    pub person: Person,
    /// As what: `speaker`, `chair`.
    pub role: String,
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

    /// Those who speak at a session, in the programme's order.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn speakers(&self, tenant: Id, session: Id) -> Result<Vec<Speaker>, StoreError> {
        let list = query(OF_SESSION).bind(tenant).bind(session);
        list.all(self.readers(tenant)).await
    }
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

/// Makes these people, in this order, the session's speakers.
pub(super) async fn replace_speakers(
    transaction: &mut Transaction,
    tenant: Id,
    session: Id,
    people: &[Id],
) -> Result<(), StoreError> {
    let clear = query(CLEAR_SPEAKERS).bind(tenant).bind(session);
    clear.execute(&mut *transaction).await?;
    for (position, person) in (0_i64..).zip(people) {
        let add = query(ADD_SPEAKER).bind(tenant).bind(session).bind(*person);
        add.bind(position).bind("speaker").execute(&mut *transaction).await?;
    }
    Ok(())
}
