//! Polls, their results by round, and the votes of those that are not anonymous.

use plenum_domain::{Id, Timestamp};

use super::bulk::{Bulk, Write, row};
use super::columns::{Key, MaybeKey, Micros};
use super::connection::Transaction;
use super::page::{Filter, List};
use super::query::query;
use super::{Listed, Order, Page, Store, StoreError, UnknownSort};

pub(super) const SAVE: Bulk = Bulk {
    table: "polls",
    row: "id, tenant, conference, session, title, kind, status, round, anonymous, poll, seq",
    key: 1,
    write: Write::Insert(
        "ON CONFLICT (id) DO UPDATE SET title = excluded.title, kind = excluded.kind, status = excluded.status,
        round = excluded.round, anonymous = excluded.anonymous, poll = excluded.poll, seq = excluded.seq
        WHERE excluded.seq >= polls.seq",
    ),
};
pub(super) const SAVE_RESULTS: Bulk = Bulk {
    table: "poll_results",
    row: "poll, round, tenant, voters, results, seq",
    key: 2,
    write: Write::Insert(
        "ON CONFLICT (poll, round) DO UPDATE SET voters = excluded.voters, results = excluded.results,
        seq = excluded.seq WHERE excluded.seq >= poll_results.seq",
    ),
};
pub(super) const SAVE_RESETS: Bulk = Bulk {
    table: "poll_resets",
    row: "poll, seq, tenant",
    key: 0,
    write: Write::Insert("ON CONFLICT (poll, seq) DO NOTHING"),
};
pub(super) const SAVE_VOTES: Bulk = Bulk {
    table: "votes",
    row: "poll, seq, tenant, voter, choice, at_us",
    key: 2,
    write: Write::Insert(
        "ON CONFLICT (poll, seq) DO UPDATE SET voter = excluded.voter, choice = excluded.choice,
        at_us = excluded.at_us",
    ),
};
const BY_ID: &str =
    "SELECT id, tenant, conference, session, title, kind, status, round, anonymous, poll FROM polls
    WHERE tenant = $1 AND id = $2";
const AT_STATUS: Filter = "status = $#";
const OF_SESSION: Filter = "session = $#";
pub(super) const LIST: List = List {
    rows: "SELECT id, tenant, conference, session, title, kind, status, round, anonymous, poll FROM polls
    WHERE tenant = $1 AND conference = $2",
    filters: &[AT_STATUS, OF_SESSION],
    sorts: &[("created", "id"), ("title", "title"), ("status", "status")],
    shown: None,
    kept: None,
};
const RESULTS: &str = "SELECT round, voters, results FROM poll_results
    WHERE tenant = $1 AND poll = $2 ORDER BY round";
const VOTES: &str = "SELECT seq, voter, choice, at_us,
        1 + (SELECT COUNT(*) FROM poll_resets r WHERE r.poll = votes.poll AND r.seq < votes.seq) AS round
    FROM votes WHERE tenant = $1 AND poll = $2 AND seq > $3 ORDER BY seq LIMIT $4";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[BY_ID, RESULTS, VOTES];

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
        LIST.order(text)
    }
}

impl Store {
    /// The poll with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn poll(&self, tenant: Id, id: Id) -> Result<Option<StoredPoll>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
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
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(conference));
        let chosen = chosen.only(AT_STATUS, filter.status.as_deref()).only(OF_SESSION, filter.session);
        chosen.page(filter.order, page, || self.readers(tenant)).await
    }

    /// The results of a poll's rounds, first to last. For moderators only.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn poll_results(&self, tenant: Id, poll: Id) -> Result<Vec<StoredResults>, StoreError> {
        query(RESULTS).bind(tenant).bind(poll).all(self.readers(tenant)).await
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
        let list = query(VOTES).bind(tenant).bind(poll).bind(after_seq);
        list.bind(i64::from(limit)).all(self.readers(tenant)).await
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

pub(crate) async fn save(transaction: &mut Transaction, rows: &[PollRow]) -> Result<(), StoreError> {
    SAVE.write(transaction, rows, |PollRow { poll, seq }| {
        row![
            poll.id,
            poll.tenant,
            poll.conference,
            poll.session,
            &poll.title,
            &poll.kind,
            &poll.status,
            poll.round,
            poll.anonymous,
            &poll.poll,
            *seq
        ]
    })
    .await
}

pub(crate) async fn save_results(
    transaction: &mut Transaction,
    rows: &[ResultsRow],
) -> Result<(), StoreError> {
    SAVE_RESULTS
        .write(transaction, rows, |one| {
            row![one.poll, one.results.round, one.tenant, one.results.voters, &one.results.results, one.seq]
        })
        .await
}

pub(crate) async fn save_resets(transaction: &mut Transaction, rows: &[ResetRow]) -> Result<(), StoreError> {
    SAVE_RESETS.write(transaction, rows, |one| row![one.poll, one.seq, one.tenant]).await
}

pub(crate) async fn save_votes(transaction: &mut Transaction, rows: &[VoteRow]) -> Result<(), StoreError> {
    SAVE_VOTES
        .write(transaction, rows, |one| row![one.poll, one.seq, one.tenant, one.voter, &one.choice, one.at])
        .await
}
