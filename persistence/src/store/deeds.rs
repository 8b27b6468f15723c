//! What one participant did, and who came to a session: read from registrations, doors, seats and the archive of rooms.
//! What is secret names nobody in the archive, so that it is in neither.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeKey, MaybeMicros, Micros};
use super::page::List;
use super::query::query;
use super::{Listed, Order, Page, Store, StoreError, UnknownSort};

const OF_PARTICIPANT: &str = "SELECT at_us, what, subject, seq, session, detail FROM (
    SELECT at_us, 'checked_in' AS what, id AS subject, CAST(0 AS BIGINT) AS seq, session, '' AS detail
        FROM check_ins WHERE tenant = $1 AND participant = $2 AND counts
    UNION ALL SELECT at_us, deed, room, facts.seq, COALESCE(facts.session, room), COALESCE(polls.title, '') FROM facts
        LEFT JOIN polls ON polls.tenant = $1 AND polls.id = facts.room
        WHERE facts.tenant = $1 AND participant = $2 AND deed IS NOT NULL AND at_us IS NOT NULL
    UNION ALL SELECT joined_us, CASE WHEN registered_us IS NULL THEN 'joined' ELSE 'registered' END, id, 0, NULL, ''
        FROM participants WHERE tenant = $1 AND id = $2
    UNION ALL SELECT since_us, CASE WHEN waits THEN 'waits' ELSE 'seat' END, id, 0, session, ''
        FROM seats WHERE tenant = $1 AND participant = $2
    UNION ALL SELECT at_us, action, id, 0, NULL, CAST(details AS TEXT) FROM audit
        WHERE tenant = $1 AND subject = $2 AND action IN ('registration.moved', 'registration.cancelled')
    ) AS listed WHERE (at_us, what, subject, seq) < ($3, $4, $5, $6)
    ORDER BY at_us DESC, what DESC, subject DESC, seq DESC LIMIT $7";
/// A session's rooms have its id; its polls are rooms of their own.
pub(super) const ATTENDANCE: List = List {
    rows: "SELECT participants.id AS id, display_name, from_us, until_us, in_us FROM (
    SELECT participant, MIN(at_us) AS from_us, MAX(at_us) AS until_us, MIN(in_us) AS in_us FROM (
        SELECT participant, at_us, at_us AS in_us FROM check_ins
            WHERE tenant = $1 AND conference = $2 AND session = $3 AND counts
        UNION ALL SELECT participant, at_us, NULL FROM facts
            WHERE tenant = $1 AND kind IN ('session', 'qa', 'messaging') AND room = $3 AND at_us IS NOT NULL
        UNION ALL SELECT participant, at_us, NULL FROM facts WHERE tenant = $1 AND kind = 'poll' AND at_us IS NOT NULL
            AND room IN (SELECT id FROM polls WHERE tenant = $1 AND conference = $2 AND session = $3)
        ) AS listed_deeds GROUP BY participant) AS listed_people
    JOIN participants ON participants.tenant = $1 AND participants.id = participant",
    filters: &[],
    sorts: &[("from", "from_us"), ("until", "until_us"), ("name", "display_name")],
    shown: None,
    kept: None,
};

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OF_PARTICIPANT];

/// Something that a participant did.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Done {
    /// When.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
    /// What: `registered`, `joined`, `checked_in`, `seat`, `waits`, `registration.moved`, `registration.cancelled`, or the
    /// word for a deed in a room.
    pub what: String,
    /// What it was done with: a scan, a seat, a room, an entry of the audit log.
    #[sqlx(try_from = "Key")]
    pub subject: Id,
    /// Its place in the room's order.
    pub seq: i64,
    /// The session in which it was done.
    #[sqlx(try_from = "MaybeKey")]
    pub session: Option<Id>,
    /// A poll's title, or what the audit log has, as JSON.
    pub detail: String,
}

/// Where a piece of someone's deeds begins: behind this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// When it was done.
    pub at: Timestamp,
    /// What it was.
    pub what: String,
    /// What it was done with.
    pub subject: Id,
    /// Its place in the room's order.
    pub seq: i64,
}

/// Someone who came to a session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Attended {
    /// The participant.
    #[sqlx(rename = "id", try_from = "Key")]
    pub participant: Id,
    /// Their name.
    #[sqlx(rename = "display_name")]
    pub name: String,
    /// The first sign of them there: at the door, or something that they did in its rooms under their own name.
    #[sqlx(rename = "from_us", try_from = "Micros")]
    pub from: Timestamp,
    /// The last sign of them.
    #[sqlx(rename = "until_us", try_from = "Micros")]
    pub until: Timestamp,
    /// When they came in at the session's door.
    #[sqlx(rename = "in_us", try_from = "MaybeMicros")]
    pub came_in: Option<Timestamp>,
}

impl Attended {
    /// Reads the name of a sort order of [`Store::came_to`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        ATTENDANCE.order(text)
    }
}

impl Store {
    /// What a participant did that is not secret, the latest first, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn done_by(
        &self,
        tenant: Id,
        participant: Id,
        after: Option<After>,
        limit: u32,
    ) -> Result<Vec<Done>, StoreError> {
        let newest = || After {
            at: Timestamp::from_ms(i64::MAX / 1_000),
            what: String::new(),
            subject: Id::default(),
            seq: 0,
        };
        let After { at, what, subject, seq } = after.unwrap_or_else(newest);
        let list = query(OF_PARTICIPANT).bind(tenant).bind(participant).bind(at).bind(&what).bind(subject);
        list.bind(seq).bind(i64::from(limit)).all(self.readers(tenant)).await
    }

    /// A page of those who came to a session, and how many there are.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn came_to(
        &self,
        tenant: Id,
        (conference, session): (Id, Id),
        order: Option<Order>,
        page: Page,
    ) -> Result<Listed<Attended>, StoreError> {
        let chosen = ATTENDANCE.chosen(|list| list.bind(tenant).bind(conference).bind(session));
        chosen.page(order, page, || self.readers(tenant)).await
    }
}
