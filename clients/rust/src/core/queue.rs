//! Actions on their way. One unanswered action per room at a time, so that the room hears them in the order in which
//! they were done, whatever is refused for a while or sent again.

use std::collections::{BTreeMap, BTreeSet};

use plenum_protocol::{CommandLimits, code};

use super::comeback::{backoff_ms, millis};
use super::dice::Dice;
use super::pace::Pace;
use crate::Refusal;

/// A refusal that passes is tried so often before it is believed.
const TRIES_MAX: u32 = 10;

/// Something that a participant does in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The action's own id: sent again with it, it counts once.
    pub key: u128,
    /// Where.
    pub room: String,
    /// What.
    pub op: String,
    /// An object encoded in the client's codec.
    pub data: Vec<u8>,
}

/// Names a command to its caller, in the order of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

#[derive(Debug)]
struct Waiting {
    action: Action,
    in_flight: bool,
    tries: u32,
    not_before_ms: i64,
}

/// What waits, oldest first.
#[derive(Debug)]
pub(crate) struct ActionQueue {
    waiting: BTreeMap<Ticket, Waiting>,
    pace: Pace,
    max: usize,
    next_at_ms: Option<i64>,
}

impl ActionQueue {
    pub(crate) fn new(max: usize) -> Self {
        Self { waiting: BTreeMap::new(), pace: Pace::default(), max, next_at_ms: None }
    }

    /// When something may be sent that may not now.
    pub(crate) const fn next_at_ms(&self) -> Option<i64> {
        self.next_at_ms
    }

    pub(crate) fn add(&mut self, ticket: Ticket, action: Action) -> Result<(), Refusal> {
        if self.waiting.len() >= self.max {
            let message = format!("{} actions wait to be sent already", self.max);
            return Err(Refusal::new(crate::code::OUTBOX_FULL, message));
        }
        self.waiting.insert(ticket, Waiting { action, in_flight: false, tries: 0, not_before_ms: i64::MIN });
        Ok(())
    }

    /// A new socket is live: nothing is in flight on it.
    pub(crate) fn live(&mut self, limits: CommandLimits, now_ms: i64) {
        self.pace.announce(limits, now_ms);
        for waiting in self.waiting.values_mut() {
            waiting.in_flight = false;
            waiting.not_before_ms = i64::MIN;
        }
    }

    /// The actions that may be sent now; they count as sent.
    pub(crate) fn due(&mut self, now_ms: i64) -> Vec<(Ticket, Action)> {
        self.next_at_ms = None;
        let (mut due, mut rooms) = (Vec::new(), BTreeSet::new());
        for (ticket, Waiting { action, in_flight, not_before_ms, .. }) in &mut self.waiting {
            let action: &Action = action;
            if !rooms.insert(action.room.as_str()) || *in_flight {
                continue;
            }
            let later = Some(*not_before_ms).filter(|at_ms| *at_ms > now_ms);
            match later.or_else(|| self.pace.take(now_ms)) {
                Some(at_ms) => self.next_at_ms = Some(self.next_at_ms.map_or(at_ms, |next| next.min(at_ms))),
                None => {
                    *in_flight = true;
                    due.push((*ticket, action.clone()));
                }
            }
        }
        due
    }

    /// The hub took it.
    pub(crate) fn done(&mut self, ticket: Ticket) {
        self.waiting.remove(&ticket);
    }

    /// The hub refused it: `None` when it waits to be tried again, else the refusal that its caller hears. `is_wanted` says
    /// whether the client is about to come into a room.
    pub(crate) fn refused(
        &mut self,
        ticket: Ticket,
        refusal: Refusal,
        is_wanted: impl Fn(&str) -> bool,
        now_ms: i64,
        dice: &mut Dice,
    ) -> Option<Refusal> {
        let waiting = self.waiting.get_mut(&ticket)?;
        let is_apart = refusal.code == code::NOT_JOINED && is_wanted(&waiting.action.room);
        let passes = code::is_passing(&refusal.code) || refusal.code == code::TOKEN_EXPIRED || is_apart;
        if !passes || waiting.tries >= TRIES_MAX {
            self.waiting.remove(&ticket);
            return Some(refusal);
        }
        let wait_ms = millis(refusal.retry_ms.unwrap_or(0)).saturating_add(backoff_ms(waiting.tries, dice));
        waiting.tries += 1;
        waiting.in_flight = false;
        waiting.not_before_ms = now_ms.saturating_add(wait_ms);
        None
    }

    /// All that waits, taken out.
    pub(crate) fn drain(&mut self) -> Vec<Ticket> {
        std::mem::take(&mut self.waiting).into_keys().collect()
    }
}
