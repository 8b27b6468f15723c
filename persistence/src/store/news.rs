//! Sessions that an import changed: hubs tell their open rooms, and the news is over.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, Micros};
use super::connection::{Reach, Transaction};
use super::query::query;
use super::{Store, StoreError};

const ADD: &str = "INSERT INTO session_news (session, tenant, conference, at_us) VALUES ($1, $2, $3, $4)
    ON CONFLICT (session) DO UPDATE SET at_us = excluded.at_us";
const LIST: &str =
    "SELECT n.session, n.tenant, n.conference, n.at_us, s.title, s.starts_us, s.ends_us, h.name AS hall
    FROM session_news n JOIN sessions s ON s.id = n.session LEFT JOIN halls h ON h.id = s.hall
    ORDER BY n.at_us LIMIT $1";
const TOLD: &str = "DELETE FROM session_news WHERE tenant = $1 AND session = $2 AND at_us = $3";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ADD, LIST, TOLD];

/// A session of which an import changed what its room tells.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionNews {
    /// The session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// Its tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// Its conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// When the import was.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
    /// What it is called now.
    pub title: String,
    /// When it starts now.
    #[sqlx(rename = "starts_us", try_from = "Micros")]
    pub starts: Timestamp,
    /// When it ends now.
    #[sqlx(rename = "ends_us", try_from = "Micros")]
    pub ends: Timestamp,
    /// The name of its hall.
    pub hall: Option<String>,
}

impl Store {
    /// The oldest news, of everybody: a hub tells the rooms of all tenants.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn session_news(&self, limit: u32) -> Result<Vec<SessionNews>, StoreError> {
        query(LIST).bind(i64::from(limit)).all(self.readers(Reach::Everyone)).await
    }

    /// A room was told, unless there is newer news of it.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn session_news_told(&self, news: &SessionNews) -> Result<(), StoreError> {
        let told = query(TOLD).bind(news.tenant).bind(news.session).bind(news.at);
        told.execute(self.durable(news.tenant)).await.map(drop)
    }
}

pub(super) async fn add(
    transaction: &mut Transaction,
    tenant: Id,
    conference: Id,
    session: Id,
    at: Timestamp,
) -> Result<(), StoreError> {
    query(ADD).bind(session).bind(tenant).bind(conference).bind(at).execute(transaction).await.map(drop)
}
