//! A journal in memory: what is durable, and what is on its way there.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::Id;
use plenum_rooms::engine::{Loaded, Record, RoomRef, Scope, Snapshot};

/// Records in the order of their appends, and the latest snapshot of each room.
#[derive(Clone, Default)]
pub(crate) struct Journal {
    /// Durable records, oldest first.
    pub(crate) records: Vec<Record>,
    /// The latest snapshot of each room.
    pub(crate) snapshots: BTreeMap<RoomRef, Snapshot>,
    pending: Vec<Record>,
    /// How many appends the engine asked for, lost ones too: its own count.
    appends: u64,
}

impl Journal {
    /// Takes a record that is not durable yet.
    pub(crate) fn append(&mut self, record: Record) {
        self.appends += 1;
        self.pending.push(record);
    }

    /// Makes everything durable. Returns the number of the last append.
    pub(crate) fn keep_all(&mut self) -> u64 {
        self.records.append(&mut self.pending);
        self.appends
    }

    /// Makes the oldest `count` pending records durable. Returns the number of the last of them.
    pub(crate) fn keep(&mut self, count: usize) -> u64 {
        self.records.extend(self.pending.drain(..count));
        self.appends - self.pending.len() as u64
    }

    /// How many records are on their way.
    pub(crate) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Loses what is on its way.
    pub(crate) fn lose_pending(&mut self) {
        self.pending.clear();
    }

    /// A new engine begins to count its appends at 1.
    pub(crate) fn restart(&mut self) {
        self.pending.clear();
        self.appends = 0;
    }

    /// Keeps a snapshot; a driver may trim the records under it, which [`Journal::load`] shows as gone.
    pub(crate) fn keep_snapshot(&mut self, snapshot: Snapshot) {
        self.snapshots.insert(snapshot.room, snapshot);
    }

    /// Every room that is durable, in no order that matters: by kind and id.
    pub(crate) fn rooms(&self) -> BTreeSet<RoomRef> {
        self.records.iter().map(|record| record.room).collect()
    }

    /// A room as a start finds it.
    pub(crate) fn load(&self, room: RoomRef) -> Loaded {
        let scope = self.records.iter().find(|record| record.room == room).map(|record| record.scope);
        self.load_or_empty(room, scope.expect("the room is in the journal"))
    }

    /// A room as a reload finds it: empty when its opening was lost.
    pub(crate) fn load_or_empty(&self, room: RoomRef, scope: Scope) -> Loaded {
        let snapshot = self.snapshots.get(&room).cloned();
        let after = snapshot.as_ref().map(|snapshot| snapshot.seq);
        let tail = self.records.iter().filter(|record| record.room == room);
        let records = tail.filter(|record| after.is_none_or(|seq| record.seq > seq)).cloned().collect();
        Loaded { room, scope, snapshot, records }
    }
}

/// What the simulation asks.
impl Journal {
    /// How many appends the engine asked for since it started.
    pub(crate) const fn appended(&self) -> u64 {
        self.appends
    }

    /// The seq up to which a room is durable.
    pub(crate) fn seq(&self, room: RoomRef) -> u64 {
        let last = self.records.iter().rev().find(|record| record.room == room);
        last.map_or(0, |record| record.seq)
    }

    /// Whether the action with this key is on its way.
    pub(crate) fn is_pending(&self, key: Id) -> bool {
        self.pending.iter().any(|record| record.key == Some(key))
    }
}
