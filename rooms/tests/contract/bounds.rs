//! What a room holds is bounded: by the length of texts and lists, and by what it shows to a joiner.

use plenum_rooms::engine::Codec;
use plenum_rooms::engine::sample::SampleCommand;
use serde_json::Value;

use super::{COMMANDS, Play, SEEDS, lively, with_every_kind};
use crate::desk::{MODERATOR, person};
use plenum_rooms::kinds::KINDS;

/// No room shows more than this to one joiner, in bytes. A hall of 5,000 that comes back at once gets 5,000 of them.
const STATE_MAX: usize = 256 * 1024;
/// More characters than any room takes as one text, and less than a frame.
const TOO_LONG: usize = 30_000;
/// Commands that fill a room.
const MANY: usize = 600;
/// More things than any room takes as one list.
const TOO_MANY: usize = 2_000;

#[test]
fn a_text_without_end_is_refused() {
    with_every_kind(|kind, seed| {
        let mut play = lively(kind, seed);
        for long in every_command_with(&mut play, |value| lengthened(value, &mut 0)) {
            not_taken(&mut play, &long);
        }
    });
}

#[test]
fn a_list_without_end_is_refused_or_made_short() {
    with_every_kind(|kind, seed| {
        let mut play = lively(kind, seed);
        for long in every_command_with(&mut play, repeated) {
            not_taken(&mut play, &long);
        }
    });
}

/// The kind's made-up commands, each changed by `change`; those that it leaves alone are left out.
fn every_command_with(
    play: &mut Play,
    change: impl Fn(&Value) -> Option<Value>,
) -> Vec<(u64, SampleCommand)> {
    let changed = |play: &mut Play, n: u64| {
        let SampleCommand { op, data } = play.made_up(&person(n));
        change(&data).map(|data| (n, SampleCommand { op, data }))
    };
    (0..COMMANDS as u64 / 2)
        .filter_map(|n| changed(play, if n % 2 == 0 { MODERATOR } else { 3 + n % 5 }))
        .collect()
}

/// Every text in a value made too long; none when it has no text.
fn lengthened(value: &Value, texts: &mut usize) -> Option<Value> {
    let long = match value {
        Value::String(text) if text.parse::<plenum_domain::Id>().is_err() => {
            *texts += 1;
            Value::String(format!("{text}{}", "long ".repeat(TOO_LONG / 5)))
        }
        Value::Array(list) => list.iter().map(|one| lengthened(one, texts).unwrap_or(one.clone())).collect(),
        Value::Object(map) => {
            let parts =
                map.iter().map(|(name, one)| (name.clone(), lengthened(one, texts).unwrap_or(one.clone())));
            Value::Object(parts.collect())
        }
        other => other.clone(),
    };
    (*texts > 0).then_some(long)
}

/// Every list in a value made too long; none when it has no list with something in it.
fn repeated(value: &Value) -> Option<Value> {
    let Value::Object(map) = value else { return None };
    let long = |one: &Value| match one {
        Value::Array(list) if !list.is_empty() => Some(list.iter().cycle().take(TOO_MANY).cloned().collect()),
        _ => None,
    };
    let found = map.values().any(|one| long(one).is_some());
    let parts = map.iter().map(|(name, one)| (name.clone(), long(one).unwrap_or(one.clone())));
    found.then(|| Value::Object(parts.collect()))
}

/// The command is refused, or what it adds to the room is small.
fn not_taken(play: &mut Play, (n, command): &(u64, SampleCommand)) {
    let before = play.bytes().len();
    let sent = play.send(person(*n), command.clone());
    let grown = play.bytes().len().saturating_sub(before);
    let what = command.data.to_string().chars().take(300).collect::<String>();
    assert!(
        sent.outcome.is_err() || grown < 8_192,
        "{} took {grown} bytes: {} {what}",
        play.kind.name,
        command.op
    );
}

#[test]
fn a_joiner_is_shown_a_bounded_state() {
    for kind in KINDS {
        let mut play = Play::new(kind, SEEDS);
        play.run(MANY);
        for (n, codec) in (0..9).flat_map(|n| Codec::ALL.map(|codec| (n, codec))) {
            let bytes = play.desk.look(&person(n), play.room, codec).len();
            assert!(bytes <= STATE_MAX, "{}: person {n} is shown {bytes} bytes", kind.name);
        }
    }
}
