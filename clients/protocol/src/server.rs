//! What a client reads: replies and pushes.

use std::borrow::Cow;

use crate::object::{FromObject, Objects};
use crate::scan::{JsonScan, MsgPackScan, Scan, Shape};
use crate::{BadFrame, Codec, Limits, Reason};

/// One object of a hub's frame, borrowing from it. Fields that a client does not know are passed over, so that an
/// older client goes on with a newer hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerMessage<'a> {
    /// The command was done.
    Ok {
        /// Its id.
        re: u64,
        /// What it brought: raw bytes of an object.
        ok: &'a [u8],
    },
    /// The command was refused.
    Err {
        /// Its id; `None` when the hub could not read it.
        re: Option<u64>,
        /// The stable code.
        code: Cow<'a, str>,
        /// For the client's author.
        message: Cow<'a, str>,
        /// When to try again, in milliseconds; `None` for never.
        retry_ms: Option<u64>,
        /// More about it: raw bytes of an object.
        details: Option<&'a [u8]>,
    },
    /// Something happened.
    Push(Push<'a>),
}

/// Something that happened in a room, or to the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push<'a> {
    /// The room; `None` when the hub itself speaks.
    pub room: Option<Cow<'a, str>>,
    /// The push covers the room's facts behind this one …
    pub prev: Option<u64>,
    /// … up to and with this one.
    pub seq: Option<u64>,
    /// What it is.
    pub ev: Cow<'a, str>,
    /// When, in milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// What it says: raw bytes in the frame's codec.
    pub data: &'a [u8],
}

/// The `ok` of a `join`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedReply<'a> {
    /// The room.
    pub room: Cow<'a, str>,
    /// Which history its places are of.
    pub epoch: Cow<'a, str>,
    /// Where the client is after this.
    pub seq: u64,
    /// All of the room, raw; `None` when `replay` brings the client there.
    pub state: Option<&'a [u8]>,
    /// What was missed, in order.
    pub replay: Vec<Push<'a>>,
}

/// Reads a hub's frame. Never panics.
pub fn parse_server_frame<'a>(codec: Codec, bytes: &'a [u8], limits: &Limits) -> ServerMessages<'a> {
    ServerMessages(Objects::open(codec, bytes, limits))
}

/// The objects of one frame of a hub, in their order.
pub struct ServerMessages<'a>(Objects<'a>);

impl<'a> Iterator for ServerMessages<'a> {
    type Item = Result<ServerMessage<'a>, BadFrame>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_object()
    }
}

/// Reads the `ok` of a `join`.
pub fn parse_joined(codec: Codec, ok: &[u8]) -> Result<JoinedReply<'_>, Reason> {
    let depth = Limits::SERVER.depth_max;
    match codec {
        Codec::Json => read_joined(&mut JsonScan::over(ok)?, depth),
        Codec::MsgPack => read_joined(&mut MsgPackScan::over(ok)?, depth),
    }
}

#[derive(Default)]
struct Draft<'a> {
    re: Option<u64>,
    ok: Option<&'a [u8]>,
    err: Option<Refusal<'a>>,
    room: Option<Cow<'a, str>>,
    prev: Option<u64>,
    seq: Option<u64>,
    ev: Option<Cow<'a, str>>,
    at_ms: Option<i64>,
    data: Option<&'a [u8]>,
}

#[derive(Default)]
struct Refusal<'a> {
    code: Option<Cow<'a, str>>,
    message: Option<Cow<'a, str>>,
    retry_ms: Option<u64>,
    details: Option<&'a [u8]>,
}

impl<'a> FromObject<'a> for ServerMessage<'a> {
    fn read<S: Scan<'a>>(scan: &mut S, depth: u32) -> Result<Self, Reason> {
        let draft = Draft::read(scan, depth)?;
        if let Some(refusal) = draft.err {
            return Ok(Self::Err {
                re: draft.re,
                code: refusal.code.ok_or(Reason::Missing("err.code"))?,
                message: refusal.message.unwrap_or_default(),
                retry_ms: refusal.retry_ms,
                details: refusal.details,
            });
        }
        match (draft.re, draft.ok) {
            (Some(re), Some(ok)) => Ok(Self::Ok { re, ok }),
            (Some(_), None) => Err(Reason::Missing("ok")),
            (None, Some(_)) => Err(Reason::Missing("re")),
            (None, None) => draft.into_push().map(Self::Push),
        }
    }
}

impl<'a> Draft<'a> {
    fn read<S: Scan<'a>>(scan: &mut S, depth: u32) -> Result<Self, Reason> {
        let mut draft = Self::default();
        let inner = depth.saturating_sub(1);
        let mut group = scan.enter_object()?;
        while let Some(name) = scan.next_name(&mut group)? {
            draft.read_field(&name, scan, inner)?;
        }
        Ok(draft)
    }

    fn read_field<S: Scan<'a>>(&mut self, name: &str, scan: &mut S, depth: u32) -> Result<(), Reason> {
        match name {
            "re" => self.re = scan.nullable(|scan| scan.count_field("re"))?,
            "ok" => self.ok = Some(scan.object_field("ok", depth)?),
            "err" => self.err = Some(read_refusal(scan, depth)?),
            "room" => self.room = scan.nullable(|scan| scan.text_field("room"))?,
            "prev" => self.prev = scan.nullable(|scan| scan.count_field("prev"))?,
            "seq" => self.seq = scan.nullable(|scan| scan.count_field("seq"))?,
            "ev" => self.ev = Some(scan.text_field("ev")?),
            "at_ms" => self.at_ms = scan.nullable(|scan| scan.integer_field("at_ms"))?,
            "data" => self.data = Some(scan.span(depth)?),
            _ => scan.skip(depth)?,
        }
        Ok(())
    }

    fn into_push(self) -> Result<Push<'a>, Reason> {
        Ok(Push {
            room: self.room,
            prev: self.prev,
            seq: self.seq,
            ev: self.ev.ok_or(Reason::Missing("ev"))?,
            at_ms: self.at_ms,
            data: self.data.ok_or(Reason::Missing("data"))?,
        })
    }
}

fn enter<'a, S: Scan<'a>>(scan: &mut S, field: &'static str) -> Result<S::Group, Reason> {
    match scan.peek()? {
        Shape::Object => scan.enter_object(),
        _ => Err(Reason::WrongType { field, expected: "an object" }),
    }
}

fn read_refusal<'a, S: Scan<'a>>(scan: &mut S, depth: u32) -> Result<Refusal<'a>, Reason> {
    let mut refusal = Refusal::default();
    let inner = depth.saturating_sub(1);
    let mut group = enter(scan, "err")?;
    while let Some(name) = scan.next_name(&mut group)? {
        match &*name {
            "code" => refusal.code = Some(scan.text_field("err.code")?),
            "message" => refusal.message = Some(scan.text_field("err.message")?),
            "retry_ms" => refusal.retry_ms = scan.nullable(|scan| scan.count_field("err.retry_ms"))?,
            "details" => refusal.details = Some(scan.span(inner)?),
            _ => scan.skip(inner)?,
        }
    }
    Ok(refusal)
}

fn read_joined<'a, S: Scan<'a>>(scan: &mut S, depth: u32) -> Result<JoinedReply<'a>, Reason> {
    let (mut room, mut epoch, mut seq, mut state, mut replay) = (None, None, None, None, Vec::new());
    let inner = depth.saturating_sub(1);
    let mut group = enter(scan, "ok")?;
    while let Some(name) = scan.next_name(&mut group)? {
        match &*name {
            "room" => room = Some(scan.text_field("room")?),
            "epoch" => epoch = Some(scan.text_field("epoch")?),
            "seq" => seq = Some(scan.count_field("seq")?),
            "state" => state = Some(scan.span(inner)?),
            "replay" => replay = read_replay(scan, inner)?,
            _ => scan.skip(inner)?,
        }
    }
    Ok(JoinedReply {
        room: room.ok_or(Reason::Missing("room"))?,
        epoch: epoch.ok_or(Reason::Missing("epoch"))?,
        seq: seq.ok_or(Reason::Missing("seq"))?,
        state,
        replay,
    })
}

fn read_replay<'a, S: Scan<'a>>(scan: &mut S, depth: u32) -> Result<Vec<Push<'a>>, Reason> {
    if scan.peek()? != Shape::Array {
        return Err(Reason::WrongType { field: "replay", expected: "an array of pushes" });
    }
    let mut pushes = Vec::new();
    let mut group = scan.enter_array()?;
    while scan.next_item(&mut group)? {
        if scan.peek()? != Shape::Object {
            return Err(Reason::WrongType { field: "replay", expected: "an array of pushes" });
        }
        pushes.push(Draft::read(scan, depth.saturating_sub(1))?.into_push()?);
    }
    Ok(pushes)
}
