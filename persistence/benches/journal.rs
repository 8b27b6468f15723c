//! Records a second at 1, 16, 128 and 1,024 a commit, as a ratio to a bare append and fdatasync on the same disk.
//!
//! `cargo bench -p plenum-persistence --bench journal` prints a Markdown table.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use plenum_domain::{Id, Timestamp};
use plenum_persistence::journal::{Journal, Settings, Source, SqliteJournal};
use plenum_rooms::engine::{Body, Record};
use plenum_rooms::{RoomRef, Scope};

const BODY_BYTES: usize = 256;
const ROUND: Duration = Duration::from_millis(500);
const ROUNDS: u32 = 3;

fn main() {
    let folder = tempfile::tempdir_in(".").expect("the folder can be written");
    println!("| records a commit | append + fdatasync /s | journal /s | ratio | journal p99 ms |");
    println!("|---|---|---|---|---|");
    for batch in [1_usize, 16, 128, 1_024] {
        // Interleaved, because other work on the machine comes and goes.
        let rounds: Vec<(f64, f64, f64)> =
            (0..ROUNDS).map(|round| measure(folder.path(), batch, round)).collect();
        let raw = median(rounds.iter().map(|round| round.0));
        let ours = median(rounds.iter().map(|round| round.1));
        let p99_ms = median(rounds.iter().map(|round| round.2));
        println!("| {batch} | {raw:.0} | {ours:.0} | {:.2} | {p99_ms:.2} |", ours / raw);
    }
}

fn measure(folder: &Path, batch: usize, round: u32) -> (f64, f64, f64) {
    let raw = raw_records_per_s(&folder.join(format!("raw-{batch}-{round}")), batch);
    let (ours, p99) = journal_records_per_s(&folder.join(format!("journal-{batch}-{round}")), batch);
    (raw, ours, p99.as_secs_f64() * 1e3)
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn raw_records_per_s(path: &Path, batch: usize) -> f64 {
    let mut file = File::create(path).expect("the folder can be written");
    let bytes = vec![7; (BODY_BYTES + 16) * batch];
    let (started, mut commits) = (Instant::now(), 0_usize);
    while started.elapsed() < ROUND {
        file.write_all(&bytes).expect("the disk has room");
        file.sync_data().expect("the disk works");
        commits += 1;
    }
    (commits * batch) as f64 / started.elapsed().as_secs_f64()
}

fn journal_records_per_s(path: &Path, batch: usize) -> (f64, Duration) {
    let journal = SqliteJournal::open(path, 1, Settings::default()).expect("a new journal opens");
    let (started, mut took, mut seq) = (Instant::now(), Vec::new(), 0);
    while started.elapsed() < ROUND {
        let records = (0..batch as u64).map(|n| record(seq + n)).collect();
        seq += batch as u64;
        let (sender, receiver) = mpsc::channel();
        let asked = Instant::now();
        let done = move |verdict: Result<u64, _>| drop(sender.send(verdict));
        journal
            .append(Source { shard: 0, generation: 0 }, records, Box::new(done))
            .expect("the queue is empty");
        receiver.recv().expect("every batch is answered").expect("the disk has room");
        took.push(asked.elapsed());
    }
    let rate = seq as f64 / started.elapsed().as_secs_f64();
    took.sort_unstable();
    (rate, took[took.len() * 99 / 100])
}

fn record(seq: u64) -> Record {
    let body = vec![7; BODY_BYTES];
    Record {
        room: RoomRef::new("screen", Id::from_bits(1)),
        scope: Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: None },
        seq,
        key: Some(Id::from_bits(u128::from(seq))),
        participant: Id::from_bits(3),
        at: Timestamp::from_ms(0),
        body: if seq == 0 { Body::Opened(body) } else { Body::Facts(body) },
    }
}
