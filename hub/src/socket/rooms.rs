//! Sockets coming into rooms, changing audience, and leaving.

use std::sync::Arc;

use plenum_domain::tenant::Feature;
use plenum_protocol::{Codec as WireCodec, Joined, PushHead, Since, write_join_ok};
use plenum_rooms::engine::{Actor, Audience, Codec, JoinBody, Outcome, Push, Refusal};
use plenum_rooms::{Input, RoomRef};

use super::sockets::Seat;
use super::{engine_codec, frame};
use crate::shard::{Shard, SocketId, Waiting};

/// A socket may be in so many rooms at once.
const ROOMS_MAX: usize = 64;

/// A reader's place in its room's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) audience: Audience,
    pub(crate) codec: Codec,
    pub(crate) at: usize,
}

/// A socket was let into a room.
pub(crate) struct Arrival {
    pub(crate) socket: SocketId,
    pub(crate) room: RoomRef,
    pub(crate) seq: u64,
    pub(crate) audience: Audience,
    pub(crate) body: JoinBody,
}

impl Shard {
    /// `join`: asks the room's owner to let the socket in.
    pub(super) fn join(
        &mut self,
        id: SocketId,
        re: u64,
        room: &str,
        since: Option<&Since<'_>>,
    ) -> Result<(), Refusal> {
        let (room, owner, by) = self.visible(id, room)?;
        let same = |since: &&Since<'_>| self.links.epoch(room).is_some_and(|epoch| since.epoch == epoch);
        let since = since.filter(same).map(|since| since.seq);
        let Some(socket) = self.sockets.find(id) else { return Ok(()) };
        if !socket.seats.iter().any(|seat| seat.room == room) {
            if socket.seats.len() >= ROOMS_MAX {
                let why = format!("a socket is in at most {ROOMS_MAX} rooms; leave one first");
                return Err(Refusal::new("hub.too_large", why).with("limit", ROOMS_MAX));
            }
            // Most sockets are in one or two rooms.
            socket.seats.reserve_exact(1);
            socket.seats.push(Seat { room, place: None });
        }
        self.ask_in(id, Waiting::Join { socket: id, re, room }, (room, owner, by), since)
    }

    pub(super) fn ask_in(
        &mut self,
        id: SocketId,
        waiting: Waiting,
        (room, owner, by): (RoomRef, usize, Arc<Actor>),
        since: Option<u64>,
    ) -> Result<(), Refusal> {
        let Some(socket) = self.sockets.find(id) else { return Ok(()) };
        let codec = engine_codec(socket.codec);
        let urgent = by.moderates();
        let ticket = self.wait(waiting);
        let input = Input::Join { ticket, sub: id.sub(), by, room, codec, since };
        self.send(owner, input, urgent).inspect_err(|_| self.forget(ticket))
    }

    /// The room behind a name, its owner, and as whom this socket is there, when its token may see it: another tenant's
    /// or conference's room is not there.
    pub(super) fn visible(
        &mut self,
        id: SocketId,
        name: &str,
    ) -> Result<(RoomRef, usize, Arc<Actor>), Refusal> {
        let missing = || Refusal::new("hub.not_found", format!("there is no room {name}"));
        let room = RoomRef::parse(name).ok_or_else(missing)?;
        let place = self.links.directory.find(room).ok_or_else(missing)?;
        let known = self.sockets.find(id).and_then(|socket| socket.who.as_ref());
        let identity = known.ok_or_else(missing)?;
        let is_own = place.scope.tenant == identity.tenant;
        let actor = identity.actor_in(place.scope.conference).filter(|_| is_own).ok_or_else(missing)?;
        let found = (room, place.shard, Arc::clone(actor));
        self.links.limits.is_on(place.scope.tenant, Feature::of_room(room.kind))?;
        Ok(found)
    }

    /// The room's owner let a socket in: from now on it reads, beginning with the answer.
    pub(crate) fn joined(&mut self, waiting: Waiting, arrival: Arrival) {
        let id = arrival.socket;
        let Some(socket) = self.sockets.find(id) else { return };
        let codec = socket.codec;
        let Some(at) = socket.seats.iter().position(|seat| seat.room == arrival.room) else {
            return self.tell_left(id, arrival.room);
        };
        self.unplace(id, at);
        let place = self.read_with(arrival.room, arrival.audience, engine_codec(codec), id);
        if let Some(seat) = self.sockets.find(id).and_then(|socket| socket.seats.get_mut(at)) {
            seat.place = Some(place);
        }
        match waiting {
            Waiting::Join { re, .. } => {
                let epoch = self.links.epoch(arrival.room).unwrap_or_default();
                let frame = joined_frame(codec, re, &epoch, &arrival);
                self.write_answer(id, frame);
            }
            Waiting::Resync { .. } => {
                if let JoinBody::State(data) = arrival.body {
                    let now = self.now();
                    let ev = plenum_rooms::kinds::find(arrival.room.kind)
                        .map_or("hub.state", |kind| kind.state_event);
                    let push = Push { range: Some((0, arrival.seq)), ev, at: now, data };
                    let frame = crate::shard::push_frame(arrival.room, engine_codec(codec), &push);
                    self.write_push(id, arrival.room, frame);
                }
            }
            Waiting::Rejoin { .. } => self.brought_up(arrival),
            Waiting::Reply { .. } | Waiting::Rest(_) => {}
        }
    }

    pub(crate) fn join_refused(&mut self, id: SocketId, re: u64, room: RoomRef, outcome: Outcome) {
        if let Some(socket) = self.sockets.find(id) {
            socket.seats.retain(|seat| seat.room != room || seat.place.is_some());
        }
        self.reply(id, re, outcome);
    }

    /// A socket that fell behind in a room is shown its state.
    pub(crate) fn resync(&mut self, id: SocketId, room: RoomRef) {
        let Ok(found) = self.visible(id, &room.to_string()) else { return };
        if self.ask_in(id, Waiting::Resync { socket: id, room }, found, None).is_err() {
            self.close_slow(id);
        }
    }

    /// A socket reads with another audience from now on.
    pub(crate) fn moved(&mut self, id: SocketId, room: RoomRef, audience: Audience) {
        let Some(socket) = self.sockets.find(id) else { return };
        let codec = socket.codec;
        let Some(at) = socket.seats.iter().position(|seat| seat.room == room && seat.place.is_some()) else {
            return;
        };
        self.unplace(id, at);
        let place = self.read_with(room, audience, engine_codec(codec), id);
        if let Some(seat) = self.sockets.find(id).and_then(|socket| socket.seats.get_mut(at)) {
            seat.place = Some(place);
        }
    }

    /// `leave`, or the end of the socket: the room's owner is told.
    pub(crate) fn leave_room(&mut self, id: SocketId, room: RoomRef) -> bool {
        let Some(socket) = self.sockets.find(id) else { return false };
        let Some(at) = socket.seats.iter().position(|seat| seat.room == room) else { return false };
        self.unplace(id, at);
        if let Some(socket) = self.sockets.find(id) {
            socket.seats.swap_remove(at);
        }
        self.tell_left(id, room);
        true
    }

    fn tell_left(&mut self, id: SocketId, room: RoomRef) {
        let Some(place) = self.links.directory.find(room) else { return };
        self.send_sure(place.shard, Input::Leave { sub: id.sub(), room });
    }

    /// Takes a socket out of a room's list; whoever takes its place there is told.
    pub(super) fn unplace(&mut self, id: SocketId, at: usize) {
        let seat = self.sockets.find(id).and_then(|socket| socket.seats.get_mut(at));
        let Some((room, place)) = seat.and_then(|seat| Some((seat.room, seat.place.take()?))) else { return };
        let Some(moved) = self.stop_reading(room, place) else { return };
        let seats = self.sockets.find(moved).map(|socket| socket.seats.iter_mut());
        if let Some(seat) = seats.into_iter().flatten().find(|seat| seat.room == room) {
            seat.place = Some(place);
        }
    }
}

fn joined_frame(codec: WireCodec, re: u64, epoch: &str, arrival: &Arrival) -> bytes::Bytes {
    let room = arrival.room.to_string();
    match &arrival.body {
        JoinBody::State(state) => frame(codec, state.len() + 160, |out| {
            write_join_ok(codec, out, re, &room, epoch, arrival.seq, Joined::State(state));
        }),
        JoinBody::Replay(pushes) => {
            let heads: Vec<(PushHead<'_>, &[u8])> =
                pushes.iter().map(|push| (head(&room, push), &push.data[..])).collect();
            frame(codec, 1_024, |out| {
                write_join_ok(codec, out, re, &room, epoch, arrival.seq, Joined::Replay(&heads));
            })
        }
    }
}

/// What stands before a push's data.
pub(crate) fn head<'a>(room: &'a str, push: &Push) -> PushHead<'a> {
    PushHead {
        room,
        prev: push.range.map(|(prev, _)| prev),
        seq: push.range.map(|(_, seq)| seq),
        ev: push.ev,
        at_ms: Some(push.at.ms()),
    }
}
