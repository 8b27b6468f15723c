//! One answer per key.

use plenum_rooms::engine::{Codec, Settings};
use serde_json::json;

use super::{accepted, ask, key, probe, tuned, words};
use crate::desk::{Hall, person};

#[test]
fn an_accepted_key_is_answered_again_and_does_nothing_again() {
    let (mut desk, room) = probe();
    let first = ask(&mut desk, 3, room, key(1), "probe.say", "one");
    accepted(&mut desk, 4, room, key(2), "probe.say", "two");
    assert_eq!(ask(&mut desk, 3, room, key(1), "probe.say", "one"), first);
    assert_eq!(ask(&mut desk, 3, room, key(1), "probe.refuse", "other words"), first);
    assert_eq!(words(&mut desk, &person(3), room), json!(["one", "two"]));
    assert_eq!(desk.journal.records.len(), 3, "an opening and two commands");
}

#[test]
fn an_accepted_key_is_known_after_a_restart_with_and_without_a_snapshot() {
    for snapshot_after in [2, 1_000] {
        let (mut desk, room) = tuned(Settings { snapshot_after, ..Settings::default() });
        let outcomes: Vec<_> =
            (1..6).map(|n| ask(&mut desk, 3, room, key(n), "probe.say", &format!("{n}"))).collect();
        let mut again = desk.restarted();
        for (n, outcome) in (1..6).zip(outcomes) {
            assert_eq!(ask(&mut again, 3, room, key(n), "probe.say", "x"), outcome);
        }
        assert_eq!(words(&mut again, &person(3), room), json!(["1", "2", "3", "4", "5"]));
        assert_eq!(again.journal.records.len(), desk.journal.records.len());
    }
}

#[test]
fn a_refusal_is_answered_again_unless_it_asks_to_come_back() {
    let (mut desk, room) = probe();
    let no = ask(&mut desk, 3, room, key(1), "probe.refuse", "");
    assert_eq!(no.as_ref().expect_err("the probe refuses").code, "probe.no");
    assert_eq!(ask(&mut desk, 3, room, key(1), "probe.say", "now it would work"), no);
    let later = ask(&mut desk, 3, room, key(2), "probe.defer", "");
    assert_eq!(later.expect_err("the probe defers").retry_ms, Some(10));
    assert!(ask(&mut desk, 3, room, key(2), "probe.say", "now").is_ok());
    assert_eq!(words(&mut desk, &person(3), room), json!(["now"]));
}

#[test]
fn a_key_of_someone_else_is_refused() {
    let (mut desk, room) = probe();
    accepted(&mut desk, 3, room, key(1), "probe.say", "mine");
    let refusal = ask(&mut desk, 4, room, key(1), "probe.say", "yours").expect_err("the key is taken");
    assert_eq!(refusal.code, "hub.bad_frame");
    let mut again = desk.restarted();
    assert!(ask(&mut again, 4, room, key(1), "probe.say", "yours").is_err(), "after a restart too");
    assert_eq!(words(&mut again, &person(3), room), json!(["mine"]));
}

#[test]
fn what_changes_a_room_needs_a_key_and_what_passes_needs_none() {
    let (mut desk, room) = probe();
    let refusal = desk.ask(&person(3), room, None, "probe.say", &json!({})).expect_err("no key");
    assert_eq!((refusal.code, refusal.details[0].1.as_str()), ("hub.bad_frame", Some("key")));
    assert_eq!(desk.ask(&person(3), room, None, "probe.flash", &json!({})), Ok(None));
    assert_eq!(desk.journal.records.len(), 1, "only the opening");
}

#[test]
fn an_accepted_command_that_changes_nothing_stays_done_over_a_restart() {
    for snapshot_after in [1, 2, 1_000] {
        let (mut desk, room) = tuned(Settings { snapshot_after, ..Settings::default() });
        let first = ask(&mut desk, 3, room, key(1), "probe.nothing", "");
        assert_eq!(first.as_ref().expect("it is accepted").map(|accepted| accepted.seq), Some(1));
        assert_eq!(ask(&mut desk, 3, room, key(1), "probe.say", "x"), first);
        accepted(&mut desk, 4, room, key(2), "probe.say", "between");
        let mut again = desk.restarted();
        assert_eq!(ask(&mut again, 3, room, key(1), "probe.say", "too late"), first);
        assert_eq!(words(&mut again, &person(3), room), json!(["between"]));
        assert_eq!(again.engine.seq(room), Some(2));
    }
}

#[test]
fn a_record_of_nothing_makes_no_gap_for_those_who_listen() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 3, 1, Codec::Json, None);
    ask(&mut desk, 3, room, key(1), "probe.nothing", "").expect("it is accepted");
    hall.enter(&mut desk, 4, 2, Codec::Json, None);
    accepted(&mut desk, 3, room, key(2), "probe.shout", "heard");
    hall.listen(&mut desk);
    for socket in [1, 2] {
        assert_eq!(hall.socket(socket).seq, 2);
        let said = hall.taken(socket).into_iter().filter(|(ev, _)| *ev == "probe.said").count();
        assert_eq!(said, 1, "socket {socket}");
    }
}
