//! How busy a shard is, and what that does to the beat of its rooms: a write costs the same for one message as for
//! several, so that a shard near its limit says more at a time, and less often.

use std::time::Duration;

/// The share of its time that a shard is busy is looked at this often.
const WINDOW: Duration = Duration::from_millis(100);
/// A shard that is busy for more than this part of a window, in percent, stretches the beat; one below the lower bound
/// lets go again. Other threads of the node need their part as well.
const STRAINED_PERCENT: u128 = 75;
const RELAXED_PERCENT: u128 = 50;
/// By how much at a time, and at most, in milliseconds. People see no difference up to there.
const STEP_MS: i64 = 5;
const STRETCH_MAX_MS: i64 = 30;

/// What a shard knows of its latest window.
#[derive(Debug, Default)]
pub(super) struct Strain {
    asleep: Duration,
    window: Duration,
    stretch_ms: i64,
}

impl Strain {
    /// The shard worked for some time, then waited for something to do.
    pub(super) fn note(&mut self, worked: Duration, waited: Duration) {
        self.asleep += waited;
        self.window += worked + waited;
        if self.window < WINDOW {
            return;
        }
        let busy_percent = 100 - self.asleep.as_micros() * 100 / self.window.as_micros();
        if busy_percent > STRAINED_PERCENT {
            self.stretch_ms = (self.stretch_ms + STEP_MS).min(STRETCH_MAX_MS);
        } else if busy_percent < RELAXED_PERCENT {
            self.stretch_ms = (self.stretch_ms - STEP_MS).max(0);
        }
        (self.asleep, self.window) = (Duration::ZERO, Duration::ZERO);
    }

    /// How much longer the shortest beat is, in milliseconds.
    pub(super) const fn stretch_ms(&self) -> i64 {
        self.stretch_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After so many windows, busy for so many milliseconds of each ten.
    fn after(strain: &mut Strain, windows: u32, busy_ms: u64) -> i64 {
        for _ in 0..windows * 10 {
            strain.note(Duration::from_millis(busy_ms), Duration::from_millis(10 - busy_ms));
        }
        strain.stretch_ms()
    }

    #[test]
    fn a_busy_shard_stretches_the_beat_up_to_a_bound_and_a_quiet_one_lets_go() {
        let mut strain = Strain::default();
        assert_eq!(after(&mut strain, 5, 3), 0, "little to do");
        assert_eq!(after(&mut strain, 2, 9), 2 * STEP_MS);
        assert_eq!(after(&mut strain, 3, 6), 2 * STEP_MS, "between the bounds it stays");
        assert_eq!(after(&mut strain, 100, 10), STRETCH_MAX_MS);
        assert_eq!(after(&mut strain, 1, 4), STRETCH_MAX_MS - STEP_MS);
        assert_eq!(after(&mut strain, 100, 0), 0);
    }
}
