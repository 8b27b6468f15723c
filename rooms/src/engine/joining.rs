//! Coming into a room, coming back, leaving, and changing audience.

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

    fn count_present(&mut self, room: RoomRef, now: Timestamp) {
        if let Some(seat) = self.rooms.get_mut(&room) {
            let people = seat.people_present();
            seat.host.present(people);
            self.flicker_soon(room, now);
        }
    }

    /// After someone acted: who may see something else from now on reads with another audience, beginning with the state.
    pub(super) fn reconsider(&mut self, room: RoomRef, by: &Actor, now: Timestamp) {
        let Some(seat) = self.rooms.get(&room) else { return };
        let sockets = seat.sockets_of(by.participant).to_vec();
        sockets.into_iter().for_each(|sub| self.regroup(room, sub, now));
    }

    /// After a fact that may change anyone's audience. Who is away and comes back gets the state: what was kept for
    /// the audience that it had then may not be its to see, or not be all of it.
    pub(super) fn reconsider_all(&mut self, room: RoomRef, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        seat.regrouped = seat.seq;
        let sockets: Vec<SubId> = seat.subscriptions.keys().copied().collect();
        sockets.into_iter().for_each(|sub| self.regroup(room, sub, now));
    }

    fn regroup(&mut self, room: RoomRef, sub: SubId, now: Timestamp) {
        let Some(seat) = self.rooms.get_mut(&room) else { return };
        let Some(actor) = seat.subscriptions.get(&sub).map(|one| Arc::clone(&one.actor)) else { return };
        let audience = seat.host.audience(&actor);
        if seat.move_to(sub, audience) {
            seat.personal.insert(actor.participant, seat.seq);
            self.gate.put(Output::Moved { sub, room, audience });
            self.gate.put(state_push(seat, room, sub, now));
        }
    }
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
    let ev = crate::kinds::find(room.kind).map_or("hub.state", |kind| kind.state_event);
    Output::Whisper { sub, room, push: Push { range: Some((0, seat.seq)), ev, at: now, data } }
}
