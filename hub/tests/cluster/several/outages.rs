//! Redis is absent, away, back with nothing, or set up so that it may lose what it has.

use serde_json::json;

use super::Hall;
use super::kept::Kept;
use crate::hub::{text, wait_until};
use crate::server::Server;

/// Whether a vote was refused as one that may be tried again.
fn is_busy(reply: &crate::hub::Reply) -> bool {
    reply.status == 503 && reply.code() == "hub.busy"
}

#[test]
fn without_redis_nothing_is_acknowledged_and_with_it_all_goes_on() {
    let Some(redis) = Server::prepare(&["--appendonly", "yes", "--appendfsync", "always"]) else { return };
    let mut hall = Hall::bare(redis);
    let reason = hall.wait_until_ready(0, "journal", "down");
    assert!(reason.contains("Redis does not answer"), "{reason}");
    hall.wait_until_ready(0, "bus", "degraded");
    hall.redis.launch();
    hall.wait_until_ready(0, "journal", "ok");
    hall.furnish();
    let person = hall.person(0);
    assert_eq!(hall.post_vote(0, &person, "a").status, 200);
    hall.redis.kill();
    assert!(is_busy(&hall.post_vote(0, &person, "b")));
    hall.redis.launch();
    wait_until("counted again", || (hall.post_vote(0, &person, "b").status == 200).then_some(()));
    hall.redis.pause();
    assert!(is_busy(&hall.post_vote(0, &person, "a")));
    hall.redis.resume();
    wait_until("counted again", || (hall.post_vote(0, &person, "a").status == 200).then_some(()));
    assert_eq!(hall.results(0), (1, 0));
}

/// An owner that may not write refuses at once, also what came by way of another hub: nobody may wait for an answer that
/// never comes.
#[test]
fn without_redis_everyone_is_answered_whichever_hub_they_are_on() {
    let Some(mut hall) = Hall::of(2) else { return };
    let owner = hall.owner_node();
    let person = hall.person(1 - owner);
    let mut away = hall.come(1 - owner, &person, &hall.room());
    assert!(away.ask(hall.vote(1, "a"))["ok"]["seq"].is_u64());
    hall.redis.kill();
    for n in 2..12 {
        let reply = away.ask(hall.vote(n, "b"));
        assert_eq!(reply["err"]["code"], "hub.busy", "{reply}");
    }
    hall.redis.launch();
    wait_until("counted again", || away.ask(hall.vote(12, "b"))["ok"]["seq"].is_u64().then_some(()));
}

#[test]
fn a_redis_that_came_back_with_nothing_is_not_taken_for_the_truth_until_an_operator_says_so() {
    let Some(mut hall) = Hall::of(1) else { return };
    let person = hall.person(0);
    assert_eq!(hall.post_vote(0, &person, "a").status, 200);
    let conference = text(&hall.conference["id"]);
    wait_until("the store has the poll, that it is open, and the vote", || {
        (Kept::of(&hall).archive.len() == 3).then_some(())
    });
    hall.redis.kill();
    hall.redis.empty();
    hall.redis.launch();
    assert!(is_busy(&hall.post_vote(0, &person, "b")), "nothing is acknowledged on top of a loss");
    // The loss is found when someone needs the conference.
    let reason = wait_until("the loss is named", || {
        assert!(is_busy(&hall.post_vote(0, &person, "b")));
        Some(hall.ready(0, "journal")).filter(|(status, _)| status == "degraded").map(|(_, reason)| reason)
    });
    assert!(reason.contains("accept-loss") && reason.contains(&conference), "{reason}");
    hall.kill(0);
    hall.start(0);
    let after = hall.post_vote(0, &person, "b");
    assert!(is_busy(&after), "nor after a restart, when only the store knows of the room: {}", after.text);
    let copied = hall.command(&["backup", "copy"], "");
    assert!(!copied.status.success() && String::from_utf8_lossy(&copied.stderr).contains("append-only file"));
    let accepted = hall.command(&["journal", "accept-loss", &conference], "");
    assert!(accepted.status.success(), "{accepted:?}");
    hall.furnish();
    let person = hall.person(0);
    wait_until("it is served again", || (hall.post_vote(0, &person, "b").status == 200).then_some(()));
}

#[test]
fn a_redis_that_may_lose_what_it_has_is_named() {
    let settings = ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "allkeys-lru"];
    let Some(redis) = Server::start_with(&settings) else { return };
    let hall = Hall::bare(redis);
    let reason = hall.wait_until_ready(0, "journal", "degraded");
    assert!(
        reason.contains("appendfsync everysec") && reason.contains("maxmemory-policy allkeys-lru"),
        "{reason}"
    );
    assert!(!reason.contains("appendonly"), "what is right is not named: {reason}");
    assert_eq!(json!(hall.ready(0, "doors").0), "ok");
}
