//! The owner's side, as the hub's shards and hub/src/cluster have it.

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Input, Output, Record, Refusal, RoomRef, Ticket};
use plenum_rooms::relay::Beat;

use super::super::super::Sabotage;
use super::super::super::oracle::{self, Violation};
use super::super::net::{Frame, Message, Place};
use super::super::node::{Owner, sent_home, unmarked};
use super::super::reader::State;
use super::{ANSWER_MS, Event, World};

/// Beats that the bus loses, and that it brings twice, in percent.
const LOST: u64 = 12;
const TWICE: u64 = 10;
/// The bus takes so long at most, in milliseconds: some beats overtake others.
const BUS_MS: u64 = 60;
/// Batches that reach the storage long after their owner gave them up, while people play, in percent.
const STUCK: u64 = 2;
/// Answers of the storage that are lost while people play, in percent.
const UNANSWERED: u64 = 1;

impl World {
    /// Whatever the engine of a node let out is on its way; nothing is while its lease is not trusted.
    pub(super) fn carry(&mut self, node: usize) -> Result<(), Violation> {
        let now = self.now;
        if self.nodes[node].paused_until > now {
            return Ok(());
        }
        let trusted = |owner: &mut Owner| owner.is_trusted(now);
        let Some(mut owner) = self.nodes[node].owner.take_if(trusted) else { return Ok(()) };
        let mut here = Vec::new();
        loop {
            let outputs = owner.engine.take();
            if outputs.is_empty() {
                break;
            }
            for output in outputs {
                self.carry_one(node, &mut owner, output, &mut here)?;
            }
        }
        let beat = owner.sending.close();
        beat.into_iter().for_each(|beat| self.publish(node, &beat));
        self.send_batch(node, &mut owner);
        let left = owner.leaving && owner.is_settled();
        self.nodes[node].owner = Some(owner);
        for output in here {
            self.show(node, output)?;
        }
        if left {
            self.leave(node);
        }
        Ok(())
    }

    fn carry_one(
        &mut self,
        node: usize,
        owner: &mut Owner,
        output: Output,
        here: &mut Vec<Output>,
    ) -> Result<(), Violation> {
        oracle::may_leave(&output, &self.storage.journal, self.room)?;
        match output {
            Output::Append(record) => {
                owner.batch.push(record);
                owner.appended += 1;
                if self.sabotage == Sabotage::OpenGate {
                    owner.engine.durable(owner.appended);
                }
            }
            Output::Snapshot(snapshot) => {
                if !self.net.is_cut(Place::Node(node), Place::Storage) {
                    self.storage.keep(owner.epoch, snapshot, self.now);
                }
            }
            Output::Reload { room, .. } => {
                let (run, epoch, delay) = (self.nodes[node].run, owner.epoch, self.below(30));
                self.nodes[node].reloads.insert(room);
                self.schedule(delay, Event::Reloaded { node, run, epoch, room });
            }
            Output::Push { room, audience, codec, push } => {
                if room == self.room && owner.sending.is_heard() {
                    owner.sending.put(room, Frame { room, audience, codec, push: push.clone() }, 1);
                }
                here.push(Output::Push { room, audience, codec, push });
            }
            Output::Opened { .. } | Output::Looked { .. } => {}
            personal => self.hand_out(node, owner, personal, here),
        }
        Ok(())
    }

    /// An answer or a personal push: for someone here, or a letter.
    fn hand_out(&mut self, node: usize, owner: &mut Owner, output: Output, here: &mut Vec<Output>) {
        let (number, ordered) = match &output {
            Output::Reply { ticket, .. } => (ticket.0, false),
            Output::Joined { sub, .. } | Output::Whisper { sub, .. } | Output::Moved { sub, .. } => {
                (sub.0, true)
            }
            _ => return,
        };
        let (line, _) = unmarked(number);
        if line == 0 {
            return here.push(output);
        }
        let output = sent_home(output);
        if !ordered {
            return self.send(line, node, Message::Answer(output));
        }
        let Some(attachment) = owner.visitors.get(&line).copied() else { return };
        if let Some((before, letter)) = owner.sending.letter(attachment, self.room, output) {
            before.into_iter().for_each(|beat| self.publish(node, &beat));
            self.send(line, node, Message::Letter(owner.epoch, letter));
        }
    }

    /// A beat goes to every other node, if the bus feels like it.
    fn publish(&mut self, from: usize, beat: &Beat<Frame>) {
        for node in (0..self.nodes.len()).filter(|node| *node != from) {
            let cut = |node| self.net.is_cut(Place::Node(node), Place::Bus);
            if !self.nodes[node].is_up || cut(from) || cut(node) || self.dice.chance(LOST) {
                continue;
            }
            for _ in 0..1 + u32::from(self.dice.chance(TWICE)) {
                let delay = 1 + self.below(BUS_MS);
                self.schedule(delay, Event::Bus { node, beat: beat.clone() });
            }
        }
    }

    /// One batch at a time is on its way to the storage.
    fn send_batch(&mut self, node: usize, owner: &mut Owner) {
        if owner.batch.is_empty() || owner.in_flight {
            return;
        }
        owner.in_flight = true;
        let is_stuck = self.now < self.end && self.dice.chance(STUCK);
        let delay = if is_stuck { ANSWER_MS + self.below(6_000) } else { 1 + self.below(8) };
        let batch = std::mem::take(&mut owner.batch);
        let (run, epoch, upto, asked_at) = (self.nodes[node].run, owner.epoch, owner.appended, self.now);
        self.schedule(delay, Event::Append { node, run, epoch, batch, upto, asked_at });
        if is_stuck {
            let verdict = None;
            self.schedule(ANSWER_MS, Event::Appended { node, run, epoch, upto, verdict, asked_at });
        }
    }

    /// A batch reaches the storage.
    pub(super) fn append(
        &mut self,
        node: usize,
        run: u64,
        epoch: u64,
        batch: Vec<Record>,
        upto: u64,
        asked_at: Timestamp,
    ) -> Result<(), Violation> {
        let is_cut = self.net.is_cut(Place::Node(node), Place::Storage);
        let granted = !is_cut && self.storage.append((node, run), epoch, batch, self.now)?;
        let is_lost = is_cut || (self.now < self.end && self.dice.chance(UNANSWERED));
        let (verdict, delay) = match is_lost {
            true => (None, ANSWER_MS),
            false => (Some(granted), 1 + self.below(8)),
        };
        self.schedule(delay, Event::Appended { node, run, epoch, upto, verdict, asked_at });
        Ok(())
    }

    /// What the storage said to a batch. An owner that does not know takes the lease anew, which makes it void.
    pub(super) fn appended(
        &mut self,
        node: usize,
        epoch: u64,
        upto: u64,
        verdict: Option<bool>,
        asked_at: Timestamp,
    ) {
        let Some(owner) = self.nodes[node].owner.as_mut().filter(|owner| owner.epoch == epoch) else {
            return;
        };
        if verdict == Some(true) {
            owner.in_flight = false;
            owner.renewed(asked_at);
            owner.engine.durable(upto);
        } else {
            self.lose(node);
        }
    }

    /// A node says that it is alive, and renews what it owns.
    pub(super) fn renew(&mut self, node: usize) {
        if self.net.is_cut(Place::Node(node), Place::Storage) {
            return;
        }
        self.storage.announce(node, self.now);
        let Some(epoch) = self.nodes[node].owner.as_ref().map(|owner| owner.epoch) else { return };
        let (granted, asked_at) = (self.storage.renew(epoch, self.now), self.now);
        let (run, delay) = (self.nodes[node].run, 1 + self.below(8));
        self.schedule(delay, Event::Renewed { node, run, epoch, granted, asked_at });
    }

    pub(super) fn renewed(&mut self, node: usize, epoch: u64, granted: bool, asked_at: Timestamp) {
        let Some(owner) = self.nodes[node].owner.as_mut().filter(|owner| owner.epoch == epoch) else {
            return;
        };
        if granted {
            owner.renewed(asked_at);
        } else {
            self.lose(node);
        }
    }

    /// The conference is not this node's any more: what waited is refused, its people go on at the new owner.
    pub(super) fn lose(&mut self, node: usize) {
        let Some(mut owner) = self.nodes[node].owner.take() else { return };
        owner.engine.failed(&Refusal::busy("the room is moving", 50));
        for output in owner.engine.take() {
            let (Output::Reply { ticket: Ticket(number), .. }
            | Output::Joined { ticket: Ticket(number), .. }) = output
            else {
                continue;
            };
            if unmarked(number).0 == 0 {
                // A refusal shows nothing, so nothing can be violated.
                let _ = self.show(node, Self::busy(Ticket(number)));
            }
        }
        self.tell_elsewhere(node, &owner);
        self.rejoin(node);
    }

    fn tell_elsewhere(&mut self, node: usize, owner: &Owner) {
        let lines: Vec<u64> = owner.visitors.keys().copied().collect();
        lines.into_iter().for_each(|line| self.send(line, node, Message::Elsewhere));
    }

    /// An owner begins to hand over: nothing new is begun, its rooms' states are kept.
    pub(super) fn hand_over(&mut self) {
        let node = self.owner_now();
        if let Some(owner) = node.and_then(|node| self.nodes[node].owner.as_mut()) {
            owner.leaving = true;
            owner.engine.snapshot_all();
        }
    }

    fn leave(&mut self, node: usize) {
        let Some(owner) = self.nodes[node].owner.take() else { return };
        self.sum.handed_over += 1;
        if !self.net.is_cut(Place::Node(node), Place::Storage) {
            self.storage.release(owner.epoch);
            self.storage.retire(node);
        }
        self.tell_elsewhere(node, &owner);
        self.rejoin(node);
    }

    /// Another node wants to listen.
    pub(super) fn attach(&mut self, node: usize, line: u64) {
        let Some(owner) = self.nodes[node].owner.as_mut().filter(|owner| !owner.leaving) else {
            if matches!(self.nodes[node].reader.state, State::Idle) && self.nodes[node].owner.is_none() {
                self.seek(node, 0);
            }
            return self.send(line, node, Message::Elsewhere);
        };
        let before = owner.sending.close();
        let attached = owner.sending.attach();
        if let Some(old) = owner.visitors.insert(line, attached.number) {
            owner.sending.detach(old);
        }
        before.into_iter().for_each(|beat| self.publish(node, &beat));
        self.send(line, node, Message::Attached(attached));
    }

    /// Another node missed beats.
    pub(super) fn repeat(&mut self, node: usize, line: u64, epoch: u64, after: u64) {
        let owner = self.nodes[node].owner.as_ref().filter(|owner| owner.epoch == epoch);
        let Some(beats) = owner.map(|owner| owner.sending.after(after)) else { return };
        self.sum.repeated_beats += 1;
        self.send(line, node, beats.map_or(Message::TooLate, Message::Beats));
    }

    pub(super) fn tick_owner(&mut self, node: usize) {
        let now = self.now;
        let Some(owner) = &mut self.nodes[node].owner else { return };
        if !owner.is_trusted(now) {
            return self.lose(node);
        }
        let (epoch, beat) = (owner.epoch, owner.sending.tide());
        if std::mem::replace(&mut owner.tide_told, beat) != beat {
            let lines: Vec<u64> = owner.visitors.keys().copied().collect();
            lines.into_iter().for_each(|line| self.send(line, node, Message::Tide(epoch, beat)));
        }
    }

    /// A room was read back from the journal.
    pub(super) fn reloaded(&mut self, node: usize, epoch: u64, room: RoomRef) {
        let now = self.now;
        let Some(scope) =
            self.storage.journal.records.iter().find(|one| one.room == room).map(|one| one.scope)
        else {
            return;
        };
        let loaded = self.storage.journal.load_or_empty(room, scope);
        self.nodes[node].reloads.remove(&room);
        if let Some(owner) = self.nodes[node].owner.as_mut().filter(|owner| owner.epoch == epoch) {
            owner.engine.handle(Input::Reloaded(Box::new(loaded)), now);
        }
    }
}
