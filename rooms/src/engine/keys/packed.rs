//! Remembered answers as bytes, in memory as in a snapshot: a busy room has two hundred thousand of them, and its shard
//! does nothing else while they are copied.
//!
//! One answer: the key's 16 bytes, the sender's 16, the seq as eight bytes little-endian, and the room that it opened: the
//! length of its kind's name in one byte (0: none), the name, its id's 16 bytes.

use std::collections::{BTreeMap, VecDeque};

use bytes::{Buf, BufMut, Bytes};
use plenum_domain::Id;

use super::{Accepted, Key};
use crate::engine::record::RoomRef;
use crate::kinds;

const ID_BYTES: usize = 16;
/// A chunk takes no more answers from here on: so what is dropped of the oldest ones frees memory soon.
const CHUNK_BYTES: usize = 64 * 1024 - 512;

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

/// Answers in the order in which they were given.
#[derive(Debug, Default)]
pub(super) struct Answers {
    places: BTreeMap<Id, Place>,
    chunks: VecDeque<Vec<u8>>,
    /// Chunks that are gone.
    gone: u32,
    /// Where the oldest answer is in its chunk.
    oldest_at: usize,
}

/// Where a key's answer is: the number of its chunk, counting those that are gone, and the offset.
#[derive(Clone, Copy, Debug)]
struct Place {
    chunk: u32,
    at: u32,
}

impl Answers {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Who used this key, and the answer.
    pub(super) fn find(&self, key: Id) -> Option<(Id, Accepted)> {
        let place = self.places.get(&key)?;
        let mut bytes = &self.chunks[(place.chunk - self.gone) as usize][place.at as usize..];
        let ((sender, _), answer) = read(&mut bytes).expect("it was packed here");
        Some((sender, answer))
    }

    /// Adds the newest answer, unless its key has one.
    pub(super) fn push(&mut self, action: Key, answer: Accepted) {
        if self.places.contains_key(&action.1) {
            return;
        }
        if self.chunks.back().is_none_or(|chunk| chunk.len() >= CHUNK_BYTES) {
            self.chunks.push_back(Vec::new());
        }
        let chunk = self.gone + self.chunks.len() as u32 - 1;
        if let Some(bytes) = self.chunks.back_mut() {
            self.places.insert(action.1, Place { chunk, at: bytes.len() as u32 });
            write(bytes, action, answer);
        }
    }

    /// Forgets the oldest answer.
    pub(super) fn pop(&mut self) {
        let Some(chunk) = self.chunks.front() else { return };
        let mut bytes = &chunk[self.oldest_at..];
        let ((_, key), _) = read(&mut bytes).expect("it was packed here");
        self.oldest_at = chunk.len() - bytes.len();
        if bytes.is_empty() {
            self.chunks.pop_front();
            (self.gone, self.oldest_at) = (self.gone + 1, 0);
        }
        self.places.remove(&key);
    }

    /// All of them, oldest first.
    pub(super) fn packed(&self) -> Bytes {
        let bytes = self.chunks.iter().map(Vec::len).sum::<usize>() - self.oldest_at;
        let mut packed = Vec::with_capacity(bytes);
        for (n, chunk) in self.chunks.iter().enumerate() {
            packed.extend_from_slice(&chunk[if n == 0 { self.oldest_at } else { 0 }..]);
        }
        packed.into()
    }
}

pub(super) fn unpack(mut bytes: &[u8], mut each: impl FnMut(Key, Accepted)) -> Result<(), Malformed> {
    while !bytes.is_empty() {
        let (action, answer) = read(&mut bytes)?;
        each(action, answer);
    }
    Ok(())
}

fn write(bytes: &mut Vec<u8>, (sender, key): Key, answer: Accepted) {
    bytes.put_slice(&key.to_bytes());
    bytes.put_slice(&sender.to_bytes());
    bytes.put_u64_le(answer.seq);
    let Some(room) = answer.opened else { return bytes.put_u8(0) };
    bytes.put_u8(room.kind.len() as u8);
    bytes.put_slice(room.kind.as_bytes());
    bytes.put_slice(&room.id.to_bytes());
}

fn read(bytes: &mut &[u8]) -> Result<(Key, Accepted), Malformed> {
    let (key, sender) = (id(bytes)?, id(bytes)?);
    let seq = bytes.try_get_u64_le().map_err(|_| Malformed::TooShort)?;
    Ok(((sender, key), Accepted { seq, opened: room(bytes)? }))
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

    fn action(n: u128) -> Key {
        (Id::from_bits(1), Id::from_bits(n))
    }

    fn packed(opened: Option<RoomRef>) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, action(2), Accepted { seq: 3, opened });
        bytes
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
        let mut strange = packed(Some(RoomRef::new("poll", Id::from_bits(4))));
        let name_at = packed(None).len();
        strange[name_at] = b'x';
        assert!(matches!(unpack(&strange, |_, _| {}), Err(Malformed::UnknownKind)));
    }

    #[test]
    fn answers_are_found_over_many_chunks_and_the_oldest_free_theirs() {
        let mut answers = Answers::default();
        let opened = |n: u128| n.is_multiple_of(5).then(|| RoomRef::new("poll", Id::from_bits(n)));
        let answer = |n: u128| Accepted { seq: n as u64, opened: opened(n) };
        (0..10_000).for_each(|n| answers.push(action(n), answer(n)));
        let chunks = answers.chunks.len();
        (0..7_000).for_each(|_| answers.pop());
        assert!(chunks > 6 && answers.chunks.len() <= chunks / 2, "{chunks}, {}", answers.chunks.len());
        assert_eq!((answers.len(), answers.find(Id::from_bits(6_999))), (3_000, None));
        for n in 7_000..10_000 {
            assert_eq!(answers.find(Id::from_bits(n)), Some((action(n).0, answer(n))));
        }
        let mut kept = Vec::new();
        unpack(&answers.packed(), |(_, key), answer| kept.push((key, answer))).expect("it was packed here");
        let expected: Vec<_> = (7_000..10_000).map(|n| (action(n).1, answer(n))).collect();
        assert_eq!(kept, expected);
        (0..3_001).for_each(|_| answers.pop());
        assert_eq!((answers.len(), answers.chunks.len()), (0, 0));
    }
}
