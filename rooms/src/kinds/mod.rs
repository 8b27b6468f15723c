//! The registry of kinds: one module line and one table line a kind. Plain lines, no macro: the formatter skips
//! modules that a macro declares.

pub mod messaging;
pub mod poll;
pub mod qa;
pub mod screen;
pub mod session;

use plenum_domain::Id;

use crate::engine::sample::Sample;
use crate::engine::{self, Corrupt, Hosted, Payload, Refusal, Rejection, Room, Scope};

/// Every kind of room, in the order of their names.
pub static KINDS: &[Kind] = &[
    Kind::of::<messaging::Messaging>("messaging.state", &[], &messaging::Samples),
    Kind::of::<poll::Poll>("poll.state", &[], &poll::Samples),
    Kind::of::<qa::Qa>("qa.state", &[], &qa::Samples),
    Kind::of::<screen::Screen>("screen.state", &[], &screen::Samples),
    Kind::of::<session::Session>("session.state", &["poll.create"], &session::Samples),
];

/// What the engine, the hub and the test suites know of a kind.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Every command that it knows.
    pub ops: &'static [&'static str],
    /// Commands among them that open another room.
    pub opening_ops: &'static [&'static str],
    /// Every event that it pushes.
    pub events: &'static [&'static str],
    /// Every code of its own that it refuses with.
    pub codes: &'static [&'static str],
    /// The event that carries the whole state to one person.
    pub state_event: &'static str,
    /// Opens a room.
    pub open: fn(Id, Scope, &Payload<'_>) -> Result<Box<dyn Hosted>, Refusal>,
    /// Reads a room's state back.
    pub restore: fn(&[u8]) -> Result<Box<dyn Hosted>, Corrupt>,
    /// Made-up traffic.
    pub sample: &'static dyn Sample,
}

impl Kind {
    /// The kind that `R` is. `state_event` carries its whole state to one person; `opening_ops` are its commands that
    /// open another room.
    pub const fn of<R: Room>(
        state_event: &'static str,
        opening_ops: &'static [&'static str],
        sample: &'static dyn Sample,
    ) -> Self {
        Self {
            name: R::KIND,
            ops: R::OPS,
            opening_ops,
            events: R::EVENTS,
            codes: <R::Rejection as Rejection>::CODES,
            state_event,
            open: engine::open::<R>,
            restore: engine::restore::<R>,
            sample,
        }
    }
}

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
