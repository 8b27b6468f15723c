//! A node's side of a conference that another node owns: what waits, and how far its readers are.

use std::collections::{BTreeMap, VecDeque};

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Audience, Codec, Input, Output, Ticket};
use plenum_rooms::relay::{Arrived, Receiving};

use super::net::Frame;

pub(super) enum State {
    /// Nobody here asked for anything yet.
    Idle,
    Seeking,
    Attaching(u64),
    Attached(u64, Box<Receiving<Frame, Output>>),
}

pub(super) struct Reader {
    pub(super) state: State,
    pub(super) round: u64,
    pub(super) since: Timestamp,
    pub(super) was_attached: bool,
    pub(super) positions: BTreeMap<(Audience, Codec), u64>,
    pub(super) held: VecDeque<Input>,
    pub(super) unanswered: VecDeque<(Ticket, Input)>,
    pub(super) missing_since: Option<Timestamp>,
}

impl Reader {
    pub(super) const fn new() -> Self {
        Self {
            state: State::Idle,
            round: 0,
            since: Timestamp::from_ms(0),
            was_attached: false,
            positions: BTreeMap::new(),
            held: VecDeque::new(),
            unanswered: VecDeque::new(),
            missing_since: None,
        }
    }

    pub(super) const fn line(&self) -> Option<u64> {
        match &self.state {
            State::Idle | State::Seeking => None,
            State::Attaching(line) | State::Attached(line, _) => Some(*line),
        }
    }

    pub(super) fn receiving(&mut self, epoch: u64) -> Option<&mut Receiving<Frame, Output>> {
        match &mut self.state {
            State::Attached(_, receiving) if receiving.epoch() == epoch => Some(receiving),
            _ => None,
        }
    }

    pub(super) fn epoch(&self) -> Option<u64> {
        match &self.state {
            State::Attached(_, receiving) => Some(receiving.epoch()),
            _ => None,
        }
    }

    /// The owner is looked for: what it did not answer is asked again.
    pub(super) fn seek(&mut self, now: Timestamp, forgets: bool) {
        (self.state, self.since, self.missing_since) = (State::Seeking, now, None);
        self.round += 1;
        for (_, input) in self.unanswered.drain(..).rev() {
            if !forgets {
                self.held.push_front(input);
            }
        }
    }

    pub(super) fn answered(&mut self, ticket: Ticket) -> bool {
        let at = self.unanswered.iter().position(|(one, _)| *one == ticket);
        at.and_then(|at| self.unanswered.remove(at)).is_some()
    }

    pub(super) fn arrive(&mut self) -> Option<Arrived<Frame, Output>> {
        let State::Attached(_, receiving) = &mut self.state else { return None };
        let arrived = receiving.arrive()?;
        if let Arrived::Frames(frames) = &arrived {
            for frame in frames {
                let seq = frame.push.range.map(|(_, seq)| seq);
                self.positions.extend(seq.map(|seq| ((frame.audience, frame.codec), seq)));
            }
        }
        Some(arrived)
    }

    /// Whether nothing waits.
    pub(super) fn is_quiet(&self) -> bool {
        let listens = match &self.state {
            State::Idle => true,
            State::Attached(_, receiving) => receiving.missing().is_none(),
            State::Seeking | State::Attaching(_) => false,
        };
        listens && self.held.is_empty() && self.unanswered.is_empty()
    }
}
