//! Votes a second that the projector writes into an SQLite store, as a ratio to a bare insert of as many rows on the same
//! disk.
//!
//! `cargo bench -p plenum-persistence --bench projector` prints a Markdown table.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};
use plenum_persistence::journal::{Journal, MemoryJournal, Settings, Source};
use plenum_persistence::projector::Projector;
use plenum_persistence::store::{Settings as StoreSettings, Store};
use plenum_rooms::engine::sample::person;
use plenum_rooms::engine::{Actor, Engine, Input, Output, Settings as EngineSettings, Ticket};
use plenum_rooms::{Codec, RoomRef, Scope};

const PEOPLE: u128 = 1_000;
const VOTES: u128 = 50_000;
const ROUNDS: u32 = 3;
const SHARD: Source = Source { shard: 0, generation: 0 };
/// Rows of a commit, as many as the projector takes.
const BATCH: u128 = 2_000;

fn main() {
    let folder = tempfile::tempdir_in(".").expect("the folder can be written");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    println!("| rooms | bare insert /s | projector /s | ratio | us a vote |");
    println!("|---|---|---|---|---|");
    for rooms in [1, 200] {
        // Interleaved, because other work on the machine comes and goes.
        let rounds: Vec<(f64, f64)> = (0..ROUNDS)
            .map(|round| {
                let path = |name: &str| folder.path().join(format!("{name}-{rooms}-{round}"));
                (bare_per_s(&path("bare")), runtime.block_on(projected_per_s(&path("store"), rooms)))
            })
            .collect();
        let bare = median(rounds.iter().map(|round| round.0));
        let ours = median(rounds.iter().map(|round| round.1));
        println!("| {rooms} | {bare:.0} | {ours:.0} | {:.2} | {:.1} |", ours / bare, 1e6 / ours);
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// One prepared statement, one row a vote with as many bytes.
fn bare_per_s(path: &Path) -> f64 {
    let mut db = rusqlite::Connection::open(path).expect("the folder can be written");
    db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE facts (room BLOB, seq INTEGER, body BLOB, PRIMARY KEY (room, seq))")
        .expect("a new table is made");
    let started = Instant::now();
    for first in (0..VOTES).step_by(BATCH as usize) {
        let transaction = db.transaction().expect("nobody else writes");
        let mut insert =
            transaction.prepare_cached("INSERT INTO facts VALUES ($1, $2, $3)").expect("it is understood");
        for seq in first..first + BATCH {
            insert.execute((&[7_u8; 16], seq as i64, &[7_u8; 200])).expect("the disk has room");
        }
        drop(insert);
        transaction.commit().expect("the disk works");
    }
    VOTES as f64 / started.elapsed().as_secs_f64()
}

async fn projected_per_s(path: &Path, rooms: u128) -> f64 {
    let url = format!("sqlite:{}", path.display());
    let store = Store::open(&url, &StoreSettings::default()).await.expect("a new store opens");
    let journal: Arc<dyn Journal> = Arc::new(voted(rooms));
    while journal.durable_lsn() < (VOTES + rooms) as u64 {
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut projector = Projector::open(journal, store.clone()).await.expect("the store has a cursor");
    let started = Instant::now();
    projector.catch_up().await.expect("the store is written");
    let took = started.elapsed();
    store.close().await;
    VOTES as f64 / took.as_secs_f64()
}

/// A journal of people who vote again and again.
fn voted(rooms: u128) -> MemoryJournal {
    let journal = MemoryJournal::new(1, Settings { queue_records_max: usize::MAX, ..Settings::default() });
    let mut engine = Engine::new(EngineSettings::default());
    let (now, scope) = (
        Timestamp::from_ms(1_763_800_000_000),
        Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: Some(Id::from_bits(3)) },
    );
    let poll = |n: u128| RoomRef::new("poll", Id::from_bits(1_000 + n));
    // The first of the made-up people are moderators and a screen.
    let (moderator, attendee) = (Arc::new(person(0)), |n: u128| Arc::new(person(3 + (n % PEOPLE) as u64)));
    let mut appends = 0;
    let mut handle = |input: Input| {
        engine.handle(input, now);
        for output in engine.take() {
            if let Output::Append(record) = output {
                journal.append(SHARD, vec![record], Box::new(|_| ())).expect("the queue has no bound");
                appends += 1;
                engine.durable(appends);
            }
        }
    };
    for n in 0..rooms {
        let settings = Bytes::from_static(
            br#"{"title":"Where next?","kind":"single","options":[{"id":"a","label":"A"},{"id":"b","label":"B"}],"anonymous":false,"results":"always","change_vote":true}"#,
        );
        let by = moderator.participant;
        handle(Input::Open { ticket: Ticket(0), by, room: poll(n), scope, settings });
        let (by, key) = (Arc::clone(&moderator), Some(Id::from_bits(n + 1)));
        handle(command(poll(n), by, key, "poll.open", b"{}"));
    }
    for n in 0..VOTES {
        let choice: &[u8] = if n % 3 == 0 { br#"{"options":["a"]}"# } else { br#"{"options":["b"]}"# };
        let key = Some(Id::from_bits(1 << 100 | n));
        handle(command(poll(n % rooms), attendee(n), key, "poll.vote", choice));
    }
    journal
}

fn command(room: RoomRef, by: Arc<Actor>, key: Option<Id>, op: &str, data: &'static [u8]) -> Input {
    let (ticket, data) = (Ticket(0), Bytes::from_static(data));
    Input::Command { ticket, sub: None, by, room, key, op: op.into(), codec: Codec::Json, data }
}
