//! What is written down: every kind of command, reply and push.

mod commands;
mod pushes;
mod replies;

pub(crate) use commands::commands;
pub(crate) use pushes::pushes;
pub(crate) use replies::replies;

use plenum_protocol::{Codec, encode};
use serde_json::Value;

/// One frame: what it means, and how the crate writes it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) meaning: Value,
    pub(crate) write: fn(Codec, &mut Vec<u8>),
}

impl Case {
    pub(crate) fn in_both_codecs(&self) -> Vec<(Codec, Vec<u8>)> {
        Codec::ALL.into_iter().map(|codec| (codec, self.bytes(codec))).collect()
    }

    fn bytes(&self, codec: Codec) -> Vec<u8> {
        let mut out = Vec::new();
        (self.write)(codec, &mut out);
        out
    }
}

/// A payload in the codec of its frame.
pub(crate) fn payload(codec: Codec, value: &Value) -> Vec<u8> {
    encode(codec, value).expect("a payload of texts and numbers has a form in both codecs")
}
