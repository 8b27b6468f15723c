//! The people of a programme, and what they speak at.

use plenum_domain::Id;

use super::columns::Key;
use super::{Store, StoreError};

const OF_CONFERENCE: &str = "SELECT id, name, affiliation, biography, avatar_url FROM people
    WHERE tenant = $1 AND conference = $2 ORDER BY name, id";
const OF_SESSION: &str = "SELECT p.id, p.name, p.affiliation, p.biography, p.avatar_url, s.role
    FROM session_speakers s JOIN people p ON p.id = s.person
    WHERE s.tenant = $1 AND s.session = $2 ORDER BY s.position";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OF_CONFERENCE, OF_SESSION];

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

impl Store {
    /// Everyone in a conference's programme, by name.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn people(&self, tenant: Id, conference: Id) -> Result<Vec<Person>, StoreError> {
        let list = sqlx::query_as(OF_CONFERENCE).bind(Key(tenant)).bind(Key(conference));
        Ok(list.fetch_all(self.readers()).await?)
    }

    /// Those who speak at a session, in the programme's order.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn speakers(&self, tenant: Id, session: Id) -> Result<Vec<Speaker>, StoreError> {
        let list = sqlx::query_as(OF_SESSION).bind(Key(tenant)).bind(Key(session));
        Ok(list.fetch_all(self.readers()).await?)
    }
}
