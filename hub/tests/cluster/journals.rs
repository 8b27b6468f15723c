//! The journal of a conference keeps what every journal promises, and what only one with owners can.

use std::sync::Arc;
use std::time::{Duration, Instant};

use plenum_domain::Id;
use plenum_hub::clock::Clock;
use plenum_hub::cluster::fence::Fence;
use plenum_hub::cluster::lease::Member;
use plenum_hub::cluster::redis::{RedisFence, connect};
use plenum_hub::cluster::{Held, Keeper, MemoryFence, Ownership, Taken};
use plenum_persistence::journal::conformance::{
    CONFERENCE, PROMISES, append, record, records, room, snapshot, wait,
};
use plenum_persistence::journal::{Journal, JournalError, Source};
use tokio::runtime::Runtime;

use crate::server::Server;

/// Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);
const SHARD: Source = Source { shard: 0, generation: 0 };

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made")
}

fn member(run: u64) -> Member {
    Member { node: format!("node-{run}"), run, address: format!("127.0.0.1:{run}") }
}

fn keeper(runtime: &Runtime, fence: impl Fence + 'static) -> Keeper {
    Keeper::new(Arc::new(fence), Clock::new(), runtime.handle().clone())
}

fn redis(runtime: &Runtime, server: &Server, run: u64) -> RedisFence {
    let _inside = runtime.enter();
    let client = connect(&server.url()).expect("the address is well formed");
    RedisFence::new(client, member(run), Clock::new())
}

/// Tries until the conference is ours. Says what we hold, and how many records its rooms have.
fn wait_until_taken(runtime: &Runtime, keeper: &Keeper, conference: Id) -> (Held, usize) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let taken = runtime.block_on(keeper.take(conference));
        if let Ok(Taken::Mine { held, rooms }) = taken {
            return (held, rooms.iter().map(|room| room.records.len()).sum());
        }
        assert!(Instant::now() < deadline, "never taken: {:?}", taken.err());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until the keeper holds the conference no more.
fn wait_until_lost(keeper: &Keeper, conference: Id) {
    let deadline = Instant::now() + PATIENCE;
    while keeper.held(conference).is_some() {
        assert!(Instant::now() < deadline, "never lost");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_journal_in_memory_keeps_every_promise() {
    let runtime = runtime();
    for (promise, test) in PROMISES {
        println!("{promise}");
        let keeper = keeper(&runtime, MemoryFence::new(member(1)));
        test(wait_until_taken(&runtime, &keeper, CONFERENCE).0.journal.as_ref());
    }
}

#[test]
fn a_journal_in_redis_keeps_every_promise() {
    let runtime = runtime();
    for (promise, test) in PROMISES {
        println!("{promise}");
        let Some(server) = Server::start() else { return };
        let keeper = keeper(&runtime, redis(&runtime, &server, 1));
        test(wait_until_taken(&runtime, &keeper, CONFERENCE).0.journal.as_ref());
    }
}

#[test]
fn the_next_owner_reads_all_and_the_former_one_writes_nothing() {
    let runtime = runtime();
    let storage = MemoryFence::new(member(1));
    let (first, second) = (keeper(&runtime, storage.clone()), keeper(&runtime, storage.member(member(2))));
    let (old, _) = wait_until_taken(&runtime, &first, CONFERENCE);
    append(old.journal.as_ref(), SHARD, records(1, 9)).unwrap();
    wait(|done| old.journal.snapshot(SHARD, snapshot(1, 4), done)).unwrap();
    storage.tamper(CONFERENCE, plenum_hub::cluster::fence::Model::expire);
    let (new, records) = wait_until_taken(&runtime, &second, CONFERENCE);
    assert_eq!((records, new.lease.epoch), (5, old.lease.epoch + 1));
    let late = append(old.journal.as_ref(), SHARD, vec![record(1, 10)]);
    assert_eq!(late, Err(JournalError::Fenced));
    assert_eq!(append(new.journal.as_ref(), SHARD, vec![record(1, 10)]), Ok(11));
    assert!(first.held(CONFERENCE).is_none(), "whoever was fenced once asks no more");
}

#[test]
fn who_gives_a_conference_up_lets_the_next_one_begin_at_once() {
    let runtime = runtime();
    let storage = MemoryFence::new(member(1));
    let (first, second) = (keeper(&runtime, storage.clone()), keeper(&runtime, storage.member(member(2))));
    let (old, _) = wait_until_taken(&runtime, &first, CONFERENCE);
    append(old.journal.as_ref(), SHARD, records(1, 3)).unwrap();
    assert!(
        matches!(runtime.block_on(second.take(CONFERENCE)), Ok(Taken::Theirs(lease)) if lease == old.lease)
    );
    runtime.block_on(first.give_up(CONFERENCE));
    assert!(
        matches!(runtime.block_on(second.take(CONFERENCE)), Ok(Taken::Mine { rooms, .. }) if rooms.len() == 1)
    );
}

/// The storage answers nobody for a moment: nothing is acknowledged, and afterwards everything goes on.
#[test]
fn an_append_without_an_answer_is_refused_and_settled() {
    let runtime = runtime();
    let storage = MemoryFence::new(member(1));
    let keeper = keeper(&runtime, storage.clone());
    let (held, _) = wait_until_taken(&runtime, &keeper, CONFERENCE);
    append(held.journal.as_ref(), SHARD, records(1, 3)).unwrap();
    storage.trouble(Some("nobody hears us"));
    let refused = append(held.journal.as_ref(), SHARD, vec![record(1, 4)]);
    assert!(matches!(refused, Err(JournalError::Unreachable(_))), "{refused:?}");
    assert!(held.journal.is_full(), "a room does not decide while nobody knows what became of the last one");
    storage.trouble(None);
    let next = Source { shard: 0, generation: 1 };
    wait_until_good(held.journal.as_ref());
    assert_eq!(append(held.journal.as_ref(), next, vec![record(1, 4)]), Ok(5));
    assert_eq!(held.journal.room(room(1)).unwrap().unwrap().records, records(1, 4));
}

fn wait_until_good(journal: &dyn Journal) {
    let deadline = Instant::now() + PATIENCE;
    while journal.is_full() {
        assert!(Instant::now() < deadline, "never good again");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_lease_that_cannot_be_renewed_is_let_go_and_said_to_be_lost() {
    let runtime = runtime();
    let storage = MemoryFence::new(member(1));
    let keeper = keeper(&runtime, storage.clone());
    let mut losses = keeper.losses();
    wait_until_taken(&runtime, &keeper, CONFERENCE);
    storage.trouble(Some("nobody hears us"));
    let began = Instant::now();
    wait_until_lost(&keeper, CONFERENCE);
    let heard = runtime.block_on(async { tokio::time::timeout(PATIENCE, losses.recv()).await });
    assert_eq!(heard, Ok(Some(CONFERENCE)));
    assert!(began.elapsed() > Duration::from_millis(500), "not before time");
}

/// A failover to a replica that had not heard of the last records: the owner has them, and appends them again.
#[test]
fn what_the_storage_lost_is_appended_again_before_anything_else() {
    let runtime = runtime();
    let storage = MemoryFence::new(member(1));
    let keeper = keeper(&runtime, storage.clone());
    let (held, _) = wait_until_taken(&runtime, &keeper, CONFERENCE);
    append(held.journal.as_ref(), SHARD, records(1, 9)).unwrap();
    storage.tamper(CONFERENCE, |model| model.lose_tail(4));
    assert_eq!(append(held.journal.as_ref(), SHARD, vec![record(1, 10)]), Ok(11));
    assert_eq!(held.journal.read(room(1), 0, 100).unwrap(), records(1, 10));
    storage.tamper(CONFERENCE, |model| {
        model.lose_tail(3);
        model.expire();
    });
    wait_until_lost(&keeper, CONFERENCE);
    let (held, records_read) = wait_until_taken(&runtime, &keeper, CONFERENCE);
    assert_eq!(
        (records_read, held.journal.durable_lsn()),
        (11, 11),
        "also when the lease had ended meanwhile"
    );
}

#[test]
fn what_nobody_remembers_is_not_served_without() {
    let runtime = runtime();
    let storage = MemoryFence::new(member(1));
    let keeper = keeper(&runtime, storage.clone());
    let (held, _) = wait_until_taken(&runtime, &keeper, CONFERENCE);
    append(held.journal.as_ref(), SHARD, records(1, 3)).unwrap();
    let (again, _) = wait_until_taken(&runtime, &keeper, CONFERENCE);
    storage.tamper(CONFERENCE, |model| model.lose_tail(2));
    let refused = append(again.journal.as_ref(), SHARD, vec![record(1, 4)]);
    assert!(matches!(refused, Err(JournalError::Failed(_))), "{refused:?}");
    assert!(keeper.trouble().is_some_and(|why| why.contains("up to place 2")), "{:?}", keeper.trouble());
    assert!(keeper.held(CONFERENCE).is_some(), "the lease is kept, so that nobody goes on without them");
}
