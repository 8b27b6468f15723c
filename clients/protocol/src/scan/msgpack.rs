//! MessagePack (<https://github.com/msgpack/msgpack/blob/master/spec.md>), as far as JSON has the same values.

use std::borrow::Cow;

use rmp::Marker;

use super::{Scan, Shape};
use crate::Reason;

/// A place in MessagePack bytes.
pub(crate) struct MsgPackScan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> MsgPackScan<'a> {
    fn marker(&self) -> Result<Marker, Reason> {
        self.bytes.get(self.at).map(|&byte| Marker::from_u8(byte)).ok_or(Reason::Truncated)
    }

    fn next_marker(&mut self) -> Result<Marker, Reason> {
        let marker = self.marker()?;
        self.at += 1;
        Ok(marker)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Reason> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..length).ok_or(Reason::Truncated)?;
        self.at += length;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Reason> {
        self.take(N).map(|bytes| bytes.try_into().expect("take returns as many bytes as asked"))
    }

    fn length8(&mut self) -> Result<u32, Reason> {
        self.fixed::<1>().map(|[byte]| byte.into())
    }

    fn length16(&mut self) -> Result<u32, Reason> {
        self.fixed().map(|bytes| u16::from_be_bytes(bytes).into())
    }

    fn length32(&mut self) -> Result<u32, Reason> {
        self.fixed().map(u32::from_be_bytes)
    }

    /// The raw bytes of a text.
    fn string(&mut self) -> Result<&'a str, Reason> {
        let from = self.at;
        let length = match self.next_marker()? {
            Marker::FixStr(length) => length.into(),
            Marker::Str8 => self.length8()?,
            Marker::Str16 => self.length16()?,
            Marker::Str32 => self.length32()?,
            _ => return Err(Reason::Malformed { at: from }),
        };
        std::str::from_utf8(self.take(length as usize)?).map_err(|_| Reason::NotUtf8)
    }

    /// A number with a fraction; one that is infinite or none at all has no form in JSON.
    fn float(&mut self) -> Result<(), Reason> {
        let from = self.at;
        let value = match self.next_marker()? {
            Marker::F32 => f32::from_be_bytes(self.fixed()?).into(),
            _ => f64::from_be_bytes(self.fixed()?),
        };
        if value.is_finite() { Ok(()) } else { Err(Reason::NotInJson { at: from }) }
    }
}

impl<'a> Scan<'a> for MsgPackScan<'a> {
    /// How many members are left.
    type Group = u32;

    fn over(bytes: &'a [u8]) -> Result<Self, Reason> {
        Ok(Self { bytes, at: 0 })
    }

    fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    fn at(&self) -> usize {
        self.at
    }

    fn peek(&mut self) -> Result<Shape, Reason> {
        match self.marker()? {
            Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => Ok(Shape::Object),
            Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => Ok(Shape::Array),
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => Ok(Shape::Text),
            Marker::True | Marker::False => Ok(Shape::Bool),
            Marker::Null => Ok(Shape::Null),
            Marker::FixPos(_) | Marker::U8 | Marker::U16 | Marker::U32 | Marker::U64 => Ok(Shape::Number),
            Marker::FixNeg(_) | Marker::I8 | Marker::I16 | Marker::I32 | Marker::I64 => Ok(Shape::Number),
            Marker::F32 | Marker::F64 => Ok(Shape::Number),
            _ => Err(Reason::NotInJson { at: self.at }),
        }
    }

    fn enter_object(&mut self) -> Result<u32, Reason> {
        let from = self.at;
        match self.next_marker()? {
            Marker::FixMap(length) => Ok(length.into()),
            Marker::Map16 => self.length16(),
            Marker::Map32 => self.length32(),
            _ => Err(Reason::Malformed { at: from }),
        }
    }

    fn next_name(&mut self, left: &mut u32) -> Result<Option<Cow<'a, str>>, Reason> {
        if !self.next_item(left)? {
            return Ok(None);
        }
        self.string().map(|name| Some(Cow::Borrowed(name)))
    }

    fn enter_array(&mut self) -> Result<u32, Reason> {
        let from = self.at;
        match self.next_marker()? {
            Marker::FixArray(length) => Ok(length.into()),
            Marker::Array16 => self.length16(),
            Marker::Array32 => self.length32(),
            _ => Err(Reason::Malformed { at: from }),
        }
    }

    fn next_item(&mut self, left: &mut u32) -> Result<bool, Reason> {
        let more = left.checked_sub(1);
        *left = more.unwrap_or(0);
        Ok(more.is_some())
    }

    fn text(&mut self) -> Result<Cow<'a, str>, Reason> {
        self.string().map(Cow::Borrowed)
    }

    fn integer(&mut self) -> Result<Option<i64>, Reason> {
        if let Marker::F32 | Marker::F64 = self.marker()? {
            return self.float().map(|()| None);
        }
        let from = self.at;
        let value = match self.next_marker()? {
            Marker::FixPos(value) => value.into(),
            Marker::FixNeg(value) => value.into(),
            Marker::U8 => i64::from(self.length8()?),
            Marker::U16 => i64::from(self.length16()?),
            Marker::U32 => i64::from(self.length32()?),
            Marker::U64 => return self.fixed().map(|bytes| i64::try_from(u64::from_be_bytes(bytes)).ok()),
            Marker::I8 => i8::from_be_bytes(self.fixed()?).into(),
            Marker::I16 => i16::from_be_bytes(self.fixed()?).into(),
            Marker::I32 => i32::from_be_bytes(self.fixed()?).into(),
            Marker::I64 => i64::from_be_bytes(self.fixed()?),
            _ => return Err(Reason::Malformed { at: from }),
        };
        Ok(Some(value))
    }

    fn skip_scalar(&mut self) -> Result<(), Reason> {
        match self.peek()? {
            Shape::Text => self.string().map(drop),
            Shape::Number => self.integer().map(drop),
            _ => self.next_marker().map(drop),
        }
    }

    fn end(&mut self) -> Result<(), Reason> {
        if self.at < self.bytes.len() { Err(Reason::Trailing { at: self.at }) } else { Ok(()) }
    }
}
