//! When a room speaks: the first change after quiet at once, then merged from beat to beat.

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Codec, Output, RoomRef, Settings};

use super::{accepted, key, probe, tuned};
use crate::desk::{Desk, Hall};

/// Ranged pushes among what the desk heard, by the seq that each ends at.
fn pushed(desk: &mut Desk) -> Vec<u64> {
    let seq = |output: Output| match output {
        Output::Push { push, .. } => push.range.map(|(_, seq)| seq),
        _ => None,
    };
    desk.heard().into_iter().filter_map(seq).collect()
}

fn quiet(settings: Settings) -> (Desk, RoomRef) {
    let (mut desk, room) = tuned(settings);
    Hall::new(room).enter(&mut desk, 4, 1, Codec::Json, None);
    desk.pass(10_000);
    desk.heard();
    (desk, room)
}

#[test]
fn the_first_change_after_quiet_is_told_at_once() {
    let (mut desk, room) = quiet(Settings::default());
    accepted(&mut desk, 3, room, key(1), "probe.say", "one");
    assert_eq!(pushed(&mut desk), [1]);
}

#[test]
fn the_next_changes_wait_for_the_beat() {
    let (mut desk, room) = quiet(Settings { beat_min_ms: 50, ..Settings::default() });
    accepted(&mut desk, 3, room, key(1), "probe.say", "one");
    desk.heard();
    for n in 2..=20 {
        accepted(&mut desk, 3, room, key(n), "probe.say", "more");
        desk.pass(2);
    }
    assert!(pushed(&mut desk).is_empty(), "38 ms are no beat");
    desk.pass(12);
    assert_eq!(pushed(&mut desk), (2..=20).collect::<Vec<_>>(), "all that fell into the beat, together");
    desk.pass(1_000);
    assert!(pushed(&mut desk).is_empty(), "no change, no beat");
}

#[test]
fn a_strained_driver_stretches_the_shortest_beat() {
    let (mut desk, room) = quiet(Settings { beat_min_ms: 10, ..Settings::default() });
    for (stretch_ms, from) in [(0, 1_u64), (30, 3), (0, 5)] {
        desk.engine.stretch(stretch_ms);
        desk.pass(1_000);
        accepted(&mut desk, 3, room, key(from.into()), "probe.say", "one");
        assert_eq!(pushed(&mut desk), [from], "the first change after quiet does not wait");
        accepted(&mut desk, 3, room, key((from + 1).into()), "probe.say", "two");
        desk.pass(9 + stretch_ms);
        assert!(pushed(&mut desk).is_empty());
        desk.pass(1);
        assert_eq!(pushed(&mut desk), [from + 1]);
    }
}

#[test]
fn what_is_urgent_takes_along_what_waited() {
    let (mut desk, room) = quiet(Settings { beat_min_ms: 50, ..Settings::default() });
    for (n, op) in [(1, "probe.say"), (2, "probe.say"), (3, "probe.shout")] {
        accepted(&mut desk, 3, room, key(n), op, "word");
    }
    assert_eq!(pushed(&mut desk), [1, 2, 3]);
}

#[test]
fn the_beat_stretches_with_the_room_and_with_fewer_shards() {
    for (sockets, shards, expected_ms) in
        [(100, 1, 10), (1_000, 1, 24), (5_000, 1, 120), (5_000, 2, 60), (20_000, 1, 250)]
    {
        let (mut desk, room) = quiet(Settings { shards, ..Settings::default() });
        for sub in 2..=sockets {
            desk.join(&crate::desk::person(3), sub, room, Codec::Json, None).expect("one may come in");
            desk.heard();
        }
        accepted(&mut desk, 3, room, key(1), "probe.shout", "now");
        accepted(&mut desk, 3, room, key(2), "probe.say", "soon");
        desk.heard();
        desk.pass(expected_ms - 1);
        assert!(pushed(&mut desk).is_empty(), "{sockets} sockets: too early");
        desk.pass(1);
        assert_eq!(
            pushed(&mut desk),
            [2],
            "{sockets} sockets on {shards} shards beat every {expected_ms} ms"
        );
    }
}

#[test]
fn a_clock_that_is_set_back_does_not_silence_a_room() {
    let (mut desk, room) = quiet(Settings::default());
    accepted(&mut desk, 3, room, key(1), "probe.say", "one");
    desk.heard();
    desk.now = desk.now.plus_ms(-3_600_000);
    accepted(&mut desk, 3, room, key(2), "probe.say", "two");
    assert_eq!(pushed(&mut desk), [2]);
}

#[test]
fn a_room_is_woken_when_it_asked_for_it() {
    let (mut desk, room) = quiet(Settings::default());
    let data = serde_json::json!({"ms": 5_000});
    desk.ask(&crate::desk::person(3), room, Some(key(1)), "probe.alarm", &data)
        .expect("the probe accepts it");
    desk.pass(4_999);
    assert_eq!(desk.engine.seq(room), Some(1));
    desk.pass(1);
    assert_eq!(desk.engine.seq(room), Some(2), "time made something happen");
    assert_eq!(pushed(&mut desk), [2]);
    let record = desk.journal.records.last().expect("it is journaled");
    assert_eq!((record.seq, record.key, record.at), (2, None, desk.now));
    assert_eq!(desk.restarted().engine.state_bytes(room), desk.engine.state_bytes(room));
}

#[test]
fn an_alarm_rings_after_a_restart() {
    let (mut desk, room) = probe();
    let data = serde_json::json!({"ms": 5_000});
    desk.ask(&crate::desk::person(3), room, Some(key(1)), "probe.alarm", &data)
        .expect("the probe accepts it");
    let mut again = desk.restarted();
    assert!(again.engine.next_call() <= Some(again.now.plus_ms(5_000)));
    again.pass(6_000);
    assert_eq!(again.engine.seq(room), Some(2));
}

#[test]
fn a_room_that_always_wants_to_be_woken_lets_the_others_live() {
    let (mut desk, room) = quiet(Settings::default());
    accepted(&mut desk, 3, room, key(1), "probe.stick", "");
    desk.engine.tick(desk.now);
    assert_eq!(desk.engine.next_call(), Some(Timestamp::from_ms(0)), "the tick ended, and it asks again");
    accepted(&mut desk, 3, room, key(2), "probe.say", "still here");
}

#[test]
fn the_beat_waits_for_what_is_still_on_its_way() {
    let (mut desk, room) = quiet(Settings { beat_min_ms: 50, ..Settings::default() });
    accepted(&mut desk, 3, room, key(1), "probe.say", "one");
    assert_eq!(pushed(&mut desk), [1]);
    desk.engine.telling(room);
    accepted(&mut desk, 3, room, key(2), "probe.say", "two");
    desk.pass(5_000);
    accepted(&mut desk, 3, room, key(3), "probe.say", "three");
    desk.pass(5_000);
    assert!(pushed(&mut desk).is_empty(), "the sockets do not have the first one yet");
    accepted(&mut desk, 3, room, key(4), "probe.shout", "now");
    assert_eq!(pushed(&mut desk), [2, 3, 4], "what is urgent does not wait");
    accepted(&mut desk, 3, room, key(5), "probe.say", "five");
    desk.pass(5_000);
    desk.engine.told(room);
    desk.pass(1);
    assert_eq!(pushed(&mut desk), [5]);
}
