use std::path::Path;
use std::sync::mpsc;

use plenum_rooms::engine::{Body, Record, Snapshot};

use super::keeping::{Keeping, Step};
use super::queue::Keep;
use super::rooms::Rooms;
use crate::journal::conformance::{append, record, records, room, snapshot, wait};
use crate::journal::{Journal, JournalError, OpenError, Settings, Source, SqliteJournal, Which};

const SHARD: Source = Source { shard: 0, generation: 0 };

fn open(path: &Path) -> Result<SqliteJournal, OpenError> {
    SqliteJournal::open(path, 7, Settings::default())
}

#[test]
fn a_reopened_journal_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = open(&path).unwrap();
    append(&journal, SHARD, records(1, 1)).unwrap();
    drop(journal);
    let journal = SqliteJournal::open(&path, 8, Settings::default()).unwrap();
    assert_eq!((journal.epoch(), journal.durable_lsn()), (7, 2), "the epoch is the first one's");
    assert!(append(&journal, SHARD, vec![record(1, 1)]).is_err(), "the room's place is known again");
    assert_eq!(append(&journal, Source { shard: 0, generation: 1 }, vec![record(1, 2)]), Ok(3));
    let mut rooms = journal.load(Which::All).unwrap();
    assert_eq!(rooms.next().unwrap().unwrap().records, records(1, 2));
}

#[test]
fn places_are_not_given_again_after_everything_was_trimmed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = open(&path).unwrap();
    append(&journal, SHARD, records(1, 1)).unwrap();
    wait(|done| journal.snapshot(SHARD, snapshot(1, 1), done)).unwrap();
    assert_eq!(wait(|done| journal.trim(2, done)), Ok(2));
    drop(journal);
    let journal = open(&path).unwrap();
    assert_eq!(append(&journal, SHARD, vec![record(1, 2)]), Ok(3));
}

#[test]
fn a_restored_journal_gets_a_new_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    drop(open(&path).unwrap());
    SqliteJournal::renew_epoch(&path, 99).unwrap();
    assert_eq!(open(&path).unwrap().epoch(), 99);
}

#[test]
fn one_process_writes_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = open(&path).unwrap();
    let error = open(&path).err().expect("the lock is held").to_string();
    assert!(error.contains("another process") && error.contains(path.to_str().unwrap()), "{error}");
    drop(journal);
    open(&path).expect("the lock is free again");
}

#[test]
fn what_is_not_a_journal_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text");
    std::fs::write(&text, "dear diary, ".repeat(1000)).unwrap();
    let foreign = folder.path().join("foreign");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    let newer = folder.path().join("newer");
    drop(open(&newer).unwrap());
    rusqlite::Connection::open(&newer).unwrap().pragma_update(None, "user_version", 9).unwrap();
    let missing = folder.path().join("no/such/folder/journal");
    for (path, words) in [
        (&text, "not a Plenum journal"),
        (&foreign, "recipes"),
        (&newer, "newer"),
        (&missing, "cannot be written"),
    ] {
        let error = open(path).err().expect("it must be refused").to_string();
        assert!(error.contains(words) && error.contains(path.to_str().unwrap()), "{error}");
    }
}

#[test]
fn a_full_queue_refuses_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { queue_records_max: 2, ..Settings::default() };
    let journal = SqliteJournal::open(&folder.path().join("journal"), 7, settings).unwrap();
    let (hold, held) = mpsc::channel::<()>();
    let (entered, inside) = mpsc::channel();
    let block = move |_| {
        entered.send(()).expect("the test waits");
        held.recv().expect("the test lets go");
    };
    journal.append(SHARD, records(1, 0), Box::new(block)).unwrap();
    inside.recv().expect("the writer is now held up");
    journal.append(SHARD, vec![record(1, 1), record(1, 2)], Box::new(|_| ())).unwrap();
    assert!(journal.is_full());
    assert_eq!(journal.append(SHARD, vec![record(1, 3)], Box::new(|_| ())), Err(JournalError::Full));
    hold.send(()).unwrap();
    assert_eq!(wait(|done| journal.trim(0, done)).unwrap_or_default(), 0);
}

#[test]
fn batches_that_waited_together_share_a_commit_and_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(&folder.path().join("journal")).unwrap();
    let (sender, receiver) = mpsc::channel();
    for seq in 0..1_000 {
        let sender = sender.clone();
        let done = move |verdict: Result<u64, JournalError>| {
            sender.send(verdict.unwrap()).expect("the test listens");
        };
        journal.append(SHARD, vec![record(1, seq)], Box::new(done)).unwrap();
    }
    let places: Vec<u64> = receiver.iter().take(1_000).collect();
    assert_eq!(places, (1..=1_000).collect::<Vec<_>>());
    assert_eq!(journal.read(room(1), 0, 2_000).unwrap().len(), 1_000);
}

/// The size bound makes SQLite answer exactly as a full disk does.
#[test]
fn a_full_journal_refuses_keeps_nothing_by_halves_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { size_bytes_max: 400 << 10, ..Settings::default() };
    let journal = SqliteJournal::open(&folder.path().join("journal"), 7, settings).unwrap();
    let big = |seq| Record { body: Body::Facts(vec![7; 3_000]), ..record(1, seq) };
    append(&journal, SHARD, records(1, 0)).unwrap();
    let mut seq = 0;
    let error = loop {
        match append(&journal, SHARD, vec![big(seq + 1), big(seq + 2)]) {
            Ok(_) => seq += 2,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, JournalError::NoSpace(_)), "{error}");
    assert!(journal.is_tight());
    assert!(seq > 50, "only {seq} records fitted");
    assert_eq!(journal.read(room(1), 1, 1_000).unwrap().len() as u64, seq, "no half batch");
    assert_eq!(append(&journal, SHARD, records(2, 0)), Err(JournalError::Superseded));

    let next = Source { shard: 0, generation: 1 };
    wait(|done| journal.snapshot(next, snapshot(1, seq), done))
        .expect("a full journal still takes snapshots");
    assert_eq!(wait(|done| journal.trim(u64::MAX >> 1, done)), Ok(seq + 1));
    assert!(!journal.is_tight(), "what a trim freed can be used again");
    assert_eq!(append(&journal, next, vec![big(seq + 1), big(seq + 2)]), Ok(seq + 3));
}

/// Were states counted, no trim could ever make room again.
#[test]
fn a_bound_that_is_smaller_than_all_states_holds_for_what_is_besides_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let settings = Settings { size_bytes_max: 400 << 10, ..Settings::default() };
    let large = |seq| Snapshot { state: vec![7; 1 << 20], ..snapshot(1, seq) };
    {
        let journal = SqliteJournal::open(&path, 7, settings).unwrap();
        append(&journal, SHARD, vec![record(1, 0)]).unwrap();
        wait(|done| journal.snapshot(SHARD, large(0), done)).expect("a state is kept, however large");
        assert!(!journal.is_tight());
        append(&journal, SHARD, vec![record(1, 1)]).expect("there is room besides it");
    }
    let journal = SqliteJournal::open(&path, 7, settings).unwrap();
    let big = |seq| Record { body: Body::Facts(vec![7; 3_000]), ..record(1, seq) };
    let full =
        (2..1_000).find_map(|seq| append(&journal, SHARD, vec![big(seq)]).err().map(|error| (seq, error)));
    let (seq, error) = full.expect("it has a bound after all");
    assert!(matches!(error, JournalError::NoSpace(_)), "{error}");
    assert!((50..250).contains(&seq), "{seq} records fitted");
    let next = Source { shard: 0, generation: 1 };
    wait(|done| journal.snapshot(next, large(seq - 1), done))
        .expect("a state takes the place of the one before");
    wait(|done| journal.trim(u64::MAX >> 1, done)).expect("all of it is in the state");
    assert!(!journal.is_tight());
    append(&journal, next, vec![big(seq)]).expect("there is room again");
}

#[test]
fn a_restored_journal_holds_the_same_under_another_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy, place) =
        (folder.path().join("journal"), folder.path().join("copy"), folder.path().join("restored"));
    let journal = open(&path).unwrap();
    append(&journal, SHARD, records(1, 0)).unwrap();
    SqliteJournal::back_up(&path, &copy).unwrap();
    append(&journal, SHARD, vec![record(1, 1)]).unwrap();
    assert!(SqliteJournal::back_up(&path, &copy).is_err(), "a copy is not written over");
    assert!(SqliteJournal::restore(&copy, &path, 99).is_err(), "nor is a journal");

    SqliteJournal::restore(&copy, &place, 99).unwrap();
    let restored = open(&place).unwrap();
    assert_eq!((restored.epoch(), restored.durable_lsn()), (99, 1));
    assert_eq!(restored.read(room(1), 0, 10).unwrap(), journal.read(room(1), 0, 1).unwrap());
}

/// A state of several pieces, each other than its neighbours.
fn in_pieces(seq: u64) -> Snapshot {
    let state = (0..=super::keeping::PIECE_BYTES * 3 / 8).flat_map(|n| (n as u64 ^ seq << 32).to_le_bytes());
    Snapshot { state: state.collect(), ..snapshot(1, seq) }
}

fn pieces(path: &Path) -> i64 {
    let db = rusqlite::Connection::open(path).unwrap();
    db.query_row("SELECT count(*) FROM pieces", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_large_state_comes_back_whole_and_older_ones_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = open(&path).unwrap();
    append(&journal, SHARD, records(1, 5)).unwrap();
    for state in [in_pieces(2), in_pieces(4), in_pieces(3), in_pieces(4)] {
        wait(|done| journal.snapshot(SHARD, state, done)).unwrap();
    }
    assert_eq!(journal.room(room(1)).unwrap().unwrap().snapshot, Some(in_pieces(4)));
    assert_eq!(pieces(&path), 4);
    wait(|done| journal.snapshot(SHARD, snapshot(1, 5), done)).unwrap();
    assert_eq!(journal.room(room(1)).unwrap().unwrap().snapshot, Some(snapshot(1, 5)));
    assert_eq!(pieces(&path), 0);
}

/// Between two steps the writer commits what came meanwhile.
#[test]
fn a_large_state_takes_a_step_for_each_piece() {
    let mut db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(concat!(include_str!("schema.sql"), include_str!("pieces.sql"))).unwrap();
    let mut rooms = Rooms::default();
    rooms.place(&db, room(1), &record(1, 0).scope).unwrap();
    rooms.advance(room(1), 0);
    let (sender, receiver) = mpsc::channel();
    let done = Box::new(move |verdict| sender.send(verdict).expect("the test listens"));
    let mut keeping = Keeping::new(Keep { source: SHARD, snapshot: in_pieces(0), done });
    let (mut steps, mut grown) = (1, 0);
    let (done, verdict) = loop {
        let (step, bytes) = keeping.step(&mut db, &mut rooms, Ok(()));
        grown += bytes;
        match step {
            Step::More(rest) => keeping = rest,
            Step::Over(done, verdict) => break (done, verdict),
        }
        assert!(db.is_autocommit(), "nothing is left open");
        steps += 1;
    };
    done(verdict);
    assert_eq!((receiver.recv().unwrap(), steps), (Ok(()), 6), "a look, four pieces, a look for older ones");
    assert_eq!(grown, in_pieces(0).state.len() as i64);
}

#[test]
fn a_writer_that_ended_within_a_state_leaves_the_older_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = open(&path).unwrap();
    append(&journal, SHARD, records(1, 5)).unwrap();
    wait(|done| journal.snapshot(SHARD, in_pieces(2), done)).unwrap();
    drop(journal);
    let half = "INSERT INTO pieces (room, seq, piece, bytes) VALUES (1, 5, 0, x'00'), (1, 5, 1, x'00')";
    rusqlite::Connection::open(&path).unwrap().execute_batch(half).unwrap();
    let journal = open(&path).unwrap();
    assert_eq!(journal.room(room(1)).unwrap().unwrap().snapshot, Some(in_pieces(2)));
    wait(|done| journal.snapshot(SHARD, in_pieces(5), done)).unwrap();
    assert_eq!(journal.room(room(1)).unwrap().unwrap().snapshot, Some(in_pieces(5)));
    assert_eq!(pieces(&path), 4);
}

#[test]
fn a_journal_of_the_first_version_is_read_and_grows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = open(&path).unwrap();
    append(&journal, SHARD, records(1, 1)).unwrap();
    drop(journal);
    let first = "DROP TABLE pieces; PRAGMA user_version = 1";
    rusqlite::Connection::open(&path).unwrap().execute_batch(first).unwrap();
    let journal = open(&path).unwrap();
    wait(|done| journal.snapshot(SHARD, in_pieces(1), done)).unwrap();
    let loaded = journal.room(room(1)).unwrap().unwrap();
    assert_eq!(loaded.snapshot, Some(in_pieces(1)));
}
