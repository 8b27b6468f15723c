//! What every journal promises, to be tried on each of them: for this crate's tests, and for those of whoever builds
//! another journal (feature `conformance`).
#![expect(clippy::unwrap_used, reason = "a promise that is not kept is a failed test")]

use std::sync::mpsc;

use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::{Body, Record, Snapshot};
use plenum_rooms::{RoomRef, Scope};

use super::{Done, Journal, JournalError, Source, Which};

/// A promise: its name, and a test of it on an empty journal of [`CONFERENCE`].
pub type Promise = (&'static str, fn(&dyn Journal));

/// All of them.
pub const PROMISES: [Promise; 7] = [
    ("what was appended is read back in order", what_was_appended_is_read_back_in_order),
    (
        "a room comes back as its snapshot and what came after",
        a_room_comes_back_as_its_snapshot_and_what_came_after,
    ),
    ("a batch that does not follow is refused whole", a_batch_that_does_not_follow_is_refused_whole),
    ("after a failure only a new generation may append", after_a_failure_only_a_new_generation_may_append),
    ("a snapshot never holds more than the journal", a_snapshot_never_holds_more_than_the_journal),
    (
        "trimming deletes what is both projected and in a snapshot",
        trimming_deletes_what_is_both_projected_and_in_a_snapshot,
    ),
    ("nothing is read from an empty journal", nothing_is_read_from_an_empty_journal),
];

/// The conference of all rooms here: some journals hold one conference only.
pub const CONFERENCE: Id = Id::from_bits(1);

const SHARD: Source = Source { shard: 0, generation: 0 };

/// The name of a made-up room.
pub fn room(n: u128) -> RoomRef {
    RoomRef::new("screen", Id::from_bits(n))
}

/// A made-up record of a made-up room: the one with seq 0 opens it.
pub fn record(room_id: u128, seq: u64) -> Record {
    let bytes = format!("fact {seq} of {room_id}").into_bytes();
    Record {
        room: room(room_id),
        scope: Scope { tenant: Id::from_bits(1), conference: CONFERENCE, session: Some(Id::from_bits(3)) },
        seq,
        key: (seq > 0).then(|| Id::from_bits(u128::from(seq) << 64 | room_id)),
        participant: Id::from_bits(9),
        at: Timestamp::from_ms(1_763_800_000_000 + seq.cast_signed()),
        body: if seq == 0 { Body::Opened(bytes) } else { Body::Facts(bytes) },
    }
}

/// A room's records from the first to `last`.
pub fn records(room_id: u128, last: u64) -> Vec<Record> {
    (0..=last).map(|seq| record(room_id, seq)).collect()
}

/// A made-up state of a made-up room.
pub fn snapshot(room_id: u128, seq: u64) -> Snapshot {
    let Record { room, scope, .. } = record(room_id, 0);
    Snapshot { room, scope, seq, state: vec![seq as u8; 10] }
}

/// Asks and waits for the answer.
///
/// # Errors
/// The answer's.
///
/// # Panics
/// When the request is never answered.
pub fn wait<T: Send + 'static>(
    ask: impl FnOnce(Done<T>) -> Result<(), JournalError>,
) -> Result<T, JournalError> {
    let (sender, receiver) = mpsc::channel();
    // The receiver is gone only when the test has already failed.
    ask(Box::new(move |verdict| drop(sender.send(verdict))))?;
    receiver.recv().expect("every accepted request is answered")
}

/// Appends a batch and waits until it is durable.
///
/// # Errors
/// Why it is not.
pub fn append(journal: &dyn Journal, source: Source, batch: Vec<Record>) -> Result<u64, JournalError> {
    wait(|done| journal.append(source, batch, done))
}

fn keep(journal: &dyn Journal, snapshot: Snapshot) -> Result<(), JournalError> {
    wait(|done| journal.snapshot(SHARD, snapshot, done))
}

fn what_was_appended_is_read_back_in_order(journal: &dyn Journal) {
    assert_eq!(append(journal, SHARD, vec![record(1, 0), record(2, 0), record(1, 1)]), Ok(3));
    assert_eq!(append(journal, SHARD, vec![record(2, 3)]), Ok(4), "one record may hold several facts");
    assert_eq!(journal.read(room(1), 0, 10).unwrap(), records(1, 1));
    assert_eq!(journal.read(room(1), 1, 10).unwrap(), [record(1, 1)]);
    assert_eq!(journal.read(room(1), 0, 1).unwrap(), [record(1, 0)]);
    let entries = journal.after(1, 2).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.lsn).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(entries[1].record, record(1, 1));
    assert_eq!(journal.durable_lsn(), 4);
}

fn a_room_comes_back_as_its_snapshot_and_what_came_after(journal: &dyn Journal) {
    append(journal, SHARD, records(1, 5)).unwrap();
    assert_eq!(journal.room(room(1)).unwrap().unwrap().records, records(1, 5));
    keep(journal, snapshot(1, 3)).unwrap();
    keep(journal, snapshot(1, 2)).unwrap();
    let loaded = journal.room(room(1)).unwrap().unwrap();
    assert_eq!(loaded.snapshot, Some(snapshot(1, 3)), "an older snapshot does not replace a newer one");
    assert_eq!(loaded.records, [record(1, 4), record(1, 5)]);
    assert_eq!(journal.room(room(2)).unwrap(), None);
}

fn a_batch_that_does_not_follow_is_refused_whole(journal: &dyn Journal) {
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
}

fn after_a_failure_only_a_new_generation_may_append(journal: &dyn Journal) {
    append(journal, SHARD, records(1, 1)).unwrap();
    append(journal, SHARD, vec![record(1, 1)]).unwrap_err();
    assert_eq!(append(journal, SHARD, vec![record(1, 2)]), Err(JournalError::Superseded));
    assert_eq!(keep(journal, snapshot(1, 1)), Err(JournalError::Superseded));
    let other = Source { shard: 1, generation: 0 };
    assert_eq!(append(journal, other, vec![record(2, 0)]), Ok(3), "another source is not harmed");
    assert_eq!(append(journal, Source { shard: 0, generation: 1 }, vec![record(1, 2)]), Ok(4));
}

fn a_snapshot_never_holds_more_than_the_journal(journal: &dyn Journal) {
    append(journal, SHARD, records(1, 1)).unwrap();
    assert!(matches!(keep(journal, snapshot(1, 2)), Err(JournalError::OutOfOrder { last: Some(1), .. })));
    assert!(matches!(keep(journal, snapshot(5, 1)), Err(JournalError::OutOfOrder { last: None, .. })));
    assert_eq!(journal.room(room(5)).unwrap(), None);
}

fn trimming_deletes_what_is_both_projected_and_in_a_snapshot(journal: &dyn Journal) {
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
}

fn nothing_is_read_from_an_empty_journal(journal: &dyn Journal) {
    assert_eq!(journal.after(0, 10).unwrap(), []);
    assert_eq!(journal.read(room(1), 0, 10).unwrap(), []);
    assert_eq!(journal.load(Which::All).unwrap().count(), 0);
    assert!(!journal.is_full());
}
