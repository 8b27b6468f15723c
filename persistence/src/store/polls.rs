//! Polls, their results by round, and the votes of those that are not anonymous.

use plenum_domain::{Id, Timestamp};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::bulk::Bulk;
use super::columns::{Key, MaybeKey, Micros};
use super::page::Sorts;
use super::{Listed, Order, Page, Store, StoreError, UnknownSort, ours};

const SORTS: Sorts = &[("created", "id"), ("title", "title"), ("status", "status")];

pub(super) const SAVE: Bulk = Bulk {
    head: "INSERT INTO polls
        (id, tenant, conference, session, title, kind, status, round, anonymous, poll, seq)",
    columns: 11,
    tail: "ON CONFLICT (id) DO UPDATE SET title = excluded.title, kind = excluded.kind, status = excluded.status,
        round = excluded.round, anonymous = excluded.anonymous, poll = excluded.poll, seq = excluded.seq
        WHERE excluded.seq >= polls.seq",
};
pub(super) const SAVE_RESULTS: Bulk = Bulk {
    head: "INSERT INTO poll_results (poll, round, tenant, voters, results, seq)",
    columns: 6,
    tail: "ON CONFLICT (poll, round) DO UPDATE SET voters = excluded.voters, results = excluded.results,
        seq = excluded.seq WHERE excluded.seq >= poll_results.seq",
};
pub(super) const SAVE_RESETS: Bulk = Bulk {
    head: "INSERT INTO poll_resets (poll, seq, tenant)",
    columns: 3,
    tail: "ON CONFLICT (poll, seq) DO NOTHING",
};
pub(super) const SAVE_VOTES: Bulk = Bulk {
    head: "INSERT INTO votes (poll, seq, tenant, voter, choice, at_us)",
    columns: 6,
    tail: "ON CONFLICT (poll, seq) DO UPDATE SET voter = excluded.voter, choice = excluded.choice,
        at_us = excluded.at_us",
};
const BY_ID: &str =
    "SELECT id, tenant, conference, session, title, kind, status, round, anonymous, poll FROM polls
    WHERE tenant = $1 AND id = $2";
const LIST: &str =
    "SELECT id, tenant, conference, session, title, kind, status, round, anonymous, poll FROM polls
    WHERE tenant = $1 AND conference = $2 AND (CAST($3 AS TEXT) IS NULL OR status = $3)
        AND (CAST($4 AS BLOB) IS NULL OR session = $4)";
const COUNT: &str = "SELECT COUNT(*) FROM polls
    WHERE tenant = $1 AND conference = $2 AND (CAST($3 AS TEXT) IS NULL OR status = $3)
        AND (CAST($4 AS BLOB) IS NULL OR session = $4)";
const RESULTS: &str = "SELECT round, voters, results FROM poll_results
    WHERE tenant = $1 AND poll = $2 ORDER BY round";
const VOTES: &str = "SELECT seq, voter, choice, at_us,
        1 + (SELECT COUNT(*) FROM poll_resets r WHERE r.poll = votes.poll AND r.seq < votes.seq) AS round
    FROM votes WHERE tenant = $1 AND poll = $2 AND seq > $3 ORDER BY seq LIMIT $4";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[BY_ID, LIST, COUNT, RESULTS, VOTES];
#[cfg(test)]
pub(super) const LISTS: &[(&str, Sorts, u32)] = &[(LIST, SORTS, 5)];

/// A poll, as the store last heard of it. The room knows better.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct StoredPoll {
    /// The poll's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// The session.
    #[sqlx(try_from = "MaybeKey")]
    pub session: Option<Id>,
    /// The question.
    pub title: String,
    /// What it asks for.
    pub kind: String,
    /// Where it is in its life.
    pub status: String,
    /// The round, from 1.
    pub round: i64,
    /// Nobody is shown who voted what.
    pub anonymous: bool,
    /// The poll object, as the socket shows it.
    #[sqlx(json)]
    pub poll: serde_json::Value,
}

/// The results of a round as moderators see them: words and answers that wait for approval are in them.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct StoredResults {
    /// The round, from 1.
    pub round: i64,
    /// How many people voted.
    pub voters: i64,
    /// The results object, as the socket shows it.
    #[sqlx(json)]
    pub results: serde_json::Value,
}

/// A vote in a poll that is not anonymous.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct StoredVote {
    /// The poll's seq of the vote.
    pub seq: i64,
    /// The round, from 1; the last vote of a voter in a round counts.
    pub round: i64,
    /// Who.
    #[sqlx(try_from = "Key")]
    pub voter: Id,
    /// The vote, in the words of `poll.vote`.
    #[sqlx(json)]
    pub choice: serde_json::Value,
    /// When.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
}

/// Which polls to list.
#[derive(Clone, Debug, Default)]
pub struct PollFilter {
    /// Those with this status.
    pub status: Option<String>,
    /// Those of this session.
    pub session: Option<Id>,
    /// In this order; as they were made when none.
    pub order: Option<Order>,
}

impl StoredPoll {
    /// Reads the name of a sort order of [`Store::polls`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        Order::read(text, SORTS)
    }
}

impl Store {
    /// The poll with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn poll(&self, tenant: Id, id: Id) -> Result<Option<StoredPoll>, StoreError> {
        Ok(sqlx::query_as(BY_ID).bind(Key(tenant)).bind(Key(id)).fetch_optional(self.readers()).await?)
    }

    /// A page of a conference's polls.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn polls(
        &self,
        tenant: Id,
        conference: Id,
        filter: &PollFilter,
        page: Page,
    ) -> Result<Listed<StoredPoll>, StoreError> {
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

    /// The results of a poll's rounds, first to last. For moderators only.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn poll_results(&self, tenant: Id, poll: Id) -> Result<Vec<StoredResults>, StoreError> {
        Ok(sqlx::query_as(RESULTS).bind(Key(tenant)).bind(Key(poll)).fetch_all(self.readers()).await?)
    }

    /// The votes of a poll that is not anonymous, in the order in which they came, after a seq.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn votes(
        &self,
        tenant: Id,
        poll: Id,
        after_seq: i64,
        limit: u32,
    ) -> Result<Vec<StoredVote>, StoreError> {
        let list = sqlx::query_as(VOTES).bind(Key(tenant)).bind(Key(poll)).bind(after_seq);
        Ok(list.bind(i64::from(limit)).fetch_all(self.readers()).await?)
    }
}

/// A poll's row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PollRow {
    pub(crate) poll: StoredPoll,
    pub(crate) seq: i64,
}

/// A row of results.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ResultsRow {
    pub(crate) poll: Id,
    pub(crate) tenant: Id,
    pub(crate) results: StoredResults,
    pub(crate) seq: i64,
}

/// The row of a round's end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ResetRow {
    pub(crate) poll: Id,
    pub(crate) tenant: Id,
    pub(crate) seq: i64,
}

/// A vote's row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VoteRow {
    pub(crate) poll: Id,
    pub(crate) tenant: Id,
    pub(crate) seq: i64,
    pub(crate) voter: Id,
    pub(crate) choice: serde_json::Value,
    pub(crate) at: Timestamp,
}

pub(crate) async fn save(connection: &mut SqliteConnection, rows: &[PollRow]) -> Result<(), StoreError> {
    SAVE.write(connection, rows, |row, PollRow { poll, seq }| {
        row.push_bind(Key(poll.id))
            .push_bind(Key(poll.tenant))
            .push_bind(Key(poll.conference))
            .push_bind(poll.session.map(Key))
            .push_bind(poll.title.clone())
            .push_bind(poll.kind.clone())
            .push_bind(poll.status.clone())
            .push_bind(poll.round)
            .push_bind(poll.anonymous)
            .push_bind(Json(poll.poll.clone()))
            .push_bind(*seq);
    })
    .await
}

pub(crate) async fn save_results(
    connection: &mut SqliteConnection,
    rows: &[ResultsRow],
) -> Result<(), StoreError> {
    SAVE_RESULTS
        .write(connection, rows, |row, one| {
            row.push_bind(Key(one.poll))
                .push_bind(one.results.round)
                .push_bind(Key(one.tenant))
                .push_bind(one.results.voters)
                .push_bind(Json(one.results.results.clone()))
                .push_bind(one.seq);
        })
        .await
}

pub(crate) async fn save_resets(
    connection: &mut SqliteConnection,
    rows: &[ResetRow],
) -> Result<(), StoreError> {
    SAVE_RESETS
        .write(connection, rows, |row, one| {
            row.push_bind(Key(one.poll)).push_bind(one.seq).push_bind(Key(one.tenant));
        })
        .await
}

pub(crate) async fn save_votes(
    connection: &mut SqliteConnection,
    rows: &[VoteRow],
) -> Result<(), StoreError> {
    SAVE_VOTES
        .write(connection, rows, |row, one| {
            row.push_bind(Key(one.poll))
                .push_bind(one.seq)
                .push_bind(Key(one.tenant))
                .push_bind(Key(one.voter))
                .push_bind(Json(one.choice.clone()))
                .push_bind(Micros(one.at));
        })
        .await
}
