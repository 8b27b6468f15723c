//! Reading what was counted.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, Micros};
use super::query::query;
use super::{Store, StoreError};

/// `$2` is a conference.
const DEEDS: &str = "SELECT from_us, deed, CAST(SUM(times) AS BIGINT) AS times FROM activity
    WHERE tenant = $1 AND conference = $2 GROUP BY from_us, deed ORDER BY from_us, deed";
const DEEDS_OF_SESSION: &str = "SELECT from_us, deed, CAST(SUM(times) AS BIGINT) AS times FROM activity
    WHERE tenant = $1 AND session = $2 GROUP BY from_us, deed ORDER BY from_us, deed";
const DEEDS_BY_SESSION: &str =
    "SELECT a.session, s.title, s.starts_us, a.deed, CAST(SUM(a.times) AS BIGINT) AS times
    FROM activity a JOIN sessions s ON s.id = a.session
    WHERE a.tenant = $1 AND a.conference = $2 GROUP BY a.session, s.title, s.starts_us, a.deed";
const VOTES: &str = "SELECT room, from_us, times FROM activity
    WHERE tenant = $1 AND conference = $2 AND kind = 'poll' AND deed = 'vote'";
const ACTIVE: &str = "SELECT COUNT(DISTINCT participant) FROM activity_people
    WHERE tenant = $1 AND conference = $2 AND from_us >= $3 AND from_us < $4";
const ACTIVE_IN_SESSION: &str = "SELECT COUNT(DISTINCT participant) FROM activity_people
    WHERE tenant = $1 AND session = $2 AND from_us >= $3 AND from_us < $4";
const ACTIVE_BY_SESSION: &str = "SELECT session, COUNT(DISTINCT participant) AS count FROM activity_people
    WHERE tenant = $1 AND conference = $2 GROUP BY session";
const PRESENT: &str = "SELECT session, from_us, people FROM presence
    WHERE tenant = $1 AND conference = $2 ORDER BY from_us, session";
const PRESENT_IN_SESSION: &str = "SELECT session, from_us, people FROM presence
    WHERE tenant = $1 AND session = $2 ORDER BY from_us";
const JOINED: &str =
    "SELECT joined_us - joined_us % 900000000 AS from_us, 'joined' AS deed, COUNT(*) AS times
    FROM participants WHERE tenant = $1 AND conference = $2 GROUP BY joined_us - joined_us % 900000000";
const ARRIVED: &str = "SELECT at_us - at_us % 900000000 AS from_us, 'arrived' AS deed, COUNT(*) AS times
    FROM check_ins WHERE tenant = $1 AND conference = $2 AND session IS NULL AND counts
    GROUP BY at_us - at_us % 900000000";
const CAME_BY_SESSION: &str = "SELECT session, COUNT(*) AS count FROM check_ins
    WHERE tenant = $1 AND conference = $2 AND session IS NOT NULL AND counts GROUP BY session";
/// The voters of a poll are those of its rounds; the largest round had so many people at least.
const POLLS: &str = "SELECT p.id, COALESCE(p.session, p.id) AS session, p.title, p.kind,
    CAST(COALESCE(SUM(r.voters), 0) AS BIGINT) AS ballots, COALESCE(MAX(r.voters), 0) AS voters
    FROM polls p LEFT JOIN poll_results r ON r.poll = p.id
    WHERE p.tenant = $1 AND p.conference = $2 AND (p.session = $3 OR $3 IS NULL)
    GROUP BY p.id, p.session, p.title, p.kind ORDER BY p.id";
const QUESTIONS: &str = "SELECT session, status, COUNT(*) AS count FROM questions
    WHERE tenant = $1 AND conference = $2 GROUP BY session, status";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    DEEDS,
    DEEDS_OF_SESSION,
    DEEDS_BY_SESSION,
    VOTES,
    ACTIVE,
    ACTIVE_IN_SESSION,
    ACTIVE_BY_SESSION,
    PRESENT,
    PRESENT_IN_SESSION,
    JOINED,
    ARRIVED,
    CAME_BY_SESSION,
    POLLS,
    QUESTIONS,
];

/// How often something was done in a quarter of an hour.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DidAt {
    /// When the quarter of an hour begins.
    #[sqlx(rename = "from_us", try_from = "Micros")]
    pub from: Timestamp,
    /// What was done: a word of [`plenum_domain::activity::Deed`], `joined` or `arrived`.
    pub deed: String,
    /// How often.
    pub times: i64,
}

/// How often something was done in a session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DidIn {
    /// The session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// Its title.
    pub title: String,
    /// When the programme says that it starts.
    #[sqlx(rename = "starts_us", try_from = "Micros")]
    pub starts: Timestamp,
    /// What was done: a word of [`plenum_domain::activity::Deed`].
    pub deed: String,
    /// How often.
    pub times: i64,
}

/// How many votes a poll got in a quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VotesAt {
    /// The poll.
    #[sqlx(rename = "room", try_from = "Key")]
    pub poll: Id,
    /// When the quarter of an hour begins.
    #[sqlx(rename = "from_us", try_from = "Micros")]
    pub from: Timestamp,
    /// How many.
    pub times: i64,
}

/// The most people who were in a session at once in a quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PresentAt {
    /// The session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// When the quarter of an hour begins.
    #[sqlx(rename = "from_us", try_from = "Micros")]
    pub from: Timestamp,
    /// How many.
    pub people: i64,
}

/// How many people were in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InSession {
    /// The session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// How many.
    pub count: i64,
}

/// How many took part in a poll.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OfPoll {
    /// The poll.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// Its session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// The ballots of all of its rounds, each person's last one.
    pub ballots: i64,
    /// The ballots of its largest round: so many people at least.
    pub voters: i64,
}

/// How many questions of a session have a status.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct QuestionsIn {
    /// The session.
    #[sqlx(try_from = "Key")]
    pub session: Id,
    /// The status.
    pub status: String,
    /// How many.
    pub count: i64,
}

/// The functions that ask for all of a conference, each with its statement.
macro_rules! of_conference {
    ($($(#[$about:meta])+ $name:ident: $statement:ident -> $row:ty;)+) => {
        impl Store {
            $($(#[$about])+
            ///
            /// # Errors
            /// When the store cannot answer.
            pub async fn $name(&self, tenant: Id, conference: Id) -> Result<Vec<$row>, StoreError> {
                query($statement).bind(tenant).bind(conference).all(self.readers(tenant)).await
            })+
        }
    };
}

of_conference! {
    /// What was done in a conference, by quarter hours.
    activity: DEEDS -> DidAt;
    /// What was done in each session of a conference.
    activity_by_session: DEEDS_BY_SESSION -> DidIn;
    /// The votes of each poll of a conference, by quarter hours.
    votes_by_poll: VOTES -> VotesAt;
    /// How many people did something that is not secret in each session of a conference.
    active_by_session: ACTIVE_BY_SESSION -> InSession;
    /// The most people who were at once in each session of a conference, by quarter hours.
    presence: PRESENT -> PresentAt;
    /// When people joined a conference or registered for it, by quarter hours.
    joined: JOINED -> DidAt;
    /// When people arrived at a conference's own door, by quarter hours.
    arrived: ARRIVED -> DidAt;
    /// How many people were let in at the door of each session of a conference.
    attendance_by_session: CAME_BY_SESSION -> InSession;
    /// How many questions of each session of a conference have which status.
    questions_by_session: QUESTIONS -> QuestionsIn;
}

impl Store {
    /// The most people who were in a session at once, by quarter hours.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn presence_of_session(&self, tenant: Id, session: Id) -> Result<Vec<PresentAt>, StoreError> {
        query(PRESENT_IN_SESSION).bind(tenant).bind(session).all(self.readers(tenant)).await
    }

    /// What was done in a session, by quarter hours.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn activity_of_session(&self, tenant: Id, session: Id) -> Result<Vec<DidAt>, StoreError> {
        query(DEEDS_OF_SESSION).bind(tenant).bind(session).all(self.readers(tenant)).await
    }

    /// How many took part in each poll of a conference, or of one session of it.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn turnout(
        &self,
        tenant: Id,
        conference: Id,
        session: Option<Id>,
    ) -> Result<Vec<OfPoll>, StoreError> {
        query(POLLS).bind(tenant).bind(conference).bind(session).all(self.readers(tenant)).await
    }

    /// How many people did something that is not secret in a conference, in a span of whole quarter hours.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn active(
        &self,
        tenant: Id,
        conference: Id,
        span: (Timestamp, Timestamp),
    ) -> Result<u64, StoreError> {
        self.people_of(ACTIVE, tenant, conference, span).await
    }

    /// The same for a session.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn active_in_session(
        &self,
        tenant: Id,
        session: Id,
        span: (Timestamp, Timestamp),
    ) -> Result<u64, StoreError> {
        self.people_of(ACTIVE_IN_SESSION, tenant, session, span).await
    }

    async fn people_of(
        &self,
        statement: &'static str,
        tenant: Id,
        of: Id,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<u64, StoreError> {
        let count = query(statement).bind(tenant).bind(of).bind(from).bind(until);
        let (people,): (i64,) = count.one(self.readers(tenant)).await?;
        Ok(people.cast_unsigned())
    }
}
