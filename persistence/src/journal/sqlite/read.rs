//! Reading, beside the writer: each read sees a committed state of the whole journal.

use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::{Body, Loaded, Record, Snapshot};
use plenum_rooms::{RoomRef, Scope, kinds};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::journal::{Entry, Which};

const ROOM_ROWS: &str = "SELECT ref FROM rooms WHERE $1 IS NULL OR conference = $1 ORDER BY ref";
const FIND: &str = "SELECT ref FROM rooms WHERE kind = $1 AND id = $2";
const ROOM: &str = "SELECT kind, id, tenant, conference, session FROM rooms WHERE ref = $1";
const SNAPSHOT: &str = "SELECT seq, state FROM snapshots WHERE room = $1";
const PIECES: &str = "SELECT bytes FROM pieces WHERE room = $1 AND seq = $2 ORDER BY piece";
const TAIL: &str = "SELECT seq, opens, key, participant, at_ms, body
    FROM records WHERE room = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
const AFTER: &str =
    "SELECT seq, opens, key, participant, at_ms, body, kind, id, tenant, conference, session, lsn
    FROM records JOIN rooms ON rooms.ref = records.room WHERE lsn > $1 ORDER BY lsn LIMIT $2";

/// The rows of the rooms asked for.
pub(super) fn room_rows(db: &Connection, which: Which) -> rusqlite::Result<Vec<i64>> {
    let conference = match which {
        Which::All => None,
        Which::Conference(id) => Some(id.to_bytes()),
    };
    db.prepare_cached(ROOM_ROWS)?.query_map([conference], |row| row.get(0))?.collect()
}

/// The row of one room.
pub(super) fn room_row(db: &Connection, room: RoomRef) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(FIND)?.query_row(params![room.kind, room.id.to_bytes()], |row| row.get(0)).optional()
}

/// The room of a row, its snapshot and its tail, all of one moment.
pub(super) fn stored_room(db: &Connection, row: i64) -> rusqlite::Result<Loaded> {
    let transaction = db.unchecked_transaction()?;
    let (room, scope) = db.prepare_cached(ROOM)?.query_row([row], |r| room_columns(r, 0))?;
    let mut snapshot = db
        .prepare_cached(SNAPSHOT)?
        .query_row([row], |r| Ok(Snapshot { room, scope, seq: seq(r, 0)?, state: r.get(1)? }))
        .optional()?;
    if let Some(snapshot) = snapshot.as_mut().filter(|snapshot| snapshot.state.is_empty()) {
        snapshot.state = joined(db, row, snapshot.seq)?;
    }
    let from = snapshot.as_ref().map_or(0, |snapshot| snapshot.seq + 1);
    let records = tail(db, row, room, scope, from, usize::MAX)?;
    transaction.finish()?;
    Ok(Loaded { room, scope, snapshot, records })
}

/// A state that is in pieces.
fn joined(db: &Connection, row: i64, seq: u64) -> rusqlite::Result<Vec<u8>> {
    let mut state = Vec::new();
    let mut pieces = db.prepare_cached(PIECES)?;
    let mut pieces = pieces.query(params![row, seq.cast_signed()])?;
    while let Some(piece) = pieces.next()? {
        state.extend_from_slice(piece.get_ref(0)?.as_blob()?);
    }
    Ok(state)
}

/// A room's records from a seq on.
pub(super) fn records(
    db: &Connection,
    room: RoomRef,
    from: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    let Some(row) = room_row(db, room)? else { return Ok(Vec::new()) };
    let (room, scope) = db.prepare_cached(ROOM)?.query_row([row], |r| room_columns(r, 0))?;
    tail(db, row, room, scope, from, limit)
}

/// The records after a place.
pub(super) fn after(db: &Connection, lsn: u64, limit: usize) -> rusqlite::Result<Vec<Entry>> {
    db.prepare_cached(AFTER)?
        .query_map(params![lsn.cast_signed(), bound(limit)], |row| {
            let (room, scope) = room_columns(row, 6)?;
            Ok(Entry { lsn: seq(row, 11)?, record: record(row, room, scope)? })
        })?
        .collect()
}

fn tail(
    db: &Connection,
    row: i64,
    room: RoomRef,
    scope: Scope,
    from: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    db.prepare_cached(TAIL)?
        .query_map(params![row, from.cast_signed(), bound(limit)], |r| record(r, room, scope))?
        .collect()
}

fn record(row: &Row<'_>, room: RoomRef, scope: Scope) -> rusqlite::Result<Record> {
    let bytes = row.get(5)?;
    Ok(Record {
        room,
        scope,
        seq: seq(row, 0)?,
        key: row.get::<_, Option<[u8; 16]>>(2)?.map(Id::from_bytes),
        participant: Id::from_bytes(row.get(3)?),
        at: Timestamp::from_ms(row.get(4)?),
        body: Body::of_bytes(row.get(1)?, bytes),
    })
}

fn room_columns(row: &Row<'_>, first: usize) -> rusqlite::Result<(RoomRef, Scope)> {
    let room = RoomRef::new(kind(row, first)?, Id::from_bytes(row.get(first + 1)?));
    let scope = Scope {
        tenant: Id::from_bytes(row.get(first + 2)?),
        conference: Id::from_bytes(row.get(first + 3)?),
        session: row.get::<_, Option<[u8; 16]>>(first + 4)?.map(Id::from_bytes),
    };
    Ok((room, scope))
}

/// The registry's own name of a kind. A kind that this program lacks is an error: its rooms cannot be brought back.
fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<&'static str> {
    let name: String = row.get(column)?;
    kinds::find(&name).map(|kind| kind.name).ok_or_else(|| {
        let why = format!("the journal has rooms of the kind {name:?}, which this program lacks");
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
    })
}

fn seq(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
