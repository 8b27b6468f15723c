//! What is journaled is the room: it comes back from its records, from a snapshot, and from the same seed.

use plenum_rooms::engine::{Body, Codec, Output, Settings};

use super::{COMMANDS, Play, lively, with_every_kind};
use crate::desk::{Desk, person, read};

#[test]
fn the_records_rebuild_the_room() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        play.run_lasting(COMMANDS);
        let mut again = play.desk.restarted();
        assert_eq!(again.engine.seq(play.room), play.desk.engine.seq(play.room), "{} {seed}", kind.name);
        same_room(&mut play, &mut again, seed);
    });
}

#[test]
fn a_snapshot_and_the_records_after_it_rebuild_the_room() {
    with_every_kind(|kind, seed| {
        let settings = Settings { snapshot_after: 3, ..Settings::default() };
        let mut play = Play::tuned(kind, seed, settings);
        play.run_lasting(COMMANDS);
        assert!(play.desk.journal.snapshots.contains_key(&play.room), "{} {seed}: no snapshot", kind.name);
        let mut again = play.desk.restarted();
        same_room(&mut play, &mut again, seed);
    });
}

/// Byte for byte the same state, and the same view for everyone.
fn same_room(play: &mut Play, again: &mut Desk, seed: u64) {
    let (room, name) = (play.room, play.kind.name);
    assert!(again.engine.state_bytes(room) == Some(play.bytes()), "{name} {seed}: another state came back");
    for (n, codec) in (0..9).flat_map(|n| Codec::ALL.map(|codec| (n, codec))) {
        let (was, is) = (play.desk.look(&person(n), room, codec), again.look(&person(n), room, codec));
        assert_eq!(read(codec, &was), read(codec, &is), "{name} {seed}: person {n}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    with_every_kind(|kind, seed| {
        let (one, two) = (lively(kind, seed), lively(kind, seed));
        assert!(one.desk.journal.records == two.desk.journal.records, "{} {seed}: other records", kind.name);
        assert!(one.bytes() == two.bytes(), "{} {seed}: another state", kind.name);
    });
}

#[test]
fn every_record_continues_where_the_last_one_ended() {
    with_every_kind(|kind, seed| {
        let play = lively(kind, seed);
        let mut seq = 0;
        for record in play.desk.journal.records.iter().filter(|record| record.room == play.room) {
            match &record.body {
                Body::Opened(_) => assert_eq!(record.seq, 0),
                Body::Nothing => assert_eq!(record.seq, seq + 1, "{} {seed}", kind.name),
                Body::Facts(facts) => {
                    let facts: Vec<serde::de::IgnoredAny> =
                        rmp_serde::from_slice(facts).expect("facts are a list");
                    assert!(!facts.is_empty(), "{} {seed}: a record of nothing", kind.name);
                    assert_eq!(record.seq, seq + facts.len() as u64, "{} {seed}", kind.name);
                }
            }
            seq = record.seq;
        }
        assert_eq!(play.desk.engine.seq(play.room), Some(seq));
    });
}

#[test]
fn refused_and_passing_things_leave_no_trace() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        for _ in 0..COMMANDS {
            let (before, records) = (play.bytes(), play.desk.journal.records.len());
            let by = person(play.dice.below(9));
            let command = play.made_up(&by);
            let sent = play.send(by, command);
            let kept = matches!(sent.outcome, Ok(Some(_)));
            let traces = play.bytes() != before || play.desk.journal.records.len() != records;
            assert!(kept || !traces, "{} {seed}: {:?} left a trace", kind.name, sent.command);
            play.desk.pass(300);
        }
    });
}

#[test]
fn who_is_present_is_not_kept() {
    with_every_kind(|kind, seed| {
        let mut play = lively(kind, seed);
        let (before, records) = (play.bytes(), play.desk.journal.records.len());
        for n in 0..9 {
            play.desk.join(&person(n), n, play.room, Codec::Json, None).expect("a participant may come in");
        }
        assert!(play.bytes() == before, "{} {seed}: presence is in the state", kind.name);
        assert_eq!(play.desk.journal.records.len(), records, "{} {seed}", kind.name);
    });
}

#[test]
fn a_room_that_a_fact_opens_is_there() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        for _ in 0..COMMANDS {
            let sent = play.step();
            let heard = play.desk.heard();
            let Ok(Some(opened)) = sent.outcome.map(|ok| ok.and_then(|accepted| accepted.opened)) else {
                continue;
            };
            assert!(kind.opening_ops.contains(&sent.command.op), "{}: {}", kind.name, sent.command.op);
            assert!(play.desk.engine.seq(opened).is_some(), "{} {seed}: no room {opened}", kind.name);
            assert!(heard.iter().any(|one| matches!(one, Output::Opened { room, .. } if *room == opened)));
        }
    });
}
