//! When what is written behind may not wait any longer.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Says that somebody waits for a thread that gives way, and has waited long enough: whoever keeps the cores busy then
/// leaves them now and then. Clones say the same.
#[derive(Clone, Debug, Default)]
pub struct Urgency {
    waiting: Arc<AtomicUsize>,
}

impl Urgency {
    /// Whether somebody waits. Costs a load.
    pub fn is_pressing(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// A thread that gives way leaves its core for a moment to whoever waits for it, unless somebody waits for this thread.
    /// By itself the system would look only at its next tick, some milliseconds later. Costs a system call.
    pub(crate) fn give_way(&self) {
        if !self.is_pressing() {
            std::thread::yield_now();
        }
    }

    /// Does the work; once it has taken longer than `patience`, until it is done, it presses.
    pub(crate) async fn within<T>(&self, patience: Duration, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        if let Ok(done) = tokio::time::timeout(patience, &mut work).await {
            return done;
        }
        let _pressing = Pressing::begin(&self.waiting);
        work.await
    }
}

/// While this lives, somebody waits.
struct Pressing<'a>(&'a AtomicUsize);

impl<'a> Pressing<'a> {
    fn begin(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Pressing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(10);

    #[tokio::test]
    async fn what_takes_longer_than_its_time_presses_until_it_is_done() {
        let (urgency, (finish, finished)) = (Urgency::default(), tokio::sync::oneshot::channel());
        let seen = urgency.clone();
        let look = async {
            assert!(!seen.is_pressing(), "it has just begun");
            let pressing = async {
                while !seen.is_pressing() {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), pressing).await.expect("it presses");
            finish.send(()).expect("somebody waits for it");
        };
        let (done, ()) = tokio::join!(urgency.within(PATIENCE, finished), look);
        assert_eq!(done, Ok(()));
        assert!(!urgency.is_pressing());
    }

    #[tokio::test]
    async fn what_is_done_in_time_never_presses() {
        let urgency = Urgency::default();
        let seen = urgency.clone();
        urgency.within(Duration::from_secs(60), async { assert!(!seen.is_pressing()) }).await;
        assert!(!urgency.is_pressing());
    }

    #[tokio::test]
    async fn what_is_given_up_presses_no_longer() {
        let urgency = Urgency::default();
        let endless = urgency.within(PATIENCE, std::future::pending::<()>());
        assert!(tokio::time::timeout(PATIENCE * 5, endless).await.is_err());
        assert!(!urgency.is_pressing());
    }
}
