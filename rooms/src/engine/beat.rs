//! When rooms speak: the first change after quiet at once, then merged from beat to beat.

use std::panic::{AssertUnwindSafe, catch_unwind};

use plenum_domain::{Id, Timestamp};

use super::hosted::{Telling, Whispering};
use super::io::Output;
use super::payload::Codec;
use super::record::{Body, Record, RoomRef};
use super::room::{AUDIENCES, Audience, Publish};
use super::seat::Seat;
use super::shard::{Engine, moment};
use super::stream::Push;

/// What one write to a socket costs, in microseconds: the figure behind the beat's length.
const WRITE_US: i64 = 6;
/// One room may take this part of the node: 1/4.
const ROOM_SHARE_INVERSE: i64 = 4;
/// What nobody keeps (reactions, presence) is shown no more often, in milliseconds.
const FLICKER_MS: i64 = 250;

impl Engine {
    /// When [`Engine::tick`] should be called next.
    pub fn next_call(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(at, _)| *at)
    }

    /// Lets time pass: beats, and what rooms asked to be woken for.
    pub fn tick(&mut self, now: Timestamp) {
        let due: Vec<_> = self.agenda.iter().take_while(|(at, _)| *at <= now).copied().collect();
        for (at, room) in due {
            // Once each: a room that wants to be called again and again must not keep the others from their turn.
            if self.agenda.remove(&(at, room))
                && let Some(seat) = self.rooms.get_mut(&room)
            {
                seat.due = None;
                self.call(room, now);
            }
        }
    }

    fn call(&mut self, room: RoomRef, now: Timestamp) {
        let Some(seat) = self.rooms.get(&room) else { return };
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let (beat, flicker) =
            (is_due(seat.beat_at) && !seat.telling, is_due(seat.flicker_at) && !seat.telling);
        let wake = is_due(self.wake_at(room));
        if wake {
            self.wake(room, now);
        }
        if beat {
            self.beat(room, now);
        }
        if flicker {
            self.flicker(room, now);
        }
        self.schedule(room);
    }

    fn wake(&mut self, room: RoomRef, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let at = moment(Id::from_bits(room.id.bits() ^ u128::from(seat.seq)), now);
        let (host, seq) = (&mut seat.host, seat.seq);
        let Ok(applied) = catch_unwind(AssertUnwindSafe(|| host.wake(&at, seq))) else {
            return self.reload(room);
        };
        if applied.count == 0 {
            return;
        }
        seat.seq += applied.count;
        let (scope, seq, body) = (seat.scope, seat.seq, Body::Facts(applied.facts));
        self.open_all(applied.openings, scope, Id::default(), now);
        self.append(Record { room, scope, seq, key: None, participant: Id::default(), at: now, body });
        self.regroup(room, applied.regroups, None, now);
        self.publish(room, applied.publish, now);
    }

    /// Facts happened in a room: beats now or soon.
    pub(super) fn publish(&mut self, room: RoomRef, publish: Publish, now: Timestamp) {
        let settings = self.settings;
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let min_ms = (settings.beat_min_ms + self.stretch_ms).min(settings.beat_max_ms);
        let next = seat.last_beat.plus_ms(beat_ms(seat, settings.shards, min_ms, settings.beat_max_ms));
        let set_back = now < seat.last_beat;
        if publish == Publish::Now || (next <= now && !seat.telling) || set_back {
            self.beat(room, now);
        } else {
            seat.beat_at = Some(seat.beat_at.map_or(next, |at| at.min(next)));
        }
        self.schedule(room);
        self.snapshot_when_due(room);
    }

    /// Tells everyone what happened since the last beat; behind the journal, like everything.
    fn beat(&mut self, room: RoomRef, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        seat.beat_at = None;
        if seat.reloading {
            return;
        }
        seat.last_beat = now;
        let heard = catch_unwind(AssertUnwindSafe(|| tellings(seat)));
        let Ok((whispers, told)) = heard else { return self.reload(room) };
        for whisper in whispers {
            self.whisper(room, whisper, now);
        }
        for (audience, telling) in told {
            self.tell(room, audience, telling, now);
        }
        if let Some(seat) = self.rooms.get_mut(&room) {
            seat.host.end_beat();
            seat.skip_unread();
        }
    }

    fn whisper(&mut self, room: RoomRef, whisper: Whispering, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        seat.personal.insert(whisper.to, seat.seq);
        for sub in seat.sockets_of(whisper.to).iter().filter(|sub| whisper.skip != Some(**sub)) {
            let data = whisper.data[seat.subscriptions[sub].codec.index()].clone();
            let push = Push { range: None, ev: whisper.ev, at: now, data };
            self.gate.put(Output::Whisper { sub: *sub, room, push });
        }
    }

    fn tell(&mut self, room: RoomRef, audience: Audience, telling: Telling, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        for codec in Codec::ALL {
            if let Some(data) = &telling.data[codec.index()] {
                let push = seat.stream(audience, codec).tell(telling.seq, telling.ev, now, data.clone());
                self.gate.put(Output::Push { room, audience, codec, push });
            }
        }
    }

    /// Shows soon what nobody keeps.
    pub(super) fn flicker_soon(&mut self, room: RoomRef, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let next = seat.last_flicker.plus_ms(FLICKER_MS);
        if next <= now && !seat.telling {
            self.flicker(room, now);
        } else {
            seat.flicker_at = Some(seat.flicker_at.map_or(next, |at| at.min(next)));
        }
        self.schedule(room);
    }

    fn flicker(&mut self, room: RoomRef, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        seat.flicker_at = None;
        seat.last_flicker = now;
        let Ok(shown) = catch_unwind(AssertUnwindSafe(|| seat.host.flicker())) else {
            return self.reload(room);
        };
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        for (ev, data) in shown {
            for audience in AUDIENCES {
                let wanted = seat.wanted(audience);
                for codec in Codec::ALL.into_iter().filter(|codec| wanted[codec.index()]) {
                    let push = Push { range: None, ev, at: now, data: data[codec.index()].clone() };
                    self.gate.put(Output::Push { room, audience, codec, push });
                }
            }
        }
    }

    /// The driver has more to do than it likes: until it says otherwise, the shortest beat is so much longer, in
    /// milliseconds.
    pub fn stretch(&mut self, by_ms: i64) {
        self.stretch_ms = by_ms.max(0);
    }

    /// The driver writes a room's pushes to its sockets: until it says that it has, the room's beat stretches.
    pub fn telling(&mut self, room: RoomRef) {
        if let Some(seat) = self.rooms.get_mut(&room) {
            seat.telling = true;
            self.schedule(room);
        }
    }

    /// All that a room told is with its sockets, or with the kernel.
    pub fn told(&mut self, room: RoomRef) {
        if let Some(seat) = self.rooms.get_mut(&room) {
            seat.telling = false;
            self.schedule(room);
        }
    }

    /// When the room itself wants to be called.
    fn wake_at(&mut self, room: RoomRef) -> Option<Timestamp> {
        let seat = self.rooms.get(&room).filter(|seat| !seat.reloading)?;
        let wanted = catch_unwind(AssertUnwindSafe(|| seat.host.wake_at()));
        wanted.unwrap_or_else(|_| {
            self.reload(room);
            None
        })
    }

    /// Enters the room's next call into the agenda.
    pub(super) fn schedule(&mut self, room: RoomRef) {
        let wake_at = self.wake_at(room);
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let (beat_at, flicker_at) = if seat.telling { (None, None) } else { (seat.beat_at, seat.flicker_at) };
        let due = [beat_at, flicker_at, wake_at].into_iter().flatten().min();
        if due == seat.due {
            return;
        }
        if let Some(old) = seat.due {
            self.agenda.remove(&(old, room));
        }
        seat.due = due;
        self.agenda.extend(due.map(|at| (at, room)));
    }
}

/// How long a room's beat is: long enough that it takes no more than its share of the node.
fn beat_ms(seat: &Seat, shards: u32, min_ms: i64, max_ms: i64) -> i64 {
    let cost_us = seat.subscriptions.len() as i64 * WRITE_US * ROOM_SHARE_INVERSE;
    (cost_us / (1_000 * i64::from(shards.max(1)))).clamp(min_ms, max_ms)
}

fn tellings(seat: &Seat) -> (Vec<Whispering>, Vec<(Audience, Telling)>) {
    let heard = AUDIENCES.into_iter().filter(|audience| seat.wanted(*audience) != [false; 2]);
    let told = heard.flat_map(|audience| {
        let told = seat.host.tell(audience, seat.wanted(audience)).into_iter();
        told.map(move |telling| (audience, telling))
    });
    (seat.host.whisper(), told.collect())
}
