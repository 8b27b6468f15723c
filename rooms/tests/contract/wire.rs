//! What leaves a room bears its name, is announced in the registry, and can be read by a browser.

use std::collections::BTreeSet;

use plenum_rooms::engine::{AUDIENCES, Codec, Output, Push};
use plenum_rooms::kinds::{KINDS, Kind};
use serde_json::Value;

use super::play::prefix;
use super::{COMMANDS, Play, SEEDS, with_every_kind};
use crate::desk::{person, read};

/// The hub's own codes that a room may refuse with.
const HUB_CODES: [&str; 6] =
    ["hub.bad_frame", "hub.unknown_op", "hub.forbidden", "hub.not_found", "hub.rate_limited", "hub.busy"];
/// Rooms that are played at most until everything was seen once.
const ROOMS_MAX: u64 = 200;
/// The first whole number that a JavaScript number cannot hold exactly next to its neighbours: 2^53.
const UNSAFE: u64 = 1 << 53;

#[test]
fn names_bear_the_kinds_name() {
    for kind in KINDS {
        let prefix = prefix(kind);
        let names = kind.ops.iter().chain(kind.events).chain([&kind.state_event]);
        for name in names {
            // A session announces the polls that it opens with the poll's own word.
            let opens = kind.opening_ops.contains(name);
            assert!(opens || belongs(name, &[prefix, kind.name]), "{}: {name}", kind.name);
        }
        assert!(kind.opening_ops.iter().all(|op| kind.ops.contains(op)), "{}", kind.name);
        let codes: BTreeSet<_> = kind.codes.iter().collect();
        assert_eq!(codes.len(), kind.codes.len(), "{}: a code is there twice", kind.name);
        for code in codes {
            assert!(belongs(code, &[prefix, kind.name]) || belongs_to_opened(kind, code), "{code}");
        }
    }
}

fn belongs(name: &str, prefixes: &[&str]) -> bool {
    name.split_once('.').is_some_and(|(first, rest)| prefixes.contains(&first) && !rest.is_empty())
}

/// A session that opens polls refuses bad ones with the poll's codes.
fn belongs_to_opened(kind: &Kind, code: &str) -> bool {
    let opened: Vec<&str> = kind.opening_ops.iter().filter_map(|op| Some(op.split_once('.')?.0)).collect();
    belongs(code, &opened)
}

#[test]
fn refusals_use_announced_codes() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        for sent in play.run(COMMANDS * 2) {
            let Err(refusal) = sent.outcome else { continue };
            let known = HUB_CODES.contains(&refusal.code) || kind.codes.contains(&refusal.code);
            assert!(known, "{} {seed}: {} for {:?}", kind.name, refusal.code, sent.command);
            assert!(!refusal.message.is_empty(), "{} {seed}: {} says nothing", kind.name, refusal.code);
        }
    });
}

#[test]
fn every_command_is_in_the_traffic_and_can_succeed() {
    for kind in KINDS {
        let mut never: BTreeSet<_> = kind.ops.iter().copied().collect();
        for seed in 0..ROOMS_MAX {
            let sent = Play::new(kind, seed).run(COMMANDS);
            never.retain(|op| !sent.iter().any(|one| one.command.op == *op && one.outcome.is_ok()));
            if never.is_empty() {
                break;
            }
        }
        assert!(never.is_empty(), "{}: never accepted from the sample: {never:?}", kind.name);
    }
}

#[test]
fn every_push_is_announced_and_every_announced_event_is_pushed() {
    for kind in KINDS {
        let mut never: BTreeSet<_> = kind.events.iter().copied().collect();
        for seed in 0..ROOMS_MAX {
            for push in pushes_of_a_play(kind, seed) {
                let known = kind.events.contains(&push.ev) || push.ev == kind.state_event;
                assert!(known, "{} {seed}: {} is not announced", kind.name, push.ev);
                never.remove(push.ev);
            }
            if never.is_empty() && seed >= SEEDS {
                break;
            }
        }
        assert!(never.is_empty(), "{}: never pushed under the sample: {never:?}", kind.name);
    }
}

fn pushes_of_a_play(kind: &'static Kind, seed: u64) -> Vec<Shown> {
    let mut play = Play::new(kind, seed);
    watch(&mut play);
    play.run(COMMANDS);
    play.desk.pass(1_000);
    pushes(&play.desk.heard(), &play)
}

#[test]
fn every_push_moves_its_readers_on() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        watch(&mut play);
        for _ in 0..COMMANDS {
            play.step();
            let seq = play.desk.engine.seq(play.room).expect("the room is open");
            for output in play.desk.heard() {
                let Output::Push { push, audience, .. } = output else { continue };
                let Some((prev, end)) = push.range else { continue };
                let what =
                    format!("{} {seed}: {} for {audience:?} covers ({prev}, {end}]", kind.name, push.ev);
                assert!(prev < end, "{what}: its readers would skip it");
                assert!(end <= seq, "{what}, but the room is at {seq}");
            }
        }
    });
}

#[test]
fn numbers_are_exact_in_a_browser_and_both_codecs_say_the_same() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        watch(&mut play);
        play.run(COMMANDS);
        for (n, audience) in (0..9).zip(AUDIENCES.iter().cycle()) {
            let json = read(Codec::Json, &play.desk.look(&person(n), play.room, Codec::Json));
            let packed = read(Codec::MsgPack, &play.desk.look(&person(n), play.room, Codec::MsgPack));
            assert_eq!(json, packed, "{} {seed}: {audience:?}", kind.name);
            all_exact(&json, kind);
        }
        for push in pushes(&play.desk.heard(), &play) {
            all_exact(&push.data, kind);
        }
    });
}

/// A push with its data read.
pub(super) struct Shown {
    pub(super) ev: &'static str,
    pub(super) data: Value,
}

/// Everyone comes into the room, in one codec or the other.
pub(super) fn watch(play: &mut Play) {
    for n in 0..9 {
        let codec = Codec::ALL[n as usize % 2];
        play.desk.join(&person(n), n, play.room, codec, None).expect("a participant may come in");
    }
}

/// The pushes of the play's room. A personal one is read in its socket's codec.
pub(super) fn pushes(heard: &[Output], play: &Play) -> Vec<Shown> {
    let shown = |codec, push: &Push| Shown { ev: push.ev, data: read(codec, &push.data) };
    let of_play = heard.iter().filter_map(|output| match output {
        Output::Push { room, codec, push, .. } if *room == play.room => Some(shown(*codec, push)),
        Output::Whisper { sub, room, push } if *room == play.room => {
            Some(shown(Codec::ALL[sub.0 as usize % 2], push))
        }
        _ => None,
    });
    of_play.collect()
}

fn all_exact(value: &Value, kind: &Kind) {
    match value {
        Value::Number(number) => {
            let whole = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
            assert!(whole.is_none_or(|whole| whole < UNSAFE), "{}: {number}", kind.name);
        }
        Value::Array(list) => list.iter().for_each(|one| all_exact(one, kind)),
        Value::Object(map) => map.values().for_each(|one| all_exact(one, kind)),
        _ => {}
    }
}
