//! Access tokens that ended before their time, because their sign-in or their holder's rights changed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use plenum_domain::{Id, Timestamp};
use plenum_persistence::store::Cutoff;

/// Whose tokens of before a moment have ended. No token lives as long as a day, so older cutoffs are dropped.
#[derive(Default)]
pub(super) struct Cutoffs(Mutex<HashMap<Id, Cutoff>>);

/// How long a cutoff is remembered, in milliseconds.
pub(super) const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1_000;

impl Cutoffs {
    /// Takes a cutoff down. Returns whether it is news.
    pub(super) fn learn(&self, cutoff: Cutoff) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(before) = known.get_mut(&cutoff.subject) else {
            known.insert(cutoff.subject, cutoff);
            return true;
        };
        let is_news = before.at < cutoff.at;
        before.at = before.at.max(cutoff.at);
        before.tokens = before.tokens.max(cutoff.tokens);
        is_news
    }

    /// Whether a token of `subject` or of the sign-in `session`, issued then, has ended.
    pub(super) fn ended(&self, subject: Id, session: Id, issued: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cut = |id| known.get(&id).and_then(|cutoff| cutoff.tokens).is_some_and(|at| issued <= at);
        cut(subject) || cut(session)
    }

    /// Drops what no token can be as old as.
    pub(super) fn sweep(&self, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, cutoff| now.since_ms(cutoff.at) < REMEMBERED_MS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cutoff(at_ms: i64, tokens: bool) -> Cutoff {
        let at = Timestamp::from_ms(at_ms);
        Cutoff { subject: Id::from_bits(1), at, tokens: tokens.then_some(at) }
    }

    #[test]
    fn tokens_of_before_have_ended_and_a_later_change_does_not_revive_them() {
        let cutoffs = Cutoffs::default();
        let ended = |ms| cutoffs.ended(Id::from_bits(1), Id::from_bits(9), Timestamp::from_ms(ms));
        assert!(cutoffs.learn(cutoff(100, true)));
        assert!(!cutoffs.learn(cutoff(100, true)), "heard twice");
        assert!(ended(100) && !ended(101));
        assert!(cutoffs.learn(cutoff(200, false)));
        assert!(ended(100) && !ended(101));
        assert!(cutoffs.ended(Id::from_bits(9), Id::from_bits(1), Timestamp::from_ms(50)), "by sign-in");
        cutoffs.sweep(Timestamp::from_ms(200 + REMEMBERED_MS));
        assert!(!ended(100));
    }
}
