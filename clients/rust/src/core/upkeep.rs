//! What time asks for: pings, a fresh token, moving on, trying again.

use plenum_protocol::{CloseCode, Moving, encode};
use serde::Serialize;

use super::calls::Call;
use super::comeback::millis;
use super::opening::PATIENCE_MS;
use super::{Core, Phase, rooms};

/// A token is renewed this long before its end, or in the last quarter of a shorter life.
const RENEW_AHEAD_MS: i64 = 60_000;
const RENEW_RETRY_MS: i64 = 5_000;
const RENEW_SOONEST_MS: i64 = 1_000;

#[derive(Serialize)]
struct Renewal<'a> {
    token: &'a str,
}

impl Core {
    /// Time has passed; call it at [`Core::wake_at_ms`].
    pub fn tick(&mut self, now_ms: i64) {
        match self.phase {
            Phase::Opening { by_ms, .. } if by_ms <= now_ms => self.broke(now_ms),
            Phase::Waiting { until_ms } if until_ms <= now_ms => self.open(now_ms),
            Phase::Live { .. } => self.tick_live(now_ms),
            _ => {}
        }
    }

    fn tick_live(&mut self, now_ms: i64) {
        let is_due = |at_ms: Option<i64>| at_ms.is_some_and(|at_ms| at_ms <= now_ms);
        if is_due(self.due.move_ms) {
            return self.ended(now_ms, CloseCode::MovingAway.number(), 0);
        }
        if is_due(self.due.pong_ms) {
            return self.broke(now_ms);
        }
        if is_due(self.due.ping_ms) {
            self.due.ping_ms = Some(now_ms + self.ping_every_ms);
            self.ping(now_ms);
        }
        if is_due(self.due.renew_ms) {
            self.renew(now_ms);
        }
        for room in rooms::due(&self.rooms, now_ms) {
            self.ask(&room);
        }
        self.send_actions(now_ms);
    }

    fn ping(&mut self, now_ms: i64) {
        self.due.pong_ms = Some(now_ms + PATIENCE_MS);
        self.call_with(Call::Ping { sent_ms: now_ms }, "ping", None, None);
    }

    pub(super) fn pong(&mut self, now_ms: i64, sent_ms: i64, server_ms: Option<i64>) {
        self.due.pong_ms = None;
        if let Some(server_ms) = server_ms {
            self.clock.add(sent_ms, now_ms, server_ms);
        }
    }

    /// Gets a fresh token for the open socket, again and again until there is one; one at a time, however many
    /// commands were refused for the old one.
    pub(super) fn renew(&mut self, now_ms: i64) {
        if self.due.renewal_asked_ms.is_some_and(|asked_ms| now_ms - asked_ms < RENEW_RETRY_MS) {
            return;
        }
        self.due.renewal_asked_ms = Some(now_ms);
        self.due.renew_ms = Some(now_ms + RENEW_RETRY_MS);
        self.fetch_token(true);
    }

    pub(super) fn renew_with(&mut self, token: &str) {
        let data = encode(self.options.codec, &Renewal { token }).expect("a text has a form in both codecs");
        self.call_with(Call::Renew, "auth.refresh", None, Some(&data));
    }

    /// The end is by the hub's clock. A hub that does not say it closes with 4401, which is enough.
    pub(super) fn plan_renewal(&mut self, now_ms: i64, ends_ms: Option<i64>) {
        self.due.renew_ms = ends_ms.map(|ends_ms| {
            let left_ms = ends_ms.saturating_sub(now_ms.saturating_add(self.clock.offset_ms())).max(0);
            now_ms.saturating_add((left_ms - RENEW_AHEAD_MS.min(left_ms / 4)).max(RENEW_SOONEST_MS))
        });
    }

    pub(super) fn moving(&mut self, now_ms: i64, moving: Moving) {
        let at_ms = now_ms.saturating_add(millis(moving.after_ms));
        self.plan.moving(at_ms);
        self.due.move_ms = Some(at_ms);
    }
}
