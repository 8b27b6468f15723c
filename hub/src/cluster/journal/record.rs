//! Records and snapshots as the storage keeps them: a head in MessagePack with named fields, then the room's own bytes.

use plenum_domain::{Id, Timestamp};
use plenum_persistence::journal::JournalError;
use plenum_rooms::engine::{Body, Record, Snapshot};
use plenum_rooms::{RoomRef, Scope};
use serde::{Deserialize, Serialize};

use crate::cluster::fence::{Stored, StoredSnapshot};

/// What stands before a record's body.
#[derive(Serialize, Deserialize)]
struct RecordHead {
    tenant: Id,
    session: Option<Id>,
    participant: Id,
    at_ms: i64,
    opens: bool,
}

/// What stands before a snapshot's state.
#[derive(Serialize, Deserialize)]
struct SnapshotHead {
    tenant: Id,
    session: Option<Id>,
    seq: u64,
}

fn headed(head: &impl Serialize, body: &[u8]) -> Vec<u8> {
    let mut bytes = rmp_serde::to_vec_named(head).expect("a head is plain data");
    bytes.extend_from_slice(body);
    bytes
}

fn beheaded<T: for<'a> Deserialize<'a>>(room: RoomRef, bytes: &[u8]) -> Result<(T, Vec<u8>), JournalError> {
    let mut rest = bytes;
    let head = rmp_serde::from_read(&mut rest).map_err(|why| broken(&room.to_string(), &why))?;
    Ok((head, rest.to_vec()))
}

fn broken(room: &str, why: &dyn std::fmt::Display) -> JournalError {
    JournalError::Failed(format!("what the journal has of {room} cannot be read: {why}").into())
}

fn named(room: &str) -> Result<RoomRef, JournalError> {
    RoomRef::parse(room).ok_or_else(|| broken(room, &"this program has no such kind of room"))
}

/// A record, to be kept.
pub(super) fn stored(record: &Record) -> Stored {
    let (opens, body) = (matches!(record.body, Body::Opened(_)), record.body.bytes());
    let Scope { tenant, session, .. } = record.scope;
    let head = RecordHead { tenant, session, participant: record.participant, at_ms: record.at.ms(), opens };
    Stored {
        room: record.room.to_string(),
        seq: record.seq,
        key: record.key.map(|key| key.to_string()).unwrap_or_default(),
        bytes: headed(&head, body),
    }
}

/// A record that was kept.
pub(super) fn record(conference: Id, stored: &Stored) -> Result<Record, JournalError> {
    let room = named(&stored.room)?;
    let (head, body): (RecordHead, _) = beheaded(room, &stored.bytes)?;
    let key = match stored.key.as_str() {
        "" => None,
        key => Some(key.parse().map_err(|why| broken(&stored.room, &why))?),
    };
    Ok(Record {
        room,
        scope: Scope { tenant: head.tenant, conference, session: head.session },
        seq: stored.seq,
        key,
        participant: head.participant,
        at: Timestamp::from_ms(head.at_ms),
        body: Body::of_bytes(head.opens, body),
    })
}

/// A snapshot, to be kept.
pub(super) fn stored_snapshot(snapshot: &Snapshot) -> StoredSnapshot {
    let Scope { tenant, session, .. } = snapshot.scope;
    let head = SnapshotHead { tenant, session, seq: snapshot.seq };
    StoredSnapshot { room: snapshot.room.to_string(), bytes: headed(&head, &snapshot.state) }
}

/// A snapshot that was kept.
pub(super) fn snapshot(conference: Id, stored: &StoredSnapshot) -> Result<Snapshot, JournalError> {
    let room = named(&stored.room)?;
    let (head, state): (SnapshotHead, _) = beheaded(room, &stored.bytes)?;
    let scope = Scope { tenant: head.tenant, conference, session: head.session };
    Ok(Snapshot { room, scope, seq: head.seq, state })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFERENCE: Id = Id::from_bits(2);

    fn example() -> Record {
        Record {
            room: RoomRef::new("screen", Id::from_bits(7)),
            scope: Scope {
                tenant: Id::from_bits(1),
                conference: CONFERENCE,
                session: Some(Id::from_bits(3)),
            },
            seq: 5,
            key: Some(Id::from_bits(9)),
            participant: Id::from_bits(4),
            at: Timestamp::from_ms(1_763_800_000_007),
            body: Body::Facts(vec![0, 255, 7]),
        }
    }

    #[test]
    fn records_and_snapshots_come_back_as_they_were() {
        let facts = example();
        let opened = Record { key: None, seq: 0, body: Body::Opened(Vec::new()), ..example() };
        for one in [facts, opened] {
            assert_eq!(record(CONFERENCE, &stored(&one)), Ok(one));
        }
        let Record { room, scope, seq, .. } = example();
        let state = Snapshot { room, scope, seq, state: vec![1, 2, 3] };
        assert_eq!(snapshot(CONFERENCE, &stored_snapshot(&state)), Ok(state));
    }

    /// What is in a Redis somewhere was written so: a newer program has to read it.
    #[test]
    fn the_bytes_are_as_written_down() {
        assert_eq!(stored(&example()).bytes, GOLDEN);
    }

    const GOLDEN: &[u8] = b"\x85\
        \xa6tenant\xba00000000000000000000000001\
        \xa7session\xba00000000000000000000000003\
        \xabparticipant\xba00000000000000000000000004\
        \xa5at_ms\xcf\x00\x00\x01\x9a\xaa\xac\x26\x07\
        \xa5opens\xc2\
        \x00\xff\x07";

    #[test]
    fn what_cannot_be_read_is_said_with_its_room() {
        let strange = Stored { room: "sculpture:1".into(), ..stored(&example()) };
        let torn = Stored { bytes: vec![0x85], ..stored(&example()) };
        for (one, name) in [(strange, "sculpture:1"), (torn, "screen:")] {
            let error = record(CONFERENCE, &one).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
