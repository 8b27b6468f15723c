//! What people here ask of conferences that other nodes own: finds the owner, sends it there, puts what comes back in
//! its order, and starts anew when the owner changes.

mod away;
mod seek;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use plenum_domain::Id;
use plenum_rooms::engine::{Outcome, Output, Refusal};
use plenum_rooms::relay::{Arrived, Attached, Letter, Receiving};
use plenum_rooms::{Input, relay};
use tokio::sync::mpsc;

use self::away::{Away, State};
use super::bus::Heard;
use super::lines::Line;
use super::node::Parts;
use super::outside::{Wanted, busy};
use super::wire::{self, Asked, Down, Spread, Told, Up};
use crate::shard::{Frames, News, SocketId, ticket_of, waiter};

/// The router looks at its watch this often.
const TICK: Duration = Duration::from_millis(25);
/// What waits for an owner is refused after so many ticks: 8 s, before whoever asked gives up by itself.
const OWNER_WITHIN_TICKS: u64 = 320;
/// An owner that was asked is asked again elsewhere after so many ticks: 3 s.
const ATTACHED_WITHIN_TICKS: u64 = 120;
/// Beats that are missing for so many ticks are asked for: the bus is often only late.
const MISSED_AFTER_TICKS: u64 = 2;
/// After a failed try the next one waits so long.
const SEEK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What happens to the router.
pub(super) enum Event {
    /// An owner was looked for.
    Found { conference: Id, round: u64, place: seek::Place },
    /// Another node says something.
    Heard { line: u64, down: Down },
    /// A connection is no more.
    Broken { line: u64 },
}

/// The conferences of others that people here are in.
pub(super) struct Router {
    parts: Arc<Parts>,
    events: mpsc::UnboundedSender<Event>,
    away: HashMap<Id, Away>,
    ticks: u64,
}

impl Router {
    pub(super) fn new(parts: Arc<Parts>, events: mpsc::UnboundedSender<Event>) -> Self {
        Self { parts, events, away: HashMap::new(), ticks: 0 }
    }

    /// Works until the process ends.
    pub(super) async fn run(
        mut self,
        mut wanted: mpsc::UnboundedReceiver<Wanted>,
        mut events: mpsc::UnboundedReceiver<Event>,
        mut bus: mpsc::Receiver<Heard>,
    ) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                Some(event) = events.recv() => self.happen(event),
                Some((conference, message)) = bus.recv() => self.beat(conference, &message),
                Some(wanted) = wanted.recv() => self.want(wanted),
                _ = tick.tick() => self.tick(),
            }
        }
    }

    fn want(&mut self, wanted: Wanted) {
        match wanted {
            Wanted::Input(conference, input) => {
                self.parts.outside.taken();
                self.forward(conference, input);
            }
            Wanted::Room { room, found } => {
                let parts = Arc::clone(&self.parts);
                tokio::spawn(async move { found(seek::room(&parts, room).await.err()) });
            }
            Wanted::Close { participant } => {
                drop(tokio::spawn(seek::close(Arc::clone(&self.parts), participant)));
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Found { conference, round, place } => self.found(conference, round, place),
            Event::Heard { line, down } => self.heard(line, down),
            Event::Broken { line } => {
                let on_it = |away: &Away| away.line().is_some_and(|one| one.number == line);
                let lost: Vec<Id> =
                    self.away.iter().filter(|(_, away)| on_it(away)).map(|(id, _)| *id).collect();
                lost.into_iter().for_each(|conference| self.seek(conference, Duration::ZERO));
            }
        }
    }

    /// Sends an input to its conference's owner, or keeps it until there is one.
    fn forward(&mut self, conference: Id, input: Input) {
        if !self.away.contains_key(&conference) {
            self.away.insert(conference, Away::new(self.ticks));
            self.seek(conference, Duration::ZERO);
        }
        let Some(away) = self.away.get_mut(&conference) else { return };
        let refused = away.take(input);
        away.send_held(conference);
        refused.iter().for_each(|input| self.refuse(input, &busy()));
    }

    /// Looks for the owner; all that is not answered is asked of the one that is found.
    fn seek(&mut self, conference: Id, after: Duration) {
        let ticks = self.ticks;
        let Some(away) = self.away.get_mut(&conference) else { return };
        away.seek(ticks);
        let (round, parts, events) = (away.round, Arc::clone(&self.parts), self.events.clone());
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            let place = seek::owner(&parts, conference).await;
            // The router ends with the process.
            let _ = events.send(Event::Found { conference, round, place });
        });
    }

    fn found(&mut self, conference: Id, round: u64, place: seek::Place) {
        let ticks = self.ticks;
        let Some(away) = self.away.get_mut(&conference).filter(|away| away.round == round) else { return };
        match place {
            seek::Place::Here => self.here(conference),
            seek::Place::There(line) => {
                let asked = line.say.try_send(Up::Attach { conference });
                away.state = State::Attaching(line);
                away.since = ticks;
                if asked.is_err() {
                    self.seek(conference, SEEK_AGAIN_AFTER);
                }
            }
            seek::Place::Nowhere => self.seek(conference, SEEK_AGAIN_AFTER),
        }
    }

    /// The conference is this node's own by now: what waits goes to its shard.
    fn here(&mut self, conference: Id) {
        let Some(mut away) = self.away.remove(&conference) else { return };
        let owner = self.parts.links.directory.owner(conference);
        for input in away.take_all() {
            if matches!(input, Input::Leave { .. }) {
                self.parts.links.tell(owner, News::Input(input));
            } else if let Err(refusal) = self.parts.links.post(owner, input.clone()) {
                self.refuse(&input, &refusal);
            }
        }
        if away.was_attached {
            self.parts.tenancy.rejoin(conference, away.positions);
        }
        let parts = Arc::clone(&self.parts);
        tokio::spawn(async move {
            if let Err(error) = parts.bus.unsubscribe(conference).await {
                tracing::debug!(%conference, %error, "still subscribed to a conference of our own");
            }
        });
    }

    fn heard(&mut self, line: u64, down: Down) {
        let conference = match &down {
            Down::Alive => return,
            Down::Attached { conference, .. }
            | Down::Elsewhere { conference }
            | Down::Letter { conference, .. }
            | Down::Answer { conference, .. }
            | Down::Tide { conference, .. }
            | Down::Beats { conference, .. }
            | Down::TooLate { conference, .. } => *conference,
        };
        let Some(away) = self.away.get_mut(&conference) else { return };
        let Some(on) = away.line().filter(|one| one.number == line).cloned() else { return };
        match down {
            Down::Attached { epoch, attachment, beat, history, .. } => {
                self.parts.outside.learn_history(conference, history);
                self.attached(conference, on, Attached { epoch, number: attachment, beat });
            }
            Down::Elsewhere { .. } => {
                let pause = match away.state {
                    State::Attached(..) => Duration::ZERO,
                    _ => SEEK_AGAIN_AFTER,
                };
                self.seek(conference, pause);
            }
            Down::Answer { told, .. } => self.deliver(conference, told),
            Down::TooLate { .. } => {
                let asked = on.say.try_send(Up::Attach { conference });
                away.state = State::Attaching(on);
                if asked.is_err() {
                    self.seek(conference, SEEK_AGAIN_AFTER);
                }
            }
            Down::Letter { epoch, number, after, told, .. } => {
                if let Some(receiving) = away.receiving(epoch) {
                    receiving.take(Letter { number, after, body: told });
                }
            }
            Down::Tide { epoch, beat, .. } => {
                if let Some(receiving) = away.receiving(epoch) {
                    receiving.tide(beat);
                }
            }
            Down::Beats { beats, .. } => {
                for beat in beats.into_iter().map(relay::Beat::from) {
                    if let Some(receiving) = away.receiving(beat.epoch) {
                        receiving.hear(beat);
                    }
                }
            }
            Down::Alive => {}
        }
        self.drain(conference);
    }

    /// The owner tells us from here on: what waited is asked, and who was in a room before goes on.
    fn attached(&mut self, conference: Id, line: Line, attached: Attached) {
        let Some(away) = self.away.get_mut(&conference) else { return };
        away.state = State::Attached(line, Receiving::new(attached));
        if std::mem::replace(&mut away.was_attached, true) {
            self.parts.tenancy.rejoin(conference, away.positions.clone());
        }
        away.send_held(conference);
    }

    fn beat(&mut self, conference: Id, message: &Bytes) {
        let Some(away) = self.away.get_mut(&conference) else { return };
        let beat: relay::Beat<Spread> = match wire::read::<wire::Beat>(message) {
            Ok(beat) => beat.into(),
            Err(error) => return tracing::warn!(%conference, %error, "a message of the bus is dropped"),
        };
        match away.epoch() {
            Some(known) if beat.epoch > known => self.seek(conference, Duration::ZERO),
            Some(known) if beat.epoch == known => {
                if let Some(receiving) = away.receiving(known) {
                    receiving.hear(beat);
                }
                self.drain(conference);
            }
            _ => {}
        }
    }

    /// Hands on what has come, in the owner's order.
    fn drain(&mut self, conference: Id) {
        while let Some(arrived) = self.away.get_mut(&conference).and_then(Away::arrive) {
            match arrived {
                Arrived::Frames(frames) => frames.into_iter().for_each(|spread| self.fan_out(spread)),
                Arrived::Letter(told) => self.deliver(conference, told),
            }
        }
    }

    fn fan_out(&self, spread: Spread) {
        let Spread { room, audience, codec, seq, bytes } = spread;
        let frames = Frames { room, audience, codec, bytes, ephemeral: seq.is_none() };
        for shard in 0..self.parts.links.shards() {
            self.parts.links.tell(shard, News::Frames(frames.clone()));
        }
    }

    /// Hands an answer to the shard that waits for it, once; what is personal goes to its socket.
    fn deliver(&mut self, conference: Id, told: Told) {
        let output = match told.into_output() {
            Ok(output) => output,
            Err(error) => return tracing::warn!(%conference, %error, "an answer is dropped"),
        };
        let shard = match &output {
            Output::Reply { ticket, .. } | Output::Looked { ticket, .. } | Output::Joined { ticket, .. } => {
                let awaited = self.away.get_mut(&conference).is_some_and(|away| away.answered(*ticket));
                if !awaited {
                    return;
                }
                waiter(*ticket).0
            }
            Output::Whisper { sub, .. } | Output::Moved { sub, .. } => SocketId::of(*sub).shard,
            _ => return,
        };
        if usize::from(shard) < self.parts.links.shards() {
            self.parts.links.tell(usize::from(shard), News::Output(output));
        }
    }

    fn refuse(&self, input: &Input, refusal: &Refusal) {
        let Some(ticket) = ticket_of(input) else { return };
        let outcome: Outcome = Err(refusal.clone());
        self.parts.links.tell(usize::from(waiter(ticket).0), News::Output(Output::Reply { ticket, outcome }));
    }

    fn tick(&mut self) {
        self.ticks += 1;
        let (ticks, mut late, mut stuck) = (self.ticks, Vec::new(), Vec::new());
        for (conference, away) in &mut self.away {
            let waited = ticks - away.since;
            match &away.state {
                State::Attached(..) => {
                    away.send_held(*conference);
                    away.ask_for_missing(*conference, ticks);
                }
                State::Attaching(_) if waited > ATTACHED_WITHIN_TICKS => stuck.push(*conference),
                _ if ticks - away.ownerless_since > OWNER_WITHIN_TICKS => {
                    away.ownerless_since = ticks;
                    late.extend(away.take_all());
                }
                _ => {}
            }
        }
        stuck.into_iter().for_each(|conference| self.seek(conference, Duration::ZERO));
        let nobody =
            Refusal::busy("no node serves this conference at the moment; try again with the same key", 1_000);
        late.iter().for_each(|input| self.refuse(input, &nobody));
    }
}

/// The form in which an input travels.
fn travelling(conference: Id, input: &Input) -> Option<Up> {
    Asked::of(input).map(|asked| Up::Ask { conference, asked })
}
