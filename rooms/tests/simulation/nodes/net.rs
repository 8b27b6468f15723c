//! What travels between nodes, and which ways are cut.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Audience, Codec, Input, Output, Push, RoomRef};
use plenum_rooms::relay::{Attached, Beat, Letter};

/// A push for all readers with one audience and codec.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) room: RoomRef,
    pub(super) audience: Audience,
    pub(super) codec: Codec,
    pub(super) push: Push,
}

/// What one node writes to another over a line.
#[derive(Clone, Debug)]
pub(super) enum Message {
    Attach,
    Attached(Attached),
    Elsewhere,
    Ask(Input),
    Letter(u64, Letter<Output>),
    Answer(Output),
    Tide(u64, u64),
    Missed(u64, u64),
    Beats(Vec<Beat<Frame>>),
    TooLate,
}

/// A connection from the node that dialled to the owner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    /// When the last message of each direction arrives: a line keeps its order.
    pub(super) busy: [Timestamp; 2],
}

/// An end of a way that can be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Node(usize),
    Storage,
    Bus,
}

/// Lines, and cuts.
#[derive(Default)]
pub(super) struct Net {
    pub(super) lines: BTreeMap<u64, Line>,
    last: u64,
    cut: BTreeSet<(Place, Place)>,
}

impl Net {
    /// Connects a node to another, unless the way is cut.
    pub(super) fn dial(&mut self, from: usize, to: usize, now: Timestamp) -> Option<u64> {
        if self.is_cut(Place::Node(from), Place::Node(to)) {
            return None;
        }
        self.last += 1;
        self.lines.insert(self.last, Line { from, to, busy: [now; 2] });
        Some(self.last)
    }

    pub(super) fn is_cut(&self, one: Place, other: Place) -> bool {
        self.cut.contains(&(one.min(other), one.max(other)))
    }

    /// Cuts a way or mends it. Returns the lines that broke.
    pub(super) fn set_cut(&mut self, one: Place, other: Place, cut: bool) -> Vec<(u64, Line)> {
        let way = (one.min(other), one.max(other));
        if !cut {
            self.cut.remove(&way);
            return Vec::new();
        }
        self.cut.insert(way);
        self.break_all(|line| {
            let (from, to) = (Place::Node(line.from), Place::Node(line.to));
            (from.min(to), from.max(to)) == way
        })
    }

    pub(super) fn mend_all(&mut self) {
        self.cut.clear();
    }

    /// Breaks lines. Returns them.
    pub(super) fn break_all(&mut self, which: impl Fn(&Line) -> bool) -> Vec<(u64, Line)> {
        let broken: Vec<_> =
            self.lines.iter().filter(|(_, line)| which(line)).map(|(n, line)| (*n, *line)).collect();
        self.lines.retain(|_, line| !which(line));
        broken
    }
}
