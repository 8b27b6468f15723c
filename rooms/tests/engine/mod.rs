//! The host's promises: one answer per key, nothing before the journal, ranges without holes, beats, and rooms that fail
//! alone.

mod answers;
mod beats;
mod durable;
mod failing;
mod openings;
mod people;
mod probe;
mod ranges;

use std::sync::Arc;

use plenum_domain::Id;
use plenum_rooms::engine::{Actor, Outcome, RoomRef, Settings, Ticket};
use serde_json::{Value, json};

use crate::desk::{Desk, person};

/// A desk with one open probe.
fn probe() -> (Desk, RoomRef) {
    tuned(Settings::default())
}

/// A desk with one open probe in an engine with other settings.
fn tuned(settings: Settings) -> (Desk, RoomRef) {
    let mut desk = Desk::hosting(settings, probe::KINDS);
    let room = desk.open("probe", &json!({}));
    desk.heard();
    (desk, room)
}

/// The nth key of a test.
const fn key(n: u128) -> Id {
    Id::from_bits(0x0198_0000_0000_7000_8000_0000_00BB_0000 + n)
}

/// Sends a command of the probe with a text.
fn send(desk: &mut Desk, n: u64, room: RoomRef, key: Id, op: &str, text: &str) -> Ticket {
    desk.send(&person(n), room, Some(key), op, &json!({"text": text}))
}

/// Sends a command of the probe with a text, and returns the answer.
fn ask(desk: &mut Desk, n: u64, room: RoomRef, key: Id, op: &str, text: &str) -> Outcome {
    let ticket = send(desk, n, room, key, op, text);
    desk.answer(ticket).expect("the desk answers at once unless it holds appends")
}

/// Sends a command that the probe accepts. Returns the seq of the answer.
fn accepted(desk: &mut Desk, n: u64, room: RoomRef, key: Id, op: &str, text: &str) -> u64 {
    let outcome = ask(desk, n, room, key, op, text);
    outcome.expect("the probe accepts it").expect("it is journaled").seq
}

/// The words of the room as `by` sees them.
fn words(desk: &mut Desk, by: &Arc<Actor>, room: RoomRef) -> Value {
    desk.view(by, room)["words"].clone()
}
