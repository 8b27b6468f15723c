//! Rooms whose owner changes while people are in them.

use std::sync::Arc;

use plenum_domain::Id;
use plenum_protocol::CloseCode;
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{JoinBody, Push};

use super::engine_codec;
use super::rooms::Arrival;
use crate::shard::{Positions, Shard, SocketId, Waiting};

impl Shard {
    /// The sockets here that are in rooms of a conference come in anew at its new owner, from the seq that they are at.
    /// Until they are in they read nothing, so that none sees a gap.
    pub(crate) fn rejoin(&mut self, conference: Id, since: &Arc<Positions>) {
        for id in self.sockets.ids() {
            for room in self.rooms_in(id, conference) {
                self.rejoin_room(id, room, since);
            }
        }
    }

    /// The rooms of a conference that a socket was let into.
    fn rooms_in(&mut self, id: SocketId, conference: Id) -> Vec<RoomRef> {
        let Some(socket) = self.sockets.find(id).filter(|socket| !socket.is_closing()) else {
            return Vec::new();
        };
        let seated: Vec<RoomRef> =
            socket.seats.iter().filter(|seat| seat.place.is_some()).map(|seat| seat.room).collect();
        let belongs = |room: &RoomRef| {
            self.links.directory.find(*room).is_some_and(|place| place.scope.conference == conference)
        };
        seated.into_iter().filter(belongs).collect()
    }

    fn rejoin_room(&mut self, id: SocketId, room: RoomRef, since: &Positions) {
        let Ok(found) = self.visible(id, &room.to_string()) else { return };
        let Some(socket) = self.sockets.find(id) else { return };
        let Some(at) = socket.seats.iter().position(|seat| seat.room == room) else { return };
        let place = socket.seats[at].place;
        let since = place.and_then(|place| since.get(&(room, place.audience, place.codec)).copied());
        self.unplace(id, at);
        if self.ask_in(id, Waiting::Rejoin { socket: id }, found, since).is_err() {
            self.move_away(id);
        }
    }

    /// What a socket missed while its room changed the owner.
    pub(super) fn brought_up(&mut self, arrival: Arrival) {
        let Some(codec) = self.codec_of(arrival.socket).map(engine_codec) else { return };
        let pushes = match arrival.body {
            JoinBody::State(data) => {
                let ev =
                    plenum_rooms::kinds::find(arrival.room.kind).map_or("hub.state", |kind| kind.state_event);
                vec![Push { range: Some((0, arrival.seq)), ev, at: self.now(), data }]
            }
            JoinBody::Replay(pushes) => pushes,
        };
        for push in pushes {
            let frame = crate::shard::push_frame(arrival.room, codec, &push);
            self.write_push(arrival.socket, arrival.room, frame);
        }
    }

    /// A socket whose room could not be brought back comes back by itself, which always works.
    pub(crate) fn move_away(&mut self, id: SocketId) {
        self.close(id, CloseCode::MovingAway, CloseCode::MovingAway.meaning());
    }
}
