//! When a room's state is kept: after many records, when the journal runs out of room, and before the driver stops.

use plenum_domain::Timestamp;

use super::io::Output;
use super::record::{Body, Record, RoomRef, Snapshot};
use super::restore::state_to_keep;
use super::seat::Seat;
use super::shard::Engine;

/// What a record takes in a journal beside its body, in bytes: its place, key, sender, time, and its entry in an index.
const RECORD_BYTES: usize = 80;
/// A snapshot is worth its writing when it frees so much more than it takes: 1/8 of itself.
const GAIN_INVERSE: usize = 8;
/// A snapshot may hold so many answers for each record that it saves the replay of.
const KEYS_PER_RECORD: u32 = 2;

/// What the journal holds of a room behind its last snapshot.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unsaved {
    /// Records of accepted actions.
    pub(super) records: u32,
    /// What they take, and the opening with them.
    bytes: usize,
    /// When the first of them came.
    since: Option<Timestamp>,
}

impl Unsaved {
    pub(super) fn note(&mut self, record: &Record) {
        self.records += u32::from(!matches!(record.body, Body::Opened(_)));
        self.bytes += RECORD_BYTES + record.body.bytes().len();
        self.since = self.since.or(Some(record.at));
    }

    fn add(&mut self, older: Self) {
        self.records += older.records;
        self.bytes += older.bytes;
        self.since = older.since.or(self.since);
    }
}

/// A room's snapshots.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Saving {
    pub(super) unsaved: Unsaved,
    /// What the last snapshot was to free: nobody has said that it was not kept.
    sent: Unsaved,
    /// What the last snapshot takes, in bytes.
    pub(super) kept_bytes: usize,
    /// A snapshot at so many records was found not to be worth it.
    weighed: u32,
}

impl Engine {
    /// After enough records, lets the room's state be kept, so that coming back needs no long replay. A large state is
    /// kept more rarely, else a busy room would write little else.
    pub(super) fn snapshot_when_due(&mut self, room: RoomRef) {
        let due = self.rooms.get(&room).is_some_and(|seat| {
            let after = self.settings.snapshot_after.max(seat.keys.len() / KEYS_PER_RECORD);
            !seat.reloading && seat.saving.unsaved.records >= after
        });
        if due {
            self.snapshot(room);
        }
    }

    /// Lets the states of all rooms be kept that changed since they last were, before the driver stops.
    pub fn snapshot_all(&mut self) {
        let changed = self.unsaved().map(|(room, _)| room);
        changed.collect::<Vec<_>>().into_iter().for_each(|room| self.snapshot(room));
    }

    /// The journal runs out of room: lets the states of `count` rooms at most be kept, those whose records wait for
    /// longest, so that these records can be trimmed. Passes over rooms whose state takes as much as their records.
    pub fn snapshot_oldest(&mut self, count: usize) {
        let unweighed = self.unsaved().filter(|(_, saving)| saving.unsaved.records > saving.weighed);
        let mut oldest: Vec<_> =
            unweighed.map(|(room, saving)| (saving.unsaved.since, saving.unsaved.records, room)).collect();
        oldest.sort_unstable();
        for (_, _, room) in oldest.into_iter().take(count) {
            self.snapshot_when_worth_it(room);
        }
    }

    /// A snapshot was not kept: what it was to free is still in the journal.
    pub fn not_kept(&mut self, room: RoomRef) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let lost = std::mem::take(&mut seat.saving.sent);
        seat.saving.unsaved.add(lost);
    }

    fn unsaved(&self) -> impl Iterator<Item = (RoomRef, &Saving)> {
        let changed =
            self.rooms.iter().filter(|(_, seat)| seat.saving.unsaved.records > 0 && !seat.reloading);
        changed.map(|(room, seat)| (*room, &seat.saving))
    }

    fn snapshot_when_worth_it(&mut self, room: RoomRef) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let state = state_to_keep(seat);
        let frees = seat.saving.unsaved.bytes + seat.saving.kept_bytes;
        if frees > state.len() + state.len() / GAIN_INVERSE {
            self.keep(room, state);
        } else {
            seat.saving.weighed = seat.saving.unsaved.records;
        }
    }

    fn snapshot(&mut self, room: RoomRef) {
        let Some(seat) = self.rooms.get(&room) else { return };
        let state = state_to_keep(seat);
        self.keep(room, state);
    }

    fn keep(&mut self, room: RoomRef, state: Vec<u8>) {
        let Some(Seat { scope, seq, saving, .. }) = self.rooms.get_mut(&room) else { return };
        let sent = std::mem::take(&mut saving.unsaved);
        *saving = Saving { sent, kept_bytes: state.len(), ..Saving::default() };
        self.gate.put(Output::Snapshot(Snapshot { room, scope: *scope, seq: *seq, state }));
    }
}
