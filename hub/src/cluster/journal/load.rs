//! Reading a conference's log.

use std::collections::BTreeMap;

use plenum_domain::Id;
use plenum_persistence::journal::{Entry, JournalError};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Loaded, Record, Snapshot};

use super::ledger::Ledger;
use super::record::{record, snapshot};
use crate::cluster::fence::{EntryId, Fence, Logged};
use crate::cluster::lease::Unreachable;

/// Entries that are read at once.
const PAGE: usize = 2_000;

impl From<Unreachable> for JournalError {
    fn from(Unreachable(why): Unreachable) -> Self {
        Self::Unreachable(why.into())
    }
}

/// The records from an id on, at most `limit` of those that are `wanted`.
pub(super) async fn records(
    fence: &dyn Fence,
    conference: Id,
    mut from: EntryId,
    limit: usize,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(EntryId, Record)>, JournalError> {
    let mut found = Vec::new();
    loop {
        let page = fence.entries(conference, from, PAGE).await?;
        let is_last = page.len() < PAGE;
        for (id, logged) in page {
            from = id.next();
            if let Logged::Record(stored) = logged
                && wanted(&stored.room)
            {
                found.push((id, record(conference, &stored)?));
            }
            if found.len() >= limit {
                return Ok(found);
            }
        }
        if is_last {
            return Ok(found);
        }
    }
}

/// All rooms of a conference, in the order of their names; the ledger learns where each of them stands.
pub(super) async fn rooms(
    fence: &dyn Fence,
    conference: Id,
    ledger: &mut Ledger,
) -> Result<Vec<Loaded>, JournalError> {
    // In this order: a snapshot that is newer than the records read covers what is missing of them.
    let records = records(fence, conference, EntryId::default(), usize::MAX, |_| true).await?;
    let mut snapshots = BTreeMap::new();
    for stored in fence.snapshots(conference).await? {
        let snapshot = snapshot(conference, &stored)?;
        snapshots.insert(snapshot.room, snapshot);
    }
    let mut rooms: BTreeMap<RoomRef, Vec<(EntryId, Record)>> =
        snapshots.keys().map(|room| (*room, Vec::new())).collect();
    let mut epoch = None;
    for (id, record) in records {
        if epoch.replace(id.epoch) != Some(id.epoch) {
            ledger.begin_era(id.lsn, id.epoch);
        }
        rooms.entry(record.room).or_default().push((id, record));
    }
    let placed =
        rooms.into_iter().map(|(room, records)| placed(ledger, room, snapshots.remove(&room), records));
    Ok(placed.flatten().collect())
}

fn placed(
    ledger: &mut Ledger,
    room: RoomRef,
    snapshot: Option<Snapshot>,
    records: Vec<(EntryId, Record)>,
) -> Option<Loaded> {
    if let Some(snapshot) = &snapshot {
        ledger.note(room, snapshot.seq, ledger.last_lsn + 1);
    }
    for (id, record) in &records {
        ledger.note(room, record.seq, id.lsn);
        ledger.rooms.entry(room).and_modify(|place| place.from_lsn = place.from_lsn.min(id.lsn));
    }
    loaded(room, snapshot, records)
}

/// A room from its snapshot and its records; none when there is nothing of it.
fn loaded(room: RoomRef, snapshot: Option<Snapshot>, records: Vec<(EntryId, Record)>) -> Option<Loaded> {
    let scope = snapshot.as_ref().map(|one| one.scope).or_else(|| Some(records.first()?.1.scope))?;
    let covered = snapshot.as_ref().map(|one| one.seq);
    let rest = records.into_iter().map(|(_, record)| record);
    let records = rest.filter(|record| covered.is_none_or(|seq| record.seq > seq)).collect();
    Some(Loaded { room, scope, snapshot, records })
}

/// One room, from the place on where its records begin.
pub(super) async fn room(
    fence: &dyn Fence,
    conference: Id,
    room: RoomRef,
    from: EntryId,
) -> Result<Option<Loaded>, JournalError> {
    let name = room.to_string();
    let records = records(fence, conference, from, usize::MAX, |one| one == name).await?;
    let stored = fence.snapshot(conference, name).await?;
    let snapshot = stored.map(|stored| snapshot(conference, &stored)).transpose()?;
    Ok(loaded(room, snapshot, records))
}

/// Records with their places.
pub(super) fn entries(found: Vec<(EntryId, Record)>) -> Vec<Entry> {
    found.into_iter().map(|(id, record)| Entry { lsn: id.lsn, record }).collect()
}
