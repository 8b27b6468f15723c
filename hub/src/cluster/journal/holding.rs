//! A conference while this node owns it: shared by its writer, its readers and the keeper of the leases.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use plenum_domain::Id;
use plenum_persistence::journal::{Budget, JournalError, Settings};
use tokio::sync::mpsc;

use super::ledger::Ledger;
use super::request::Request;
use crate::clock::Clock;
use crate::cluster::fence::Fence;
use crate::cluster::lease::{Lease, Trust};

/// What an owner may do with its conference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cluster) enum Standing {
    /// Everything.
    Good,
    /// Nothing, until it is known what became of the last append.
    Doubtful,
    /// Nothing: what was acknowledged is gone from the journal. The lease is kept, so that nobody goes on without it.
    Broken(Arc<str>),
    /// Nothing, ever again: the lease is another one's, or could be.
    Lost,
}

struct State {
    lease: Lease,
    trust: Trust,
    standing: Standing,
}

/// A conference, held.
pub(in crate::cluster) struct Holding {
    pub(in crate::cluster) conference: Id,
    pub(super) fence: Arc<dyn Fence>,
    pub(super) clock: Clock,
    pub(super) budget: Budget,
    pub(super) durable_lsn: AtomicU64,
    pub(super) requests: mpsc::UnboundedSender<Request>,
    ledger: Mutex<Ledger>,
    state: Mutex<State>,
}

impl Holding {
    /// A conference that was granted by a request sent at `sent`, and what its writer gets.
    pub(in crate::cluster) fn new(
        lease: Lease,
        sent: Instant,
        ledger: Ledger,
        fence: Arc<dyn Fence>,
        clock: Clock,
    ) -> (Arc<Self>, mpsc::UnboundedReceiver<Request>) {
        let (requests, waiting) = mpsc::unbounded_channel();
        let holding = Self {
            conference: lease.conference,
            fence,
            clock,
            budget: Budget::new(Settings::default()),
            durable_lsn: AtomicU64::new(ledger.last_lsn),
            requests,
            ledger: Mutex::new(ledger),
            state: Mutex::new(State { lease, trust: Trust::asked_at(sent), standing: Standing::Good }),
        };
        (Arc::new(holding), waiting)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of the log. Held for no longer than it takes to look something up.
    pub(in crate::cluster) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::cluster) fn lease(&self) -> Lease {
        self.state().lease.clone()
    }

    pub(in crate::cluster) fn standing(&self) -> Standing {
        self.state().standing.clone()
    }

    /// Whether the lease can still be believed in.
    pub(in crate::cluster) fn is_trusted(&self) -> bool {
        let now = self.clock.instant();
        let state = self.state();
        state.standing != Standing::Lost && state.trust.holds(now)
    }

    /// The storage granted the lease to a request sent at `sent`.
    pub(in crate::cluster) fn granted(&self, sent: Instant) {
        self.state().trust.renewed(sent);
    }

    /// The lease was taken anew, with a higher epoch.
    pub(super) fn retaken(&self, lease: Lease, sent: Instant) {
        let mut state = self.state();
        state.lease = lease;
        state.trust.renewed(sent);
    }

    /// From now on it stands so. What is lost stays lost. Says whether that is news.
    pub(in crate::cluster) fn stand(&self, standing: Standing) -> bool {
        let mut state = self.state();
        let is_news = state.standing != Standing::Lost && state.standing != standing;
        if is_news {
            state.standing = standing;
        }
        is_news
    }

    /// Why nothing may be written or promised now.
    pub(in crate::cluster) fn refuses(&self) -> Option<JournalError> {
        if !self.is_trusted() {
            return Some(JournalError::Fenced);
        }
        match self.standing() {
            Standing::Good => self.budget.is_full().then_some(JournalError::Full),
            Standing::Doubtful => Some(JournalError::Unreachable("the last answer did not come".into())),
            Standing::Broken(why) => Some(JournalError::Failed(why)),
            Standing::Lost => Some(JournalError::Fenced),
        }
    }

    /// The place up to which everything is durable.
    pub(in crate::cluster) fn durable(&self) -> u64 {
        self.durable_lsn.load(Ordering::Acquire)
    }

    /// Records up to a place are durable.
    pub(super) fn reach(&self, lsn: u64) {
        self.durable_lsn.store(lsn, Ordering::Release);
    }
}
