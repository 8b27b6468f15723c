//! One conference that another node owns, or is to own.

use std::collections::VecDeque;

use plenum_domain::Id;
use plenum_rooms::engine::{SubId, Ticket};
use plenum_rooms::relay::{Arrived, Receiving};
use plenum_rooms::{Input, RoomRef};
use tokio::sync::mpsc::error::TrySendError;

use super::{MISSED_AFTER_TICKS, travelling};
use crate::cluster::lines::Line;
use crate::cluster::wire::{Spread, Told, Up};
use crate::shard::{Positions, ticket_of};

/// Inputs of one conference that wait for its owner or for an answer; past it they are refused.
const WAITING_MAX: usize = 16_384;

/// How far it is with the owner.
pub(super) enum State {
    /// It is looked for.
    Seeking,
    /// It was asked to let us listen.
    Attaching(Line),
    /// We listen.
    Attached(Line, Receiving<Spread, Told>),
}

/// What is known of the conference, and what waits.
pub(super) struct Away {
    pub(super) state: State,
    /// Counts the searches for an owner.
    pub(super) round: u64,
    /// The tick at which the state began.
    pub(super) since: u64,
    /// The tick since which there is nobody to answer.
    pub(super) ownerless_since: u64,
    /// Sockets here may be in its rooms.
    pub(super) was_attached: bool,
    /// What readers here were told.
    pub(super) positions: Positions,
    held: VecDeque<Input>,
    unanswered: VecDeque<(Ticket, Input)>,
    /// The tick at which something was missing first, or was asked for.
    missing_since: Option<u64>,
}

impl Away {
    pub(super) fn new(ticks: u64) -> Self {
        Self {
            state: State::Seeking,
            round: 0,
            since: ticks,
            ownerless_since: ticks,
            was_attached: false,
            positions: Positions::new(),
            held: VecDeque::new(),
            unanswered: VecDeque::new(),
            missing_since: None,
        }
    }

    /// The connection to the owner, or to who may become it.
    pub(super) const fn line(&self) -> Option<&Line> {
        match &self.state {
            State::Seeking => None,
            State::Attaching(line) | State::Attached(line, _) => Some(line),
        }
    }

    /// The epoch of the owner that we listen to.
    pub(super) const fn epoch(&self) -> Option<u64> {
        match &self.state {
            State::Attached(_, receiving) => Some(receiving.epoch()),
            _ => None,
        }
    }

    /// Where to put what comes of the owner with this epoch.
    pub(super) fn receiving(&mut self, epoch: u64) -> Option<&mut Receiving<Spread, Told>> {
        match &mut self.state {
            State::Attached(_, receiving) if receiving.epoch() == epoch => Some(receiving),
            _ => None,
        }
    }

    /// The owner is looked for again: all that it did not answer will be asked of the next one, in order.
    pub(super) fn seek(&mut self, ticks: u64) {
        if matches!(self.state, State::Attached(..)) {
            self.ownerless_since = ticks;
        }
        (self.state, self.since) = (State::Seeking, ticks);
        (self.round, self.missing_since) = (self.round + 1, None);
        for (_, input) in self.unanswered.drain(..).rev() {
            self.held.push_front(input);
        }
    }

    /// Keeps an input. Returns those that are refused: this one when too many wait, and what someone asked who is gone.
    pub(super) fn take(&mut self, input: Input) -> Vec<Input> {
        if let Input::Leave { sub, room } = &input {
            let gone = self.forget(*sub, *room);
            self.held.push_back(input);
            return gone;
        }
        if self.held.len() + self.unanswered.len() >= WAITING_MAX {
            return vec![input];
        }
        self.held.push_back(input);
        Vec::new()
    }

    /// Whoever left asks for nothing any more: it may have come back over another node and been told otherwise there.
    fn forget(&mut self, gone: SubId, left: RoomRef) -> Vec<Input> {
        let is_of = |input: &Input| match input {
            Input::Command { sub: Some(sub), room, .. } | Input::Join { sub, room, .. } => {
                (*sub, *room) == (gone, left)
            }
            _ => false,
        };
        let (held, unanswered) = (std::mem::take(&mut self.held), std::mem::take(&mut self.unanswered));
        let (mut forgotten, held): (Vec<Input>, Vec<Input>) = held.into_iter().partition(is_of);
        let (gone, unanswered): (Vec<_>, Vec<_>) = unanswered.into_iter().partition(|(_, one)| is_of(one));
        (self.held, self.unanswered) = (held.into(), unanswered.into());
        forgotten.extend(gone.into_iter().map(|(_, input)| input));
        forgotten
    }

    /// Sends what waits, when there is someone to send it to and as far as they take it.
    pub(super) fn send_held(&mut self, conference: Id) {
        let State::Attached(line, _) = &self.state else { return };
        while let Some(input) = self.held.pop_front() {
            let Some(up) = travelling(conference, &input) else { continue };
            match line.say.try_send(up) {
                Ok(()) => self.unanswered.extend(ticket_of(&input).map(|ticket| (ticket, input))),
                // A broken line is told of by itself.
                Err(TrySendError::Full(_) | TrySendError::Closed(_)) => return self.held.push_front(input),
            }
        }
    }

    /// Whether an answer with this ticket is awaited; it is not any more after this.
    pub(super) fn answered(&mut self, ticket: Ticket) -> bool {
        let at = self.unanswered.iter().position(|(one, _)| *one == ticket);
        at.and_then(|at| self.unanswered.remove(at)).is_some()
    }

    /// Everything that waits, in order.
    pub(super) fn take_all(&mut self) -> Vec<Input> {
        let unanswered = self.unanswered.drain(..).map(|(_, input)| input);
        unanswered.chain(self.held.drain(..)).collect()
    }

    /// The next thing in the owner's order; notes how far readers here are.
    pub(super) fn arrive(&mut self) -> Option<Arrived<Spread, Told>> {
        let State::Attached(_, receiving) = &mut self.state else { return None };
        let arrived = receiving.arrive()?;
        if let Arrived::Frames(frames) = &arrived {
            for spread in frames {
                let place = (spread.room, spread.audience, spread.codec);
                self.positions.extend(spread.seq.map(|seq| (place, seq)));
            }
        }
        Some(arrived)
    }

    /// Asks the owner for beats that did not come for a while.
    pub(super) fn ask_for_missing(&mut self, conference: Id, ticks: u64) {
        let State::Attached(line, receiving) = &self.state else { return };
        let Some(after) = receiving.missing() else {
            self.missing_since = None;
            return;
        };
        let since = *self.missing_since.get_or_insert(ticks);
        if ticks - since >= MISSED_AFTER_TICKS {
            self.missing_since = Some(ticks);
            // What cannot be asked now is asked with a later tick.
            let _ = line.say.try_send(Up::Missed { conference, epoch: receiving.epoch(), after });
        }
    }
}
