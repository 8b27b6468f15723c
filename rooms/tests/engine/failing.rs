//! A room that panics is read back from the journal; the others never notice.

use plenum_rooms::engine::{Codec, Output, RoomRef};
use serde_json::json;

use super::probe::KINDS;
use super::{accepted, ask, key, probe, send, words};
use crate::desk::{Desk, Hall, SCOPE, person};

/// Makes the probe panic when it next comes to `place`.
fn fail_at(desk: &mut Desk, room: RoomRef, place: &str) {
    desk.ask(&person(3), room, None, "probe.fail", &json!({"text": place})).expect("the probe takes it");
}

/// A probe with a word in it, and two sockets.
fn inhabited() -> (Desk, RoomRef, Hall) {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 3, 1, Codec::Json, None);
    hall.enter(&mut desk, 4, 2, Codec::MsgPack, None);
    accepted(&mut desk, 3, room, key(1), "probe.shout", "kept");
    desk.pass(10_000);
    hall.listen(&mut desk);
    (desk, room, hall)
}

fn reloads(desk: &mut Desk, hall: &mut Hall) -> usize {
    let heard = hall.listen(desk);
    heard.iter().filter(|one| matches!(one, Output::Reload { .. })).count()
}

#[test]
fn a_panic_at_a_command_is_refused_and_the_room_comes_back() {
    for place in ["decide", "evolve"] {
        let (mut desk, room, mut hall) = inhabited();
        fail_at(&mut desk, room, place);
        let refusal = ask(&mut desk, 3, room, key(2), "probe.say", "lost").expect_err("the room panics");
        assert_eq!(refusal.code, "hub.internal", "{place}");
        assert_eq!(reloads(&mut desk, &mut hall), 1, "{place}");
        assert_eq!(words(&mut desk, &person(3), room), json!(["kept"]), "{place}");
        assert_eq!(accepted(&mut desk, 3, room, key(2), "probe.shout", "again"), 2, "{place}");
        hall.listen(&mut desk);
        assert!(
            hall.sockets.values().all(|socket| socket.seq == 2),
            "{place}: everyone is still in the room"
        );
    }
}

#[test]
fn a_panic_while_telling_loses_nothing() {
    for place in ["tell", "audience", "state"] {
        let (mut desk, room, mut hall) = inhabited();
        fail_at(&mut desk, room, place);
        let outcome = ask(&mut desk, 3, room, key(2), "probe.inform", "");
        accepted(&mut desk, 3, room, key(3), "probe.shout", "more");
        desk.pass(1_000);
        assert_eq!(reloads(&mut desk, &mut hall), 1, "{place}");
        let seq = desk.engine.seq(room).expect("the room is open");
        assert_eq!(seq, if outcome.is_ok() { 3 } else { 2 }, "{place}");
        assert!(hall.sockets.values().all(|socket| socket.seq == seq), "{place}: everyone was told");
        assert_eq!(words(&mut desk, &person(3), room), json!(["kept", "more"]), "{place}");
    }
}

#[test]
fn a_panic_between_commands_loses_nothing() {
    for place in ["flicker", "present", "wake_at", "on_wake"] {
        let (mut desk, room, mut hall) = inhabited();
        let data = json!({"ms": 500});
        desk.ask(&person(3), room, Some(key(2)), "probe.alarm", &data).expect("the probe accepts it");
        fail_at(&mut desk, room, place);
        desk.leave(2, room);
        desk.pass(1_000);
        assert!(reloads(&mut desk, &mut hall) >= 1, "{place}");
        assert_eq!(words(&mut desk, &person(3), room), json!(["kept", "ring"]), "{place}");
    }
}

#[test]
fn a_joiner_at_a_panicking_room_is_asked_to_come_again() {
    let (mut desk, room, mut hall) = inhabited();
    fail_at(&mut desk, room, "state");
    let refusal = desk.join(&person(5), 3, room, Codec::Json, None).expect_err("the room panics");
    assert!(refusal.code == "hub.internal" && refusal.retry_ms.is_some());
    hall.listen(&mut desk);
    hall.enter(&mut desk, 5, 3, Codec::Json, None);
    assert_eq!(hall.socket(3).seq, 1);
}

#[test]
fn the_others_never_notice() {
    let (mut desk, room, mut hall) = inhabited();
    let other = RoomRef::new("screen", SCOPE.tenant);
    let settings = bytes::Bytes::from_static(br#"{"name":"Foyer","session":null}"#);
    let (ticket, by) = (desk.ticket(), person(0).participant);
    desk.handle(plenum_rooms::engine::Input::Open { ticket, by, room: other, scope: SCOPE, settings });
    fail_at(&mut desk, room, "decide");
    desk.holds = true;
    let shown =
        desk.send(&person(0), other, Some(key(5)), "screen.show", &json!({"session": SCOPE.conference}));
    let broken = send(&mut desk, 3, room, key(6), "probe.say", "lost");
    desk.settle();
    assert!(desk.answer(shown).is_some_and(|outcome| outcome.is_ok()));
    assert!(desk.answer(broken).is_some_and(|outcome| outcome.is_err()));
    assert_eq!(reloads(&mut desk, &mut hall), 1);
}

#[test]
fn a_record_at_which_a_room_fails_is_found_at_the_start_and_harms_no_other() {
    let (mut desk, room, _) = inhabited();
    let refusal = ask(&mut desk, 3, room, key(2), "probe.poison", "").expect_err("the room panics");
    assert_eq!(refusal.code, "hub.internal");
    let mut loaded = desk.journal.load(room);
    let mut poisoned = loaded.records.last().cloned().expect("there is a record");
    let plenum_rooms::engine::Body::Facts(facts) = &mut poisoned.body else { panic!("it holds facts") };
    *facts = rmp_serde::to_vec_named(&[super::probe::Fact::Poison]).expect("a fact is plain data");
    poisoned.seq += 1;
    loaded.records.push(poisoned);
    let mut engine = plenum_rooms::Engine::hosting(plenum_rooms::engine::Settings::default(), KINDS);
    let corrupt = engine.restore(loaded).expect_err("the room fails at its records");
    assert!(corrupt.to_string().contains("failed"), "{corrupt}");
    assert_eq!(engine.rooms(), 0);
}
