//! Values on their way in and out of a room, in the codec of whoever sent or will read them.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How a value is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Codec {
    /// UTF-8 JSON.
    Json,
    /// MessagePack, maps with string keys.
    MsgPack,
}

impl Codec {
    /// Both codecs, in the order of their index.
    pub const ALL: [Self; 2] = [Self::Json, Self::MsgPack];

    /// The codec's place in arrays that hold one thing per codec.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A command's data as it came.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    /// How `bytes` are written.
    pub codec: Codec,
    /// One value; empty stands for an empty map.
    pub bytes: &'a [u8],
}

impl<'a> Payload<'a> {
    /// A payload of JSON text.
    pub const fn json(bytes: &'a [u8]) -> Self {
        Self { codec: Codec::Json, bytes }
    }

    /// Reads the value.
    ///
    /// # Errors
    /// What is wrong with it, in words for the sender: the field and what was expected.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        match (self.codec, self.bytes.is_empty()) {
            (Codec::Json, true) => read_json(b"{}"),
            (Codec::Json, false) => read_json(self.bytes),
            (Codec::MsgPack, true) => read_msgpack(&[0x80]),
            (Codec::MsgPack, false) => read_msgpack(self.bytes),
        }
    }
}

/// How deep lists and maps may nest in a command: JSON's reader has the same limit, and a deeper one could use up a
/// thread's stack.
const DEPTH_MAX: usize = 64;

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn read_msgpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let mut rest = bytes;
    let mut reader = rmp_serde::Deserializer::new(&mut rest);
    reader.set_max_depth(DEPTH_MAX);
    let value = T::deserialize(&mut reader).map_err(|error| error.to_string())?;
    if rest.is_empty() { Ok(value) } else { Err(format!("{} bytes follow the value", rest.len())) }
}

/// Writes a view in a codec.
///
/// # Panics
/// Never for the views of rooms: their maps have string keys and their numbers are finite, which the contract suite checks.
pub fn encode<T: Serialize + ?Sized>(codec: Codec, view: &T) -> Bytes {
    match codec {
        Codec::Json => Bytes::from(serde_json::to_vec(view).expect("a view is plain data with string keys")),
        Codec::MsgPack => Bytes::from(rmp_serde::to_vec_named(view).expect("a view is plain data")),
    }
}
