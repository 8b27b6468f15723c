//! Remembered answers as bytes. A busy room has two hundred thousand of them, and its shard does nothing else while they
//! are written: so each is copied as it is, without names and marks.
//!
//! One answer: the key's 16 bytes, the sender's 16, the seq as eight bytes little-endian, and the room that it opened: the
//! length of its kind's name in one byte (0: none), the name, its id's 16 bytes.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use plenum_domain::Id;

use super::{Accepted, Key};
use crate::engine::record::RoomRef;
use crate::kinds;

const ID_BYTES: usize = 16;
/// An answer that opened no room.
const PLAIN_BYTES: usize = ID_BYTES + ID_BYTES + size_of::<u64>() + 1;

/// The bytes are not of answers that this program has packed.
#[derive(Debug, thiserror::Error)]
pub(in crate::engine) enum Malformed {
    /// They end within an answer.
    #[error("the remembered answers end too early")]
    TooShort,
    /// A room of a kind that this program does not have.
    #[error("a remembered answer names a kind that is not known here")]
    UnknownKind,
}

pub(super) fn pack(count: usize, answers: impl Iterator<Item = (Key, Accepted)>) -> Bytes {
    let mut bytes = BytesMut::with_capacity(count * PLAIN_BYTES);
    for ((sender, key), answer) in answers {
        bytes.put_slice(&key.to_bytes());
        bytes.put_slice(&sender.to_bytes());
        bytes.put_u64_le(answer.seq);
        let Some(room) = answer.opened else {
            bytes.put_u8(0);
            continue;
        };
        bytes.put_u8(room.kind.len() as u8);
        bytes.put_slice(room.kind.as_bytes());
        bytes.put_slice(&room.id.to_bytes());
    }
    bytes.freeze()
}

pub(super) fn unpack(mut bytes: &[u8], mut each: impl FnMut(Key, Accepted)) -> Result<(), Malformed> {
    while !bytes.is_empty() {
        let (key, sender) = (id(&mut bytes)?, id(&mut bytes)?);
        let seq = bytes.try_get_u64_le().map_err(|_| Malformed::TooShort)?;
        let opened = room(&mut bytes)?;
        each((sender, key), Accepted { seq, opened });
    }
    Ok(())
}

fn room(bytes: &mut &[u8]) -> Result<Option<RoomRef>, Malformed> {
    let length = usize::from(bytes.try_get_u8().map_err(|_| Malformed::TooShort)?);
    if length == 0 {
        return Ok(None);
    }
    let (name, rest) = bytes.split_at_checked(length).ok_or(Malformed::TooShort)?;
    *bytes = rest;
    let kind = std::str::from_utf8(name).ok().and_then(kinds::find).ok_or(Malformed::UnknownKind)?;
    Ok(Some(RoomRef::new(kind.name, id(bytes)?)))
}

fn id(bytes: &mut &[u8]) -> Result<Id, Malformed> {
    let (id, rest) = bytes.split_first_chunk::<ID_BYTES>().ok_or(Malformed::TooShort)?;
    *bytes = rest;
    Ok(Id::from_bytes(*id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(opened: Option<RoomRef>) -> Bytes {
        pack(1, std::iter::once(((Id::from_bits(1), Id::from_bits(2)), Accepted { seq: 3, opened })))
    }

    #[test]
    fn every_part_of_an_answer_is_not_one() {
        for whole in [packed(None), packed(Some(RoomRef::new("poll", Id::from_bits(4))))] {
            assert!(unpack(&whole, |_, _| {}).is_ok());
            for end in 1..whole.len() {
                assert!(matches!(unpack(&whole[..end], |_, _| {}), Err(Malformed::TooShort)), "{end}");
            }
        }
    }

    #[test]
    fn a_kind_of_another_program_is_named_as_such() {
        let mut strange = packed(Some(RoomRef::new("poll", Id::from_bits(4)))).to_vec();
        strange[PLAIN_BYTES] = b'x';
        assert!(matches!(unpack(&strange, |_, _| {}), Err(Malformed::UnknownKind)));
    }
}
