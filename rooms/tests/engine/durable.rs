//! Nothing leaves before the journal has it, and what the journal lost never was.

use bytes::Bytes;
use plenum_domain::Id;
use plenum_rooms::engine::{Codec, Engine, Input, Output, Refusal, RoomRef, Settings};
use serde_json::json;

use super::probe::KINDS;
use super::{accepted, key, probe, send, words};
use crate::desk::{Desk, Hall, SCOPE, person};

fn disk_full() -> Refusal {
    Refusal::busy("the disk is full", 1_000)
}

#[test]
fn nothing_leaves_before_it_is_durable() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 3, 1, Codec::Json, None);
    desk.holds = true;
    send(&mut desk, 3, room, key(1), "probe.shout", "one");
    let again = send(&mut desk, 3, room, key(1), "probe.shout", "one");
    let refused = send(&mut desk, 3, room, key(2), "probe.refuse", "");
    let joined = desk.knock(&person(4), 2, room, Codec::Json, None);
    desk.pass(1_000);
    assert!(desk.heard().is_empty(), "not an answer, not a push, not a state, not a count");
    desk.settle();
    assert!(desk.answer(again).is_some() && desk.answer(refused).is_some());
    let (seq, _) = desk.joined(joined).expect("the joiner is in").expect("a participant may come in");
    assert_eq!(seq, 1);
}

#[test]
fn what_leaves_keeps_its_order() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 3, 1, Codec::Json, None);
    desk.holds = true;
    for n in 1..=3 {
        send(&mut desk, 3, room, key(n), "probe.shout", &n.to_string());
    }
    desk.engine.durable(desk.journal.keep(1));
    desk.settle();
    let order: Vec<_> = desk.heard().iter().filter_map(short).collect();
    assert_eq!(order, ["reply", "push 1", "reply", "push 2", "reply", "push 3"]);
}

fn short(output: &Output) -> Option<String> {
    match output {
        Output::Reply { .. } => Some("reply".to_owned()),
        Output::Push { push, .. } => push.range.map(|(_, seq)| format!("push {seq}")),
        _ => None,
    }
}

#[test]
fn a_failed_append_is_refused_and_the_room_shows_what_is_true() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 3, 1, Codec::Json, None);
    accepted(&mut desk, 3, room, key(1), "probe.shout", "kept");
    desk.holds = true;
    let lost = send(&mut desk, 3, room, key(2), "probe.shout", "lost");
    desk.fail(&disk_full());
    let refusal = desk.answer(lost).expect("it is answered").expect_err("it is refused");
    assert_eq!((refusal.code, refusal.retry_ms), ("hub.busy", Some(1_000)));
    assert_eq!(words(&mut desk, &person(3), room), json!(["kept"]));
    hall.listen(&mut desk);
    let said: Vec<_> = hall.taken(1).into_iter().filter(|(ev, _)| *ev == "probe.said").collect();
    assert_eq!(said, [("probe.said", json!({"text": "kept"}))], "the lost word was not shown");

    desk.holds = false;
    assert_eq!(accepted(&mut desk, 3, room, key(2), "probe.shout", "again"), 2, "the same key may try again");
    hall.listen(&mut desk);
    assert_eq!(hall.socket(1).seq, 2);
    let same = desk.restarted().engine.state_bytes(room) == desk.engine.state_bytes(room);
    assert!(same, "the journal is the room");
}

#[test]
fn an_append_that_was_not_taken_yet_fails_with_the_others() {
    let (mut desk, room) = probe();
    desk.holds = true;
    send(&mut desk, 3, room, key(1), "probe.say", "taken");
    let input = Input::Command {
        ticket: desk.ticket(),
        sub: None,
        by: person(3),
        room,
        key: Some(key(2)),
        op: "probe.say".into(),
        codec: Codec::Json,
        data: Bytes::from_static(b"{}"),
    };
    desk.engine.handle(input, desk.now);
    desk.fail(&disk_full());
    assert_eq!(desk.journal.pending(), 0, "nothing lost is appended later");
    desk.holds = false;
    accepted(&mut desk, 3, room, key(3), "probe.say", "later");
    assert_eq!(desk.engine.waiting(), 0, "the engine and its driver count the same appends");
    assert_eq!(words(&mut desk, &person(3), room), json!(["later"]));
}

#[test]
fn a_failed_append_harms_no_other_room() {
    let (mut desk, room) = probe();
    let other = open_another(&mut desk);
    let mut hall = Hall::new(other);
    hall.enter(&mut desk, 4, 7, Codec::Json, None);
    desk.holds = true;
    send(&mut desk, 4, other, key(1), "probe.shout", "kept");
    desk.engine.durable(desk.journal.keep(1));
    send(&mut desk, 3, room, key(2), "probe.say", "lost");
    desk.fail(&disk_full());
    let reloads: Vec<_> =
        desk.heard().into_iter().filter(|one| matches!(one, Output::Reload { .. })).collect();
    assert_eq!(reloads.len(), 1, "only the room whose append failed is read back");
    assert_eq!(words(&mut desk, &person(4), other), json!(["kept"]));
}

#[test]
fn who_came_in_on_what_was_lost_is_asked_to_come_again() {
    let (mut desk, room) = probe();
    desk.holds = true;
    send(&mut desk, 3, room, key(1), "probe.say", "lost");
    let ticket = desk.knock(&person(4), 1, room, Codec::Json, None);
    desk.fail(&disk_full());
    assert!(desk.joined(ticket).expect("it is answered").is_err());
    assert_eq!(desk.engine.subscriptions(), 0);
}

#[test]
fn a_room_whose_opening_was_lost_is_not_there() {
    let (mut desk, _) = probe();
    desk.holds = true;
    let other = open_another(&mut desk);
    desk.fail(&disk_full());
    assert_eq!(desk.engine.seq(other), None);
    let opened = desk.heard().iter().any(|one| matches!(one, Output::Opened { .. }));
    assert!(!opened, "nobody is told of it");
}

/// Opens a second probe.
fn open_another(desk: &mut Desk) -> RoomRef {
    let room = RoomRef::new("probe", Id::from_bits(77));
    let settings = Bytes::from_static(b"{}");
    let (ticket, by) = (desk.ticket(), person(0).participant);
    desk.handle(Input::Open { ticket, by, room, scope: SCOPE, settings });
    room
}

#[test]
fn a_hole_in_the_journal_is_found() {
    let (mut desk, room) = probe();
    for n in 1..=3 {
        accepted(&mut desk, 3, room, key(n), "probe.say", "x");
    }
    let mut loaded = desk.journal.load(room);
    loaded.records.remove(2);
    let mut engine = Engine::hosting(Settings::default(), KINDS);
    let corrupt = engine.restore(loaded).expect_err("a record is missing");
    assert!(corrupt.to_string().contains("do not end at 3"), "{corrupt}");
}
