//! The nodes of one process.

use std::collections::BTreeSet;
use std::future::ready;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Roster;
use crate::cluster::lease::{Member, Pending, Unreachable};

/// A roster in memory: who announced itself is alive until it retires.
pub struct MemoryRoster {
    me: Member,
    live: Arc<Mutex<BTreeSet<Member>>>,
    retired: AtomicBool,
}

impl MemoryRoster {
    /// A roster that nobody is on.
    pub fn new(me: Member) -> Self {
        Self { me, live: Arc::default(), retired: AtomicBool::new(false) }
    }

    /// The same roster, for another node.
    #[must_use]
    pub fn another(&self, me: Member) -> Self {
        Self { me, live: Arc::clone(&self.live), retired: AtomicBool::new(false) }
    }

    fn members(&self) -> MutexGuard<'_, BTreeSet<Member>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Roster for MemoryRoster {
    fn announce(&self) -> Pending<'_, Result<(), Unreachable>> {
        if !self.retired.load(Ordering::Relaxed) {
            self.members().insert(self.me.clone());
        }
        Box::pin(ready(Ok(())))
    }

    fn retire(&self) -> Pending<'_, Result<(), Unreachable>> {
        self.retired.store(true, Ordering::Relaxed);
        self.members().remove(&self.me);
        Box::pin(ready(Ok(())))
    }

    fn live(&self) -> Pending<'_, Result<Vec<Member>, Unreachable>> {
        let live = self.members().iter().cloned().collect();
        Box::pin(ready(Ok(live)))
    }
}
