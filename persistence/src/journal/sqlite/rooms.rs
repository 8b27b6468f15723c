//! The rooms that the writer knows, and how far each has come.

use std::collections::BTreeMap;

use plenum_rooms::{RoomRef, Scope};
use rusqlite::{Connection, OptionalExtension, params};

const FIND: &str = "SELECT ref,
        max(coalesce((SELECT max(seq) FROM records WHERE room = ref), 0),
            coalesce((SELECT seq FROM snapshots WHERE room = ref), 0)),
        EXISTS (SELECT 1 FROM records WHERE room = ref) OR EXISTS (SELECT 1 FROM snapshots WHERE room = ref)
    FROM rooms WHERE kind = $1 AND id = $2";
const ADD: &str = "INSERT INTO rooms (kind, id, tenant, conference, session) VALUES ($1, $2, $3, $4, $5)";

/// One room's row and the last seq that the journal holds, absent while it holds nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) row: i64,
    pub(super) last_seq: Option<u64>,
}

/// A cache of the rooms' rows. It is emptied when a transaction fails, and fills itself again.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    known: BTreeMap<RoomRef, Place>,
}

impl Rooms {
    /// The room's place; its row is added when the room is new.
    pub(super) fn place(&mut self, db: &Connection, room: RoomRef, scope: &Scope) -> rusqlite::Result<Place> {
        if let Some(place) = self.known.get(&room) {
            return Ok(*place);
        }
        let place = match find(db, room)? {
            Some(place) => place,
            None => add(db, room, scope)?,
        };
        self.known.insert(room, place);
        Ok(place)
    }

    /// Notes that the room has come to `seq`.
    pub(super) fn advance(&mut self, room: RoomRef, seq: u64) {
        if let Some(place) = self.known.get_mut(&room) {
            place.last_seq = Some(seq);
        }
    }

    /// Forgets what a failed transaction may have made untrue.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

fn find(db: &Connection, room: RoomRef) -> rusqlite::Result<Option<Place>> {
    let read = |row: &rusqlite::Row<'_>| {
        let last: i64 = row.get(1)?;
        Ok(Place { row: row.get(0)?, last_seq: row.get::<_, bool>(2)?.then_some(last.cast_unsigned()) })
    };
    db.prepare_cached(FIND)?.query_row(params![room.kind, room.id.to_bytes()], read).optional()
}

fn add(db: &Connection, room: RoomRef, scope: &Scope) -> rusqlite::Result<Place> {
    let row = db.prepare_cached(ADD)?.insert(params![
        room.kind,
        room.id.to_bytes(),
        scope.tenant.to_bytes(),
        scope.conference.to_bytes(),
        scope.session.map(plenum_domain::Id::to_bytes),
    ])?;
    Ok(Place { row, last_seq: None })
}
