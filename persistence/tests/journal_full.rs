//! The system itself refuses to write (a file size limit stands for a full disk): nothing acknowledged is lost, the
//! refused batch leaves nothing behind, and the journal goes on by itself once there is room.

#![expect(clippy::unwrap_used, reason = "a test's steps may fail only by failing the test")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use plenum_domain::{Id, Timestamp};
use plenum_persistence::journal::{Journal, JournalError, Settings, Source, SqliteJournal};
use plenum_rooms::engine::{Body, Record};
use plenum_rooms::{RoomRef, Scope};

/// Set for the child only: the journal that it fills.
const CHILD_JOURNAL: &str = "PLENUM_TEST_FULL_JOURNAL";
/// Blocks of 512 bytes that a file of the child may have.
const LIMIT_BLOCKS: &str = "2000";

#[test]
fn a_disk_that_refuses_costs_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut child = start_limited_child(&path);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut figure = |word: &str| -> u64 {
        let line = lines.by_ref().find(|line| line.starts_with(word)).expect("the child goes on");
        line[word.len()..].trim().parse().unwrap()
    };
    let before = figure("full ");
    assert!(before > 10, "only {before} records fitted");
    let limit = format!("--pid={}", child.id());
    assert!(Command::new("prlimit").args([&limit, "--fsize=unlimited"]).status().unwrap().success());
    child.stdin.take().unwrap().write_all(b"there is room\n").unwrap();
    let after = figure("again ");
    assert!(child.wait().unwrap().success());
    assert_eq!(after, before + 2);

    let journal = SqliteJournal::open(&path, 1, Settings::default()).unwrap();
    let kept = journal.read(record(0).room, 0, 1_000_000).unwrap();
    assert_eq!(kept, (0..=after).map(record).collect::<Vec<_>>());
}

/// Does nothing in an ordinary run; the test above starts it in a process of its own.
#[test]
fn child_writes_until_there_is_no_room() {
    let Ok(path) = std::env::var(CHILD_JOURNAL) else { return };
    let journal = SqliteJournal::open(Path::new(&path), 1, Settings::default()).unwrap();
    append(&journal, 0, vec![record(0)]).unwrap();
    let mut last = 0;
    let error = loop {
        match append(&journal, 0, vec![record(last + 1), record(last + 2)]) {
            Ok(_) => last += 2,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, JournalError::NoSpace(_)), "{error}");
    println!("full {last}");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    append(&journal, 1, vec![record(last + 1), record(last + 2)]).unwrap();
    println!("again {}", last + 2);
}

/// The signal that goes with the limit is ignored, so that the write fails as on a full disk.
fn start_limited_child(path: &Path) -> Child {
    let script = format!("trap '' XFSZ; ulimit -S -f {LIMIT_BLOCKS}; exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "child_writes_until_there_is_no_room", "--nocapture"])
        .env(CHILD_JOURNAL, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn append(journal: &SqliteJournal, generation: u32, batch: Vec<Record>) -> Result<u64, JournalError> {
    let (sender, receiver) = mpsc::channel();
    let done = move |verdict| sender.send(verdict).expect("the test waits");
    journal.append(Source { shard: 0, generation }, batch, Box::new(done))?;
    receiver.recv().unwrap()
}

fn record(seq: u64) -> Record {
    let bytes = vec![seq as u8; 3_000];
    Record {
        room: RoomRef::new("screen", Id::from_bits(1)),
        scope: Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: None },
        seq,
        key: Some(Id::from_bits(u128::from(seq))),
        participant: Id::from_bits(3),
        at: Timestamp::from_ms(0),
        body: if seq == 0 { Body::Opened(bytes) } else { Body::Facts(bytes) },
    }
}
