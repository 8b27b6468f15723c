//! Fan-outs that are under way or wait for their turn. What waits for the same readers leaves in one write.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Audience, Codec};

use super::fanout::Readers;
use super::message::{Frames, SocketId};

/// Frames that wait for the same readers are merged into one write, up to so many bytes.
const MERGED_BYTES_MAX: usize = 32 * 1024;

/// A fan-out that is under way.
pub(super) struct Walk {
    pub(super) frames: Frames,
    /// The readers as they were when it began: who comes later has it in the state, and who came while it waited
    /// passes over what its state has already.
    pub(super) readers: Vec<SocketId>,
    next: usize,
}

impl Walk {
    /// Whether nobody was told yet.
    pub(super) fn is_new(&self) -> bool {
        self.next == 0
    }

    /// The next readers, at most `most` of them.
    pub(super) fn take(&mut self, most: usize) -> Range<usize> {
        let part = self.next..self.readers.len().min(self.next + most);
        self.next = part.end;
        part
    }
}

/// A fan-out that waits: frames for the same readers, in order.
struct Waiting {
    frames: Frames,
    more: Vec<Bytes>,
    bytes: usize,
}

/// What frames must have in common to leave in one write.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Readership {
    room: RoomRef,
    audience: Audience,
    codec: Codec,
    ephemeral: bool,
}

/// All fan-outs of a shard, in the order in which they go.
#[derive(Default)]
pub(super) struct Walks {
    under_way: Option<Walk>,
    queue: VecDeque<Waiting>,
    /// The number of the first that waits; they are numbered as they come.
    first: u64,
    /// The last one that waits for each readership.
    last_of: HashMap<Readership, u64>,
    /// How many there are of each room.
    of_room: HashMap<RoomRef, u32>,
}

impl Walks {
    pub(super) fn is_empty(&self) -> bool {
        self.under_way.is_none() && self.queue.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len() + usize::from(self.under_way.is_some())
    }

    /// Adds frames, to those that wait for the same readers when there are such.
    pub(super) fn add(&mut self, frames: Frames) {
        let readership = Readership::of(&frames);
        if let Some(waiting) = self.last_for(&readership)
            && waiting.bytes + frames.bytes.len() <= MERGED_BYTES_MAX
        {
            waiting.bytes += frames.bytes.len();
            waiting.more.push(frames.bytes);
            return;
        }
        *self.of_room.entry(frames.room).or_default() += 1;
        self.last_of.insert(readership, self.first + self.queue.len() as u64);
        self.queue.push_back(Waiting { bytes: frames.bytes.len(), frames, more: Vec::new() });
    }

    fn last_for(&mut self, readership: &Readership) -> Option<&mut Waiting> {
        let place = self.last_of.get(readership)?.checked_sub(self.first)?;
        self.queue.get_mut(place as usize)
    }

    /// The fan-out that is under way, or the next one with the readers as they are now.
    pub(super) fn begin(&mut self, readers: &Readers) -> Option<Walk> {
        if let Some(walk) = self.under_way.take() {
            return Some(walk);
        }
        let waiting = self.queue.pop_front()?;
        let readership = Readership::of(&waiting.frames);
        if self.last_of.get(&readership) == Some(&self.first) {
            self.last_of.remove(&readership);
        }
        self.first += 1;
        let readers = readers.list(&waiting.frames).to_vec();
        Some(Walk { frames: waiting.merged(), readers, next: 0 })
    }

    /// Takes back a walk that has come further. Returns its room when it was the last one of it and has ended.
    pub(super) fn put_back(&mut self, walk: Walk) -> Option<RoomRef> {
        if walk.next < walk.readers.len() {
            self.under_way = Some(walk);
            return None;
        }
        let room = walk.frames.room;
        let of_room = self.of_room.get_mut(&room)?;
        *of_room -= 1;
        if *of_room > 0 {
            return None;
        }
        self.of_room.remove(&room);
        Some(room)
    }
}

impl Readership {
    fn of(frames: &Frames) -> Self {
        let Frames { room, audience, codec, ephemeral, .. } = *frames;
        Self { room, audience, codec, ephemeral }
    }
}

impl Waiting {
    /// All frames as one piece.
    fn merged(self) -> Frames {
        if self.more.is_empty() {
            return self.frames;
        }
        let mut bytes = BytesMut::with_capacity(self.bytes);
        bytes.extend_from_slice(&self.frames.bytes);
        self.more.iter().for_each(|more| bytes.extend_from_slice(more));
        Frames { bytes: bytes.freeze(), ..self.frames }
    }
}

#[cfg(test)]
mod tests {
    use plenum_domain::Id;

    use super::*;

    fn room(n: u128) -> RoomRef {
        RoomRef::new("poll", Id::from_bits(n))
    }

    fn frames(n: u128, codec: Codec, bytes: &[u8]) -> Frames {
        let (room, bytes) = (room(n), Bytes::copy_from_slice(bytes));
        Frames { room, audience: Audience::Attendee, codec, bytes, ephemeral: false }
    }

    fn readers(count: u32) -> Readers {
        let mut readers = Readers::default();
        for n in 0..count {
            let socket = SocketId { shard: 0, index: n, generation: 1 };
            readers.add(room(1), Audience::Attendee, Codec::Json, socket);
        }
        readers
    }

    #[test]
    fn what_waits_for_the_same_readers_leaves_in_one_write_whatever_lies_between() {
        let mut walks = Walks::default();
        walks.add(frames(1, Codec::Json, b"a"));
        walks.add(frames(1, Codec::MsgPack, b"x"));
        walks.add(frames(2, Codec::Json, b"y"));
        walks.add(frames(1, Codec::Json, b"b"));
        walks.add(frames(1, Codec::MsgPack, b"z"));
        assert_eq!(walks.len(), 3);
        let order: Vec<Bytes> = (0..3)
            .map(|_| {
                let walk = walks.begin(&Readers::default()).expect("three wait");
                let bytes = walk.frames.bytes.clone();
                walks.put_back(walk);
                bytes
            })
            .collect();
        assert_eq!(order, [&b"ab"[..], b"xz", b"y"]);
        assert!(walks.is_empty() && walks.last_of.is_empty() && walks.of_room.is_empty());
    }

    #[test]
    fn a_walk_that_has_begun_takes_nothing_more_and_its_room_is_told_at_the_end_of_all() {
        let (mut walks, readers) = (Walks::default(), readers(3));
        walks.add(frames(1, Codec::Json, b"a"));
        let mut walk = walks.begin(&readers).expect("one waits");
        assert!(walk.is_new());
        assert_eq!(walk.take(2), 0..2);
        assert_eq!(walks.put_back(walk), None);
        walks.add(frames(1, Codec::Json, b"b"));
        let mut walk = walks.begin(&readers).expect("it is under way");
        assert!(!walk.is_new());
        assert_eq!((walk.take(9), &walk.frames.bytes[..]), (2..3, &b"a"[..]));
        assert_eq!(walks.put_back(walk), None, "another one waits");
        let mut walk = walks.begin(&readers).expect("it waited");
        assert_eq!((walk.take(9), &walk.frames.bytes[..]), (0..3, &b"b"[..]));
        assert_eq!(walks.put_back(walk), Some(room(1)));
    }

    #[test]
    fn a_write_has_a_bound() {
        let mut walks = Walks::default();
        let half = vec![7; MERGED_BYTES_MAX / 2];
        (0..5).for_each(|_| walks.add(frames(1, Codec::Json, &half)));
        assert_eq!(walks.len(), 3);
    }
}
