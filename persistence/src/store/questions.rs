//! Questions of the audience, as moderators see them.

use plenum_domain::{Id, Timestamp};
use sqlx::SqliteConnection;

use super::bulk::Bulk;
use super::columns::{Key, MaybeKey, Micros};
use super::page::Sorts;
use super::{Listed, Order, Page, Store, StoreError, UnknownSort, ours};

const SORTS: Sorts = &[("asked", "asked_us"), ("votes", "votes"), ("status", "status")];

pub(super) const SAVE: Bulk = Bulk {
    head: "INSERT INTO questions (id, tenant, conference, session, status, text, votes, author_id, author_name,
        asked_us, reason, edited, merged_into, seq)",
    columns: 14,
    tail: "ON CONFLICT (id) DO UPDATE SET status = excluded.status, text = excluded.text, votes = excluded.votes,
        author_id = excluded.author_id, author_name = excluded.author_name, reason = excluded.reason,
        edited = excluded.edited, merged_into = excluded.merged_into, seq = excluded.seq
        WHERE excluded.seq >= questions.seq",
};
const COUNT_VOTES: &str =
    "UPDATE questions SET votes = $3, seq = $4 WHERE tenant = $1 AND id = $2 AND seq <= $4";
const LIST: &str =
    "SELECT id, tenant, conference, session, status, text, votes, author_id, author_name, asked_us,
        reason, edited, merged_into FROM questions
    WHERE tenant = $1 AND conference = $2 AND (CAST($3 AS TEXT) IS NULL OR status = $3)
        AND (CAST($4 AS BLOB) IS NULL OR session = $4)";
const COUNT: &str = "SELECT COUNT(*) FROM questions
    WHERE tenant = $1 AND conference = $2 AND (CAST($3 AS TEXT) IS NULL OR status = $3)
        AND (CAST($4 AS BLOB) IS NULL OR session = $4)";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[COUNT_VOTES, LIST, COUNT];
#[cfg(test)]
pub(super) const LISTS: &[(&str, Sorts, u32)] = &[(LIST, SORTS, 5)];

/// A question as moderators see it: those that wait, were rejected or withdrawn are among them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredQuestion {
    /// The question's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// The session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// Where it is in its life.
    pub status: String,
    /// The question, as it reads now.
    pub text: String,
    /// How many people support it.
    pub votes: i64,
    /// Who asked, when with a name.
    #[sqlx(try_from = "MaybeKey")]
    pub author_id: Option<Id>,
    /// That name.
    pub author_name: Option<String>,
    /// When it was asked.
    #[sqlx(rename = "asked_us", try_from = "Micros")]
    pub asked: Timestamp,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Whether a moderator changed how it reads.
    pub edited: bool,
    /// The question that it is part of.
    #[sqlx(try_from = "MaybeKey")]
    pub merged_into: Option<Id>,
}

/// Which questions to list.
#[derive(Clone, Debug, Default)]
pub struct QuestionFilter {
    /// Those with this status.
    pub status: Option<String>,
    /// Those of this session.
    pub session: Option<Id>,
    /// In this order; as they were asked when none.
    pub order: Option<Order>,
}

impl StoredQuestion {
    /// Reads the name of a sort order of [`Store::questions`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        Order::read(text, SORTS)
    }
}

impl Store {
    /// A page of a conference's questions. For moderators, unless the filter's status is one that everyone may read.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn questions(
        &self,
        tenant: Id,
        conference: Id,
        filter: &QuestionFilter,
        page: Page,
    ) -> Result<Listed<StoredQuestion>, StoreError> {
        let order = filter.order.unwrap_or(Order::first(SORTS));
        let items = sqlx::query_as(ours(format!("{LIST}{}", order.clause(5))))
            .bind(Key(tenant))
            .bind(Key(conference))
            .bind(&filter.status)
            .bind(filter.session.map(Key))
            .bind(page.limit())
            .bind(page.offset())
            .fetch_all(self.readers())
            .await?;
        let count = sqlx::query_scalar(COUNT).bind(Key(tenant)).bind(Key(conference)).bind(&filter.status);
        let total: i64 = count.bind(filter.session.map(Key)).fetch_one(self.readers()).await?;
        Ok(Listed { items, total: total.cast_unsigned() })
    }
}

/// A question's row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuestionRow {
    pub(crate) question: StoredQuestion,
    pub(crate) seq: i64,
}

/// How many people support a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SupportRow {
    pub(crate) tenant: Id,
    pub(crate) question: Id,
    pub(crate) votes: i64,
    pub(crate) seq: i64,
}

pub(crate) async fn save(connection: &mut SqliteConnection, rows: &[QuestionRow]) -> Result<(), StoreError> {
    SAVE.write(connection, rows, |row, QuestionRow { question, seq }| {
        row.push_bind(Key(question.id))
            .push_bind(Key(question.tenant))
            .push_bind(Key(question.conference))
            .push_bind(Key(question.session))
            .push_bind(question.status.clone())
            .push_bind(question.text.clone())
            .push_bind(question.votes)
            .push_bind(question.author_id.map(Key))
            .push_bind(question.author_name.clone())
            .push_bind(Micros(question.asked))
            .push_bind(question.reason.clone())
            .push_bind(question.edited)
            .push_bind(question.merged_into.map(Key))
            .push_bind(*seq);
    })
    .await
}

pub(crate) async fn save_support(
    connection: &mut SqliteConnection,
    rows: &[SupportRow],
) -> Result<(), StoreError> {
    for row in rows {
        let update = sqlx::query(COUNT_VOTES).bind(Key(row.tenant)).bind(Key(row.question));
        update.bind(row.votes).bind(row.seq).execute(&mut *connection).await?;
    }
    Ok(())
}
