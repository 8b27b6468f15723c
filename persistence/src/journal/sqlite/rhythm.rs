//! How often the writer commits: at once while little comes, so that nobody waits for others; in a steady rhythm while
//! much comes, because a commit costs the same for one record as for fifty.

use std::time::{Duration, Instant};

/// Over how long records are counted.
const WINDOW: Duration = Duration::from_millis(100);
/// So many records in a window are much: 2,000 a second. One sender who waits for each answer stays under it.
const MUCH: usize = 200;
/// Then a commit begins no sooner than this after the one before.
const STEP: Duration = Duration::from_millis(2);

/// What the writer remembers of its latest commits.
#[derive(Debug, Default)]
pub(super) struct Rhythm {
    window_began: Option<Instant>,
    records: usize,
    is_much: bool,
    last: Option<Instant>,
}

impl Rhythm {
    /// Waits for the next step, when there is a rhythm; what comes meanwhile leaves in the same commit.
    pub(super) fn keep(&mut self) {
        let wait = self.wait(Instant::now());
        if !wait.is_zero() {
            std::thread::sleep(wait);
        }
        self.last = Some(Instant::now());
    }

    fn wait(&self, now: Instant) -> Duration {
        let since_last = self.last.map_or(STEP, |last| now.duration_since(last));
        if self.is_much { STEP.saturating_sub(since_last) } else { Duration::ZERO }
    }

    /// Counts the records of a commit.
    pub(super) fn note(&mut self, records: usize) {
        self.count(records, Instant::now());
    }

    fn count(&mut self, records: usize, now: Instant) {
        self.records += records;
        let began = *self.window_began.get_or_insert(now);
        if now.duration_since(began) >= WINDOW {
            let windows = now.duration_since(began).as_millis() / WINDOW.as_millis();
            self.is_much = self.records >= MUCH * windows as usize;
            (self.window_began, self.records) = (Some(now), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Commits of so many records every so many microseconds, for a second. Returns how long the next one would wait.
    fn after(records: usize, every_us: u64) -> Duration {
        let (mut rhythm, began) = (Rhythm::default(), Instant::now());
        let mut at = began;
        while at < began + Duration::from_secs(1) {
            at += Duration::from_micros(every_us);
            rhythm.last = Some(at);
            rhythm.count(records, at);
        }
        rhythm.wait(at + Duration::from_micros(500))
    }

    #[test]
    fn nobody_waits_while_little_comes() {
        assert_eq!(after(1, 700), Duration::ZERO, "one sender who waits for each answer");
        assert_eq!(after(10, 10_000), Duration::ZERO);
    }

    #[test]
    fn while_much_comes_commits_keep_their_distance() {
        assert_eq!(after(1, 250), Duration::from_micros(1_500));
        assert_eq!(after(100, 5_000), Duration::from_micros(1_500));
    }

    #[test]
    fn quiet_ends_the_rhythm() {
        let (mut rhythm, began) = (Rhythm::default(), Instant::now());
        rhythm.count(1, began);
        rhythm.count(1_000, began + WINDOW);
        assert!(rhythm.is_much);
        rhythm.count(1, began + WINDOW * 30);
        assert!(!rhythm.is_much);
    }
}
