//! What an owner knows of its conference's log without asking.

use std::collections::{BTreeMap, VecDeque};

use plenum_persistence::journal::{JournalError, check_follows};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::Record;

use crate::cluster::fence::{EntryId, Stored};

/// The newest records are remembered up to so many bytes, for a storage that loses what it has acknowledged.
const TAIL_BYTES_MAX: usize = 8 << 20;

/// Where a room stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) last_seq: u64,
    /// All its records after its snapshot (or all) are at this place or later.
    pub(super) from_lsn: u64,
}

/// The log's end, its rooms, and which epoch wrote what.
#[derive(Debug, Default)]
pub(in crate::cluster) struct Ledger {
    pub(super) last_lsn: u64,
    pub(super) rooms: BTreeMap<RoomRef, Place>,
    /// From which place on which epoch wrote, in order.
    eras: Vec<(u64, u64)>,
    pub(super) tail: Tail,
}

impl Ledger {
    /// A ledger that knows the end of the log alone.
    pub(in crate::cluster) fn at(last_lsn: u64) -> Self {
        Self { last_lsn, ..Self::default() }
    }

    /// The place of the last record.
    pub(in crate::cluster) fn last_lsn(&self) -> u64 {
        self.last_lsn
    }

    /// From `lsn` on `epoch` writes.
    pub(super) fn begin_era(&mut self, lsn: u64, epoch: u64) {
        while self.eras.last().is_some_and(|(first, _)| *first >= lsn) {
            self.eras.pop();
        }
        self.eras.push((lsn, epoch));
    }

    /// The id that the record at a place has, or an earlier one.
    pub(super) fn id_of(&self, lsn: u64) -> EntryId {
        let era = self.eras.iter().rev().find(|(first, _)| *first <= lsn);
        era.map_or_else(EntryId::default, |(_, epoch)| EntryId { epoch: *epoch, lsn })
    }

    /// Whether a batch continues what is there, also within itself.
    pub(super) fn check(
        &self,
        batch: &[Record],
        ahead: &mut BTreeMap<RoomRef, u64>,
    ) -> Result<(), JournalError> {
        let mut further = ahead.clone();
        for record in batch {
            let known = self.rooms.get(&record.room).map(|place| place.last_seq);
            check_follows(further.get(&record.room).copied().or(known), record)?;
            further.insert(record.room, record.seq);
        }
        *ahead = further;
        Ok(())
    }

    /// A record is in the log, at the next place.
    pub(super) fn push(&mut self, room: RoomRef, stored: Stored) {
        self.last_lsn += 1;
        self.note(room, stored.seq, self.last_lsn);
        self.tail.push(self.last_lsn, stored);
    }

    /// A room has a record with this seq at this place.
    pub(super) fn note(&mut self, room: RoomRef, seq: u64, lsn: u64) {
        let place = self.rooms.entry(room).or_insert(Place { last_seq: seq, from_lsn: lsn });
        place.last_seq = place.last_seq.max(seq);
    }

    /// All of a room up to the end of the log is in its snapshot.
    pub(super) fn covered(&mut self, room: RoomRef, seq: u64) {
        let next = self.last_lsn + 1;
        if let Some(place) = self.rooms.get_mut(&room)
            && place.last_seq <= seq
        {
            place.from_lsn = next;
        }
    }
}

/// The newest records.
#[derive(Debug, Default)]
pub(super) struct Tail {
    records: VecDeque<(u64, Stored)>,
    bytes: usize,
}

impl Tail {
    fn push(&mut self, lsn: u64, stored: Stored) {
        self.bytes += weight(&stored);
        self.records.push_back((lsn, stored));
        while self.bytes > TAIL_BYTES_MAX
            && let Some((_, oldest)) = self.records.pop_front()
        {
            self.bytes -= weight(&oldest);
        }
    }

    /// The records after a place, if all of them are remembered.
    pub(super) fn after(&self, lsn: u64) -> Option<Vec<Stored>> {
        let first = self.records.front().map(|(first, _)| *first)?;
        let known = self.records.iter().filter(|(at, _)| *at > lsn);
        (first <= lsn + 1).then(|| known.map(|(_, stored)| stored.clone()).collect())
    }
}

fn weight(stored: &Stored) -> usize {
    size_of::<(u64, Stored)>() + stored.room.len() + stored.key.len() + stored.bytes.len()
}

#[cfg(test)]
mod tests {
    use plenum_domain::Id;

    use super::*;

    fn stored(seq: u64, bytes: usize) -> Stored {
        Stored { room: "screen:1".into(), seq, key: String::new(), bytes: vec![0; bytes] }
    }

    #[test]
    fn places_are_found_again_through_all_epochs() {
        let mut ledger = Ledger::at(0);
        ledger.begin_era(1, 3);
        ledger.begin_era(10, 4);
        ledger.begin_era(10, 5);
        assert_eq!(ledger.id_of(9), EntryId { epoch: 3, lsn: 9 });
        assert_eq!(ledger.id_of(10), EntryId { epoch: 5, lsn: 10 });
        assert_eq!(Ledger::at(0).id_of(4), EntryId::default());
    }

    #[test]
    fn the_tail_is_whole_or_it_is_not_given() {
        let room = RoomRef::new("screen", Id::from_bits(1));
        let mut ledger = Ledger::at(100);
        assert_eq!(ledger.tail.after(100), None);
        (1..=3).for_each(|seq| ledger.push(room, stored(seq, 10)));
        assert_eq!(ledger.tail.after(101).map(|missing| missing.len()), Some(2));
        assert_eq!(ledger.tail.after(99), None, "the record at 100 is not known here");
        (4..=6).for_each(|seq| ledger.push(room, stored(seq, TAIL_BYTES_MAX / 2)));
        assert_eq!(ledger.tail.after(101), None, "the oldest are forgotten");
        assert!(ledger.tail.after(105).is_some_and(|missing| missing.len() == 1));
    }
}
