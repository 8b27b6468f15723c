//! A client's line: in order, but for pushes with a range, which it may drop, repeat and delay.

use plenum_domain::Id;
use plenum_domain::Timestamp;
use plenum_rooms::engine::sample::Dice;
use plenum_rooms::engine::{JoinBody, Outcome, Push, Refusal};
use serde_json::Value;

/// From a client to the hub.
#[derive(Clone, Debug)]
pub(super) enum Up {
    Join { since: Option<u64> },
    Command { key: Id, op: &'static str, data: Value },
}

/// From the hub to a client.
#[derive(Clone, Debug)]
pub(super) enum Down {
    Joined { seq: u64, body: JoinBody },
    NotJoined(Refusal),
    Reply { key: Id, outcome: Outcome },
    Push(Push),
}

/// How bad a line is, in percent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    drops: u64,
    repeats: u64,
    delays: u64,
}

impl Weather {
    /// A line that only takes time.
    pub(super) const GOOD: Self = Self { drops: 0, repeats: 0, delays: 0 };

    /// The weather of a client: the first one's is always good.
    pub(super) fn of(client: usize, dice: &mut Dice) -> Self {
        let bad = |dice: &mut Dice| if client == 0 { 0 } else { dice.below(30) };
        Self { drops: bad(dice), repeats: bad(dice), delays: bad(dice) }
    }

    /// When copies of a frame arrive that is sent now, and when the line is free again.
    pub(super) fn arrivals(
        self,
        down: &Down,
        now: Timestamp,
        busy_until: Timestamp,
        dice: &mut Dice,
    ) -> (Vec<Timestamp>, Timestamp) {
        let at = busy_until.max(now.plus_ms(1 + dice.below(25) as i64));
        let ranged = matches!(down, Down::Push(push) if push.range.is_some() && !push.ev.ends_with(".state"));
        if !ranged {
            return (vec![at], at);
        }
        if dice.chance(self.drops) {
            return (Vec::new(), busy_until);
        }
        let mut arrivals = vec![at];
        if dice.chance(self.repeats) {
            arrivals.push(at.plus_ms(dice.below(80) as i64));
        }
        if dice.chance(self.delays) {
            arrivals[0] = at.plus_ms(dice.below(120) as i64);
            return (arrivals, busy_until);
        }
        (arrivals, at)
    }
}
