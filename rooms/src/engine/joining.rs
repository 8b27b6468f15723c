//! Coming into a room, coming back, leaving, and changing audience.

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::{Action, Timestamp};

use super::io::{JoinBody, Output, Ticket};
use super::payload::Codec;
use super::record::RoomRef;
use super::refusal::Refusal;
use super::room::{Actor, Audience, SubId, Viewer};
use super::seat::{Seat, Subscription};
use super::shard::{Engine, not_found, reloading};
use super::stream::Push;

impl Engine {
    #[expect(clippy::too_many_arguments, reason = "the fields of Input::Join, taken apart by handle")]
    pub(super) fn join(
        &mut self,
        ticket: Ticket,
        sub: SubId,
        by: &Arc<Actor>,
        room: RoomRef,
        codec: Codec,
        since: Option<u64>,
        now: Timestamp,
    ) {
        let (audience, seq, body) = match self.arriving(by, room, codec, since) {
            Ok(arriving) => arriving,
            Err(refusal) => return self.refuse(ticket, refusal),
        };
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        seat.subscribe(sub, Subscription { actor: Arc::clone(by), audience, codec });
        self.gate.put(Output::Joined { ticket, sub, room, seq, audience, body });
        self.count_present(room, now);
    }

    /// What brings someone up to date: what was missed when that is known, else the state.
    fn arriving(
        &mut self,
        by: &Actor,
        room: RoomRef,
        codec: Codec,
        since: Option<u64>,
    ) -> Result<(Audience, u64, JoinBody), Refusal> {
        if let Some(since) = since {
            by.may(Action::Watch).map_err(Refusal::forbidden)?;
            let seat = self.rooms.get_mut(&room).filter(|seat| !seat.reloading);
            let audience = |seat: &Seat| catch_unwind(AssertUnwindSafe(|| seat.host.audience(by))).ok();
            let known = seat.and_then(|seat| Some((audience(seat)?, seat)));
            if let Some((audience, seat)) = known
                && let Some((seq, pushes)) = missed(seat, by, audience, codec, since)
            {
                return Ok((audience, seq, JoinBody::Replay(pushes)));
            }
        }
        let (audience, seq, state) = self.seen(by, room, codec)?;
        Ok((audience, seq, JoinBody::State(state)))
    }

    /// What an actor sees of a room: its audience, the seq, the state.
    pub(super) fn seen(
        &mut self,
        by: &Actor,
        room: RoomRef,
        codec: Codec,
    ) -> Result<(Audience, u64, Bytes), Refusal> {
        by.may(Action::Watch).map_err(Refusal::forbidden)?;
        let seat = self.rooms.get(&room).ok_or_else(|| not_found(room))?;
        if seat.reloading {
            return Err(reloading());
        }
        let seen = catch_unwind(AssertUnwindSafe(|| {
            let audience = seat.host.audience(by);
            (audience, seat.seq, seat.host.state(&Viewer { actor: by, audience }, codec))
        }));
        seen.map_err(|_| {
            self.reload(room);
            Refusal::new("hub.internal", "the room could not show its state and is being restored")
                .retry_after(500)
        })
    }

    pub(super) fn leave(&mut self, sub: SubId, room: RoomRef, now: Timestamp) {
        if self.rooms.get_mut(&room).is_some_and(|seat| seat.unsubscribe(sub)) {
            self.count_present(room, now);
        }
    }

    /// Every socket with a number in `subs` leaves every room: the node that held them is gone.
    pub fn leave_all(&mut self, subs: RangeInclusive<SubId>, now: Timestamp) {
        let gone =
            |seat: &Seat| seat.subscriptions.range(subs.clone()).map(|(sub, _)| *sub).collect::<Vec<_>>();
        let left: Vec<_> = self.rooms.iter().map(|(room, seat)| (*room, gone(seat))).collect();
        for (room, subs) in left.into_iter().filter(|(_, subs)| !subs.is_empty()) {
            if let Some(seat) = self.rooms.get_mut(&room) {
                for sub in subs {
                    seat.unsubscribe(sub);
                }
            }
            self.count_present(room, now);
        }
    }

    pub(super) fn count_present(&mut self, room: RoomRef, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let people = seat.people_present();
        match catch_unwind(AssertUnwindSafe(|| seat.host.present(people, now))) {
            Ok(()) => self.flicker_soon(room, now),
            Err(_) => self.reload(room),
        }
    }

    /// After facts: who may see something else from now on reads with another audience, beginning with the state. That is
    /// only the one who acted, with the audience before, unless the facts say that it may be anyone.
    pub(super) fn regroup(
        &mut self,
        room: RoomRef,
        everyone: bool,
        by: Option<(&Arc<Actor>, Audience)>,
        now: Timestamp,
    ) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let moved = catch_unwind(AssertUnwindSafe(|| moved(seat, everyone, by)));
        let Ok(moved) = moved else { return self.reload(room) };
        for (sub, audience) in moved {
            self.gate.put(Output::Moved { sub, room, audience });
            self.put_state(room, sub, now);
        }
    }

    /// Finds the audience of each of `subs` anew and shows it the state, whatever it was shown before.
    pub(super) fn show_anew(&mut self, room: RoomRef, subs: &[SubId], now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        if catch_unwind(AssertUnwindSafe(|| moved(seat, true, None))).is_err() {
            return self.reload(room);
        }
        for sub in subs {
            let Some(seat) = self.rooms.get(&room) else { return };
            let audience = seat.subscriptions[sub].audience;
            self.gate.put(Output::Moved { sub: *sub, room, audience });
            self.put_state(room, *sub, now);
        }
    }

    /// Shows one socket the whole state, as a push that brings it to the room's seq from wherever it is.
    fn put_state(&mut self, room: RoomRef, sub: SubId, now: Timestamp) {
        let Some(seat) = self.rooms.get(&room) else { return };
        match catch_unwind(AssertUnwindSafe(|| state_push(seat, room, sub, now))) {
            Ok(push) => self.gate.put(push),
            Err(_) => self.reload(room),
        }
    }
}

/// Moves sockets to the audiences that they belong to now, and returns the moved ones.
fn moved(seat: &mut Seat, everyone: bool, by: Option<(&Arc<Actor>, Audience)>) -> Vec<(SubId, Audience)> {
    let mut sockets = Vec::new();
    if let Some((by, before)) = by {
        if seat.host.audience(by) != before {
            seat.personal.insert(by.participant, seat.seq);
        }
        sockets = seat.sockets_of(by.participant).to_vec();
    }
    if everyone {
        seat.regrouped = seat.seq;
        sockets = seat.subscriptions.keys().copied().collect();
    }
    let now_in = |seat: &Seat, sub: &SubId| seat.host.audience(&seat.subscriptions[sub].actor);
    let wanted: Vec<_> = sockets.into_iter().map(|sub| (sub, now_in(seat, &sub))).collect();
    wanted.into_iter().filter(|(sub, audience)| seat.move_to(*sub, *audience)).collect()
}

/// The pushes that someone who comes back missed; none when the state is shorter or safer.
fn missed(
    seat: &mut Seat,
    by: &Actor,
    audience: Audience,
    codec: Codec,
    since: u64,
) -> Option<(u64, Vec<Push>)> {
    let personal = seat.personal.get(&by.participant).is_some_and(|seq| *seq > since);
    if personal || since < seat.regrouped || since > seat.seq {
        return None;
    }
    seat.stream(audience, codec).replay(since)
}

/// The whole state for one socket, as a push that brings it to the room's seq from wherever it is.
pub(super) fn state_push(seat: &Seat, room: RoomRef, sub: SubId, now: Timestamp) -> Output {
    let subscription = &seat.subscriptions[&sub];
    let viewer = Viewer { actor: &subscription.actor, audience: subscription.audience };
    let data = seat.host.state(&viewer, subscription.codec);
    Output::Whisper {
        sub,
        room,
        push: Push { range: Some((0, seat.seq)), ev: seat.kind.state_event, at: now, data },
    }
}
