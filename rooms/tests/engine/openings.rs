//! A room that a fact opens is in the journal before the fact that names it.

use plenum_rooms::engine::{Body, Output, Refusal, RoomRef};
use serde_json::json;

use super::{ask, key, probe, send};
use crate::desk::person;

#[test]
fn the_answer_names_the_room_and_the_room_is_there() {
    let (mut desk, room) = probe();
    let opened = ask(&mut desk, 0, room, key(1), "probe.open", "").expect("it is accepted");
    let new = opened.expect("it is journaled").opened.expect("it opens a room");
    assert_eq!(new, RoomRef::new("screen", key(1)));
    assert_eq!(desk.engine.seq(new), Some(0));
    let again = desk.restarted();
    assert_eq!(again.engine.seq(new), Some(0), "after a restart too");
}

#[test]
fn no_crash_between_its_two_records_leaves_a_name_without_a_room() {
    for survived in 0..=2 {
        let (mut desk, room) = probe();
        desk.holds = true;
        send(&mut desk, 0, room, key(1), "probe.open", "");
        assert_eq!(desk.journal.pending(), 2);
        desk.journal.keep(survived);
        let mut again = desk.restarted();
        let new = RoomRef::new("screen", key(1));
        assert!(again.engine.seq(room) == Some(0) || again.engine.seq(new).is_some(), "{survived} records");
        let opened = ask(&mut again, 0, room, key(1), "probe.open", "").expect("the same key may try again");
        assert_eq!(opened.and_then(|accepted| accepted.opened), Some(new), "{survived} records");
        again.ask(&person(0), new, Some(key(2)), "screen.show", &json!({"session": null})).expect("it works");
        let of_new = again.journal.records.iter().filter(|record| record.room == new);
        let openings = of_new.filter(|record| matches!(record.body, Body::Opened(_))).count();
        assert_eq!(openings, 1, "{survived} records: it is opened once");
    }
}

#[test]
fn a_full_disk_between_its_two_records_is_survived_too() {
    for survived in 0..=1 {
        let (mut desk, room) = probe();
        desk.holds = true;
        let lost = send(&mut desk, 0, room, key(1), "probe.open", "");
        desk.engine.durable(desk.journal.keep(survived));
        desk.fail(&Refusal::busy("the disk is full", 1_000));
        assert!(desk.answer(lost).is_some_and(|outcome| outcome.is_err()));
        desk.holds = false;
        assert!(ask(&mut desk, 0, room, key(1), "probe.open", "").is_ok(), "{survived} records");
        let heard = desk.heard();
        let told = heard.iter().filter(|one| matches!(one, Output::Opened { .. })).count();
        assert_eq!(told, 1, "{survived} records: the driver is told once");
    }
}

#[test]
fn a_key_that_names_another_room_opens_none() {
    let (mut desk, room) = probe();
    let refusal = ask(&mut desk, 0, room, room.id, "probe.open", "").expect_err("the id is taken");
    assert_eq!(refusal.code, "hub.bad_frame");
}
