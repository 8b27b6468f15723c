//! Reactions: counted, shown in sums, kept by nobody.

use std::collections::BTreeMap;

use plenum_domain::{Id, Timestamp};

use super::wire::Rejection;
use crate::engine::{Refusal, Rejection as _};

/// What can be sent.
pub(super) const ALLOWED: &[&str] = &["👏", "❤️", "👍", "😂", "😮", "🎉", "🤔", "🔥"];
/// One person sends no more often than this, in milliseconds.
const DEBOUNCE_MS: i64 = 300;

/// The reactions of a session since the hub started.
#[derive(Debug, Default)]
pub(super) struct Reactions {
    totals: BTreeMap<&'static str, u32>,
    fresh: BTreeMap<&'static str, u32>,
    /// When whoever sent one lately sent it.
    last: BTreeMap<Id, Timestamp>,
    swept_at: Timestamp,
}

impl Reactions {
    /// Counts one.
    pub(super) fn react(&mut self, by: Id, emoji: &str, now: Timestamp) -> Result<(), Refusal> {
        let known = ALLOWED.iter().find(|known| **known == emoji);
        let emoji = *known.ok_or_else(|| Rejection::UnknownEmoji.refusal())?;
        let again_at = self.last.get(&by).map(|last| last.plus_ms(DEBOUNCE_MS));
        if let Some(wait_ms) = again_at.map(|at| at.since_ms(now)).filter(|ms| *ms > 0) {
            let why = format!("one reaction every {DEBOUNCE_MS} ms");
            return Err(Refusal::new("hub.rate_limited", why).retry_after(wait_ms.unsigned_abs()));
        }
        self.sweep(now);
        self.last.insert(by, now);
        for counts in [&mut self.totals, &mut self.fresh] {
            let count = counts.entry(emoji).or_default();
            *count = count.saturating_add(1);
        }
        Ok(())
    }

    /// Forgets who may send again, so that only those of the last moments are remembered.
    fn sweep(&mut self, now: Timestamp) {
        if now.since_ms(self.swept_at) >= DEBOUNCE_MS {
            self.swept_at = now;
            self.last.retain(|_, last| now.since_ms(*last) < DEBOUNCE_MS);
        }
    }

    /// How many of each since the last call.
    pub(super) fn take_fresh(&mut self) -> BTreeMap<&'static str, u32> {
        std::mem::take(&mut self.fresh)
    }

    /// How many of each since the hub started.
    pub(super) fn totals(&self) -> BTreeMap<&'static str, u32> {
        self.totals.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Id = Id::from_bits(1);
    const BEN: Id = Id::from_bits(2);

    #[test]
    fn one_person_is_slowed_down_and_others_are_not() {
        let mut reactions = Reactions::default();
        let at = Timestamp::from_ms;
        assert!(reactions.react(ANN, "👏", at(1_000)).is_ok());
        let refusal = reactions.react(ANN, "👏", at(1_100)).expect_err("too soon");
        assert_eq!((refusal.code, refusal.retry_ms), ("hub.rate_limited", Some(200)));
        assert!(reactions.react(BEN, "👏", at(1_100)).is_ok());
        assert!(reactions.react(ANN, "🔥", at(1_300)).is_ok());
        assert_eq!(reactions.take_fresh(), BTreeMap::from([("👏", 2), ("🔥", 1)]));
        assert!(reactions.take_fresh().is_empty(), "each is shown once");
        assert_eq!(reactions.totals(), BTreeMap::from([("👏", 2), ("🔥", 1)]));
    }

    #[test]
    fn those_of_long_ago_are_forgotten_and_other_signs_are_refused() {
        let mut reactions = Reactions::default();
        for n in 0..1_000 {
            let by = Id::from_bits(u128::from(n as u32));
            reactions.react(by, "👍", Timestamp::from_ms(n)).expect("everyone sends one");
        }
        assert!(reactions.last.len() <= 2 * DEBOUNCE_MS as usize, "{}", reactions.last.len());
        let refusal = reactions.react(ANN, "x", Timestamp::from_ms(5_000)).expect_err("not on the list");
        assert_eq!(refusal.code, "session.unknown_emoji");
    }
}
