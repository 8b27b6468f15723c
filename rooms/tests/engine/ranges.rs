//! Everyone's pushes join without a hole, and who comes back is where everyone else is.

use plenum_rooms::engine::{AUDIENCES, Codec, JoinBody, Output};
use serde_json::json;

use super::{accepted, key, probe};
use crate::desk::{Hall, person};

/// Commands of every sort, by anyone.
const OPS: [&str; 6] =
    ["probe.say", "probe.shout", "probe.hide", "probe.whisper", "probe.nothing", "probe.inform"];

#[test]
fn no_audience_and_no_codec_has_a_hole() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    for n in 0..8 {
        hall.enter(&mut desk, n, n, Codec::ALL[n as usize % 2], None);
        hall.enter(&mut desk, n, 20 + n, Codec::ALL[(n as usize + 1) % 2], None);
    }
    for n in 1..=300_u64 {
        let op = OPS[(n * n / 3) as usize % OPS.len()];
        let by = if op == "probe.inform" { 3 } else { n % 7 };
        accepted(&mut desk, by, room, key(u128::from(n)), op, &n.to_string());
        desk.pass((n * 7 % 40) as i64);
        hall.listen(&mut desk);
    }
    accepted(&mut desk, 3, room, key(301), "probe.shout", "the end");
    hall.listen(&mut desk);
    let seq = desk.engine.seq(room).expect("the room is open");
    assert!(hall.sockets.values().all(|socket| socket.seq == seq), "everyone is at the end");
    let audiences: Vec<_> = hall.sockets.values().map(|socket| socket.audience).collect();
    assert!(AUDIENCES.iter().all(|audience| audiences.contains(audience)), "every audience was heard");
}

#[test]
fn a_replay_brings_one_to_the_state() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    for codec in Codec::ALL {
        hall.enter(&mut desk, 3, codec.index() as u64, codec, None);
    }
    for n in 1..=50 {
        accepted(&mut desk, 4, room, key(n), "probe.say", &n.to_string());
        desk.pass(3);
    }
    desk.pass(1_000);
    for (codec, since) in
        Codec::ALL.into_iter().flat_map(|codec| [0, 1, 17, 49, 50].map(|since| (codec, since)))
    {
        let (seq, body) = desk.join(&person(5), 9, room, codec, Some(since)).expect("one may come back");
        let JoinBody::Replay(missed) = body else { panic!("at {since} the pushes are still there") };
        assert_eq!(seq, 50);
        assert_eq!(missed.len() as u64, 50 - since, "each word is its own push");
        assert!(missed.iter().all(|push| push.range.is_some_and(|(_, seq)| seq > since)));
        desk.leave(9, room);
    }
}

#[test]
fn who_comes_back_too_late_or_from_elsewhere_gets_the_state() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 3, 1, Codec::Json, None);
    for n in 1..=300 {
        accepted(&mut desk, 4, room, key(n), "probe.shout", &n.to_string());
    }
    for since in [0, 10, 301] {
        let (seq, body) =
            desk.join(&person(5), 9, room, Codec::Json, Some(since)).expect("one may come back");
        assert!(matches!(body, JoinBody::State(_)), "at {since}");
        assert_eq!(seq, 300);
    }
}

#[test]
fn who_missed_something_personal_gets_the_state() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 4, 1, Codec::Json, None);
    accepted(&mut desk, 4, room, key(1), "probe.shout", "one");
    accepted(&mut desk, 3, room, key(2), "probe.whisper", "to me");
    desk.pass(1_000);
    let body = |n, since| {
        move |desk: &mut crate::desk::Desk| {
            desk.join(&person(n), 50 + n, room, Codec::Json, Some(since)).expect("one may come back").1
        }
    };
    assert!(matches!(body(3, 1)(&mut desk), JoinBody::State(_)), "the person missed it");
    assert!(matches!(body(5, 1)(&mut desk), JoinBody::Replay(_)), "the others did not");
    assert!(matches!(body(3, 2)(&mut desk), JoinBody::Replay(_)), "it is told once");
}

#[test]
fn something_personal_reaches_every_socket_but_the_senders() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    for sub in [1, 2] {
        hall.enter(&mut desk, 3, sub, Codec::ALL[sub as usize - 1], None);
    }
    hall.enter(&mut desk, 4, 3, Codec::Json, None);
    accepted(&mut desk, 3, room, key(1), "probe.whisper", "hush");
    desk.pass(1_000);
    hall.listen(&mut desk);
    let whispers = |hall: &mut Hall, sub| {
        let taken = hall.taken(sub);
        taken.iter().filter(|(ev, _)| *ev == "probe.whisper").count()
    };
    assert_eq!([1, 2, 3].map(|sub| whispers(&mut hall, sub)), [1, 1, 0]);
}

#[test]
fn who_acted_moves_to_the_audience_that_sees_more() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 3, 1, Codec::Json, None);
    hall.enter(&mut desk, 4, 2, Codec::MsgPack, None);
    accepted(&mut desk, 0, room, key(1), "probe.hide", "gold");
    accepted(&mut desk, 3, room, key(2), "probe.inform", "");
    hall.listen(&mut desk);
    let state = hall.socket(1).state.clone().expect("it was given the state");
    assert_eq!(state["secrets"], json!(["gold"]));
    accepted(&mut desk, 0, room, key(3), "probe.hide", "silver");
    desk.pass(1_000);
    hall.listen(&mut desk);
    assert!(hall.taken(1).contains(&("probe.hidden", json!({"text": "silver"}))));
    assert!(hall.taken(2).iter().all(|(ev, _)| *ev != "probe.hidden"));
    assert_eq!(hall.socket(2).state.as_ref().map(|state| state["secrets"].is_null()), Some(true));
}

#[test]
fn a_new_round_moves_everyone_back() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    for n in 3..6 {
        hall.enter(&mut desk, n, n, Codec::Json, None);
        accepted(&mut desk, n, room, key(n.into()), "probe.inform", "");
    }
    desk.pass(1_000);
    hall.listen(&mut desk);
    accepted(&mut desk, 0, room, key(10), "probe.forget", "");
    accepted(&mut desk, 0, room, key(11), "probe.hide", "gold");
    desk.pass(1_000);
    for output in hall.listen(&mut desk) {
        assert!(
            !matches!(output, Output::Push { push, .. } if push.ev == "probe.hidden"),
            "nobody may see it"
        );
    }
    assert!(
        hall.sockets.values().all(|socket| socket.state.as_ref().is_some_and(|s| s["secrets"].is_null()))
    );
}

#[test]
fn who_was_away_when_audiences_changed_gets_the_state() {
    let (mut desk, room) = probe();
    let mut hall = Hall::new(room);
    hall.enter(&mut desk, 4, 1, Codec::Json, None);
    accepted(&mut desk, 3, room, key(1), "probe.inform", "");
    desk.pass(1_000);
    let (_, body) = desk.join(&person(3), 9, room, Codec::Json, Some(0)).expect("one may come back");
    assert!(matches!(body, JoinBody::State(_)), "it acted from elsewhere and may see more now");
    accepted(&mut desk, 0, room, key(2), "probe.forget", "");
    desk.pass(1_000);
    let (_, body) = desk.join(&person(5), 10, room, Codec::Json, Some(1)).expect("one may come back");
    assert!(matches!(body, JoinBody::State(_)), "everyone's audience was made anew");
}
