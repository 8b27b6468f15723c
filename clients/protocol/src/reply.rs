//! What a hub writes: replies and pushes. Each function writes one object behind what `out` holds.

use crate::emit::{ObjectWriter, write_array, write_empty};
use crate::payload::encode_into;
use crate::{Codec, HelloOk, Moving};

/// What stands before the data of a push.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PushHead<'a> {
    /// The room that speaks.
    pub room: &'a str,
    /// The push covers the room's facts behind this one …
    pub prev: Option<u64>,
    /// … up to and with this one. Both absent: ephemeral or personal, applied at once.
    pub seq: Option<u64>,
    /// What it is, `<kind>.<name>`.
    pub ev: &'a str,
    /// When it happened, in milliseconds since 1970.
    pub at_ms: Option<i64>,
}

/// What a `join` gets: all of it, or what was missed. Every part is encoded in the frame's codec.
#[derive(Clone, Copy, Debug)]
pub enum Joined<'a> {
    /// The room's state as this audience may see it.
    State(&'a [u8]),
    /// The pushes since the client's place, each with its data.
    Replay(&'a [(PushHead<'a>, &'a [u8])]),
    /// The pushes since the client's place, each as [`write_push`] wrote it.
    Pushes(&'a [&'a [u8]]),
}

/// `{"re":…,"ok":…}`; `ok` is an encoded object, absent for `{}`.
pub fn write_ok(codec: Codec, out: &mut Vec<u8>, re: u64, ok: Option<&[u8]>) {
    write_ok_with(codec, out, re, |codec, out| match ok {
        Some(ok) => out.extend_from_slice(ok),
        None => write_empty(codec, out),
    });
}

/// `{"re":…,"err":{…}}`. `re` is null when the command's id could not be read, `retry_ms` when trying again is no
/// use; `details` is an encoded object, absent for `{}`.
pub fn write_err(
    codec: Codec,
    out: &mut Vec<u8>,
    re: Option<u64>,
    code: &str,
    message: &str,
    retry_ms: Option<u64>,
    details: Option<&[u8]>,
) {
    let write_details = |codec, out: &mut Vec<u8>| match details {
        Some(details) => out.extend_from_slice(details),
        None => write_empty(codec, out),
    };
    let write_error = |codec, out: &mut Vec<u8>| {
        ObjectWriter::begin(codec, out, 4)
            .text("code", code)
            .text("message", message)
            .nullable_count("retry_ms", retry_ms)
            .value("details", write_details)
            .end();
    };
    ObjectWriter::begin(codec, out, 2).nullable_count("re", re).value("err", write_error).end();
}

/// A push, its data spliced in: `data` is an encoded object.
pub fn write_push(codec: Codec, out: &mut Vec<u8>, head: &PushHead<'_>, data: &[u8]) {
    let optional = [head.prev.is_some(), head.seq.is_some(), head.at_ms.is_some()];
    let fields = 3 + optional.into_iter().map(u32::from).sum::<u32>();
    ObjectWriter::begin(codec, out, fields)
        .text("room", head.room)
        .some(head.prev, |object, prev| object.count("prev", prev))
        .some(head.seq, |object, seq| object.count("seq", seq))
        .text("ev", head.ev)
        .some(head.at_ms, |object, at_ms| object.integer("at_ms", at_ms))
        .raw("data", data)
        .end();
}

/// The answer to a `join`: where the client is now, and what brings it there.
pub fn write_join_ok(
    codec: Codec,
    out: &mut Vec<u8>,
    re: u64,
    room: &str,
    epoch: &str,
    seq: u64,
    joined: Joined<'_>,
) {
    write_ok_with(codec, out, re, |codec, out| {
        let object =
            ObjectWriter::begin(codec, out, 4).text("room", room).text("epoch", epoch).count("seq", seq);
        match joined {
            Joined::State(state) => object.raw("state", state),
            Joined::Replay(pushes) => object.value("replay", |codec, out| {
                write_array(codec, out, pushes, |out, (head, data)| write_push(codec, out, head, data));
            }),
            Joined::Pushes(pushes) => object.value("replay", |codec, out| {
                write_array(codec, out, pushes, |out, push| out.extend_from_slice(push));
            }),
        }
        .end();
    });
}

/// The answer to `hello`.
pub fn write_hello_ok(codec: Codec, out: &mut Vec<u8>, re: u64, hello: &HelloOk<'_>) {
    write_ok_with(codec, out, re, |codec, out| {
        encode_into(codec, hello, out).expect("texts, counts and lists of texts have a form in both codecs");
    });
}

/// The answer to `ping`; doubles as clock sync. `server_ms` is milliseconds since 1970.
pub fn write_pong(codec: Codec, out: &mut Vec<u8>, re: u64, server_ms: i64) {
    write_ok_with(codec, out, re, |codec, out| {
        ObjectWriter::begin(codec, out, 1).integer("server_ms", server_ms).end();
    });
}

/// The answer to `auth.refresh`: when the new token ends, in milliseconds since 1970.
pub fn write_renewed(codec: Codec, out: &mut Vec<u8>, re: u64, token_ends_ms: i64) {
    write_ok_with(codec, out, re, |codec, out| {
        ObjectWriter::begin(codec, out, 1).integer("token_ends_ms", token_ends_ms).end();
    });
}

/// The goodbye of a hub that drains: come back after so long.
pub fn write_moving(codec: Codec, out: &mut Vec<u8>, moving: Moving) {
    ObjectWriter::begin(codec, out, 2)
        .text("ev", Moving::EV)
        .value("data", |codec, out| {
            ObjectWriter::begin(codec, out, 1).count("after_ms", moving.after_ms).end();
        })
        .end();
}

fn write_ok_with(codec: Codec, out: &mut Vec<u8>, re: u64, write: impl FnOnce(Codec, &mut Vec<u8>)) {
    ObjectWriter::begin(codec, out, 2).count("re", re).value("ok", write).end();
}
