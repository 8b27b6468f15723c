//! What leaves the engine for good: the names of rooms, and what the journal keeps of them.

use std::fmt;

use plenum_domain::{Id, Timestamp};

use crate::kinds;

/// The name of a room: its kind and its id, written `poll:01H5…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomRef {
    /// The room's id; a session's rooms share the session's.
    pub id: Id,
    /// The name of the room's kind, as the registry has it.
    pub kind: &'static str,
}

impl RoomRef {
    /// The room of `kind` with `id`.
    pub const fn new(kind: &'static str, id: Id) -> Self {
        Self { id, kind }
    }

    /// Reads `kind:id`; none when the kind is not in the registry or the id is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        Some(Self::new(kinds::find(kind)?.name, id.parse().ok()?))
    }
}

impl fmt::Display for RoomRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

impl fmt::Debug for RoomRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for RoomRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for RoomRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} names no room")))
    }
}

/// Where a room belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Scope {
    /// The tenant whose people may see it.
    pub tenant: Id,
    /// The conference, the unit of ownership.
    pub conference: Id,
    /// The session of the programme that it serves, when it serves one.
    pub session: Option<Id>,
}

/// What one accepted command did: the unit that the journal keeps whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The room it happened in.
    pub room: RoomRef,
    /// Where the room belongs.
    pub scope: Scope,
    /// The room's seq after it.
    pub seq: u64,
    /// The sender's key of the action; none when time itself acted.
    pub key: Option<Id>,
    /// Who did it; the zero id when time itself acted.
    pub participant: Id,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub body: Body,
}

/// What a record says happened. The bytes are MessagePack with named fields, so that a newer program reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The room was opened with these settings; its seq is 0.
    Opened(Vec<u8>),
    /// These facts, a list; the last one has the record's seq.
    Facts(Vec<u8>),
    /// All was so already. The record takes a seq of its own and keeps the action's key, so that the action stays done:
    /// sent again after a restart, it must not act on what has changed since.
    Nothing,
}

impl Body {
    /// The bytes that a journal keeps beside whether the record opens its room; none for [`Body::Nothing`], and some for
    /// the others.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Opened(bytes) | Self::Facts(bytes) => bytes,
            Self::Nothing => &[],
        }
    }

    /// The body whose bytes a journal kept.
    pub fn of_bytes(opens: bool, bytes: Vec<u8>) -> Self {
        match (opens, bytes.is_empty()) {
            (true, _) => Self::Opened(bytes),
            (false, true) => Self::Nothing,
            (false, false) => Self::Facts(bytes),
        }
    }
}

/// A room's whole state at a seq, with what its recent senders were answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The room.
    pub room: RoomRef,
    /// Where it belongs.
    pub scope: Scope,
    /// The seq that the state is at.
    pub seq: u64,
    /// The state, opaque outside of the engine.
    pub state: Vec<u8>,
}

/// A room as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The room.
    pub room: RoomRef,
    /// Where it belongs.
    pub scope: Scope,
    /// The latest snapshot, when one was made.
    pub snapshot: Option<Snapshot>,
    /// The records after the snapshot (all, without one), in order.
    pub records: Vec<Record>,
}
