//! The owner's side.

use std::collections::{BTreeMap, VecDeque};

use super::{Beat, Letter};
use crate::engine::RoomRef;

/// Beats that are kept for nodes that missed some; past it such a node asks for the state.
const KEPT_BEATS: usize = 256;
/// The same in bytes of what they carry.
const KEPT_BYTES: usize = 1024 * 1024;

/// Where a node begins to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The owner's epoch.
    pub epoch: u64,
    /// The number of the attachment; never given twice by one owner.
    pub number: u32,
    /// The last beat before it.
    pub beat: u64,
}

struct Kept<F> {
    beat: Beat<F>,
    bytes: usize,
}

/// What the owner of one conference sends to other nodes.
pub struct Sending<F> {
    epoch: u64,
    beat: u64,
    pending: Vec<(RoomRef, F)>,
    pending_bytes: usize,
    /// Letters sent, by attachment.
    letters: BTreeMap<u32, u64>,
    attachments: u32,
    kept: VecDeque<Kept<F>>,
    kept_bytes: usize,
}

impl<F: Clone> Sending<F> {
    /// An owner that begins, with its epoch.
    pub const fn new(epoch: u64) -> Self {
        Self {
            epoch,
            beat: 0,
            pending: Vec::new(),
            pending_bytes: 0,
            letters: BTreeMap::new(),
            attachments: 0,
            kept: VecDeque::new(),
            kept_bytes: 0,
        }
    }

    /// The owner's epoch.
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// A node begins to listen.
    pub fn attach(&mut self) -> Attached {
        self.attachments += 1;
        self.letters.insert(self.attachments, 0);
        Attached { epoch: self.epoch, number: self.attachments, beat: self.beat }
    }

    /// A node listens no more.
    pub fn detach(&mut self, attachment: u32) {
        self.letters.remove(&attachment);
    }

    /// Whether anyone listens.
    pub fn is_heard(&self) -> bool {
        !self.letters.is_empty()
    }

    /// The number of the last beat: told now and then over the connection, so that a silent bus is noticed.
    pub const fn tide(&self) -> u64 {
        self.beat
    }

    /// Puts a frame into the beat that is being made; `bytes` is its size.
    pub fn put(&mut self, room: RoomRef, frame: F, bytes: usize) {
        self.pending.push((room, frame));
        self.pending_bytes += bytes;
    }

    /// Ends the beat that is being made; none when it is empty.
    pub fn close(&mut self) -> Option<Beat<F>> {
        if self.pending.is_empty() {
            return None;
        }
        self.beat += 1;
        let frames = self.pending.drain(..).map(|(_, frame)| frame).collect();
        let letters = self.letters.iter().map(|(to, sent)| (*to, *sent)).collect();
        let beat = Beat { epoch: self.epoch, number: self.beat, letters, frames };
        self.keep(beat.clone());
        Some(beat)
    }

    fn keep(&mut self, beat: Beat<F>) {
        let bytes = std::mem::take(&mut self.pending_bytes);
        self.kept_bytes += bytes;
        self.kept.push_back(Kept { beat, bytes });
        while self.kept.len() > KEPT_BEATS || self.kept_bytes > KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { return };
            self.kept_bytes -= oldest.bytes;
        }
    }

    /// A letter about `room` for an attachment, and the beat that has to leave before it: the one that is being made,
    /// when it tells of the same room. None when the attachment is gone.
    pub fn letter<L>(
        &mut self,
        attachment: u32,
        room: RoomRef,
        body: L,
    ) -> Option<(Option<Beat<F>>, Letter<L>)> {
        if !self.letters.contains_key(&attachment) {
            return None;
        }
        let tells_of_it = self.pending.iter().any(|(one, _)| *one == room);
        let before = if tells_of_it { self.close() } else { None };
        let sent = self.letters.get_mut(&attachment)?;
        *sent += 1;
        Some((before, Letter { number: *sent, after: self.beat, body }))
    }

    /// Every beat after `number`; none when some are not kept any more.
    pub fn after(&self, number: u64) -> Option<Vec<Beat<F>>> {
        let first_kept = self.kept.front().map_or(self.beat + 1, |kept| kept.beat.number);
        let later = self.kept.iter().filter(|kept| kept.beat.number > number);
        (number + 1 >= first_kept).then(|| later.map(|kept| kept.beat.clone()).collect())
    }
}
