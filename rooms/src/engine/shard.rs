//! The engine: many rooms of one owner. Dedupe, order, acknowledgement after the journal, beats.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use plenum_domain::{Id, Timestamp};

use super::gate::Gate;
use super::hosted::Applied;
use super::io::{Input, Output, Ticket};
use super::keys::Accepted;
use super::payload::{Codec, Payload};
use super::record::{Body, Record, RoomRef, Scope};
use super::refusal::Refusal;
use super::room::{Actor, Audience, Moment, Opening, SubId};
use super::seat::Seat;
use crate::kinds::{KINDS, Kind};

/// What the engine is tuned with.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many shards share the node: a room may take a quarter of them.
    pub shards: u32,
    /// The shortest beat, in milliseconds.
    pub beat_min_ms: i64,
    /// The longest beat, in milliseconds.
    pub beat_max_ms: i64,
    /// A room's state is kept after this many records.
    pub snapshot_after: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { shards: 1, beat_min_ms: 10, beat_max_ms: 250, snapshot_after: 4_096 }
    }
}

/// Many rooms, one owner. Nobody else touches them, so there is no lock.
pub struct Engine {
    pub(super) settings: Settings,
    pub(super) kinds: &'static [Kind],
    pub(super) rooms: BTreeMap<RoomRef, Seat>,
    pub(super) gate: Gate<Output>,
    /// The rooms of appends that are not durable yet, by append.
    pub(super) in_flight: VecDeque<(u64, RoomRef)>,
    /// When which room wants to be called.
    pub(super) agenda: BTreeSet<(Timestamp, RoomRef)>,
    /// How much longer the shortest beat is at the moment, in milliseconds.
    pub(super) stretch_ms: i64,
}

/// A command on its way through the engine.
pub(super) struct Ask<'a> {
    pub(super) ticket: Ticket,
    pub(super) sub: Option<SubId>,
    pub(super) by: &'a Arc<Actor>,
    pub(super) room: RoomRef,
    pub(super) key: Option<Id>,
    pub(super) op: &'a str,
    pub(super) data: Payload<'a>,
}

impl Engine {
    /// An engine without rooms, for the kinds of the registry.
    pub fn new(settings: Settings) -> Self {
        Self::hosting(settings, KINDS)
    }

    /// An engine without rooms, for `kinds` alone.
    pub fn hosting(settings: Settings, kinds: &'static [Kind]) -> Self {
        let (rooms, agenda) = (BTreeMap::new(), BTreeSet::new());
        Self { settings, kinds, rooms, gate: Gate::new(), in_flight: VecDeque::new(), agenda, stretch_ms: 0 }
    }

    /// The kind of a room, when this engine hosts it.
    pub(super) fn kind(&self, room: RoomRef) -> Option<&'static Kind> {
        self.kinds.iter().find(|kind| kind.name == room.kind)
    }

    /// Handles one input at the hub's time `now`.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        match input {
            Input::Open { ticket, by, room, scope, settings } => {
                self.open(ticket, by, room, scope, &settings, now);
            }
            Input::Command { ticket, sub, by, room, key, op, codec, data } => {
                let data = Payload { codec, bytes: &data };
                self.command(&Ask { ticket, sub, by: &by, room, key, op: &op, data }, now);
            }
            Input::Join { ticket, sub, by, room, codec, since } => {
                self.join(ticket, sub, &by, room, codec, since, now);
            }
            Input::Look { ticket, by, room, codec } => self.look(ticket, &by, room, codec),
            Input::Leave { sub, room } => self.leave(sub, room, now),
            Input::Reloaded(loaded) => self.reloaded(*loaded, now),
        }
    }

    /// Takes what the driver has to do, in order.
    pub fn take(&mut self) -> Vec<Output> {
        self.gate.take()
    }

    /// How many outputs wait for the journal.
    pub fn waiting(&self) -> usize {
        self.gate.held()
    }

    /// How many rooms are open.
    pub fn rooms(&self) -> usize {
        self.rooms.len()
    }

    /// How many sockets are in rooms; one socket in two rooms counts twice.
    pub fn subscriptions(&self) -> usize {
        self.rooms.values().map(|seat| seat.subscriptions.len()).sum()
    }

    /// How many rooms want to be called at a time.
    pub fn timers(&self) -> usize {
        self.agenda.len()
    }

    /// The seq of a room; none when it is not here.
    pub fn seq(&self, room: RoomRef) -> Option<u64> {
        self.rooms.get(&room).map(|seat| seat.seq)
    }

    /// The room's whole state, for tests that compare.
    pub fn state_bytes(&self, room: RoomRef) -> Option<Vec<u8>> {
        self.rooms.get(&room).map(|seat| seat.host.snapshot())
    }

    fn open(&mut self, ticket: Ticket, by: Id, room: RoomRef, scope: Scope, settings: &[u8], now: Timestamp) {
        let outcome = match self.rooms.contains_key(&room) {
            true => Ok(()),
            false => self.seat_new(room, scope, settings, by, now),
        };
        let accepted = Accepted { seq: self.seq(room).unwrap_or_default(), opened: Some(room) };
        self.gate.put(Output::Reply { ticket, outcome: outcome.map(|()| Some(accepted)) });
    }

    fn seat_new(
        &mut self,
        room: RoomRef,
        scope: Scope,
        settings: &[u8],
        by: Id,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let kind = self.kind(room).ok_or_else(|| not_found(room))?;
        let host = (kind.open)(room.id, scope, &Payload::json(settings))?;
        self.rooms.insert(room, Seat::new(kind, host, scope, 0));
        let body = Body::Opened(settings.to_vec());
        self.append(Record { room, scope, seq: 0, key: None, participant: by, at: now, body });
        self.gate.put(Output::Opened { room, scope });
        self.schedule(room);
        Ok(())
    }

    /// A command: the same key has the same answer; else decide, apply, append, and answer behind the journal.
    fn command(&mut self, ask: &Ask<'_>, now: Timestamp) {
        let key = ask.key.map(|key| (ask.by.participant, key));
        let Some(seat) = self.rooms.get_mut(&ask.room) else {
            return self.refuse(ask.ticket, not_found(ask.room));
        };
        if seat.reloading {
            return self.refuse(ask.ticket, reloading());
        }
        if let Some(answer) = key.and_then(|key| seat.keys.answer(&key)) {
            return self.gate.put(Output::Reply { ticket: ask.ticket, outcome: answer.map(Some) });
        }
        let at = moment(ask.key.unwrap_or_default(), now);
        let host = &mut seat.host;
        let done = catch_unwind(AssertUnwindSafe(|| host.touch(ask.by, ask.op, &ask.data, &at)));
        match done {
            Err(_) => self.broken(ask),
            Ok(Some(touched)) => self.touched(ask, touched, now),
            Ok(None) => self.decide(ask, &at),
        }
    }

    fn decide(&mut self, ask: &Ask<'_>, at: &Moment) {
        let Some(key) = ask.key else {
            let why =
                format!("{} changes the room, so it needs a key: a UUID of your own for the action", ask.op);
            return self.refuse(ask.ticket, Refusal::new("hub.bad_frame", why).with("field", "key"));
        };
        if self.opens(ask) && self.taken(key) {
            let why =
                "the key is the id of the room that this opens, and a room with this id is there already";
            return self.refuse(ask.ticket, Refusal::new("hub.bad_frame", why).with("field", "key"));
        }
        let Some(seat) = self.rooms.get_mut(&ask.room) else { return };
        let (host, seq) = (&mut seat.host, seat.seq);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let before = host.audience(ask.by);
            (before, host.command(ask.by, ask.op, &ask.data, at, seq, ask.sub))
        }));
        match done {
            Err(_) => self.broken(ask),
            Ok((_, Err(refusal))) => {
                seat.keys.refuse((ask.by.participant, key), &refusal);
                self.refuse(ask.ticket, refusal);
            }
            Ok((before, Ok(applied))) => self.accept(ask, key, applied, before, at.now),
        }
    }

    /// A command was applied: it is appended, even when it found everything done, and answered behind that.
    fn accept(&mut self, ask: &Ask<'_>, key: Id, applied: Applied, before: Audience, now: Timestamp) {
        let (room, participant) = (ask.room, ask.by.participant);
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let changed = applied.count > 0;
        seat.seq += applied.count.max(1);
        let opened = applied.openings.first().map(|opening| RoomRef::new(opening.kind, opening.id));
        let accepted = Accepted { seq: seat.seq, opened };
        let (scope, seq) = (seat.scope, seat.seq);
        seat.keys.accept((participant, key), accepted);
        self.open_all(applied.openings, scope, participant, now);
        let body = if changed { Body::Facts(applied.facts) } else { Body::Nothing };
        self.append(Record { room, scope, seq, key: Some(key), participant, at: now, body });
        self.gate.put(Output::Reply { ticket: ask.ticket, outcome: Ok(Some(accepted)) });
        if changed {
            self.regroup(room, applied.regroups, Some((ask.by, before)), now);
            self.publish(room, applied.publish, now);
        } else {
            self.snapshot_when_due(room);
        }
    }

    /// Whether the command is one that opens another room.
    fn opens(&self, ask: &Ask<'_>) -> bool {
        self.kind(ask.room).is_some_and(|kind| kind.opening_ops.contains(&ask.op))
    }

    /// Opens the rooms that facts call for, before these facts are appended: whatever the journal names is there, and a
    /// room that nobody names yet harms nobody. Their settings were made by a room, so a refusal here is a bug of that kind;
    /// the room is left out, and the contract suite finds it.
    pub(super) fn open_all(&mut self, openings: Vec<Opening>, scope: Scope, by: Id, now: Timestamp) {
        for opening in openings {
            let room = RoomRef::new(opening.kind, opening.id);
            if !self.rooms.contains_key(&room) {
                let settings = opening.settings.to_string();
                let opened = self.seat_new(room, scope, settings.as_bytes(), by, now);
                debug_assert!(opened.is_ok(), "{room} cannot be opened: {opened:?}");
            }
        }
    }

    fn touched(&mut self, ask: &Ask<'_>, touched: Result<(), Refusal>, now: Timestamp) {
        let flickers = touched.is_ok();
        self.gate.put(Output::Reply { ticket: ask.ticket, outcome: touched.map(|()| None) });
        if flickers {
            self.flicker_soon(ask.room, now);
        }
    }

    /// Whether any room has this id. One that was opened for a fact which the journal then lost is free: it is as new,
    /// and it is not one of those that share their session's id.
    fn taken(&self, id: Id) -> bool {
        let rooms = self.kinds.iter().filter_map(|kind| self.rooms.get(&RoomRef::new(kind.name, id)));
        rooms.into_iter().any(|seat| seat.seq > 0 || seat.scope.session == Some(id))
    }

    /// A panic in a room harms no other: its state is read back from the journal.
    fn broken(&mut self, ask: &Ask<'_>) {
        let why = "the room failed at this command and is being restored; nothing was lost";
        self.refuse(ask.ticket, Refusal::new("hub.internal", why));
        self.reload(ask.room);
    }

    pub(super) fn refuse(&mut self, ticket: Ticket, refusal: Refusal) {
        self.gate.put(Output::Reply { ticket, outcome: Err(refusal) });
    }

    pub(super) fn append(&mut self, record: Record) {
        let append = self.gate.append();
        if let Some(seat) = self.rooms.get_mut(&record.room) {
            seat.saving.unsaved.note(&record);
        }
        self.in_flight.push_back((append, record.room));
        self.gate.put_now(Output::Append(record));
    }

    fn look(&mut self, ticket: Ticket, by: &Actor, room: RoomRef, codec: Codec) {
        match self.seen(by, room, codec) {
            Ok((_, seq, state)) => self.gate.put(Output::Looked { ticket, seq, state }),
            Err(refusal) => self.refuse(ticket, refusal),
        }
    }
}

pub(super) fn not_found(room: RoomRef) -> Refusal {
    Refusal::new("hub.not_found", format!("there is no room {room}"))
}

pub(super) fn reloading() -> Refusal {
    Refusal::busy("the room is being read back from the journal", 200)
}

/// The moment of a command: its seed follows from its id alone, so that a replayed or retried command sees the same.
pub(super) fn moment(command: Id, now: Timestamp) -> Moment {
    let bits = command.bits();
    let mixed = ((bits >> 64) as u64 ^ bits as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Moment { now, command, seed: mixed ^ (mixed >> 29) }
}
