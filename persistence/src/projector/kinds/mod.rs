//! How each kind of room becomes rows: one module line and one table line a kind. A kind that is not in the table is
//! archived as if all of it were secret.

mod messaging;
mod poll;
mod qa;
mod screen;
mod session;

use plenum_rooms::engine::{Corrupt, Loaded};
use plenum_rooms::kinds;
use serde::Serialize;

use super::folded::{Projected, open};

/// Brings a room of a kind back.
type Open = fn(Loaded) -> Result<Box<dyn Projected>, Corrupt>;

static PROJECTIONS: &[(&str, Open)] = &[
    ("messaging", open::<kinds::messaging::Messaging>),
    ("poll", open::<kinds::poll::Poll>),
    ("qa", open::<kinds::qa::Qa>),
    ("screen", open::<kinds::screen::Screen>),
    ("session", open::<kinds::session::Session>),
];

/// How to bring a room of this kind back; none when it has no rows.
pub(super) fn opener(kind: &str) -> Option<Open> {
    PROJECTIONS.iter().find(|(name, _)| *name == kind).map(|(_, open)| *open)
}

/// A view as the socket shows it.
fn json(view: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(view).expect("views have string keys and finite numbers")
}

/// The text of a JSON string; empty for anything else.
fn word(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
