//! Deadlines of sockets, looked at a part at a time: hello, silence, tokens, slow readers, moving away.

use plenum_domain::Timestamp;
use plenum_protocol::{CloseCode, Moving, write_moving};

use super::outbox::Written;
use super::{frame, frames};
use crate::shard::{Shard, SocketId};

/// A round over all sockets takes about so long, in milliseconds.
const ROUND_MS: i64 = 1_000;
/// A part of the round, in milliseconds.
const PART_MS: i64 = 100;
/// A socket that was silent for so many ping times is gone.
const SILENT_PINGS: i64 = 3;

impl Shard {
    /// Looks at the next part of the sockets, when it is time.
    pub(crate) fn sweep(&mut self) {
        let now = self.now_of_turn();
        if now.since_ms(self.sockets.swept_at) < PART_MS {
            return;
        }
        self.sockets.swept_at = now;
        let places = self.sockets.capacity().div_ceil((ROUND_MS / PART_MS) as usize).max(1);
        for id in self.sockets.next_part(places) {
            self.look_after(id, now);
        }
    }

    fn look_after(&mut self, id: SocketId, now: Timestamp) {
        let (ping_ms, patience) = (i64::from(self.wire.ping_s) * 1_000, self.wire.patience);
        let Some(socket) = self.sockets.find(id) else { return };
        if socket.is_closing() {
            if socket.until <= now {
                self.gone(id);
            }
            return;
        }
        if socket.outbox.as_mut().is_some_and(|outbox| outbox.check(now, patience) == Written::TooSlow) {
            return self.end_slow(id);
        }
        let silent_ms = now.since_ms(socket.heard_at);
        match socket.who.as_ref().map(|known| known.expires) {
            None if socket.until <= now => self.close(id, CloseCode::BadProtocol, "no hello in time"),
            Some(ends) if ends <= now => self.close(id, CloseCode::Token, "the token has ended"),
            _ if socket.until <= now => {
                self.close(id, CloseCode::MovingAway, CloseCode::MovingAway.meaning());
            }
            _ if silent_ms >= SILENT_PINGS * ping_ms => self.gone(id),
            _ if silent_ms >= ping_ms && now.since_ms(socket.pinged_at) >= ping_ms => {
                socket.pinged_at = now;
                self.write_answer(id, frames::ping().into());
            }
            _ => {}
        }
    }

    /// One that takes nothing is told, as far as it takes that, and not waited for.
    fn end_slow(&mut self, id: SocketId) {
        self.close_slow(id);
        self.gone(id);
    }

    /// Tells everyone to come back elsewhere, each at another time within `over_ms`.
    pub(crate) fn drain(&mut self, over_ms: u64) {
        let now = self.now();
        let ids = self.sockets.ids();
        let count = ids.len().max(1) as u64;
        for (place, id) in ids.into_iter().enumerate() {
            let after_ms = place as u64 * over_ms / count;
            let Some(socket) = self.sockets.find(id).filter(|socket| !socket.is_closing()) else { continue };
            let codec = socket.codec;
            socket.until = socket.until.min(now.plus_ms(after_ms as i64));
            self.write_answer(id, frame(codec, 64, |out| write_moving(codec, out, Moving { after_ms })));
        }
    }
}
