//! From nothing to a greeted socket, and back after an end.

use plenum_protocol::{CloseCode, Comeback, Hello, HelloOk, code, encode};

use super::calls::Call;
use super::comeback::{Lived, millis};
use super::{Core, Due, Effect, NoToken, Phase};
use crate::{LinkState, Refusal, StopReason};

/// How long getting a token, opening and hello may take together.
pub(super) const PATIENCE_MS: i64 = 10_000;
/// What a broken line looks like to a WebSocket client (RFC 6455 §7.1.5).
const BROKEN: u16 = 1006;

impl Core {
    /// The answer to [`Effect::FetchToken`] of that number.
    pub fn token(&mut self, now_ms: i64, request: u64, token: Result<String, NoToken>) {
        if request != self.token_request {
            return;
        }
        match (&mut self.phase, token) {
            (Phase::Live { .. }, Ok(token)) => self.renew_with(&token),
            (Phase::Opening { token: kept, .. }, Ok(token)) => {
                *kept = Some(token);
                self.effects.push_back(Effect::Open);
            }
            (Phase::Live { .. } | Phase::Opening { .. }, Err(NoToken::SignedOut)) => {
                self.halt(StopReason::SignedOut);
            }
            (Phase::Opening { .. }, Err(NoToken::Passing)) => self.ended(now_ms, BROKEN, 0),
            // Renewal is tried again at its time.
            (Phase::Live { .. }, Err(NoToken::Passing)) | (Phase::Idle | Phase::Waiting { .. }, _) => {}
        }
    }

    /// The socket is open.
    pub fn opened(&mut self, now_ms: i64) {
        let Phase::Opening { token, .. } = &mut self.phase else { return };
        let Some(token) = token.take() else { return };
        let hello = Hello { token: token.into(), client: Some(self.options.client.clone().into()) };
        let data = encode(self.options.codec, &hello).expect("texts have a form in both codecs");
        self.call_with(Call::Hello { sent_ms: now_ms }, "hello", None, Some(&data));
    }

    /// The socket was closed with that number (1006 when it broke), or could not be opened.
    pub fn closed(&mut self, now_ms: i64, number: u16) {
        if matches!(self.phase, Phase::Opening { .. } | Phase::Live { .. }) {
            self.ended(now_ms, number, 0);
        }
    }

    pub(super) fn open(&mut self, now_ms: i64) {
        self.phase = Phase::Opening { by_ms: now_ms + PATIENCE_MS, token: None };
        self.say(LinkState::Connecting);
        let fresh = self.needs_fresh_token;
        self.fetch_token(fresh);
    }

    pub(super) fn fetch_token(&mut self, fresh: bool) {
        self.token_request += 1;
        self.effects.push_back(Effect::FetchToken { request: self.token_request, fresh });
    }

    pub(super) fn greeted(&mut self, now_ms: i64, sent_ms: i64, hello: &HelloOk<'_>) {
        self.clock.add(sent_ms, now_ms, hello.server_ms);
        self.needs_fresh_token = false;
        self.ping_every_ms = i64::from(hello.ping_s.max(1)) * 1000;
        self.due = Due { ping_ms: Some(now_ms + self.ping_every_ms), ..Due::default() };
        self.plan_renewal(now_ms, Some(hello.token_ends_ms));
        let frame_bytes_max = usize::try_from(hello.max_frame_bytes).unwrap_or(usize::MAX);
        self.phase =
            Phase::Live { lived: Lived { since_ms: now_ms, herd_ms: hello.herd_ms }, frame_bytes_max };
        let (participant, session) = (hello.participant.clone(), hello.session.clone());
        self.say(LinkState::Live { participant: participant.into_owned(), session: session.into_owned() });
        self.join_all();
        self.queue.live(hello.limits, now_ms);
        self.send_actions(now_ms);
    }

    pub(super) fn hello_refused(&mut self, now_ms: i64, refusal: Refusal) {
        match refusal.code.as_str() {
            code::TOKEN_EXPIRED => self.ended(now_ms, CloseCode::Token.number(), 0),
            code::FORBIDDEN => self.halt(StopReason::Refused(refusal)),
            _ => self.ended(now_ms, BROKEN, millis(refusal.retry_ms.unwrap_or(0))),
        }
    }

    /// Drops the socket and plans the next one, no sooner than `at_least_ms` from now.
    pub(super) fn ended(&mut self, now_ms: i64, number: u16, at_least_ms: i64) {
        let lived = match &self.phase {
            Phase::Live { lived, .. } => Some(*lived),
            _ => None,
        };
        match CloseCode::comeback(number) {
            Comeback::Never => return self.halt(StopReason::Closed(number)),
            Comeback::FreshToken => self.needs_fresh_token = true,
            Comeback::Backoff => {}
        }
        self.drop_socket();
        let until_ms = self.plan.next(now_ms, &mut self.dice, lived).max(now_ms.saturating_add(at_least_ms));
        self.phase = Phase::Waiting { until_ms };
        self.say(LinkState::Waiting { until_ms });
    }

    pub(super) fn broke(&mut self, now_ms: i64) {
        self.ended(now_ms, BROKEN, 0);
    }

    fn halt(&mut self, reason: StopReason) {
        self.drop_socket();
        self.phase = Phase::Idle;
        self.say(LinkState::Stopped(reason));
    }

    pub(super) fn drop_socket(&mut self) {
        if matches!(self.phase, Phase::Opening { .. } | Phase::Live { .. }) {
            self.effects.push_back(Effect::Close);
        }
        self.token_request += 1;
        self.due = Due::default();
        self.outgoing.clear();
        self.lose_calls();
    }
}
