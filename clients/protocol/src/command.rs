//! What a client writes: a command.

use crate::emit::ObjectWriter;
use crate::{Codec, Since};

/// A command to be sent; the fields of [`Incoming`](crate::Incoming) from the other side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command<'a> {
    /// The client's number for the reply to name, below 2^53.
    pub id: u64,
    /// What to do.
    pub op: &'a str,
    /// The room that it is for.
    pub room: Option<&'a str>,
    /// The client's own id of the action; every command that changes a room has one.
    pub key: Option<u128>,
    /// Where the client is in the room, on a `join` after a break.
    pub since: Option<Since<'a>>,
    /// What the op takes, an object already encoded in the socket's codec.
    pub data: Option<&'a [u8]>,
}

/// Writes one command behind what `out` holds.
pub fn write_command(codec: Codec, out: &mut Vec<u8>, command: &Command<'_>) {
    let optional =
        [command.room.is_some(), command.key.is_some(), command.since.is_some(), command.data.is_some()];
    let fields = 2 + optional.into_iter().map(u32::from).sum::<u32>();
    ObjectWriter::begin(codec, out, fields)
        .count("id", command.id)
        .text("op", command.op)
        .some(command.room, |object, room| object.text("room", room))
        .some(command.key, |object, key| object.key("key", key))
        .some(command.since.as_ref(), |object, since| {
            object.value("since", |codec, out| write_since(codec, out, since))
        })
        .some(command.data, |object, data| object.raw("data", data))
        .end();
}

fn write_since(codec: Codec, out: &mut Vec<u8>, since: &Since<'_>) {
    ObjectWriter::begin(codec, out, 2).text("epoch", &since.epoch).count("seq", since.seq).end();
}
