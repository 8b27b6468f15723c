//! When to try again.

use super::dice::Dice;

const FIRST_MS: u64 = 500;
/// The longest wait between tries, unless told otherwise.
pub(crate) const LONGEST_MS: u64 = 30_000;
/// A socket that lived this long was a good one: the count of failures starts anew.
const STEADY_MS: i64 = 10_000;

/// How long to wait before the nth try: rand(0, min(30 s, 0.5 s × 2^n)), so that a crowd spreads out.
pub(crate) fn backoff_ms(tries: u32, dice: &mut Dice) -> i64 {
    backoff_within_ms(LONGEST_MS, tries, dice)
}

fn backoff_within_ms(longest_ms: u64, tries: u32, dice: &mut Dice) -> i64 {
    let doubled = FIRST_MS.saturating_mul(1_u64.checked_shl(tries).unwrap_or(u64::MAX));
    millis(dice.up_to(doubled.min(longest_ms)))
}

pub(crate) fn millis(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A socket that got through its hello.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lived {
    pub(crate) since_ms: i64,
    pub(crate) herd_ms: u64,
}

/// Counts failures and honours the windows that the hub names.
#[derive(Debug)]
pub(crate) struct ComebackPlan {
    longest_ms: u64,
    failures: u32,
    move_at_ms: Option<i64>,
}

impl ComebackPlan {
    /// A plan that never waits longer than `longest_ms`.
    pub(crate) const fn new(longest_ms: u64) -> Self {
        Self { longest_ms, failures: 0, move_at_ms: None }
    }

    /// The hub said goodbye and named this socket's own place in its window.
    pub(crate) const fn moving(&mut self, at_ms: i64) {
        self.move_at_ms = Some(at_ms);
    }

    /// When to open the next socket. `lived` is absent when the last one never got through its hello.
    pub(crate) fn next(&mut self, now_ms: i64, dice: &mut Dice, lived: Option<Lived>) -> i64 {
        if lived.is_some_and(|lived| now_ms - lived.since_ms >= STEADY_MS) {
            self.failures = 0;
        }
        let tries = self.failures;
        self.failures = tries.saturating_add(1);
        if let Some(at_ms) = self.move_at_ms.take() {
            return at_ms.max(now_ms);
        }
        now_ms
            + match lived {
                Some(lived) if tries == 0 => millis(dice.up_to(lived.herd_ms)),
                _ => backoff_within_ms(self.longest_ms, tries, dice),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_to_half_a_minute_and_takes_any_part_of_it() {
        let mut dice = Dice::new(1);
        for (tries, most) in
            [(0, 500), (1, 1_000), (5, 16_000), (6, 30_000), (63, 30_000), (64, 30_000), (u32::MAX, 30_000)]
        {
            let waits: Vec<i64> = (0..500).map(|_| backoff_ms(tries, &mut dice)).collect();
            assert!(waits.iter().all(|wait| (0..=most).contains(wait)), "{tries}");
            assert!(
                waits.iter().any(|wait| *wait > most * 9 / 10) && waits.iter().any(|wait| *wait < most / 10)
            );
        }
    }

    #[test]
    fn a_good_socket_starts_the_count_anew_and_takes_the_herds_window() {
        let (mut plan, mut dice) = (ComebackPlan::new(LONGEST_MS), Dice::new(2));
        let lived = Some(Lived { since_ms: 0, herd_ms: 8_000 });
        for _ in 0..100 {
            assert!((20_000..=28_000).contains(&plan.next(20_000, &mut dice, lived)));
        }
        for _ in 0..20 {
            plan.next(0, &mut dice, None);
        }
        let brief = Some(Lived { since_ms: 19_999, herd_ms: 0 });
        assert!((0..50).any(|_| plan.next(20_000, &mut dice, brief) > 45_000), "a brief life does not count");
    }

    #[test]
    fn who_asks_for_short_waits_gets_short_waits() {
        let (mut plan, mut dice) = (ComebackPlan::new(250), Dice::new(4));
        assert!((0..100).all(|_| (0..=250).contains(&plan.next(0, &mut dice, None))));
    }

    #[test]
    fn a_goodbye_names_the_moment() {
        let (mut plan, mut dice) = (ComebackPlan::new(LONGEST_MS), Dice::new(3));
        plan.moving(1_834);
        assert_eq!(plan.next(1_000, &mut dice, None), 1_834);
        plan.moving(1_834);
        assert_eq!(plan.next(2_000, &mut dice, None), 2_000);
    }
}
