//! What every journal promises, tried on each of them.

use std::sync::mpsc;

use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::{Body, Record, Snapshot};
use plenum_rooms::{RoomRef, Scope};

use super::{Done, Journal, JournalError, MemoryJournal, Settings, Source, SqliteJournal, Which};

const SHARD: Source = Source { shard: 0, generation: 0 };

pub(super) fn room(n: u128) -> RoomRef {
    RoomRef::new("screen", Id::from_bits(n))
}

/// A made-up record of a made-up room: the one with seq 0 opens it.
pub(super) fn record(room_id: u128, seq: u64) -> Record {
    let bytes = format!("fact {seq} of {room_id}").into_bytes();
    Record {
        room: room(room_id),
        scope: Scope {
            tenant: Id::from_bits(1),
            conference: Id::from_bits(room_id % 2),
            session: Some(Id::from_bits(3)),
        },
        seq,
        key: (seq > 0).then(|| Id::from_bits(u128::from(seq) << 64 | room_id)),
        participant: Id::from_bits(9),
        at: Timestamp::from_ms(1_763_800_000_000 + seq.cast_signed()),
        body: if seq == 0 { Body::Opened(bytes) } else { Body::Facts(bytes) },
    }
}

/// A room's records from the first to `last`.
pub(super) fn records(room_id: u128, last: u64) -> Vec<Record> {
    (0..=last).map(|seq| record(room_id, seq)).collect()
}

pub(super) fn snapshot(room_id: u128, seq: u64) -> Snapshot {
    let Record { room, scope, .. } = record(room_id, 0);
    Snapshot { room, scope, seq, state: vec![seq as u8; 10] }
}

/// Asks and waits for the answer.
pub(crate) fn wait<T: Send + 'static>(
    ask: impl FnOnce(Done<T>) -> Result<(), JournalError>,
) -> Result<T, JournalError> {
    let (sender, receiver) = mpsc::channel();
    // The receiver is gone only when the test has already failed.
    ask(Box::new(move |verdict| drop(sender.send(verdict))))?;
    receiver.recv().expect("every accepted request is answered")
}

pub(crate) fn append(journal: &dyn Journal, source: Source, batch: Vec<Record>) -> Result<u64, JournalError> {
    wait(|done| journal.append(source, batch, done))
}

fn keep(journal: &dyn Journal, snapshot: Snapshot) -> Result<(), JournalError> {
    wait(|done| journal.snapshot(SHARD, snapshot, done))
}

fn on_every_journal(test: impl Fn(&dyn Journal)) {
    test(&MemoryJournal::new(42, Settings::default()));
    let folder = tempfile::tempdir().unwrap();
    test(&SqliteJournal::open(&folder.path().join("journal"), 42, Settings::default()).unwrap());
}

#[test]
fn what_was_appended_is_read_back_in_order() {
    on_every_journal(|journal| {
        assert_eq!(append(journal, SHARD, vec![record(1, 0), record(2, 0), record(1, 1)]), Ok(3));
        assert_eq!(append(journal, SHARD, vec![record(2, 3)]), Ok(4), "one record may hold several facts");
        assert_eq!(journal.read(room(1), 0, 10).unwrap(), records(1, 1));
        assert_eq!(journal.read(room(1), 1, 10).unwrap(), [record(1, 1)]);
        assert_eq!(journal.read(room(1), 0, 1).unwrap(), [record(1, 0)]);
        let entries = journal.after(1, 2).unwrap();
        assert_eq!(entries.iter().map(|entry| entry.lsn).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(entries[1].record, record(1, 1));
        assert_eq!((journal.durable_lsn(), journal.epoch()), (4, 42));
    });
}

#[test]
fn a_room_comes_back_as_its_snapshot_and_what_came_after() {
    on_every_journal(|journal| {
        append(journal, SHARD, records(1, 5)).unwrap();
        assert_eq!(journal.room(room(1)).unwrap().unwrap().records, records(1, 5));
        keep(journal, snapshot(1, 3)).unwrap();
        keep(journal, snapshot(1, 2)).unwrap();
        let loaded = journal.room(room(1)).unwrap().unwrap();
        assert_eq!(loaded.snapshot, Some(snapshot(1, 3)), "an older snapshot does not replace a newer one");
        assert_eq!(loaded.records, [record(1, 4), record(1, 5)]);
        assert_eq!(journal.room(room(2)).unwrap(), None);
    });
}

#[test]
fn rooms_are_loaded_by_conference() {
    on_every_journal(|journal| {
        append(journal, SHARD, (1..=6).map(|id| record(id, 0)).collect()).unwrap();
        let ids = |which| -> Vec<u128> {
            journal.load(which).unwrap().map(|loaded| loaded.unwrap().room.id.bits()).collect()
        };
        assert_eq!(ids(Which::All), [1, 2, 3, 4, 5, 6]);
        assert_eq!(ids(Which::Conference(Id::from_bits(1))), [1, 3, 5]);
        assert_eq!(ids(Which::Conference(Id::from_bits(8))), [0; 0]);
    });
}

#[test]
fn a_batch_that_does_not_follow_is_refused_whole() {
    on_every_journal(|journal| {
        append(journal, SHARD, records(1, 1)).unwrap();
        let twice = vec![record(1, 2), record(1, 2)];
        let opened_twice = vec![record(2, 0), record(1, 0)];
        let never_opened = vec![record(1, 2), record(3, 1)];
        for (generation, batch) in (0..).zip([twice, opened_twice, never_opened]) {
            let verdict = append(journal, Source { shard: 0, generation }, batch);
            assert!(matches!(verdict, Err(JournalError::OutOfOrder { .. })), "{verdict:?}");
        }
        assert_eq!(journal.after(0, 10).unwrap().len(), 2);
        assert_eq!(append(journal, Source { shard: 0, generation: 3 }, vec![record(1, 2)]), Ok(3));
    });
}

#[test]
fn after_a_failure_only_a_new_generation_may_append() {
    on_every_journal(|journal| {
        append(journal, SHARD, records(1, 1)).unwrap();
        append(journal, SHARD, vec![record(1, 1)]).unwrap_err();
        assert_eq!(append(journal, SHARD, vec![record(1, 2)]), Err(JournalError::Superseded));
        assert_eq!(keep(journal, snapshot(1, 1)), Err(JournalError::Superseded));
        let other = Source { shard: 1, generation: 0 };
        assert_eq!(append(journal, other, vec![record(2, 0)]), Ok(3), "another source is not harmed");
        assert_eq!(append(journal, Source { shard: 0, generation: 1 }, vec![record(1, 2)]), Ok(4));
    });
}

#[test]
fn a_snapshot_never_holds_more_than_the_journal() {
    on_every_journal(|journal| {
        append(journal, SHARD, records(1, 1)).unwrap();
        assert!(matches!(keep(journal, snapshot(1, 2)), Err(JournalError::OutOfOrder { last: Some(1), .. })));
        assert!(matches!(keep(journal, snapshot(5, 1)), Err(JournalError::OutOfOrder { last: None, .. })));
        assert_eq!(journal.room(room(5)).unwrap(), None);
    });
}

#[test]
fn trimming_deletes_what_is_both_projected_and_in_a_snapshot() {
    on_every_journal(|journal| {
        append(journal, SHARD, (0..=9).flat_map(|seq| [record(1, seq), record(2, seq)]).collect()).unwrap();
        let trim = |projected| wait(|done| journal.trim(projected, done)).unwrap();
        assert_eq!(trim(20), 0, "nothing is in a snapshot yet");
        keep(journal, snapshot(1, 5)).unwrap();
        assert_eq!(trim(7), 4, "places 1, 3, 5 and 7");
        assert_eq!(trim(20), 2, "places 9 and 11");
        assert_eq!(journal.room(room(1)).unwrap().unwrap().records.len(), 4);
        assert_eq!(journal.room(room(2)).unwrap().unwrap().records.len(), 10);
        keep(journal, snapshot(1, 9)).unwrap();
        keep(journal, snapshot(2, 9)).unwrap();
        assert_eq!(trim(20), 14);
        assert_eq!(append(journal, SHARD, vec![record(1, 10)]), Ok(21), "a place is never given twice");
    });
}

#[test]
fn nothing_is_read_from_an_empty_journal() {
    on_every_journal(|journal| {
        assert_eq!(journal.after(0, 10).unwrap(), []);
        assert_eq!(journal.read(room(1), 0, 10).unwrap(), []);
        assert_eq!(journal.load(Which::All).unwrap().count(), 0);
        assert!(!journal.is_full());
    });
}
