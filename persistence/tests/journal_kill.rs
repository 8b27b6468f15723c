//! A journal's writer is killed at random moments; every record that it acknowledged is there, once, in order.

#![expect(clippy::unwrap_used, reason = "a test's steps may fail only by failing the test")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use plenum_domain::{Id, Timestamp};
use plenum_persistence::journal::{Journal, Settings, Source, SqliteJournal, Which};
use plenum_rooms::engine::{Body, Record};
use plenum_rooms::{RoomRef, Scope};

const ROUNDS: u32 = 10;
const ROOMS: u128 = 5;
/// Set for the child only: the journal that it writes until it is killed.
const CHILD_JOURNAL: &str = "PLENUM_TEST_CHILD_JOURNAL";

#[test]
fn acknowledged_records_survive_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut acknowledged = BTreeMap::new();
    let mut dice = u64::from(std::process::id()) | 1;
    for round in 0..ROUNDS {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let lines = 1 + (dice >> 33) % 400;
        let mut child = start_child(&path);
        read_acknowledgements(&mut child, lines as usize, &mut acknowledged);
        assert!(!acknowledged.is_empty());
        check(&path, acknowledged.clone(), round);
    }
}

/// Does nothing in an ordinary run; the test above starts it in a process of its own.
#[test]
fn child_writes_until_it_is_killed() {
    let Ok(path) = std::env::var(CHILD_JOURNAL) else { return };
    let journal = SqliteJournal::open(Path::new(&path), 1, Settings::default()).unwrap();
    let mut next: BTreeMap<u128, u64> = (0..ROOMS).map(|room| (room, next_seq(&journal, room))).collect();
    let out = Arc::new(Mutex::new(std::io::stdout()));
    for turn in 0_u128.. {
        let room = turn % ROOMS;
        let seq = next.get_mut(&room).expect("all rooms are known");
        let batch = vec![record(room, *seq), record(room, *seq + 1)];
        *seq += 2;
        let (last, out) = (*seq - 1, Arc::clone(&out));
        let done = move |verdict: Result<u64, _>| {
            verdict.expect("the disk is not full");
            writeln!(out.lock().expect("nobody panics with it"), "ack {room} {last}")
                .expect("the parent reads");
        };
        // Full is fine here: the queue is the brake.
        while journal.is_full() {
            std::thread::yield_now();
        }
        journal.append(Source { shard: 0, generation: 0 }, batch, Box::new(done)).unwrap();
    }
}

fn start_child(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_writes_until_it_is_killed", "--nocapture"])
        .env(CHILD_JOURNAL, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Reads some acknowledgements, kills, and reads what was still under way.
fn read_acknowledgements(child: &mut Child, lines: usize, acknowledged: &mut BTreeMap<u128, u64>) {
    let mut reader = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut note = |line: String| {
        let mut words = line.split(' ').skip(1).map(str::parse::<u64>);
        let (Some(Ok(room)), Some(Ok(seq))) = (words.next(), words.next()) else { return };
        acknowledged.insert(u128::from(room), seq);
    };
    let mut seen = 0;
    for line in reader.by_ref().filter(|line| line.starts_with("ack ")) {
        note(line);
        seen += 1;
        if seen == lines {
            break;
        }
    }
    child.kill().unwrap();
    // The last line may be cut in the middle: only whole ones were sent.
    let rest: Vec<String> = reader.collect();
    let whole = rest.len().saturating_sub(1);
    rest.into_iter().take(whole).filter(|line| line.starts_with("ack ")).for_each(note);
    child.wait().unwrap();
}

fn check(path: &Path, mut acknowledged: BTreeMap<u128, u64>, round: u32) {
    let journal = SqliteJournal::open(path, 1, Settings::default()).unwrap();
    for stored in journal.load(Which::All).unwrap() {
        let stored = stored.unwrap();
        let seqs: Vec<u64> = stored.records.iter().map(|record| record.seq).collect();
        assert_eq!(seqs, (0..seqs.len() as u64).collect::<Vec<_>>(), "round {round}: a hole or a double");
        assert!(stored.records.iter().all(|kept| *kept == record(kept.room.id.bits(), kept.seq)));
        assert_eq!(seqs.len() % 2, 0, "round {round}: half a batch");
        let promised = acknowledged.remove(&stored.room.id.bits()).map_or(0, |last| last + 1);
        assert!(seqs.len() as u64 >= promised, "round {round}: {promised} promised, {} kept", seqs.len());
    }
    assert!(acknowledged.is_empty(), "round {round}: rooms are missing: {acknowledged:?}");
}

fn next_seq(journal: &SqliteJournal, room: u128) -> u64 {
    let stored = journal.room(record(room, 0).room).unwrap();
    stored.and_then(|stored| stored.records.last().map(|record| record.seq + 1)).unwrap_or_default()
}

fn record(room: u128, seq: u64) -> Record {
    let bytes = format!("vote {seq}").repeat(20).into_bytes();
    Record {
        room: RoomRef::new("screen", Id::from_bits(room)),
        scope: Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: None },
        seq,
        key: Some(Id::from_bits(room << 64 | u128::from(seq))),
        participant: Id::from_bits(u128::from(seq)),
        at: Timestamp::from_ms(seq.cast_signed()),
        body: if seq == 0 { Body::Opened(bytes) } else { Body::Facts(bytes) },
    }
}
