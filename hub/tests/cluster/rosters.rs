//! What every roster does, in memory and over a real Redis.

use std::time::{Duration, Instant};

use plenum_hub::cluster::Member;
use plenum_hub::cluster::redis::{RedisRoster, connect};
use plenum_hub::cluster::roster::{MemoryRoster, Roster};

use crate::server::Server;

/// Generous: the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(60);

fn member(n: u64) -> Member {
    Member { node: format!("node-{n}"), run: n << 60, address: format!("127.0.0.1:{n}") }
}

async fn live(roster: &dyn Roster) -> Vec<Member> {
    let mut live = roster.live().await.expect("the roster is there");
    live.sort();
    live
}

/// Two nodes on one roster.
async fn check(first: &dyn Roster, second: &dyn Roster) {
    assert_eq!(live(first).await, []);
    first.announce().await.expect("the roster is there");
    second.announce().await.expect("the roster is there");
    first.announce().await.expect("twice is once");
    assert_eq!(live(second).await, [member(1), member(2)]);
    first.retire().await.expect("the roster is there");
    first.announce().await.expect("it announces nothing any more");
    assert_eq!(live(first).await, [member(2)]);
}

#[tokio::test]
async fn memory_conforms() {
    let first = MemoryRoster::new(member(1));
    let second = first.another(member(2));
    check(&first, &second).await;
}

#[tokio::test]
async fn redis_conforms_and_forgets_who_is_silent() {
    let Some(server) = Server::start() else { return };
    let roster = |n| RedisRoster::new(connect(&server.url()).expect("the address is well formed"), member(n));
    let (first, second) = (roster(1), roster(2));
    check(&first, &second).await;
    let start = Instant::now();
    while !live(&first).await.is_empty() {
        assert!(start.elapsed() < DEADLINE, "a silent node is alive for ever");
        tokio::task::yield_now().await;
    }
}
