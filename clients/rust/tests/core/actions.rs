use plenum_client::Codec;
use plenum_protocol::{CommandLimits, HelloOk, code};
use serde_json::json;

use crate::world::World;

const POLL: &str = "poll:1";
const QA: &str = "qa:1";

#[test]
fn an_action_ends_with_its_answer() {
    let mut world = World::live();
    world.act(POLL, "poll.vote", 1);
    let sent = world.ok("poll.vote", &json!({"seq": 42}));
    assert_eq!((sent.key, sent.room.as_deref(), sent.data), (Some(1), Some(POLL), Some(json!({}))));
    let (_, outcome) = &world.settled[0];
    let payload = outcome.as_ref().expect("it was done");
    assert_eq!(payload.decode::<serde_json::Value>().expect("it decodes"), json!({"seq": 42}));
}

#[test]
fn an_unanswered_action_is_sent_again_with_its_key() {
    let mut world = World::live();
    world.act(POLL, "poll.vote", 1);
    assert_eq!(world.take("poll.vote").key, Some(1));
    world.come_back();
    assert_eq!(world.ok("poll.vote", &json!({"seq": 42})).key, Some(1));
    world.come_back();
    assert!(world.ops().is_empty(), "an answered one is not");
    assert_eq!(world.outcomes(), ["ok"]);
}

#[test]
fn what_is_done_offline_is_sent_in_one_frame_in_its_order() {
    let mut world = World::new(Codec::Json);
    world.act(POLL, "poll.vote", 1);
    world.act(QA, "qa.ask", 2);
    world.core.join(POLL);
    world.core.start(world.now_ms);
    world.greet();
    assert_eq!(world.ops(), ["join", "poll.vote", "qa.ask"]);
    assert_eq!(world.frames, [1, 3]);
}

#[test]
fn an_action_waits_for_the_one_before_it_in_its_room() {
    let mut world = World::live();
    world.act(POLL, "poll.vote", 1);
    world.act(POLL, "poll.vote", 2);
    world.act(QA, "qa.ask", 3);
    assert_eq!(world.ops(), ["poll.vote", "qa.ask"]);
    world.err("poll.vote", "poll.closed", None);
    assert_eq!(world.ops(), ["qa.ask", "poll.vote"]);
    assert_eq!(world.outcomes(), ["poll.closed"]);
}

#[test]
fn a_refusal_that_passes_is_tried_again_before_what_came_after_it() {
    let mut world = World::live();
    world.act(POLL, "poll.vote", 1);
    world.act(POLL, "poll.vote", 2);
    world.err("poll.vote", code::BUSY, Some(250));
    world.pass(249);
    assert!(world.ops().is_empty());
    world.pass(501);
    assert_eq!(world.ok("poll.vote", &json!({})).key, Some(1));
    assert_eq!(world.ok("poll.vote", &json!({})).key, Some(2));
}

#[test]
fn an_action_in_a_room_that_the_client_comes_back_into_waits_for_it() {
    let mut world = World::live();
    world.core.join(POLL);
    world.act(POLL, "poll.vote", 1);
    world.act(QA, "qa.ask", 2);
    world.err("join", code::BUSY, Some(0));
    world.err("poll.vote", code::NOT_JOINED, None);
    world.err("qa.ask", code::NOT_JOINED, None);
    assert_eq!(world.outcomes(), [code::NOT_JOINED], "nobody wants into that room");
    world.pass(1_000);
    assert_eq!(world.ok("poll.vote", &json!({"seq": 42})).key, Some(1));
}

#[test]
fn a_refusal_that_never_passes_is_believed_in_the_end() {
    let mut world = World::live();
    world.act(POLL, "poll.vote", 1);
    while world.settled.is_empty() {
        if world.ops().contains(&"ping") {
            world.seen.retain(|seen| seen.op != "ping");
            world.come_back();
        }
        if world.ops().contains(&"poll.vote") {
            world.err("poll.vote", code::MOVED, Some(0));
        }
        world.pass(1_000);
    }
    assert_eq!(world.outcomes(), [code::MOVED]);
}

#[test]
fn an_ended_token_is_renewed_and_the_action_sent_again() {
    let mut world = World::live();
    world.act(POLL, "poll.vote", 1);
    world.err("poll.vote", code::TOKEN_EXPIRED, None);
    assert_eq!(world.tokens, [false, true]);
    world.give_token();
    world.ok("auth.refresh", &json!({}));
    world.pass(500);
    world.ok("poll.vote", &json!({}));
    assert_eq!(world.outcomes(), ["ok"]);
}

#[test]
fn many_commands_refused_for_the_token_ask_for_one() {
    let mut world = World::live();
    world.act(POLL, "poll.vote", 1);
    world.act(QA, "qa.ask", 2);
    world.err("poll.vote", code::TOKEN_EXPIRED, None);
    world.err("qa.ask", code::TOKEN_EXPIRED, None);
    assert_eq!(world.tokens, [false, true]);
}

#[test]
fn the_outbox_is_bounded() {
    let mut world = World::new(Codec::Json);
    for key in 0..5 {
        world.act(POLL, "poll.vote", key);
    }
    assert_eq!(world.outcomes(), ["client.outbox_full"]);
    world.core.abandon();
    world.settle();
    assert_eq!(world.outcomes()[1..], ["client.closed"; 4]);
}

#[test]
fn a_command_too_long_for_the_hub_is_refused_here() {
    let mut world = World::new(Codec::MsgPack);
    world.core.start(world.now_ms);
    world.greet_with(|hello| HelloOk { max_frame_bytes: 60, ..hello });
    world.act(POLL, "poll.vote", 1);
    assert_eq!(world.outcomes(), [code::TOO_LARGE]);
    assert!(world.ops().is_empty());
}

#[test]
fn frames_are_split_where_the_hub_asks() {
    let mut world = World::new(Codec::MsgPack);
    for room in 0..100 {
        world.core.join(&format!("poll:{room}"));
    }
    world.core.start(world.now_ms);
    world.greet();
    assert_eq!(world.frames, [1, 64, 36]);
    world.close(1006);
    world.pass(5_000);
    world.frames.clear();
    world.greet_with(|hello| HelloOk { max_frame_bytes: 1_000, ..hello });
    assert!(world.frames.len() > 3, "{:?}", world.frames);
}

#[test]
fn the_announced_limits_are_kept() {
    let mut world = World::new(Codec::Json);
    world.core.start(world.now_ms);
    let limits = CommandLimits { commands_per_s: 10, commands_burst: 2 };
    world.greet_with(|hello| HelloOk { limits, ..hello });
    for room in ["poll:1", "poll:2", "poll:3", "poll:4"] {
        world.act(room, "poll.vote", 1);
    }
    assert_eq!(world.seen.len(), 2);
    world.pass(100);
    assert_eq!(world.seen.len(), 3);
    world.pass(100);
    assert_eq!(world.seen.len(), 4);
}

#[test]
fn a_signal_is_now_or_not_at_all() {
    let mut world = World::live();
    world.core.signal("session:1", "session.react", b"\x80");
    world.settle();
    assert_eq!(world.ok("session.react", &json!({})).key, None);
    world.core.signal("session:1", "session.react", b"\x80");
    world.settle();
    world.close(1006);
    world.core.signal("session:1", "session.react", b"\x80");
    world.settle();
    assert_eq!(world.outcomes(), ["ok", "client.offline", "client.offline"]);
}
