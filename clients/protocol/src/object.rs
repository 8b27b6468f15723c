//! A frame as the objects that it carries: one, or an array of them.

use crate::scan::{JsonScan, MsgPackScan, Scan, Shape};
use crate::{BadFrame, Codec, Limits, Reason};

/// What can be read from one object of a frame.
pub(crate) trait FromObject<'a>: Sized {
    /// Reads it at the scanner's place; the object may nest `depth` deep, itself included.
    fn read<S: Scan<'a>>(scan: &mut S, depth: u32) -> Result<Self, Reason>;
}

/// The objects of one frame, one after the other.
pub(crate) struct Objects<'a>(Coded<'a>);

enum Coded<'a> {
    Json(Walk<'a, JsonScan<'a>>),
    MsgPack(Walk<'a, MsgPackScan<'a>>),
}

impl<'a> Objects<'a> {
    /// Looks at a frame; what is wrong with it as a whole is the first thing that comes out.
    pub(crate) fn open(codec: Codec, bytes: &'a [u8], limits: &Limits) -> Self {
        Self(match codec {
            Codec::Json => Coded::Json(Walk::open(codec, bytes, limits)),
            Codec::MsgPack => Coded::MsgPack(Walk::open(codec, bytes, limits)),
        })
    }

    /// The next object, read as a `T`.
    pub(crate) fn next_object<T: FromObject<'a>>(&mut self) -> Option<Result<T, BadFrame>> {
        match &mut self.0 {
            Coded::Json(walk) => walk.next_object(Codec::Json),
            Coded::MsgPack(walk) => walk.next_object(Codec::MsgPack),
        }
    }
}

enum Walk<'a, S: Scan<'a>> {
    Refused(BadFrame),
    One { scan: S, depth: u32 },
    Many { scan: S, group: S::Group, depth: u32 },
    Done,
}

impl<'a, S: Scan<'a>> Walk<'a, S> {
    fn open(codec: Codec, bytes: &'a [u8], limits: &Limits) -> Self {
        Self::try_open(bytes, limits).unwrap_or_else(|reason| {
            let id = salvage_id(codec, bytes, limits.depth_max);
            Self::Refused(BadFrame { id, reason })
        })
    }

    fn try_open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Reason> {
        if bytes.len() > limits.frame_bytes_max {
            return Err(Reason::TooLarge { bytes_max: limits.frame_bytes_max });
        }
        let mut scan = S::over(bytes)?;
        match scan.peek()? {
            Shape::Object => Ok(Self::One { scan, depth: limits.depth_max }),
            Shape::Array => Self::open_many(bytes, limits),
            _ => Err(Reason::NotAnObject),
        }
    }

    /// An array is walked twice: first to the end, so that a frame which breaks off is refused before any of it is done.
    fn open_many(bytes: &'a [u8], limits: &Limits) -> Result<Self, Reason> {
        let depth = limits.depth_max.saturating_sub(1);
        let mut check = S::over(bytes)?;
        let mut group = check.enter_array()?;
        let mut count = 0;
        while check.next_item(&mut group)? {
            count += 1;
            if count > limits.objects_max {
                return Err(Reason::TooMany { objects_max: limits.objects_max });
            }
            check.skip(depth)?;
        }
        check.end()?;
        let mut scan = S::over(bytes)?;
        let group = scan.enter_array()?;
        Ok(Self::Many { scan, group, depth })
    }

    fn next_object<T: FromObject<'a>>(&mut self, codec: Codec) -> Option<Result<T, BadFrame>> {
        match std::mem::replace(self, Self::Done) {
            Self::Done => None,
            Self::Refused(refusal) => Some(Err(refusal)),
            Self::One { mut scan, depth } => {
                let read = T::read(&mut scan, depth).and_then(|object| scan.end().map(|()| object));
                Some(read.map_err(|reason| BadFrame { id: salvage_id(codec, scan.bytes(), depth), reason }))
            }
            Self::Many { mut scan, mut group, depth } => {
                let more = scan.next_item(&mut group).is_ok_and(|more| more);
                let item = more.then(|| read_item::<S, T>(codec, &mut scan, depth));
                if more {
                    *self = Self::Many { scan, group, depth };
                }
                item
            }
        }
    }
}

fn read_item<'a, S: Scan<'a>, T: FromObject<'a>>(
    codec: Codec,
    scan: &mut S,
    depth: u32,
) -> Result<T, BadFrame> {
    let refuse = |id| move |reason| BadFrame { id, reason };
    if scan.peek().map_err(refuse(None))? != Shape::Object {
        scan.skip(depth).map_err(refuse(None))?;
        return Err(BadFrame { id: None, reason: Reason::NotAnObject });
    }
    let bytes = scan.span(depth).map_err(refuse(None))?;
    let read = S::over(bytes).and_then(|mut own| T::read(&mut own, depth));
    read.map_err(|reason| BadFrame { id: salvage_id(codec, bytes, depth), reason })
}

/// The id of a command whose object is broken or cut short, when it comes before the fault.
pub(crate) fn salvage_id(codec: Codec, bytes: &[u8], depth: u32) -> Option<u64> {
    match codec {
        Codec::Json => id_of(JsonScan::over(valid_prefix(bytes)).ok()?, depth),
        Codec::MsgPack => id_of(MsgPackScan::over(bytes).ok()?, depth),
    }
}

fn id_of<'a, S: Scan<'a>>(mut scan: S, depth: u32) -> Option<u64> {
    (scan.peek().ok()? == Shape::Object).then_some(())?;
    let mut group = scan.enter_object().ok()?;
    while let Some(name) = scan.next_name(&mut group).ok()? {
        if name == "id" {
            return scan.count_field("id").ok();
        }
        scan.skip(depth.saturating_sub(1)).ok()?;
    }
    None
}

/// As much of the bytes as is UTF-8.
fn valid_prefix(bytes: &[u8]) -> &[u8] {
    std::str::from_utf8(bytes).map_or_else(|error| &bytes[..error.valid_up_to()], str::as_bytes)
}
