//! Whether anything is acknowledged, while it is looked at.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// The newest thing that was asked for and acknowledged. Clones are one.
#[derive(Clone)]
pub(super) struct Pulse(Arc<watch::Sender<Beat>>);

#[derive(Clone, Copy)]
struct Beat {
    asked: Instant,
    answered: Instant,
    count: u64,
}

impl Pulse {
    /// Nothing was acknowledged yet.
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(watch::Sender::new(Beat { asked: now, answered: now, count: 0 })))
    }

    /// Something was acknowledged.
    pub(super) fn beat(&self, asked: Instant, answered: Instant) {
        self.0.send_if_modified(|beat| {
            let (is_newer, count) = (asked > beat.asked, beat.count + 1);
            *beat = if is_newer { Beat { asked, answered, count } } else { Beat { count, ..*beat } };
            is_newer
        });
    }

    /// How much was acknowledged by now.
    pub(super) fn count(&self) -> u64 {
        self.0.borrow().count
    }

    /// Waits until something is acknowledged that was asked for after a moment. Says how long after that moment; none
    /// when it takes longer than `patience` from now.
    pub(super) async fn after(self, moment: Instant, patience: Duration) -> Option<Duration> {
        let mut beats = self.0.subscribe();
        let later = beats.wait_for(|beat| beat.asked > moment);
        let beat = tokio::time::timeout(patience, later).await.ok()?.ok()?;
        Some(beat.answered.duration_since(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_was_asked_later_counts() {
        let (pulse, start) = (Pulse::new(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        pulse.beat(at(5), at(20));
        assert_eq!(pulse.clone().after(at(5), Duration::ZERO).await, None);
        pulse.beat(at(6), at(30));
        assert_eq!(pulse.clone().after(at(5), Duration::ZERO).await, Some(Duration::from_millis(25)));
    }
}
