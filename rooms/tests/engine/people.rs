//! Who is here, and what nobody keeps.

use plenum_rooms::engine::{Codec, Output, SubId};
use serde_json::{Value, json};

use super::{key, probe};
use crate::desk::{Desk, Hall, SCREEN, person};

/// The last figures that were shown.
fn shown(desk: &mut Desk, hall: &mut Hall) -> Value {
    desk.pass(1_000);
    hall.listen(desk);
    hall.taken(1).pop().map_or(Value::Null, |(_, data)| data)
}

#[test]
fn people_are_counted_once_and_screens_not_at_all() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    for (n, sub) in [(4, 1), (4, 2), (5, 3), (0, 4), (SCREEN, 5), (SCREEN, 6)] {
        hall.enter(&mut desk, n, sub, Codec::Json, None);
    }
    assert_eq!(shown(&mut desk, &mut hall)["present"], 3, "two attendees and a moderator");
    for (sub, left) in [(2, 3), (3, 2), (5, 2), (6, 2), (4, 1)] {
        desk.leave(sub, room);
        hall.sockets.remove(&SubId(sub));
        assert_eq!(shown(&mut desk, &mut hall)["present"], left, "after {sub} left");
    }
}

#[test]
fn a_socket_that_joins_twice_is_one_socket() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    for codec in [Codec::Json, Codec::MsgPack, Codec::Json] {
        hall.enter(&mut desk, 4, 1, codec, None);
    }
    assert_eq!(desk.engine.subscriptions(), 1);
    assert_eq!(shown(&mut desk, &mut hall)["present"], 1);
}

#[test]
fn reactions_are_added_up_and_shown_four_times_a_second_at_most() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 4, 1, Codec::Json, None);
    desk.pass(10_000);
    hall.listen(&mut desk);
    hall.taken(1);
    for _ in 0..200 {
        assert_eq!(desk.ask(&person(3), room, None, "probe.flash", &json!({})), Ok(None));
        desk.pass(5);
    }
    desk.pass(1_000);
    let outputs = hall.listen(&mut desk);
    let taken = hall.taken(1);
    let flashes: u64 = taken.iter().filter_map(|(_, data)| data["flashes"].as_u64()).sum();
    assert_eq!(flashes, 200, "none is lost on a good line");
    assert!((4..=6).contains(&taken.len()), "{} pushes in a second", taken.len());
    let ranged = |one: &Output| matches!(one, Output::Push { push, .. } if push.range.is_some());
    assert!(!outputs.iter().any(ranged), "what nobody keeps has no range");
    assert_eq!(desk.journal.records.len(), 1, "and is not journaled");
}

#[test]
fn a_repeated_key_of_a_reaction_counts_as_often_as_it_is_sent() {
    let (mut desk, room) = probe();
    let records = desk.journal.records.len();
    for _ in 0..3 {
        assert_eq!(desk.ask(&person(3), room, Some(key(1)), "probe.flash", &json!({})), Ok(None));
    }
    assert_eq!(desk.journal.records.len(), records);
}

#[test]
fn a_node_that_is_gone_takes_its_people_with_it() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    for (n, sub) in [(4, 1), (4, 11), (5, 12), (6, 20), (7, 21)] {
        hall.enter(&mut desk, n, sub, Codec::Json, None);
    }
    desk.engine.leave_all(SubId(10)..=SubId(20), desk.now);
    hall.sockets.retain(|sub, _| [1, 21].contains(&sub.0));
    assert_eq!(shown(&mut desk, &mut hall)["present"], 2, "one of them has a socket elsewhere");
    assert_eq!(desk.engine.subscriptions(), 2);
}
