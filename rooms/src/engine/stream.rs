//! What one audience was told in one codec: its place in the room's order, and the last pushes for those who come back.

use std::collections::VecDeque;

use bytes::Bytes;
use plenum_domain::Timestamp;

/// A push, encoded once and shared by all of its readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The range (`prev`, `seq`] that it covers; none for what nobody keeps and for what is personal.
    pub range: Option<(u64, u64)>,
    /// The event's name.
    pub ev: &'static str,
    /// When it was made.
    pub at: Timestamp,
    /// The data, in the codec of the stream.
    pub data: Bytes,
}

/// The pushes of one audience in one codec.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// Sockets that read it.
    pub(super) readers: u32,
    /// The seq up to which its readers were told.
    pos: u64,
    /// Who holds at least this seq can be brought to `pos` by what is kept.
    base: u64,
    kept: VecDeque<Push>,
    kept_bytes: usize,
}

/// A stream keeps no more for those who come back; past it they get the state, which is never larger by much.
const KEPT_PUSHES: usize = 256;
const KEPT_BYTES: usize = 128 * 1024;

impl Stream {
    /// Nobody reads: whoever comes gets the state at `seq` or later.
    pub(super) fn skip_to(&mut self, seq: u64) {
        self.pos = seq;
        self.base = seq;
        self.kept = VecDeque::new();
        self.kept_bytes = 0;
    }

    /// Tells the readers everything up to `seq`.
    pub(super) fn tell(&mut self, seq: u64, ev: &'static str, at: Timestamp, data: Bytes) -> Push {
        let push = Push { range: Some((self.pos, seq)), ev, at, data };
        self.pos = seq;
        self.kept_bytes += push.data.len();
        self.kept.push_back(push.clone());
        while self.kept.len() > KEPT_PUSHES || self.kept_bytes > KEPT_BYTES {
            self.forget_oldest();
        }
        push
    }

    fn forget_oldest(&mut self) {
        if let Some(push) = self.kept.pop_front() {
            self.kept_bytes -= push.data.len();
            self.base = push.range.map_or(self.base, |(_, seq)| seq);
        }
    }

    /// The pushes that bring a reader at `since` up to date, and the seq that it is at then; none when too much is gone.
    pub(super) fn replay(&self, since: u64) -> Option<(u64, Vec<Push>)> {
        if since < self.base {
            return None;
        }
        let missed = self.kept.iter().filter(|push| push.range.is_some_and(|(_, seq)| seq > since));
        Some((self.pos.max(since), missed.cloned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seqs: &[u64]) -> Stream {
        let mut stream = Stream::default();
        for seq in seqs {
            stream.tell(*seq, "poll.results", Timestamp::from_ms(0), Bytes::from_static(b"{}"));
        }
        stream
    }

    #[test]
    fn ranges_follow_each_other_without_a_hole() {
        let stream = told(&[3, 7, 8]);
        let ranges: Vec<_> = stream.kept.iter().filter_map(|push| push.range).collect();
        assert_eq!(ranges, [(0, 3), (3, 7), (7, 8)]);
    }

    #[test]
    fn who_comes_back_gets_what_was_missed_and_nothing_twice() {
        let stream = told(&[3, 7, 8]);
        let (at, missed) = stream.replay(5).expect("nothing was forgotten");
        assert_eq!((at, missed.len()), (8, 2));
        assert_eq!(stream.replay(9), Some((9, Vec::new())), "a joiner may be ahead of the last beat");
    }

    #[test]
    fn who_was_away_for_too_long_gets_the_state() {
        let seqs: Vec<u64> = (1..=KEPT_PUSHES as u64 + 10).collect();
        let mut stream = told(&seqs);
        assert!(stream.replay(9).is_none());
        assert!(stream.replay(10).is_some());
        stream.skip_to(500);
        assert!(stream.replay(400).is_none());
    }
}
