//! What the storage answers while Redis is absent, killed, paused, or back with nothing.

use std::time::{Duration, Instant};

use plenum_domain::Id;
use plenum_hub::clock::Clock;
use plenum_hub::cluster::fence::{Appended, EntryId, Fence, Stored};
use plenum_hub::cluster::lease::{Claim, Lease, Leases, Member};
use plenum_hub::cluster::redis::{RedisFence, connect, dangers};

use crate::server::Server;

const CONFERENCE: Id = Id::from_bits(7);
/// Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

fn fence(server: &Server, run: u64) -> RedisFence {
    let clock = Clock::new();
    let member = Member { node: "node-1".into(), run, address: "127.0.0.1:1".into() };
    RedisFence::new(connect(&server.url()).expect("the address is well formed"), member, clock)
}

fn stored(seq: u64) -> Stored {
    Stored { room: "screen:1".into(), seq, key: format!("key {seq}"), bytes: vec![seq as u8; 100] }
}

/// Tries until the conference is ours, and says under which epoch, after which place, with which history.
async fn wait_until_owned(fence: &RedisFence, floor: u64) -> (u64, u64, u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let claim = fence.acquire(CONFERENCE, floor).await;
        if let Ok(Claim::Mine { lease, last_lsn }) = &claim {
            return (lease.epoch, *last_lsn, lease.history);
        }
        assert!(Instant::now() < deadline, "never owned: {claim:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Asks until there is an answer that names an owner.
async fn wait_until_found(fence: &RedisFence) -> Lease {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Ok(Some(lease)) = fence.find(CONFERENCE).await {
            return lease;
        }
        assert!(Instant::now() < deadline, "never found");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_absent_redis_is_said_to_be_absent_and_found_when_it_comes() {
    let Some(mut server) = Server::prepare(&["--appendonly", "yes", "--appendfsync", "always"]) else {
        return;
    };
    let fence = fence(&server, 1);
    let asked = Instant::now();
    fence.acquire(CONFERENCE, 0).await.unwrap_err();
    assert!(asked.elapsed() < PATIENCE, "an absent Redis is not waited for");
    server.launch();
    assert_eq!(wait_until_owned(&fence, 0).await.0, 1);
}

#[tokio::test]
async fn what_was_kept_is_there_after_a_kill() {
    let Some(mut server) = Server::start() else { return };
    let fence = fence(&server, 1);
    let (epoch, _, history) = wait_until_owned(&fence, 0).await;
    let batch = (1..=50).map(stored).collect();
    assert_eq!(fence.append(CONFERENCE, epoch, 1, batch).await, Ok(Appended::Kept(50)));
    server.kill();
    fence.append(CONFERENCE, epoch, 51, vec![stored(51)]).await.unwrap_err();
    server.launch();
    let (next, last, same) = wait_until_owned(&fence, epoch).await;
    assert!(next > epoch && last == 50 && same == history, "{next} {last}");
    let entries = fence.entries(CONFERENCE, EntryId::default(), 1_000).await.unwrap();
    assert!(entries.len() >= 52, "two barriers and fifty records");
}

/// The append waits in the paused server's socket. Whether it is carried out on resume or not, a new epoch settles it:
/// the same records are there once at most, and what the old epoch still sends is refused.
#[tokio::test]
async fn an_append_into_a_paused_redis_is_settled_by_the_next_epoch() {
    let Some(server) = Server::start() else { return };
    let fence = fence(&server, 1);
    let (epoch, ..) = wait_until_owned(&fence, 0).await;
    server.pause();
    fence.append(CONFERENCE, epoch, 1, vec![stored(1)]).await.unwrap_err();
    server.resume();
    let (next, last, _) = wait_until_owned(&fence, epoch).await;
    let late = fence.append(CONFERENCE, epoch, last + 1, vec![stored(2)]).await;
    assert_eq!(late, Ok(Appended::Fenced));
    let again = fence.append(CONFERENCE, next, last + 1, vec![stored(1)]).await.unwrap();
    let expected = if last == 0 { Appended::Kept(1) } else { Appended::Duplicate("screen:1".into()) };
    assert_eq!(again, expected);
}

#[tokio::test]
async fn another_member_gets_a_conference_only_when_its_lease_has_ended() {
    let Some(server) = Server::start() else { return };
    let (first, second) = (fence(&server, 1), fence(&server, 2));
    let (epoch, ..) = wait_until_owned(&first, 0).await;
    let theirs = wait_until_found(&second).await;
    assert_eq!((theirs.epoch, theirs.member.run), (epoch, 1));
    let (next, ..) = wait_until_owned(&second, 0).await;
    assert_eq!(next, epoch + 1);
    assert_eq!(first.append(CONFERENCE, epoch, 1, vec![stored(1)]).await, Ok(Appended::Fenced));
    first.release(CONFERENCE, epoch).await.unwrap();
    assert_eq!(second.append(CONFERENCE, next, 1, vec![stored(1)]).await, Ok(Appended::Kept(1)));
}

#[tokio::test]
async fn a_redis_that_comes_back_empty_has_another_history_and_gets_its_functions_again() {
    let Some(mut server) = Server::start() else { return };
    let fence = fence(&server, 1);
    let (epoch, _, history) = wait_until_owned(&fence, 0).await;
    fence.append(CONFERENCE, epoch, 1, vec![stored(1)]).await.unwrap();
    server.kill();
    server.empty();
    server.launch();
    let (next, last, other) = wait_until_owned(&fence, epoch).await;
    assert!(next > epoch && last == 0 && other != history);
}

#[tokio::test]
async fn unsafe_settings_are_named() {
    let Some(safe) = Server::start() else { return };
    let Some(unsafe_one) = Server::start_with(&["--appendonly", "yes", "--maxmemory-policy", "allkeys-lru"])
    else {
        return;
    };
    let client = |server: &Server| connect(&server.url()).unwrap();
    let (good, bad) = (client(&safe), client(&unsafe_one));
    for one in [&good, &bad] {
        fred::interfaces::ClientLike::wait_for_connect(one).await.unwrap();
    }
    assert_eq!(dangers(&good).await.unwrap(), []);
    let named: Vec<&str> = dangers(&bad).await.unwrap().iter().map(|danger| danger.setting).collect();
    assert_eq!(named, ["appendfsync", "maxmemory-policy"]);
}
