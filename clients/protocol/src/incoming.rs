//! What a hub reads: the commands of a client's frame.

use std::borrow::Cow;

use crate::object::{FromObject, Objects};
use crate::scan::Scan;
use crate::{BadFrame, Codec, Limits, Reason, parse_key};

/// One command, borrowing from its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming<'a> {
    /// The client's number for the reply to name.
    pub id: u64,
    /// What to do: `hello`, `join`, `poll.vote`, …
    pub op: Cow<'a, str>,
    /// The room that it is for, `<kind>:<id>`.
    pub room: Option<Cow<'a, str>>,
    /// The client's own id of the action; the same key is the same action.
    pub key: Option<u128>,
    /// Where the client is in the room, on a `join` after a break.
    pub since: Option<Since<'a>>,
    /// What the op takes: raw bytes of an object in the frame's codec.
    pub data: Option<&'a [u8]>,
}

/// A place in a room's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since<'a> {
    /// Which history.
    pub epoch: Cow<'a, str>,
    /// The last fact of it that the client holds.
    pub seq: u64,
}

/// Reads a client's frame. A frame whose bytes are no good is refused whole, with one [`BadFrame`] and no command; an
/// object in an array that is well formed and no command is refused alone. Never panics; allocates only for texts
/// with JSON escapes and for refusals.
pub fn parse_frame<'a>(codec: Codec, bytes: &'a [u8], limits: &Limits) -> Commands<'a> {
    Commands(Objects::open(codec, bytes, limits))
}

/// The commands of one frame, in their order. See [`parse_frame`].
pub struct Commands<'a>(Objects<'a>);

impl<'a> Iterator for Commands<'a> {
    type Item = Result<Incoming<'a>, BadFrame>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_object()
    }
}

/// The fields as they come, in any order.
#[derive(Default)]
struct Draft<'a> {
    id: Option<u64>,
    op: Option<Cow<'a, str>>,
    room: Option<Cow<'a, str>>,
    key: Option<u128>,
    since: Option<Since<'a>>,
    data: Option<&'a [u8]>,
}

/// One bit a field: what has been given already.
#[derive(Default)]
struct Seen(u8);

impl Seen {
    const FIELDS: [&'static str; 6] = ["id", "op", "room", "key", "since", "data"];

    /// Marks a field; refuses one that is not known or was there before. The name comes back as a constant.
    fn mark(&mut self, name: &str) -> Result<&'static str, Reason> {
        let place = Self::FIELDS.iter().position(|field| *field == name);
        let place = place.ok_or_else(|| Reason::unknown_field(name))?;
        let bit = 1 << place;
        if self.0 & bit != 0 {
            return Err(Reason::Twice(Self::FIELDS[place]));
        }
        self.0 |= bit;
        Ok(Self::FIELDS[place])
    }
}

impl<'a> FromObject<'a> for Incoming<'a> {
    fn read<S: Scan<'a>>(scan: &mut S, depth: u32) -> Result<Self, Reason> {
        let (mut draft, mut seen) = (Draft::default(), Seen::default());
        let mut group = scan.enter_object()?;
        while let Some(name) = scan.next_name(&mut group)? {
            draft.read_field(seen.mark(&name)?, scan, depth)?;
        }
        Ok(Self {
            id: draft.id.ok_or(Reason::Missing("id"))?,
            op: draft.op.ok_or(Reason::Missing("op"))?,
            room: draft.room,
            key: draft.key,
            since: draft.since,
            data: draft.data,
        })
    }
}

impl<'a> Draft<'a> {
    fn read_field<S: Scan<'a>>(
        &mut self,
        name: &'static str,
        scan: &mut S,
        depth: u32,
    ) -> Result<(), Reason> {
        let inner = depth.saturating_sub(1);
        match name {
            "id" => self.id = Some(scan.count_field(name)?),
            "op" => self.op = Some(scan.text_field(name)?),
            "room" => self.room = scan.nullable(|scan| scan.text_field(name))?,
            "key" => self.key = scan.nullable(read_key)?,
            "since" => self.since = scan.nullable(read_since)?,
            _ => self.data = scan.nullable(|scan| scan.object_field("data", inner))?,
        }
        Ok(())
    }
}

fn read_key<'a, S: Scan<'a>>(scan: &mut S) -> Result<u128, Reason> {
    let text = scan.text_field("key")?;
    parse_key(&text).ok_or(Reason::BadKey)
}

fn read_since<'a, S: Scan<'a>>(scan: &mut S) -> Result<Since<'a>, Reason> {
    if scan.peek()? != crate::scan::Shape::Object {
        return Err(Reason::WrongType { field: "since", expected: "an object with epoch and seq" });
    }
    let (mut epoch, mut seq) = (None, None);
    let mut group = scan.enter_object()?;
    while let Some(name) = scan.next_name(&mut group)? {
        match &*name {
            "epoch" if epoch.is_none() => epoch = Some(scan.text_field("since.epoch")?),
            "seq" if seq.is_none() => seq = Some(scan.count_field("since.seq")?),
            "epoch" | "seq" => return Err(Reason::Twice("since")),
            other => return Err(Reason::unknown_field(other)),
        }
    }
    Ok(Since {
        epoch: epoch.ok_or(Reason::Missing("since.epoch"))?,
        seq: seq.ok_or(Reason::Missing("since.seq"))?,
    })
}

/// The id of a command of which only the first bytes are there (its frame is too large to be read whole); `None` when
/// the id does not come before the cut.
pub fn salvage_id(codec: Codec, first_bytes: &[u8]) -> Option<u64> {
    crate::object::salvage_id(codec, first_bytes, Limits::CLIENT.depth_max)
}
