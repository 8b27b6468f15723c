//! The sockets of a room and what each of them made of its pushes, by the client's own rule.

use std::collections::BTreeMap;

use bytes::Bytes;
use plenum_rooms::engine::{Audience, Codec, JoinBody, Output, Push, RoomRef, SubId};
use serde_json::Value;

use super::{Desk, person};

/// What a client does with a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It holds all of it already.
    Known,
    /// It is at the push's seq now.
    Applied,
    /// Something is missing in between.
    Gap,
    /// It carries no range: applied at once.
    Passing,
}

/// The client's rule for one push, at seq `mine`.
pub(crate) fn judge(mine: u64, push: &Push) -> Heard {
    match push.range {
        None => Heard::Passing,
        Some((_, seq)) if seq <= mine => Heard::Known,
        Some((prev, _)) if prev <= mine => Heard::Applied,
        Some(_) => Heard::Gap,
    }
}

/// One socket that reads everything that it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Socket {
    pub(crate) codec: Codec,
    pub(crate) audience: Audience,
    /// The seq that it is at.
    pub(crate) seq: u64,
    /// The last whole state that it was given.
    pub(crate) state: Option<Value>,
    /// The pushes that it took since, by name and data.
    pub(crate) taken: Vec<(&'static str, Value)>,
}

/// Everyone in one room.
pub(crate) struct Hall {
    pub(crate) room: RoomRef,
    pub(crate) sockets: BTreeMap<SubId, Socket>,
}

impl Hall {
    /// An empty hall.
    pub(crate) const fn new(room: RoomRef) -> Self {
        Self { room, sockets: BTreeMap::new() }
    }

    /// Lets person `n` come in with socket `sub`, or come back with `since`.
    pub(crate) fn enter(&mut self, desk: &mut Desk, n: u64, sub: u64, codec: Codec, since: Option<u64>) {
        self.sockets.insert(SubId(sub), Socket::new(codec, since.unwrap_or_default()));
        desk.join(&person(n), sub, self.room, codec, since).expect("a participant may come in");
        self.listen(desk);
    }

    /// Delivers what the desk's engine let out. Returns all of it.
    pub(crate) fn listen(&mut self, desk: &mut Desk) -> Vec<Output> {
        let heard = desk.heard();
        heard.iter().for_each(|output| self.deliver(output));
        heard
    }

    /// What `sub` took since this was last asked.
    pub(crate) fn taken(&mut self, sub: u64) -> Vec<(&'static str, Value)> {
        std::mem::take(&mut self.socket(sub).taken)
    }

    /// The socket with this number.
    pub(crate) fn socket(&mut self, sub: u64) -> &mut Socket {
        self.sockets.get_mut(&SubId(sub)).expect("the socket came in")
    }

    fn deliver(&mut self, output: &Output) {
        match output {
            Output::Joined { sub, room, seq, audience, body, .. } if *room == self.room => {
                let socket = self.sockets.get_mut(sub).expect("only who came in is let in");
                socket.audience = *audience;
                socket.joined(*seq, body);
            }
            Output::Moved { sub, room, audience } if *room == self.room => {
                if let Some(socket) = self.sockets.get_mut(sub) {
                    socket.audience = *audience;
                }
            }
            Output::Whisper { sub, room, push } if *room == self.room => {
                if let Some(socket) = self.sockets.get_mut(sub) {
                    socket.hear(push);
                }
            }
            Output::Push { room, audience, codec, push } if *room == self.room => {
                let readers = self.sockets.values_mut();
                readers
                    .filter(|socket| (socket.audience, socket.codec) == (*audience, *codec))
                    .for_each(|socket| socket.hear(push));
            }
            _ => {}
        }
    }
}

impl Socket {
    const fn new(codec: Codec, seq: u64) -> Self {
        Self { codec, audience: Audience::Attendee, seq, state: None, taken: Vec::new() }
    }

    fn joined(&mut self, seq: u64, body: &JoinBody) {
        match body {
            JoinBody::State(state) => {
                self.state = Some(read(self.codec, state));
                self.taken.clear();
            }
            JoinBody::Replay(missed) => missed.iter().for_each(|push| self.hear(push)),
        }
        assert!(self.seq <= seq, "a joiner at {} is put back to {seq}", self.seq);
        self.seq = seq;
    }

    fn hear(&mut self, push: &Push) {
        let heard = judge(self.seq, push);
        assert!(heard != Heard::Gap, "at {}: {} covers {:?}", self.seq, push.ev, push.range);
        if heard == Heard::Known {
            return;
        }
        self.seq = push.range.map_or(self.seq, |(_, seq)| seq);
        let data = read(self.codec, &push.data);
        if push.ev.ends_with(".state") {
            self.state = Some(data);
            self.taken.clear();
        } else {
            self.taken.push((push.ev, data));
        }
    }
}

/// A value in either codec.
pub(crate) fn read(codec: Codec, bytes: &Bytes) -> Value {
    match codec {
        Codec::Json => serde_json::from_slice(bytes).expect("the bytes are JSON"),
        Codec::MsgPack => rmp_serde::from_slice(bytes).expect("the bytes are MessagePack with text keys"),
    }
}
