//! Bytes that nobody should send: no room panics at them, and none of them changes anything.

use bytes::Bytes;
use plenum_rooms::engine::sample::{Dice, SampleCommand};
use plenum_rooms::engine::{Codec, Output};
use serde_json::{Value, json};

use super::{Play, lively, with_every_kind};
use crate::desk::{MODERATOR, person};

/// Rubbish for each op of each room.
const TRIES: usize = 40;

#[test]
fn bytes_that_are_no_value_are_refused() {
    with_every_kind(|kind, seed| {
        let mut play = lively(kind, seed);
        for (op, n) in kind.ops.iter().flat_map(|op| (0..TRIES).map(move |n| (*op, n))) {
            let (codec, data) = no_value(&mut play.dice, n);
            refused_without_trace(&mut play, op, codec, data);
        }
    });
}

/// Not one value in either codec.
fn no_value(dice: &mut Dice, n: usize) -> (Codec, Bytes) {
    match n {
        0 => (Codec::Json, Bytes::from("[".repeat(20_000))),
        1 => (Codec::Json, Bytes::from(r#"{"a":"#.repeat(5_000))),
        2 => (Codec::MsgPack, Bytes::from(vec![0x91; 20_000])),
        3 => (Codec::MsgPack, Bytes::from_static(&[0xdd, 0xff, 0xff, 0xff, 0xff])),
        4 => (Codec::Json, Bytes::from_static(b"{\"text\":\"\xff\xfe\"}")),
        5 => (Codec::MsgPack, Bytes::from_static(&[0xc1])),
        6 => (Codec::MsgPack, Bytes::from_static(&[0x80, 0x80])),
        n if n % 2 == 0 => (Codec::Json, [b"}", random(dice).as_slice()].concat().into()),
        _ => (Codec::MsgPack, [&[0xc1], random(dice).as_slice()].concat().into()),
    }
}

fn random(dice: &mut Dice) -> Vec<u8> {
    (0..dice.below(200)).map(|_| dice.roll() as u8).collect()
}

#[test]
fn commands_that_no_kind_knows_are_refused() {
    with_every_kind(|kind, seed| {
        let mut play = lively(kind, seed);
        let long = "x".repeat(60_000);
        let longer = format!("{}{}", kind.ops[0], '\0');
        for op in ["", ".", "é", "hub.stop", play.prefix(), &long, &longer] {
            refused_without_trace(&mut play, op, Codec::Json, Bytes::from_static(b"{}"));
        }
    });
}

fn refused_without_trace(play: &mut Play, op: &str, codec: Codec, data: Bytes) {
    let (before, records, key) = (play.bytes(), play.desk.journal.records.len(), play.dice.id());
    let ticket = play.desk.send_bytes(&person(MODERATOR), play.room, Some(key), op, codec, data.clone());
    let outcome = play.desk.answer(ticket).expect("rubbish is answered");
    let name = play.kind.name;
    let refusal = outcome.expect_err(&format!("{name}: {op:?} with {data:?} was accepted"));
    assert!(refusal.code != "hub.internal", "{name}: {op:?} with {data:?} made the room panic");
    assert!(refusal.message.len() < 1_000, "{name}: {op:?}: {} bytes of message", refusal.message.len());
    assert!(play.bytes() == before, "{name}: {op:?} with {data:?} changed the state");
    assert_eq!(play.desk.journal.records.len(), records, "{name}: {op:?} with {data:?} was journaled");
}

#[test]
fn wrong_types_and_extreme_figures_do_not_break_a_room() {
    with_every_kind(|kind, seed| {
        let mut play = lively(kind, seed);
        for _ in 0..TRIES * 5 {
            let by = person(play.dice.below(9));
            let SampleCommand { op, data } = play.made_up(&by);
            let data = bent(&mut play.dice, data);
            play.send(by, SampleCommand { op, data: data.clone() });
            play.desk.pass(100);
            let broken = play.desk.heard().iter().any(|one| matches!(one, Output::Reload { .. }));
            assert!(!broken, "{} {seed}: {op} with {data} made the room panic", kind.name);
        }
        let mut again = play.desk.restarted();
        assert!(again.engine.state_bytes(play.room) == Some(play.bytes()), "{} {seed}", kind.name);
        again.look(&person(MODERATOR), play.room, Codec::Json);
    });
}

/// The same value with one of its parts, at any depth, turned into something else.
fn bent(dice: &mut Dice, value: Value) -> Value {
    match value {
        Value::Object(mut map) if !map.is_empty() && dice.chance(85) => {
            let at = dice.below(map.len() as u64) as usize;
            let (_, part) = map.iter_mut().nth(at).expect("the place is inside");
            *part = bent(dice, part.take());
            Value::Object(map)
        }
        Value::Array(mut list) if !list.is_empty() && dice.chance(70) => {
            let at = dice.below(list.len() as u64) as usize;
            match dice.below(3) {
                0 => list.push(list[at].clone()),
                1 => drop(list.remove(at)),
                _ => list[at] = bent(dice, list[at].take()),
            }
            Value::Array(list)
        }
        other => odd(dice, &other),
    }
}

fn odd(dice: &mut Dice, value: &Value) -> Value {
    let odd = [
        Value::Null,
        json!(-1),
        json!(0),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(1e308),
        json!(0.5),
        json!(""),
        json!("\u{0}\u{202e}  "),
        json!("👩‍👩‍👧‍👦"),
        json!([]),
        json!([[]]),
        json!({}),
        json!([value, value]),
        json!(true),
        json!(dice.id()),
    ];
    dice.pick(&odd).clone()
}
