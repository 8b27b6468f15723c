use plenum_client::RoomUpdate;
use plenum_protocol::code;
use serde_json::{Value, json};

use crate::world::World;

const ROOM: &str = "poll:1";

fn state(seq: u64) -> Value {
    json!({"room": ROOM, "epoch": "1", "seq": seq, "state": {"seq": seq}})
}

fn push(prev: u64, seq: u64) -> Value {
    json!({"room": ROOM, "prev": prev, "seq": seq, "ev": "poll.results", "data": {}})
}

fn replay(prev: u64, seq: u64) -> Value {
    json!({"room": ROOM, "epoch": "1", "seq": seq, "replay": [push(prev, seq)]})
}

fn joined() -> World {
    let mut world = World::live();
    world.core.join(ROOM);
    world.settle();
    world.ok("join", &state(41));
    world
}

/// What was heard, in short.
fn heard(world: &World) -> Vec<String> {
    let short = |update: &RoomUpdate| match update {
        RoomUpdate::State { seq, .. } => format!("state {seq}"),
        RoomUpdate::Push { seq: Some(seq), .. } => format!("push {seq}"),
        RoomUpdate::Push { ev, .. } => ev.clone(),
        RoomUpdate::Refused { refusal, .. } => refusal.code.clone(),
    };
    world.updates.iter().map(short).collect()
}

#[test]
fn a_room_gives_its_state_then_each_change_once() {
    let mut world = joined();
    world.push(&json!([push(41, 57), push(41, 57), {"room": ROOM, "ev": "poll.mine", "data": {}}]));
    world.push(&json!({"room": "poll:2", "ev": "poll.mine", "data": {}}));
    assert_eq!(heard(&world), ["state 41", "push 57", "poll.mine"]);
}

#[test]
fn a_gap_asks_for_what_is_missing_once() {
    let mut world = joined();
    world.push(&push(50, 57));
    world.push(&push(57, 58));
    assert_eq!(world.ops(), ["join"]);
    let join = world.ok("join", &replay(41, 58));
    assert_eq!(join.since, Some(("1".to_owned(), 41)));
    assert_eq!(heard(&world), ["state 41", "push 58"]);
}

#[test]
fn a_break_is_taken_up_where_it_was() {
    let mut world = joined();
    world.come_back();
    let join = world.ok("join", &replay(41, 42));
    assert_eq!(join.since, Some(("1".to_owned(), 41)));
    assert_eq!(heard(&world), ["state 41", "push 42"]);
}

#[test]
fn another_history_replaces_what_was_held() {
    let mut world = joined();
    world.come_back();
    world.ok("join", &json!({"room": ROOM, "epoch": "2", "seq": 3, "state": {}}));
    assert_eq!(heard(&world), ["state 41", "state 3"]);
    world.come_back();
    assert_eq!(world.take("join").since, Some(("2".to_owned(), 3)));
}

#[test]
fn joining_again_brings_the_state_again_even_while_a_part_is_asked_for() {
    let mut world = joined();
    world.core.join(ROOM);
    world.settle();
    assert_eq!(world.ok("join", &state(42)).since, None);

    world.push(&push(50, 57));
    world.core.join(ROOM);
    world.settle();
    assert!(world.ok("join", &replay(42, 57)).since.is_some());
    assert_eq!(world.ok("join", &state(57)).since, None);
    assert_eq!(heard(&world), ["state 41", "state 42", "state 57"]);
}

#[test]
fn a_room_that_was_left_is_not_heard_and_not_joined_again() {
    let mut world = joined();
    world.core.leave(ROOM);
    world.settle();
    world.ok("leave", &json!({}));
    world.push(&push(41, 42));
    world.come_back();
    assert!(world.ops().is_empty());
    assert_eq!(heard(&world), ["state 41"]);
}

#[test]
fn a_refused_room_says_so_once() {
    let mut world = World::live();
    world.core.join(ROOM);
    world.settle();
    world.err("join", code::NOT_FOUND, None);
    world.come_back();
    assert!(world.ops().is_empty());
    assert_eq!(heard(&world), [code::NOT_FOUND]);
}

#[test]
fn a_room_that_is_busy_is_asked_for_again() {
    let mut world = World::live();
    world.core.join(ROOM);
    world.settle();
    world.err("join", code::BUSY, Some(100));
    world.pass(600);
    world.ok("join", &state(1));
    assert_eq!(heard(&world), ["state 1"]);
}
