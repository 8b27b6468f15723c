//! One room's place: nothing is missed and nothing is applied twice.

use plenum_protocol::{Codec, JoinedReply, Push};

use crate::{Payload, RoomUpdate};

/// Where a client is in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) epoch: String,
    pub(crate) seq: u64,
}

/// What is to be done with a push.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Hear it.
    Apply(RoomUpdate),
    /// It was held already, or the join is not answered yet.
    Pass,
    /// Something is missing before it: ask for that.
    Gap,
}

/// Follows one room; knows no socket.
#[derive(Debug)]
pub(crate) struct Follower {
    pub(crate) place: Option<Place>,
    room: String,
    codec: Codec,
}

impl Follower {
    pub(crate) fn new(codec: Codec, room: &str) -> Self {
        Self { place: None, room: room.to_owned(), codec }
    }

    /// Takes in the answer of a join.
    pub(crate) fn joined(&mut self, reply: &JoinedReply<'_>) -> Vec<RoomUpdate> {
        let epoch = reply.epoch.clone().into_owned();
        if let Some(state) = reply.state {
            self.place = Some(Place { epoch, seq: reply.seq });
            return vec![self.state(reply.seq, state)];
        }
        let applied = |push| match self.take(push) {
            Verdict::Apply(update) => Some(update),
            Verdict::Pass | Verdict::Gap => None,
        };
        let updates = reply.replay.iter().filter_map(applied).collect();
        let held = self.place.as_ref().map_or(0, |place| place.seq);
        self.place = Some(Place { epoch, seq: reply.seq.max(held) });
        updates
    }

    /// Takes in a push.
    pub(crate) fn take(&mut self, push: &Push<'_>) -> Verdict {
        let (Some(prev), Some(seq)) = (push.prev, push.seq) else { return Verdict::Apply(self.update(push)) };
        let Some(place) = &mut self.place else { return Verdict::Pass };
        if push.ev.ends_with(".state") {
            return self.replace(push, seq);
        }
        if seq <= place.seq {
            return Verdict::Pass;
        }
        if prev > place.seq {
            return Verdict::Gap;
        }
        place.seq = seq;
        Verdict::Apply(self.update(push))
    }

    /// A state stands for itself: it closes any gap before it, and counts even at the place that is held.
    fn replace(&mut self, push: &Push<'_>, seq: u64) -> Verdict {
        let Some(place) = self.place.as_mut().filter(|place| seq >= place.seq) else {
            self.place = None;
            return Verdict::Gap;
        };
        place.seq = seq;
        Verdict::Apply(self.state(seq, push.data))
    }

    fn state(&self, seq: u64, state: &[u8]) -> RoomUpdate {
        RoomUpdate::State { room: self.room.clone(), seq, state: self.payload(state) }
    }

    fn update(&self, push: &Push<'_>) -> RoomUpdate {
        RoomUpdate::Push {
            room: self.room.clone(),
            seq: push.seq,
            ev: push.ev.clone().into_owned(),
            at_ms: push.at_ms,
            data: self.payload(push.data),
        }
    }

    fn payload(&self, bytes: &[u8]) -> Payload {
        Payload { codec: self.codec, bytes: bytes.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: &str = "poll:1";

    fn at(seq: u64) -> Follower {
        let mut follower = Follower::new(Codec::Json, ROOM);
        let reply =
            JoinedReply { room: ROOM.into(), epoch: "1".into(), seq, state: Some(b"{}"), replay: Vec::new() };
        follower.joined(&reply);
        follower
    }

    fn push(prev: u64, seq: u64, ev: &str) -> Push<'_> {
        Push {
            room: Some(ROOM.into()),
            prev: Some(prev),
            seq: Some(seq),
            ev: ev.into(),
            at_ms: None,
            data: b"{}",
        }
    }

    fn seq(follower: &Follower) -> Option<u64> {
        follower.place.as_ref().map(|place| place.seq)
    }

    #[test]
    fn a_push_is_applied_when_it_covers_the_next_fact() {
        for held in [41, 50, 56] {
            let mut follower = at(held);
            assert!(matches!(follower.take(&push(41, 57, "poll.results")), Verdict::Apply(_)));
            assert_eq!(seq(&follower), Some(57));
        }
        assert_eq!(at(57).take(&push(41, 57, "poll.results")), Verdict::Pass);
        assert_eq!(at(40).take(&push(41, 57, "poll.results")), Verdict::Gap);
        assert_eq!(Follower::new(Codec::Json, ROOM).take(&push(0, 1, "poll.results")), Verdict::Pass);
    }

    #[test]
    fn a_push_without_a_place_is_applied_at_once() {
        let present = Push { prev: None, seq: None, ..push(0, 0, "session.present") };
        assert!(matches!(Follower::new(Codec::Json, ROOM).take(&present), Verdict::Apply(_)));
    }

    #[test]
    fn a_state_replaces_unless_it_is_of_the_past() {
        for held in [40, 58] {
            let mut follower = at(held);
            assert!(matches!(
                follower.take(&push(57, 58, "poll.state")),
                Verdict::Apply(RoomUpdate::State { .. })
            ));
            assert_eq!(seq(&follower), Some(58));
        }
        let mut ahead = at(60);
        assert_eq!(ahead.take(&push(57, 58, "poll.state")), Verdict::Gap);
        assert_eq!(ahead.place, None);
    }

    #[test]
    fn a_replay_brings_what_was_missed_and_only_that() {
        let mut follower = at(41);
        let replay = vec![push(30, 41, "a.b"), push(41, 57, "a.b"), push(57, 58, "a.b")];
        let reply = JoinedReply { room: ROOM.into(), epoch: "1".into(), seq: 60, state: None, replay };
        assert_eq!(follower.joined(&reply).len(), 2);
        assert_eq!(seq(&follower), Some(60));
    }
}
