//! The only place that reads a clock, rolls dice or makes an id.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use plenum_domain::{Id, Timestamp};

/// The hub's clock. Clones are one clock; it never goes back, also when the system's does.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    latest_ms: Arc<AtomicI64>,
}

impl Clock {
    /// A clock.
    pub fn new() -> Self {
        Self::default()
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_ms(self.latest_ms.fetch_max(ms, Ordering::Relaxed).max(ms))
    }

    /// Where the monotonic clock of this machine stands: for measuring how long ago something was, here and nowhere else.
    pub fn instant(&self) -> Instant {
        Instant::now()
    }

    /// A new id: UUIDv7, so later ids sort after earlier ones.
    pub fn id(&self) -> Id {
        Id::from_bits(uuid::Uuid::now_v7().as_u128())
    }

    /// Random bytes from the system, fit for secrets.
    ///
    /// # Panics
    /// When the system has no randomness to give: nothing that needs a secret may go on then.
    pub fn secret<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        bytes
    }
}

/// Measures how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now. The clock is asked for so that nobody measures who was not given one.
    pub fn start(_clock: &Clock) -> Self {
        Self(Instant::now())
    }

    /// One that began so long ago. As [`Stopwatch::start`].
    pub fn started(_clock: &Clock, ago: Duration) -> Self {
        let now = Instant::now();
        Self(now.checked_sub(ago).unwrap_or(now))
    }

    /// Since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// A moment as RFC 3339 in UTC with milliseconds, such as `2026-11-22T09:00:00.000Z`.
pub fn rfc3339(at: Timestamp) -> String {
    at.rfc3339()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_the_clock_never_goes_back() {
        let clock = Clock::new();
        let (first, second) = (clock.id(), clock.id());
        assert!(first < second);
        let ahead = Timestamp::from_ms(clock.now().ms() + 60_000);
        clock.latest_ms.store(ahead.ms(), Ordering::Relaxed);
        assert_eq!(clock.now(), ahead);
    }

    #[test]
    fn times_are_written_in_utc_with_milliseconds() {
        assert_eq!(rfc3339(Timestamp::from_ms(1_763_800_000_007)), "2025-11-22T08:26:40.007Z");
    }
}
