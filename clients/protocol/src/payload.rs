//! What travels inside the envelope: any serde type, in either codec, in one agreed way.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::scan::{JsonScan, MsgPackScan, Scan};
use crate::{Codec, Limits, Reason};

/// A payload that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// JSON that is not of the wanted type, or a value that has no form in it.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A value that has no form in MessagePack.
    #[error(transparent)]
    MsgPackWrite(#[from] rmp_serde::encode::Error),
    /// MessagePack that is not of the wanted type.
    #[error(transparent)]
    MsgPackRead(#[from] rmp_serde::decode::Error),
    /// Bytes that are not one well formed value.
    #[error(transparent)]
    Malformed(#[from] Reason),
}

/// Encodes a value the way clients read it: maps with string keys, ids as text in MessagePack too.
pub fn encode<T: Serialize + ?Sized>(codec: Codec, value: &T) -> Result<Vec<u8>, PayloadError> {
    let mut out = Vec::new();
    encode_into(codec, value, &mut out).map(|()| out)
}

/// [`encode`] behind what `out` holds.
pub fn encode_into<T: Serialize + ?Sized>(
    codec: Codec,
    value: &T,
    out: &mut Vec<u8>,
) -> Result<(), PayloadError> {
    match codec {
        Codec::Json => Ok(serde_json::to_writer(out, value)?),
        Codec::MsgPack => {
            let mut serializer = rmp_serde::Serializer::new(out).with_struct_map().with_human_readable();
            Ok(value.serialize(&mut serializer)?)
        }
    }
}

/// Decodes a value that was encoded as by [`encode`], borrowing texts where the type does.
pub fn decode<'a, T: Deserialize<'a>>(codec: Codec, bytes: &'a [u8]) -> Result<T, PayloadError> {
    match codec {
        Codec::Json => Ok(serde_json::from_slice(bytes)?),
        Codec::MsgPack => {
            let mut deserializer = rmp_serde::Deserializer::from_read_ref(bytes).with_human_readable();
            Ok(T::deserialize(&mut deserializer)?)
        }
    }
}

/// Writes a payload of one codec in another, behind what `out` holds. The bytes come out as they went in when both
/// are the same; a payload that nests deeper than [`Limits::CLIENT`] allows is refused.
pub fn transcode(from: Codec, to: Codec, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), PayloadError> {
    check(from, bytes)?;
    if from == to {
        out.extend_from_slice(bytes);
        return Ok(());
    }
    encode_into(to, &decode_owned::<serde_json::Value>(from, bytes)?, out)
}

fn decode_owned<T: DeserializeOwned>(codec: Codec, bytes: &[u8]) -> Result<T, PayloadError> {
    decode(codec, bytes)
}

/// One well formed value and nothing behind it.
fn check(codec: Codec, bytes: &[u8]) -> Result<(), Reason> {
    match codec {
        Codec::Json => check_with(JsonScan::over(bytes)?),
        Codec::MsgPack => check_with(MsgPackScan::over(bytes)?),
    }
}

fn check_with<'a, S: Scan<'a>>(mut scan: S) -> Result<(), Reason> {
    scan.skip(Limits::CLIENT.depth_max)?;
    scan.end()
}
