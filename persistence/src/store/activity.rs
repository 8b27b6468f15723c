//! Counting what people did, from the archive of facts: as the projector writes it, and anew.
//!
//! Both are the same statements over rooms. Each room is counted up to a seq, which moves in the transaction that counts:
//! what is written twice counts once. Nothing is counted that the archive does not say, so counting anew finds the same.

use plenum_domain::Id;

use super::bulk::{Bulk, Write, row};
use super::connection::Transaction;
use super::query::{Query, query};
use super::{Edit, StoreError};

/// What was archived of the rooms of a batch since they were counted last. What is secret has no time: it falls on the
/// latest one that was told before it in its room.
macro_rules! fresh {
    ($then:literal) => {
        concat!(
            ", fresh AS (SELECT f.kind, f.room, f.seq, f.tenant, f.conference,
                COALESCE(f.session, f.room) AS session, f.participant, f.deed, f.present, f.present_from_us,
                COALESCE(f.at_us, MAX(COALESCE(f.at_us, m.dated_us))
                    OVER (PARTITION BY f.kind, f.room ORDER BY f.seq), 0) AS at_us,
                COALESCE(f.at_us, m.dated_us) AS dated_us
            FROM batch LEFT JOIN activity_marks m ON m.kind = batch.kind AND m.room = batch.room
            JOIN facts f ON f.kind = batch.kind AND f.room = batch.room AND f.tenant = batch.tenant
                AND f.seq > COALESCE(m.seq, -1)) ",
            $then
        )
    };
}

const ROOM: &str = "tenant, conference, kind, room";
/// Those who count one conference wait here for one another.
pub(super) const TURN: Bulk = Bulk {
    table: "activity_turns",
    row: "tenant, conference, turn",
    key: 2,
    write: Write::Insert("ON CONFLICT (conference) DO UPDATE SET turn = activity_turns.turn + 1"),
};
/// A quarter of an hour has 900,000,000 microseconds.
pub(super) const COUNT: Bulk = Bulk {
    table: "activity_marks",
    row: ROOM,
    key: 0,
    write: Write::Else(fresh!(
        "INSERT INTO activity (kind, room, deed, from_us, tenant, conference, session, times)
        SELECT kind, room, deed, at_us - at_us % 900000000, tenant, conference, session, COUNT(*) FROM fresh
        WHERE deed IS NOT NULL GROUP BY kind, room, deed, at_us - at_us % 900000000, tenant, conference, session
        ON CONFLICT (kind, room, deed, from_us) DO UPDATE SET times = activity.times + excluded.times"
    )),
};
pub(super) const MEET: Bulk = Bulk {
    table: "activity_marks",
    row: ROOM,
    key: 0,
    write: Write::Else(fresh!(
        "INSERT INTO activity_people (session, participant, from_us, tenant, conference)
        SELECT DISTINCT session, participant, at_us - at_us % 900000000, tenant, conference FROM fresh
        WHERE deed IS NOT NULL AND participant IS NOT NULL
        ON CONFLICT (session, participant, from_us) DO NOTHING"
    )),
};
pub(super) const MARK: Bulk = Bulk {
    table: "activity_marks",
    row: ROOM,
    key: 0,
    write: Write::Else(fresh!(
        "INSERT INTO activity_marks (kind, room, tenant, conference, seq, dated_us)
        SELECT kind, room, tenant, conference, MAX(seq), MAX(dated_us) FROM fresh
        WHERE TRUE GROUP BY kind, room, tenant, conference
        ON CONFLICT (kind, room) DO UPDATE SET seq = excluded.seq, dated_us = excluded.dated_us"
    )),
};
/// The most people of a quarter may be told several times, each time more of them.
pub(super) const GATHER: Bulk = Bulk {
    table: "activity_marks",
    row: ROOM,
    key: 0,
    write: Write::Else(fresh!(
        "INSERT INTO presence (session, from_us, tenant, conference, people)
        SELECT session, present_from_us, tenant, conference, MAX(present) FROM fresh
        WHERE present IS NOT NULL GROUP BY session, present_from_us, tenant, conference
        ON CONFLICT (session, from_us) DO UPDATE SET people =
            CASE WHEN excluded.people > presence.people THEN excluded.people ELSE presence.people END"
    )),
};
const STEPS: [&Bulk; 4] = [&COUNT, &MEET, &GATHER, &MARK];

const OF_CONFERENCE: &str =
    "SELECT tenant, conference, kind, room FROM activity_marks WHERE tenant = $1 AND conference = $2";
const FORGET: [&str; 4] = [
    "DELETE FROM presence WHERE tenant = $1 AND conference = $2",
    "DELETE FROM activity WHERE tenant = $1 AND conference = $2",
    "DELETE FROM activity_people WHERE tenant = $1 AND conference = $2",
    "UPDATE activity_marks SET seq = -1, dated_us = NULL WHERE tenant = $1 AND conference = $2",
];
const SUMS: &str =
    "SELECT deed, CAST(SUM(times) AS BIGINT) FROM activity WHERE tenant = $1 AND conference = $2
    GROUP BY deed ORDER BY deed";
const PRESENT: &str = "SELECT CAST(COALESCE(SUM(people), 0) AS BIGINT) FROM presence
    WHERE tenant = $1 AND conference = $2";
const MET: &str = "SELECT COUNT(*) FROM activity_people WHERE tenant = $1 AND conference = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[OF_CONFERENCE, FORGET[0], FORGET[1], FORGET[2], FORGET[3], SUMS, PRESENT, MET];

/// A room whose facts are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CountedRoom {
    pub(crate) tenant: Id,
    pub(crate) conference: Id,
    pub(crate) kind: String,
    pub(crate) room: Id,
}

/// What a conference's numbers added up to before it was counted anew, and what they add up to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recounted {
    /// Before.
    pub before: Sums,
    /// Now.
    pub after: Sums,
}

/// What numbers add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// How often each deed was done, by its word.
    pub deeds: Vec<(String, i64)>,
    /// How often anybody was there in a quarter of an hour of a session.
    pub people: i64,
    /// The most people at once of every quarter of an hour of every session, together.
    pub present: i64,
}

/// Counts what was archived of these rooms since they were counted last.
pub(crate) async fn count(transaction: &mut Transaction, rooms: &[CountedRoom]) -> Result<(), StoreError> {
    TURN.write(transaction, rooms, |room| row![room.tenant, room.conference, 0_i64]).await?;
    for step in STEPS {
        step.write(transaction, rooms, |room| row![room.tenant, room.conference, &room.kind, room.room])
            .await?;
    }
    Ok(())
}

impl Edit {
    /// Counts a conference anew, from all that the archive has of it.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn recount(&mut self, conference: Id) -> Result<Recounted, StoreError> {
        let (transaction, tenant) = (&mut self.transaction, self.tenant);
        let of = |statement: Query| statement.bind(tenant).bind(conference);
        TURN.write(transaction, &[()], |()| row![tenant, conference, 0_i64]).await?;
        let before = sums(transaction, tenant, conference).await?;
        for statement in FORGET {
            of(query(statement)).execute(&mut *transaction).await?;
        }
        for step in STEPS {
            of(Query::of_parts(step.over(OF_CONFERENCE))).execute(&mut *transaction).await?;
        }
        let after = sums(transaction, tenant, conference).await?;
        Ok(Recounted { before, after })
    }
}

async fn sums(transaction: &mut Transaction, tenant: Id, conference: Id) -> Result<Sums, StoreError> {
    let deeds = query(SUMS).bind(tenant).bind(conference).all(&mut *transaction).await?;
    let (people,): (i64,) = query(MET).bind(tenant).bind(conference).one(&mut *transaction).await?;
    let (present,): (i64,) = query(PRESENT).bind(tenant).bind(conference).one(&mut *transaction).await?;
    Ok(Sums { deeds, people, present })
}
