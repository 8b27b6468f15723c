//! The archive of all that happened in rooms, without what must stay secret.

use plenum_domain::{Id, Timestamp};
use plenum_rooms::{RoomRef, Scope};

use super::bulk::{Bulk, Write, row};
use super::columns::{Key, MaybeKey, MaybeMicros};
use super::connection::{Reach, Transaction};
use super::query::query;
use super::{Store, StoreError};

pub(super) const SAVE: Bulk = Bulk {
    table: "facts",
    row: "kind, room, seq, tenant, conference, session, opens, key, participant, at_us, deed, present, present_from_us, body",
    key: 3,
    write: Write::Insert(
        "ON CONFLICT (kind, room, seq) DO UPDATE SET opens = excluded.opens, key = excluded.key,
        participant = excluded.participant, at_us = excluded.at_us, deed = excluded.deed, present = excluded.present,
        present_from_us = excluded.present_from_us, body = excluded.body",
    ),
};
const OF_ROOM: &str =
    "SELECT kind, room, seq, tenant, conference, session, opens, key, participant, at_us, deed, present, present_from_us, body FROM facts
    WHERE tenant = $1 AND kind = $2 AND room = $3 AND seq >= $4 ORDER BY seq LIMIT $5";
const OF_PARTICIPANT: &str =
    "SELECT kind, room, seq, tenant, conference, session, opens, key, participant, at_us, deed, present, present_from_us, body
    FROM facts WHERE tenant = $1 AND participant = $2 ORDER BY at_us, kind, room, seq LIMIT $3";

const PLACE: &str = "SELECT facts.tenant AS tenant, facts.conference AS conference,
    COALESCE(sessions.id, polls.session) AS session FROM facts
    LEFT JOIN sessions ON sessions.id = facts.room LEFT JOIN polls ON polls.id = facts.room
    WHERE facts.kind = $1 AND facts.room = $2 ORDER BY facts.seq LIMIT 1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OF_ROOM, OF_PARTICIPANT, PLACE];

#[derive(sqlx::FromRow)]
struct Place {
    #[sqlx(try_from = "Key")]
    tenant: Id,
    #[sqlx(try_from = "Key")]
    conference: Id,
    #[sqlx(try_from = "MaybeKey")]
    session: Option<Id>,
}

/// What one command did, as the archive keeps it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ArchivedRecord {
    /// The room's kind.
    pub kind: String,
    /// The room.
    #[sqlx(try_from = "Key")]
    pub room: Id,
    /// The room's seq after it.
    pub seq: i64,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// The session that the room serves, when it serves one.
    #[sqlx(try_from = "MaybeKey")]
    pub session: Option<Id>,
    /// Whether the body holds the settings that the room was opened with, rather than facts.
    pub opens: bool,
    /// The sender's key. None when it is secret, or when time itself acted.
    #[sqlx(try_from = "MaybeKey")]
    pub key: Option<Id>,
    /// Who did it. None when it is secret.
    #[sqlx(try_from = "MaybeKey")]
    pub participant: Option<Id>,
    /// When. None when it is secret.
    #[sqlx(rename = "at_us", try_from = "MaybeMicros")]
    pub at: Option<Timestamp>,
    /// What was done, in a word of [`plenum_domain::activity::Deed`], when that is counted.
    pub deed: Option<String>,
    /// The most people who were in the session at once, when it tells that.
    pub present: Option<i64>,
    /// When the quarter of an hour began in which they were.
    #[sqlx(rename = "present_from_us", try_from = "MaybeMicros")]
    pub present_from: Option<Timestamp>,
    /// MessagePack (JSON for settings). None when it is secret.
    pub body: Option<Vec<u8>>,
}

impl Store {
    /// Where a room belongs, by what was archived of it first; none when nothing was. Whose room it is is not known yet.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn place_of_room(&self, room: RoomRef) -> Result<Option<Scope>, StoreError> {
        let find = query(PLACE).bind(room.kind).bind(room.id);
        let found: Option<Place> = find.optional(self.readers(Reach::Everyone)).await?;
        Ok(found.map(|Place { tenant, conference, session }| Scope { tenant, conference, session }))
    }

    /// A room's archived records from a seq on, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn archived_of_room(
        &self,
        tenant: Id,
        kind: &str,
        room: Id,
        seq_from: i64,
        limit: u32,
    ) -> Result<Vec<ArchivedRecord>, StoreError> {
        let list = query(OF_ROOM).bind(tenant).bind(kind).bind(room);
        list.bind(seq_from).bind(i64::from(limit)).all(self.readers(tenant)).await
    }

    /// What a participant did that is not secret, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn archived_of_participant(
        &self,
        tenant: Id,
        participant: Id,
        limit: u32,
    ) -> Result<Vec<ArchivedRecord>, StoreError> {
        let list = query(OF_PARTICIPANT).bind(tenant).bind(participant);
        list.bind(i64::from(limit)).all(self.readers(tenant)).await
    }
}

pub(crate) async fn save(transaction: &mut Transaction, rows: &[ArchivedRecord]) -> Result<(), StoreError> {
    SAVE.write(transaction, rows, |fact| {
        row![
            &fact.kind,
            fact.room,
            fact.seq,
            fact.tenant,
            fact.conference,
            fact.session,
            fact.opens,
            fact.key,
            fact.participant,
            fact.at,
            &fact.deed,
            fact.present,
            fact.present_from,
            &fact.body
        ]
    })
    .await
}
