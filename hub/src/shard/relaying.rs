//! What other nodes hear of the conferences that this shard owns, and what they ask.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::{Id, Timestamp};
use plenum_persistence::journal::Source;
use plenum_rooms::engine::{Engine, Refusal, SubId, Ticket};
use plenum_rooms::relay::Sending;
use plenum_rooms::{Input, Output, RoomRef};
use tokio::sync::oneshot;

use super::desk::{Desk, Desks};
use super::message::{Numbers, Visitor, visitor, waiter};
use super::state::Shard;
use crate::cluster::{Down, Outside, Spread, Told};

/// Nodes are told the number of the last beat this often, in milliseconds, when it is another one.
const TIDE_EVERY_MS: i64 = 100;
/// When to ask again while a conference changes its owner, in milliseconds.
const MOVING_RETRY_MS: u64 = 250;

/// One owned conference's way to other nodes.
pub(super) struct Relay {
    sending: Sending<Spread>,
    /// The nodes that listen, with their attachments.
    visitors: BTreeMap<Visitor, u32>,
    /// Rooms that someone on another node has been in.
    rooms: BTreeSet<RoomRef>,
    tide_told: u64,
    tide_at: Timestamp,
    /// Told once the desk is cleared, with the nodes that listened.
    leaving: Option<oneshot::Sender<Vec<Visitor>>>,
}

impl Relay {
    fn new(epoch: u64) -> Self {
        let (visitors, rooms) = (BTreeMap::new(), BTreeSet::new());
        let (sending, tide_at) = (Sending::new(epoch), Timestamp::from_ms(0));
        Self { sending, visitors, rooms, tide_told: 0, tide_at, leaving: None }
    }

    /// Whether the conference is being handed over: nothing new is begun.
    pub(super) const fn is_leaving(&self) -> bool {
        self.leaving.is_some()
    }

    /// Puts a frame into the beat, when someone on another node may read it.
    pub(super) fn put(&mut self, spread: impl FnOnce() -> Spread, room: RoomRef) {
        if self.sending.is_heard() && self.rooms.contains(&room) {
            let spread = spread();
            let bytes = spread.bytes.len();
            self.sending.put(room, spread, bytes);
        }
    }

    /// Ends the beat and sends it.
    pub(super) fn close(&mut self, conference: Id, outside: &Outside) {
        if let Some(beat) = self.sending.close() {
            outside.spread(conference, beat);
        }
    }

    /// Sends what is for one person on another node.
    fn write(&mut self, conference: Id, to: Visitor, room: RoomRef, output: Output, outside: &Outside) {
        let Some(attachment) = self.visitors.get(&to).copied() else { return };
        let Some(told) = Told::of(output, Numbers::home) else { return };
        if matches!(told, Told::Joined { .. }) {
            self.rooms.insert(room);
        }
        let Some((before, letter)) = self.sending.letter(attachment, room, told) else { return };
        if let Some(beat) = before {
            outside.spread(conference, beat);
        }
        let (epoch, number, after) = (self.sending.epoch(), letter.number, letter.after);
        outside.tell(to, Down::Letter { conference, epoch, number, after, told: letter.body });
    }

    fn tell_tide(&mut self, conference: Id, now: Timestamp, outside: &Outside) {
        let beat = self.sending.tide();
        if beat == self.tide_told || now.since_ms(self.tide_at) < TIDE_EVERY_MS {
            return;
        }
        (self.tide_told, self.tide_at) = (beat, now);
        let epoch = self.sending.epoch();
        self.visitors.keys().for_each(|to| outside.tell(*to, Down::Tide { conference, epoch, beat }));
    }
}

impl Shard {
    /// An answer, join or personal push: to a socket here, or to the node that it is on.
    pub(super) fn hand_out(&mut self, desk: &mut Desk, conference: Id, output: Output) {
        let (number, room) = match &output {
            Output::Reply { .. } | Output::Looked { .. } => return self.answer(Some(conference), output),
            Output::Joined { sub, room, .. }
            | Output::Whisper { sub, room, .. }
            | Output::Moved { sub, room, .. } => (sub.0, *room),
            _ => return,
        };
        match (visitor(number), &self.links.outside) {
            (Visitor::HERE, _) | (_, None) => self.hand_on(usize::from(waiter(Ticket(number)).0), output),
            (to, Some(outside)) => {
                if let Some(relay) = &mut desk.relay {
                    relay.write(conference, to, room, output, outside);
                }
            }
        }
    }

    /// An answer that needs no place in the order of pushes: to whom it is for, here or on another node.
    pub(super) fn answer(&mut self, conference: Option<Id>, output: Output) {
        let (Output::Reply { ticket, .. } | Output::Looked { ticket, .. }) = &output else { return };
        let ticket = *ticket;
        match (visitor(ticket.0), &self.links.outside, conference) {
            (Visitor::HERE, ..) | (_, None, _) => self.hand_on(usize::from(waiter(ticket).0), output),
            (to, Some(outside), Some(conference)) => {
                if let Some(told) = Told::of(output, Numbers::home) {
                    outside.tell(to, Down::Answer { conference, told });
                }
            }
            // Other nodes ask of conferences only.
            (_, Some(_), None) => {}
        }
    }

    /// Tells other nodes what the last beats are.
    pub(super) fn tell_tides(&mut self) {
        let Some(outside) = &self.links.outside else { return };
        let now = self.turn_at;
        for (conference, desk) in &mut self.desks {
            if let Some(relay) = &mut desk.relay {
                relay.tell_tide(*conference, now, outside);
            }
        }
    }

    /// An input whose conference is not at any desk here.
    pub(super) fn send_away(&mut self, conference: Option<Id>, input: Input) {
        let from = visitor(number_of(&input).unwrap_or_default());
        let ticket = ticket_of(&input);
        let refusal = match (&self.links.outside, conference) {
            (Some(outside), Some(conference)) if from != Visitor::HERE => {
                return outside.tell(from, Down::Elsewhere { conference });
            }
            (Some(outside), Some(conference)) => match outside.ask(conference, input) {
                Ok(()) => return,
                Err(refusal) => refusal,
            },
            _ => Refusal::new("hub.not_found", "there is no such room"),
        };
        if let Some(ticket) = ticket.filter(|_| from == Visitor::HERE) {
            self.hand_on(usize::from(waiter(ticket).0), Output::Reply { ticket, outcome: Err(refusal) });
        }
    }

    /// A conference is ours: its rooms are at a desk from now on.
    pub(super) fn seat(&mut self, conference: Id, epoch: u64, engine: Engine) {
        self.generations += 1;
        let source = Source { shard: self.me as u32, generation: self.generations };
        self.desks.insert(conference, Desk::new(engine, source, Some(Relay::new(epoch))));
    }

    /// A conference is not ours any more: what waited is refused, and nobody hears anything else of it.
    pub(super) fn unseat(&mut self, conference: Id) {
        let Some(mut desk) = self.desks.remove(&conference) else { return };
        desk.engine.failed(&moving());
        for output in desk.engine.take() {
            let (Output::Reply { ticket, .. }
            | Output::Looked { ticket, .. }
            | Output::Joined { ticket, .. }) = output
            else {
                continue;
            };
            if visitor(ticket.0) == Visitor::HERE {
                let refused = Output::Reply { ticket, outcome: Err(moving()) };
                self.hand_on(usize::from(waiter(ticket).0), refused);
            }
        }
        if let (Some(relay), Some(outside)) = (desk.relay, &self.links.outside) {
            relay.visitors.keys().for_each(|to| outside.tell(*to, Down::Elsewhere { conference }));
        }
    }

    /// Begins to hand a conference over: nothing new is begun, its rooms' states are kept.
    pub(super) fn leave_desk(&mut self, conference: Id, done: oneshot::Sender<Vec<Visitor>>) {
        let Some(desk) = self.desks.get_mut(&conference) else { return };
        desk.engine.snapshot_all();
        if let Some(relay) = &mut desk.relay {
            relay.leaving = Some(done);
        }
    }

    /// Clears the desks that are being handed over and have nothing left to do.
    pub(super) fn clear_desks(&mut self) {
        let cleared = |desk: &Desk| desk.relay.as_ref().is_some_and(Relay::is_leaving) && desk.is_settled();
        let keys: Vec<Id> =
            self.desks.iter().filter(|(_, desk)| cleared(desk)).map(|(key, _)| *key).collect();
        for key in keys {
            let relay = self.desks.remove(&key).and_then(|desk| desk.relay);
            let Some(Relay { leaving: Some(done), visitors, .. }) = relay else { continue };
            // Whoever waited may have given up.
            let _ = done.send(visitors.into_keys().collect());
        }
    }

    /// Another node wants to hear of a conference.
    pub(super) fn attach(&mut self, conference: Id, visitor: Visitor) {
        let Some(outside) = self.links.outside.clone() else { return };
        let here = self.desks.get_mut(&conference).and_then(|desk| desk.relay.as_mut());
        let Some(relay) = here.filter(|relay| !relay.is_leaving()) else {
            return outside.tell(visitor, Down::Elsewhere { conference });
        };
        relay.close(conference, &outside);
        let attached = relay.sending.attach();
        if let Some(old) = relay.visitors.insert(visitor, attached.number) {
            relay.sending.detach(old);
        }
        let history = self.links.journals.history(conference).unwrap_or_default();
        let (epoch, attachment, beat) = (attached.epoch, attached.number, attached.beat);
        outside.tell(visitor, Down::Attached { conference, epoch, attachment, beat, history });
    }

    /// Another node wants to hear no more of a conference.
    pub(super) fn detach_visitor(&mut self, conference: Id, visitor: Visitor) {
        let now = self.now();
        if let Some(desk) = self.desks.get_mut(&conference) {
            forget(desk, visitor, now);
        }
    }

    /// Another node is gone, and everyone who was on it.
    pub(super) fn visitor_gone(&mut self, visitor: Visitor) {
        let now = self.now();
        self.desks.values_mut().for_each(|desk| forget(desk, visitor, now));
    }

    /// Another node missed beats.
    pub(super) fn repeat(&mut self, conference: Id, visitor: Visitor, epoch: u64, after: u64) {
        let Some(outside) = self.links.outside.as_ref() else { return };
        let relay = self.desks.get(&conference).and_then(|desk| desk.relay.as_ref());
        let Some(relay) = relay.filter(|relay| relay.sending.epoch() == epoch) else { return };
        metrics::counter!("plenum_beats_repeated_total").increment(1);
        outside.tell(
            visitor,
            match relay.sending.after(after) {
                Some(beats) => Down::Beats { conference, beats: beats.into_iter().map(Into::into).collect() },
                None => Down::TooLate { conference, epoch },
            },
        );
    }

    /// Takes the desks out, so that they can be worked on together with the shard, and puts them back.
    pub(super) fn with_desks(&mut self, work: impl FnOnce(&mut Self, &mut Desks)) {
        let mut desks = std::mem::take(&mut self.desks);
        work(self, &mut desks);
        debug_assert!(self.desks.is_empty(), "no desk comes or goes while others are worked on");
        self.desks = desks;
    }

    /// Whether what a desk has to say may leave: always on a single node, and while its lease is trusted.
    pub(super) fn may_speak(&self, conference: Id) -> bool {
        self.links.outside.as_ref().is_none_or(|outside| outside.may_act(conference))
    }
}

fn forget(desk: &mut Desk, visitor: Visitor, now: Timestamp) {
    let Some(relay) = &mut desk.relay else { return };
    if let Some(attachment) = relay.visitors.remove(&visitor) {
        relay.sending.detach(attachment);
        let (first, last) = visitor.numbers();
        desk.engine.leave_all(SubId(first)..=SubId(last), now);
    }
}

fn moving() -> Refusal {
    Refusal::busy("the conference is moving to another node; try again with the same key", MOVING_RETRY_MS)
        .with("reason", "moving")
}

/// Whom to answer.
pub(crate) const fn ticket_of(input: &Input) -> Option<Ticket> {
    match input {
        Input::Open { ticket, .. }
        | Input::Command { ticket, .. }
        | Input::Join { ticket, .. }
        | Input::Look { ticket, .. } => Some(*ticket),
        Input::Leave { .. } | Input::Reloaded(_) => None,
    }
}

fn number_of(input: &Input) -> Option<u64> {
    match input {
        Input::Leave { sub, .. } => Some(sub.0),
        other => ticket_of(other).map(|ticket| ticket.0),
    }
}
