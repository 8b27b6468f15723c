//! A node's way to the owner, as hub/src/cluster/router goes it.

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Input, Loaded, Output, SubId};
use plenum_rooms::relay::{Arrived, Beat, Receiving};

use super::super::super::Sabotage;
use super::super::super::oracle::Violation;
use super::super::net::{Frame, Message, Place};
use super::super::node::{Asked, Node, Owner, marked, renumbered, ticket_of};
use super::super::reader::State;
use super::{ANSWER_MS, Event, World};

/// After a failed try the next one waits so long, in milliseconds.
const AGAIN_MS: i64 = 100;
/// An owner that does not let us listen for so long is looked for again, in milliseconds.
const ATTACHED_MS: i64 = 3_000;
/// Beats that are missing for so long are asked for, in milliseconds.
const MISSED_MS: i64 = 50;

/// Where the conference is.
pub(in super::super) enum Found {
    Mine { epoch: u64, rooms: Vec<Loaded>, asked_at: Timestamp },
    There(usize),
    Nowhere,
}

impl World {
    pub(super) fn forward(&mut self, node: usize, input: Input) {
        if let Input::Leave { sub, .. } = &input {
            self.forget_asked(node, *sub);
        }
        self.nodes[node].reader.held.push_back(input);
        if matches!(self.nodes[node].reader.state, State::Idle) {
            self.seek(node, 0);
        }
        self.send_held(node);
    }

    /// Whoever is gone asks for nothing any more: a client that came back elsewhere may have been told otherwise.
    fn forget_asked(&mut self, node: usize, gone: SubId) {
        let node = &mut self.nodes[node];
        let asked = &node.asked;
        let is_of = |input: &Input| match input {
            Input::Join { sub, .. } => *sub == gone,
            Input::Command { ticket, .. } => {
                matches!(asked.get(ticket), Some(Asked::Command { sub, .. }) if *sub == gone)
            }
            _ => false,
        };
        node.reader.held.retain(|input| !is_of(input));
        node.reader.unanswered.retain(|(_, input)| !is_of(input));
    }

    pub(super) fn seek(&mut self, node: usize, pause_ms: i64) {
        let forgets = self.sabotage == Sabotage::ForgetUnanswered;
        let (now, one) = (self.now, &mut self.nodes[node]);
        one.reader.seek(now, forgets);
        let (run, round) = (one.run, one.reader.round);
        let delay = pause_ms + 1 + self.below(8);
        self.schedule(delay, Event::Find { node, run, round, asked_at: now.plus_ms(pause_ms) });
    }

    /// The storage is asked for the owner; who should own what nobody owns takes it.
    pub(super) fn find(&mut self, node: usize, run: u64, round: u64, asked_at: Timestamp) {
        if self.net.is_cut(Place::Node(node), Place::Storage) {
            return self.schedule(ANSWER_MS, Event::Found { node, run, round, found: Found::Nowhere });
        }
        let now = self.now;
        let holder = self.storage.holder(now);
        let found = match holder.filter(|lease| (lease.node, lease.run) != (node, run)) {
            Some(lease) => Found::There(lease.node),
            None if holder.is_some() || self.storage.candidate(now) == Some(node) => {
                match self.storage.acquire(node, run, now) {
                    Ok(epoch) => {
                        let journal = &self.storage.journal;
                        let rooms = journal.rooms().into_iter().map(|room| journal.load(room)).collect();
                        Found::Mine { epoch, rooms, asked_at }
                    }
                    Err(lease) => Found::There(lease.node),
                }
            }
            None => self.storage.candidate(now).map_or(Found::Nowhere, Found::There),
        };
        let delay = 1 + self.below(8);
        self.schedule(delay, Event::Found { node, run, round, found });
    }

    pub(super) fn found(&mut self, node: usize, round: u64, found: Found) -> Result<(), Violation> {
        if self.nodes[node].reader.round != round {
            return Ok(());
        }
        if self.nodes[node].owner.is_some() {
            // It is being handed over, by this node itself.
            self.seek(node, AGAIN_MS);
            return Ok(());
        }
        match found {
            Found::Mine { epoch, rooms, asked_at } => return self.own(node, epoch, rooms, asked_at),
            Found::There(to) if self.nodes[to].is_up && to != node => match self.net.dial(node, to, self.now)
            {
                Some(line) => {
                    let now = self.now;
                    let reader = &mut self.nodes[node].reader;
                    (reader.state, reader.since) = (State::Attaching(line), now);
                    self.send(line, node, Message::Attach);
                }
                None => self.seek(node, AGAIN_MS),
            },
            Found::There(_) | Found::Nowhere => self.seek(node, AGAIN_MS),
        }
        Ok(())
    }

    /// The conference is this node's: its rooms are restored, and what waited for an owner is asked of them.
    fn own(
        &mut self,
        node: usize,
        epoch: u64,
        rooms: Vec<Loaded>,
        asked_at: Timestamp,
    ) -> Result<(), Violation> {
        let mut engine = Node::engine(3 + self.dice.below(40) as u32);
        for loaded in rooms {
            engine.restore(loaded).map_err(|why| format!("the journal cannot be read: {why}"))?;
        }
        let one = &mut self.nodes[node];
        one.owner = Some(Owner::new(epoch, engine, asked_at));
        one.reader.state = State::Idle;
        one.reader.round += 1;
        let mut inputs: Vec<Input> = one.reader.unanswered.drain(..).map(|(_, input)| input).collect();
        inputs.extend(one.reader.held.drain(..));
        inputs.into_iter().for_each(|input| self.input(node, input));
        if std::mem::take(&mut self.nodes[node].reader.was_attached) {
            self.rejoin(node);
        }
        self.nodes[node].reader.positions.clear();
        Ok(())
    }

    fn send_held(&mut self, node: usize) {
        let State::Attached(line, _) = &self.nodes[node].reader.state else { return };
        let line = *line;
        while let Some(input) = self.nodes[node].reader.held.pop_front() {
            let waits = ticket_of(&input).map(|ticket| (ticket, input.clone()));
            self.nodes[node].reader.unanswered.extend(waits);
            self.send(line, node, Message::Ask(input));
        }
    }

    /// Writes over a line, which keeps its order.
    pub(super) fn send(&mut self, number: u64, from: usize, message: Message) {
        let delay = 1 + self.below(15);
        let at = self.now.plus_ms(delay);
        let Some(line) = self.net.lines.get_mut(&number) else { return };
        let (way, node) = if line.from == from { (0, line.to) } else { (1, line.from) };
        line.busy[way] = line.busy[way].max(at);
        self.scheduled += 1;
        let arrives = (line.busy[way], self.scheduled);
        self.events.insert(arrives, Event::Net { node, line: number, message });
    }

    /// A message of another node arrives.
    pub(super) fn hear(&mut self, node: usize, line: u64, message: Message) -> Result<(), Violation> {
        if !self.net.lines.contains_key(&line) {
            return Ok(());
        }
        match message {
            Message::Attach => self.attach(node, line),
            Message::Ask(input) => self.asked(node, line, input),
            Message::Missed(epoch, after) => self.repeat(node, line, epoch, after),
            answer if self.nodes[node].reader.line() == Some(line) => {
                self.hear_owner(node, line, answer)?;
                self.drain(node)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn hear_owner(&mut self, node: usize, line: u64, message: Message) -> Result<(), Violation> {
        let now = self.now;
        let reader = &mut self.nodes[node].reader;
        match message {
            Message::Attached(attached) => {
                reader.state = State::Attached(line, Box::new(Receiving::new(attached)));
                if std::mem::replace(&mut reader.was_attached, true) {
                    self.rejoin(node);
                }
                self.send_held(node);
            }
            Message::Elsewhere => {
                let pause = if matches!(reader.state, State::Attached(..)) { 0 } else { AGAIN_MS };
                self.seek(node, pause);
            }
            Message::TooLate => {
                (reader.state, reader.since) = (State::Attaching(line), now);
                self.send(line, node, Message::Attach);
            }
            Message::Letter(epoch, letter) => {
                reader.receiving(epoch).into_iter().for_each(|one| one.take(letter.clone()));
            }
            Message::Tide(epoch, beat) => reader.receiving(epoch).into_iter().for_each(|one| one.tide(beat)),
            Message::Beats(beats) => {
                for beat in beats {
                    if let Some(receiving) = reader.receiving(beat.epoch) {
                        receiving.hear(beat);
                    }
                }
            }
            Message::Answer(output) => self.answer(node, output)?,
            Message::Attach | Message::Ask(_) | Message::Missed(..) => {}
        }
        Ok(())
    }

    pub(super) fn hear_beat(&mut self, node: usize, beat: Beat<Frame>) -> Result<(), Violation> {
        let reader = &mut self.nodes[node].reader;
        match reader.epoch() {
            Some(known) if beat.epoch > known => self.seek(node, 0),
            Some(known) if beat.epoch == known => {
                reader.receiving(known).into_iter().for_each(|one| one.hear(beat.clone()));
            }
            _ => {}
        }
        self.drain(node)
    }

    /// Shows what has come, in the owner's order.
    fn drain(&mut self, node: usize) -> Result<(), Violation> {
        while let Some(arrived) = self.nodes[node].reader.arrive() {
            match arrived {
                Arrived::Letter(output) => self.answer(node, output)?,
                Arrived::Frames(frames) => {
                    for Frame { room, audience, codec, push } in frames {
                        self.show(node, Output::Push { room, audience, codec, push })?;
                    }
                }
            }
        }
        Ok(())
    }

    /// An answer is shown once; what is personal always.
    fn answer(&mut self, node: usize, output: Output) -> Result<(), Violation> {
        let awaited = match &output {
            Output::Reply { ticket, .. } | Output::Joined { ticket, .. } => {
                self.nodes[node].reader.answered(*ticket)
            }
            _ => true,
        };
        if awaited { self.show(node, output) } else { Ok(()) }
    }

    /// A line is no more: its node looks for the owner again, its owner forgets its people.
    pub(super) fn line_broke(&mut self, node: usize, line: u64) {
        if self.nodes[node].reader.line() == Some(line) {
            self.seek(node, 0);
        }
        let now = self.now;
        let Some(owner) = &mut self.nodes[node].owner else { return };
        if let Some(attachment) = owner.visitors.remove(&line) {
            owner.sending.detach(attachment);
            let (first, last) = (SubId(marked(line, 0)), SubId(marked(line + 1, 0) - 1));
            owner.engine.leave_all(first..=last, now);
        }
    }

    fn asked(&mut self, node: usize, line: u64, input: Input) {
        let now = self.now;
        match self.nodes[node].owner.as_mut().filter(|owner| !owner.leaving) {
            Some(owner) => owner.engine.handle(renumbered(input, |number| marked(line, number)), now),
            None => self.send(line, node, Message::Elsewhere),
        }
    }

    /// A node looks at its watch.
    pub(super) fn tick(&mut self, node: usize) {
        let now = self.now;
        let reader = &mut self.nodes[node].reader;
        match &reader.state {
            State::Attaching(_) if now.since_ms(reader.since) > ATTACHED_MS => self.seek(node, 0),
            State::Attached(line, receiving) => {
                let (line, epoch) = (*line, receiving.epoch());
                match receiving.missing() {
                    None => reader.missing_since = None,
                    Some(after) if now.since_ms(*reader.missing_since.get_or_insert(now)) >= MISSED_MS => {
                        reader.missing_since = Some(now);
                        self.send(line, node, Message::Missed(epoch, after));
                    }
                    Some(_) => {}
                }
                self.send_held(node);
            }
            _ => {}
        }
        self.tick_owner(node);
    }
}
