//! A client by the protocol's rules: keys that stay, ranges, gaps, coming back.

use std::collections::BTreeMap;
use std::sync::Arc;

use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::sample::{Dice, SampleCommand};
use plenum_rooms::engine::{Actor, Codec, JoinBody, Outcome, Push};
use plenum_rooms::kinds::Kind;
use serde_json::Value;

use super::Sabotage;
use super::fold::fold;
use super::link::{Down, Up, Weather};
use crate::desk::{Heard, judge, person, read};

/// Something that a person did: it may be sent often, and it counts once.
#[derive(Clone, Debug)]
pub(super) struct Action {
    pub(super) key: Id,
    pub(super) op: &'static str,
    pub(super) data: Value,
    /// Keys under which it was sent before: only a saboteur has any.
    pub(super) older_keys: Vec<Id>,
    /// When it is sent again, when the hub asked to come back.
    again_at: Option<Timestamp>,
}

/// One client: one person, at most one socket.
pub(super) struct Client {
    pub(super) actor: Arc<Actor>,
    pub(super) codec: Codec,
    pub(super) weather: Weather,
    /// The number of its socket, while it has one.
    pub(super) socket: Option<u64>,
    /// When it tries to connect again.
    pub(super) connect_at: Timestamp,
    /// When its line is free.
    pub(super) busy_until: Timestamp,
    /// What it holds, once it was in the room.
    pub(super) held: Option<(u64, Value)>,
    /// It asked to come in and was not answered yet.
    pub(super) joining: bool,
    pub(super) unanswered: Vec<Action>,
    pub(super) answered: BTreeMap<Id, (Action, Outcome)>,
    pub(super) gaps: u64,
    pub(super) replays: u64,
    pub(super) repeated: u64,
    sabotage: Sabotage,
}

impl Client {
    pub(super) fn new(n: usize, dice: &mut Dice, sabotage: Sabotage) -> Self {
        Self {
            actor: person(n as u64),
            codec: *dice.pick(&Codec::ALL),
            weather: Weather::of(n, dice),
            socket: None,
            connect_at: Timestamp::default(),
            busy_until: Timestamp::default(),
            held: None,
            joining: false,
            unanswered: Vec::new(),
            answered: BTreeMap::new(),
            gaps: 0,
            replays: 0,
            repeated: 0,
            sabotage,
        }
    }

    /// A socket is open: come in from where it was, and send again what was not answered.
    pub(super) fn connected(&mut self, socket: u64, dice: &mut Dice) -> Vec<Up> {
        self.socket = Some(socket);
        self.joining = true;
        let mut frames = vec![Up::Join { since: self.since() }];
        for action in &mut self.unanswered {
            if self.sabotage == Sabotage::FreshKeys {
                action.older_keys.push(std::mem::replace(&mut action.key, dice.id()));
            }
            action.again_at = None;
            self.repeated += 1;
            frames.push(action.frame());
        }
        frames
    }

    fn since(&self) -> Option<u64> {
        let boast = if self.sabotage == Sabotage::BoastfulSince { 2 } else { 0 };
        self.held.as_ref().map(|(seq, _)| seq + boast)
    }

    /// The socket is gone.
    pub(super) fn cut(&mut self, now: Timestamp, dice: &mut Dice) {
        (self.socket, self.joining) = (None, false);
        self.connect_at = now.plus_ms(1 + dice.below(300) as i64);
    }

    /// Something that the person might do now.
    pub(super) fn act(&mut self, kind: &Kind, dice: &mut Dice) -> Option<Up> {
        let (_, state) = self.held.as_ref()?;
        let SampleCommand { op, data } = kind.sample.command(dice, &self.actor, state);
        let action = Action { key: dice.id(), op, data, older_keys: Vec::new(), again_at: None };
        let frame = action.frame();
        self.unanswered.push(action);
        self.socket.map(|_| frame)
    }

    /// What it sends because it waited long enough.
    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Up> {
        if self.socket.is_none() {
            return Vec::new();
        }
        let due = self.unanswered.iter_mut().filter(|one| one.again_at.is_some_and(|at| at <= now));
        let again = due.map(|one| {
            one.again_at = None;
            self.repeated += 1;
            one.frame()
        });
        again.collect()
    }

    /// Whether every action was answered, or is to be sent again much later: someone who is muted waits for minutes.
    pub(super) fn waits_for_nothing(&self, now: Timestamp) -> bool {
        self.unanswered.iter().all(|one| one.again_at.is_some_and(|at| at > now.plus_ms(1_000)))
    }

    /// What the hub sent. Returns what the client says to that.
    pub(super) fn hear(&mut self, down: Down, now: Timestamp) -> Vec<Up> {
        match down {
            Down::Joined { seq, body } => self.joined(seq, body),
            Down::NotJoined(refusal) => {
                // It is asked to come again: the simplest way is to connect anew.
                self.connect_at = now.plus_ms(refusal.retry_ms.unwrap_or(50) as i64);
                (self.joining, self.socket) = (false, None);
                Vec::new()
            }
            Down::Reply { key, outcome } => {
                self.replied(key, outcome, now);
                Vec::new()
            }
            Down::Push(push) => self.pushed(&push),
        }
    }

    fn joined(&mut self, seq: u64, body: JoinBody) -> Vec<Up> {
        self.joining = false;
        match body {
            JoinBody::State(state) => self.held = Some((seq, read(self.codec, &state))),
            JoinBody::Replay(missed) => {
                self.replays += 1;
                for push in missed {
                    self.take(&push);
                }
                if let Some((mine, _)) = &mut self.held {
                    *mine = seq.max(*mine);
                }
            }
        }
        Vec::new()
    }

    fn replied(&mut self, key: Id, outcome: Outcome, now: Timestamp) {
        let Some(at) = self.unanswered.iter().position(|one| one.key == key) else { return };
        if let Some(ms) = outcome.as_ref().err().and_then(|refusal| refusal.retry_ms) {
            self.unanswered[at].again_at = Some(now.plus_ms(ms as i64));
            return;
        }
        let action = self.unanswered.remove(at);
        self.answered.insert(key, (action, outcome));
    }

    fn pushed(&mut self, push: &Push) -> Vec<Up> {
        if self.take(push) != Heard::Gap || self.joining {
            return Vec::new();
        }
        self.gaps += 1;
        self.joining = true;
        vec![Up::Join { since: self.since() }]
    }

    fn take(&mut self, push: &Push) -> Heard {
        let Some((mine, state)) = &mut self.held else { return Heard::Known };
        let heard = match (judge(*mine, push), self.sabotage) {
            (Heard::Gap, Sabotage::IgnoreGaps) | (Heard::Known, Sabotage::TakeTwice) => Heard::Applied,
            (heard, _) => heard,
        };
        if matches!(heard, Heard::Applied | Heard::Passing) {
            fold(state, push.ev, read(self.codec, &push.data));
            *mine = push.range.map_or(*mine, |(_, seq)| seq.max(*mine));
        }
        heard
    }
}

impl Action {
    fn frame(&self) -> Up {
        Up::Command { key: self.key, op: self.op, data: self.data.clone() }
    }
}
