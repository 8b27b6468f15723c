//! From the journal back into memory: at start, and when a room's state is not to be trusted.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use plenum_domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::hosted::Corrupt;
use super::io::Output;
use super::keys::Accepted;
use super::payload::Payload;
use super::record::{Body, Loaded, Record, RoomRef, Snapshot};
use super::refusal::Refusal;
use super::room::Audience;
use super::seat::Seat;
use super::shard::Engine;
use crate::kinds::Kind;

/// What a snapshot holds: the room's own state, and what its recent senders were answered.
#[derive(Serialize, Deserialize)]
struct Kept {
    state: Bytes,
    /// See [`super::keys::Keys::packed`].
    answers: Bytes,
}

/// What the names and marks of [`Kept`] take at most.
const NAMES_BYTES: usize = 32;

impl Snapshot {
    /// The room's own state, for those who read a journal without an engine.
    ///
    /// # Errors
    /// [`Corrupt`] when the bytes are no snapshot of an engine.
    pub fn room_state(&self) -> Result<Vec<u8>, Corrupt> {
        Ok(kept_of(self)?.state.into())
    }
}

impl Engine {
    /// Puts a room back as the journal has it, before anything else is handled.
    ///
    /// # Errors
    /// [`Corrupt`] when the journal's bytes cannot be read; the room is left out.
    pub fn restore(&mut self, loaded: Loaded) -> Result<(), Corrupt> {
        let room = loaded.room;
        let seat = self.seat_of(loaded)?;
        self.rooms.insert(room, seat);
        self.schedule(room);
        Ok(())
    }

    /// Everything appended up to `append` is durable: what rested on it may leave.
    pub fn durable(&mut self, append: u64) {
        while self.in_flight.front().is_some_and(|(one, _)| *one <= append) {
            self.in_flight.pop_front();
        }
        self.gate.durable(append);
    }

    /// Nothing that is not durable yet will be. What rested on it is refused with `refusal`, and the rooms are read
    /// back from the journal. The driver must not append anything that it had taken before this call.
    pub fn failed(&mut self, refusal: &Refusal) {
        let lost: Vec<RoomRef> = self.in_flight.drain(..).map(|(_, room)| room).collect();
        let untaken = self.drop_untaken_appends();
        for output in self.gate.fail(untaken) {
            self.settle(output, &lost, refusal);
        }
        for room in lost {
            self.reload(room);
        }
    }

    /// Appends that the driver has not taken yet are lost with those that it has. Returns how many there were.
    fn drop_untaken_appends(&mut self) -> u64 {
        let (appends, others): (Vec<_>, Vec<_>) =
            self.gate.take().into_iter().partition(|output| matches!(output, Output::Append(_)));
        others.into_iter().for_each(|output| self.gate.put_now(output));
        appends.len() as u64
    }

    /// An output whose append failed: answers turn into refusals, pushes are dropped. What rested on other rooms leaves.
    fn settle(&mut self, output: Output, lost: &[RoomRef], refusal: &Refusal) {
        match output {
            Output::Reply { ticket, outcome } => {
                let outcome = if outcome.is_ok() { Err(refusal.clone()) } else { outcome };
                self.gate.put_now(Output::Reply { ticket, outcome });
            }
            Output::Joined { ticket, sub, room, .. } if lost.contains(&room) => {
                self.rooms.get_mut(&room).map(|seat| seat.unsubscribe(sub));
                self.gate.put_now(Output::Reply { ticket, outcome: Err(refusal.clone()) });
            }
            Output::Looked { ticket, .. } => {
                self.gate.put_now(Output::Reply { ticket, outcome: Err(refusal.clone()) });
            }
            Output::Push { room, .. } | Output::Whisper { room, .. } | Output::Opened { room, .. }
                if lost.contains(&room) => {}
            Output::Snapshot(snapshot) if lost.contains(&snapshot.room) => {}
            other => self.gate.put_now(other),
        }
    }

    /// Asks for the room's state from the journal; refuses commands until it is there.
    pub(super) fn reload(&mut self, room: RoomRef) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        if !std::mem::replace(&mut seat.reloading, true) {
            let scope = seat.scope;
            self.gate.put(Output::Reload { room, scope });
        }
    }

    /// A room came back from the journal: its readers are shown the state that is true.
    pub(super) fn reloaded(&mut self, loaded: Loaded, now: Timestamp) {
        let room = loaded.room;
        let Some(old) = self.rooms.remove(&room) else { return };
        self.agenda.retain(|(_, one)| *one != room);
        if loaded.snapshot.is_none() && loaded.records.is_empty() {
            return;
        }
        let Ok(mut seat) = self.seat_of(loaded) else {
            self.rooms.insert(room, old);
            return;
        };
        let subs: Vec<_> = old.subscriptions.keys().copied().collect();
        for (sub, mut subscription) in old.subscriptions {
            subscription.audience = Audience::by_role(&subscription.actor);
            seat.subscribe(sub, subscription);
        }
        self.rooms.insert(room, seat);
        self.show_anew(room, &subs, now);
        self.count_present(room, now);
        self.schedule(room);
    }

    fn seat_of(&self, loaded: Loaded) -> Result<Seat, Corrupt> {
        let room = loaded.room;
        let kind = self.kind(room).ok_or_else(|| corrupt(room, "the kind", "it is not hosted here"))?;
        catch_unwind(AssertUnwindSafe(|| rebuilt(kind, loaded)))
            .unwrap_or_else(|_| Err(corrupt(room, "the records", "the room failed at them")))
    }
}

/// A room as the journal has it.
fn rebuilt(kind: &'static Kind, loaded: Loaded) -> Result<Seat, Corrupt> {
    let (room, scope) = (loaded.room, loaded.scope);
    let mut records = loaded.records.into_iter();
    let mut seat = match loaded.snapshot {
        Some(snapshot) => seat_of_snapshot(kind, snapshot)?,
        None => {
            let opening = records.next();
            let Some(Record { body: Body::Opened(settings), .. }) = &opening else {
                return Err(corrupt(room, "the first record", "it does not open the room"));
            };
            let host = (kind.open)(room.id, scope, &Payload::json(settings))
                .map_err(|refusal| corrupt(room, "the settings", &refusal.message))?;
            let mut seat = Seat::new(kind, host, scope, 0);
            opening.iter().for_each(|record| seat.saving.unsaved.note(record));
            seat
        }
    };
    for record in records {
        replay(&mut seat, record)?;
    }
    seat.host.end_beat();
    seat.skip_streams();
    Ok(seat)
}

/// What a snapshot of the room keeps.
pub(super) fn state_to_keep(seat: &Seat) -> Vec<u8> {
    let kept = Kept { state: seat.host.snapshot().into(), answers: seat.keys.packed() };
    // Megabytes of a busy room are copied once, not again and again as the bytes grow.
    let mut bytes = Vec::with_capacity(kept.state.len() + kept.answers.len() + NAMES_BYTES);
    rmp_serde::encode::write_named(&mut bytes, &kept).expect("a snapshot is plain data");
    bytes
}

fn kept_of(snapshot: &Snapshot) -> Result<Kept, Corrupt> {
    rmp_serde::from_slice(&snapshot.state)
        .map_err(|why| corrupt(snapshot.room, "the snapshot", &why.to_string()))
}

fn seat_of_snapshot(kind: &'static Kind, snapshot: Snapshot) -> Result<Seat, Corrupt> {
    let kept = kept_of(&snapshot)?;
    let mut seat = Seat::new(kind, (kind.restore)(&kept.state)?, snapshot.scope, snapshot.seq);
    seat.saving.kept_bytes = snapshot.state.len();
    let answers = seat.keys.accept_packed(&kept.answers);
    answers.map_err(|why| corrupt(snapshot.room, "the snapshot", &why.to_string()))?;
    Ok(seat)
}

fn replay(seat: &mut Seat, record: Record) -> Result<(), Corrupt> {
    let (count, openings) = match &record.body {
        Body::Facts(facts) => seat.host.replay(facts)?,
        Body::Nothing => (1, Vec::new()),
        Body::Opened(_) => return Ok(()),
    };
    if seat.seq + count != record.seq {
        let why = format!("{count} facts after {} do not end at {}", seat.seq, record.seq);
        return Err(corrupt(record.room, "the records", &why));
    }
    seat.seq = record.seq;
    seat.saving.unsaved.note(&record);
    if let Some(key) = record.key {
        let opened = openings.first().map(|opening| RoomRef::new(opening.kind, opening.id));
        seat.keys.accept((record.participant, key), Accepted { seq: record.seq, opened });
    }
    Ok(())
}

fn corrupt(room: RoomRef, what: &'static str, why: &str) -> Corrupt {
    Corrupt { what, kind: room.kind, why: why.to_owned() }
}
