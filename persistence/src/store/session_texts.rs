//! What a session is about, in other languages than its programme's own.

use plenum_domain::Id;

use super::connection::Transaction;
use super::query::query;
use super::{Edit, Store, StoreError, search};

const SAVE: &str =
    "INSERT INTO session_texts (tenant, session, language, title, subtitle, abstract, description)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (session, language) DO UPDATE SET title = excluded.title, subtitle = excluded.subtitle,
        abstract = excluded.abstract, description = excluded.description";
const OF_SESSION: &str = "SELECT language, title, subtitle, abstract, description FROM session_texts
    WHERE tenant = $1 AND session = $2 ORDER BY language";
const REMOVE: &str = "DELETE FROM session_texts WHERE tenant = $1 AND session = $2 AND language = $3";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SAVE, OF_SESSION, REMOVE];

/// What a session is about, in one language.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionText {
    /// The language's code: `ar`, `de-AT`.
    pub language: String,
    /// Its title.
    pub title: String,
    /// Its second title, empty when it has none.
    pub subtitle: String,
    /// A short text about it, as its author wrote it.
    #[sqlx(rename = "abstract")]
    pub summary: String,
    /// A long text about it.
    pub description: String,
}

impl Store {
    /// A session's texts in other languages, by language.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn session_texts(&self, tenant: Id, session: Id) -> Result<Vec<SessionText>, StoreError> {
        query(OF_SESSION).bind(tenant).bind(session).all(self.readers(tenant)).await
    }
}

impl Edit {
    /// Says what a session is about in a language, in place of what was said before.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such session.
    pub async fn save_session_text(&mut self, session: Id, text: &SessionText) -> Result<(), StoreError> {
        save(&mut self.transaction, self.tenant, session, text).await
    }

    /// Removes what was said in a language; false when nothing was.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_session_text(&mut self, session: Id, language: &str) -> Result<bool, StoreError> {
        let remove = query(REMOVE).bind(self.tenant).bind(session).bind(language);
        let done = remove.execute(&mut self.transaction).await? > 0;
        search::refresh(&mut self.transaction, self.tenant, session).await?;
        Ok(done)
    }
}

pub(super) async fn save(
    transaction: &mut Transaction,
    tenant: Id,
    session: Id,
    text: &SessionText,
) -> Result<(), StoreError> {
    let save = query(SAVE)
        .bind(tenant)
        .bind(session)
        .bind(&text.language)
        .bind(&text.title)
        .bind(&text.subtitle)
        .bind(&text.summary)
        .bind(&text.description);
    save.execute(&mut *transaction).await?;
    search::refresh(transaction, tenant, session).await
}
