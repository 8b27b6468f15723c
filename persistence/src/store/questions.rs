//! Questions of the audience, as moderators see them.

use plenum_domain::{Id, Timestamp};

use super::bulk::{Bulk, Write, row};
use super::columns::{Key, MaybeKey, Micros};
use super::connection::Transaction;
use super::page::{Filter, List};
use super::{Listed, Order, Page, Store, StoreError, UnknownSort};

pub(super) const SAVE: Bulk = Bulk {
    table: "questions",
    row: "id, tenant, conference, session, status, text, votes, author_id, author_name, asked_us, reason, edited, merged_into, seq",
    key: 1,
    write: Write::Insert(
        "ON CONFLICT (id) DO UPDATE SET status = excluded.status, text = excluded.text, votes = excluded.votes,
        author_id = excluded.author_id, author_name = excluded.author_name, reason = excluded.reason,
        edited = excluded.edited, merged_into = excluded.merged_into, seq = excluded.seq
        WHERE excluded.seq >= questions.seq",
    ),
};
pub(super) const SAVE_SUPPORT: Bulk = Bulk {
    table: "questions",
    row: "tenant, id, votes, seq",
    key: 2,
    write: Write::Update(
        "SET votes = batch.votes, seq = batch.seq FROM batch
        WHERE questions.tenant = batch.tenant AND questions.id = batch.id AND questions.seq <= batch.seq",
    ),
};
const AT_STATUS: Filter = "status = $#";
const OF_SESSION: Filter = "session = $#";
pub(super) const LIST: List = List {
    rows: "SELECT id, tenant, conference, session, status, text, votes, author_id, author_name, asked_us,
        reason, edited, merged_into FROM questions
    WHERE tenant = $1 AND conference = $2",
    filters: &[AT_STATUS, OF_SESSION],
    sorts: &[("asked", "asked_us"), ("votes", "votes"), ("status", "status")],
    shown: None,
    kept: None,
};

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
        LIST.order(text)
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
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(conference));
        let chosen = chosen.only(AT_STATUS, filter.status.as_deref()).only(OF_SESSION, filter.session);
        chosen.page(filter.order, page, || self.readers(tenant)).await
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

pub(crate) async fn save(transaction: &mut Transaction, rows: &[QuestionRow]) -> Result<(), StoreError> {
    SAVE.write(transaction, rows, |QuestionRow { question, seq }| {
        row![
            question.id,
            question.tenant,
            question.conference,
            question.session,
            &question.status,
            &question.text,
            question.votes,
            question.author_id,
            &question.author_name,
            question.asked,
            &question.reason,
            question.edited,
            question.merged_into,
            *seq
        ]
    })
    .await
}

pub(crate) async fn save_support(
    transaction: &mut Transaction,
    rows: &[SupportRow],
) -> Result<(), StoreError> {
    SAVE_SUPPORT.write(transaction, rows, |one| row![one.tenant, one.question, one.votes, one.seq]).await
}
