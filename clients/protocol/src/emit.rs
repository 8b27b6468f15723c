//! Writes the envelope's objects straight into a buffer: no tree, nothing allocated besides the buffer's own growth.

use crate::{Codec, INTEGER_MAX, format_key};

/// An object under way. The number of fields is told at the start because MessagePack wants it there.
pub(crate) struct ObjectWriter<'o> {
    codec: Codec,
    out: &'o mut Vec<u8>,
    first: bool,
    fields_left: u32,
}

impl<'o> ObjectWriter<'o> {
    pub(crate) fn begin(codec: Codec, out: &'o mut Vec<u8>, fields: u32) -> Self {
        match codec {
            Codec::Json => out.push(b'{'),
            Codec::MsgPack => msgpack(rmp::encode::write_map_len(out, fields)),
        }
        Self { codec, out, first: true, fields_left: fields }
    }

    pub(crate) fn end(self) {
        debug_assert_eq!(self.fields_left, 0, "as many fields as announced");
        if self.codec == Codec::Json {
            self.out.push(b'}');
        }
    }

    /// A field whose value the caller writes.
    pub(crate) fn value(mut self, name: &'static str, write: impl FnOnce(Codec, &mut Vec<u8>)) -> Self {
        self.fields_left = self.fields_left.wrapping_sub(1);
        if self.codec == Codec::Json && !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        write_text(self.codec, self.out, name);
        if self.codec == Codec::Json {
            self.out.push(b':');
        }
        write(self.codec, self.out);
        self
    }

    pub(crate) fn text(self, name: &'static str, value: &str) -> Self {
        self.value(name, |codec, out| write_text(codec, out, value))
    }

    pub(crate) fn count(self, name: &'static str, value: u64) -> Self {
        self.value(name, |codec, out| write_count(codec, out, value))
    }

    /// A value that is encoded already.
    pub(crate) fn raw(self, name: &'static str, value: &[u8]) -> Self {
        self.value(name, |_, out| out.extend_from_slice(value))
    }

    pub(crate) fn nullable_count(self, name: &'static str, value: Option<u64>) -> Self {
        self.value(name, |codec, out| match value {
            Some(value) => write_count(codec, out, value),
            None => write_null(codec, out),
        })
    }

    /// The field only when there is a value.
    pub(crate) fn some<T>(self, value: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => write(self, value),
            None => self,
        }
    }

    pub(crate) fn key(self, name: &'static str, key: u128) -> Self {
        let text = format_key(key);
        self.text(name, std::str::from_utf8(&text).expect("a key is written in ASCII"))
    }

    pub(crate) fn integer(self, name: &'static str, value: i64) -> Self {
        self.value(name, |codec, out| write_integer(codec, out, value))
    }
}

/// An array of `length` items, each written by the caller's function.
pub(crate) fn write_array<T>(
    codec: Codec,
    out: &mut Vec<u8>,
    items: &[T],
    mut write: impl FnMut(&mut Vec<u8>, &T),
) {
    match codec {
        Codec::Json => out.push(b'['),
        Codec::MsgPack => {
            let length = u32::try_from(items.len()).expect("fewer items than bytes in a frame");
            msgpack(rmp::encode::write_array_len(out, length));
        }
    }
    for (at, item) in items.iter().enumerate() {
        if at > 0 && codec == Codec::Json {
            out.push(b',');
        }
        write(out, item);
    }
    if codec == Codec::Json {
        out.push(b']');
    }
}

/// An object without fields.
pub(crate) fn write_empty(codec: Codec, out: &mut Vec<u8>) {
    ObjectWriter::begin(codec, out, 0).end();
}

fn write_null(codec: Codec, out: &mut Vec<u8>) {
    match codec {
        Codec::Json => out.extend_from_slice(b"null"),
        Codec::MsgPack => msgpack(rmp::encode::write_nil(out)),
    }
}

fn write_text(codec: Codec, out: &mut Vec<u8>, value: &str) {
    match codec {
        Codec::Json => json(serde_json::to_writer(out, value)),
        Codec::MsgPack => msgpack(rmp::encode::write_str(out, value)),
    }
}

fn write_count(codec: Codec, out: &mut Vec<u8>, value: u64) {
    debug_assert!(value <= INTEGER_MAX, "integers on the wire stay below 2^53");
    match codec {
        Codec::Json => json(serde_json::to_writer(out, &value)),
        Codec::MsgPack => msgpack(rmp::encode::write_uint(out, value)),
    }
}

fn write_integer(codec: Codec, out: &mut Vec<u8>, value: i64) {
    match codec {
        Codec::Json => json(serde_json::to_writer(out, &value)),
        Codec::MsgPack => msgpack(rmp::encode::write_sint(out, value)),
    }
}

fn msgpack<T, E: std::fmt::Debug>(written: Result<T, E>) {
    written.expect("a Vec takes all that is written to it");
}

fn json(written: serde_json::Result<()>) {
    written.expect("a Vec takes all that is written to it");
}
