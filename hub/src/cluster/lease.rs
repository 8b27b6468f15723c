//! Who owns a conference.

use std::pin::Pin;
use std::time::Instant;

use plenum_domain::Id;

use super::timing::TRUSTED_FOR;

/// An answer that has to be waited for.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A process of the cluster. Two runs of the same node are two members: the later one has to wait until the lease of
/// the earlier one ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// The node's configured name.
    pub node: String,
    /// Random, another one at each start.
    pub run: u64,
    /// Where other nodes reach it, `host:port`.
    pub address: String,
}

/// A conference's owner, as the storage knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The conference.
    pub conference: Id,
    /// Its owner.
    pub member: Member,
    /// Counts the owners; grows with each acquisition, also when the same member takes it again.
    pub epoch: u64,
    /// The conference's history: changes only when its journal was truly lost. Clients know it as `epoch`.
    pub history: u64,
}

/// How an attempt to own a conference ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The conference is ours, with a new epoch. What any earlier epoch still sends is refused from now on.
    Mine {
        /// The lease.
        lease: Lease,
        /// The place of the journal's last record.
        last_lsn: u64,
    },
    /// Another member holds it.
    Theirs(Lease),
}

/// How a renewal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The lease goes on.
    Granted {
        /// The place of the journal's last record, as the storage has it: behind what was acknowledged when the
        /// storage lost a tail.
        last_lsn: u64,
    },
    /// The lease has ended, or is another one's.
    Lost,
}

/// The storage did not answer, or not in time; what was asked may have happened or may still happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cluster's storage does not answer: {0}")]
pub struct Unreachable(pub String);

/// The leases of all conferences, seen from one member.
pub trait Leases: Send + Sync {
    /// Takes a conference that nobody holds, or that this member holds already, with a higher epoch than any before
    /// and than `epoch_floor` (the highest that the caller has held or heard of: the storage may have lost newer
    /// ones). Writes the barrier in the same step.
    fn acquire(&self, conference: Id, epoch_floor: u64) -> Pending<'_, Result<Claim, Unreachable>>;

    /// Extends a lease.
    fn renew(&self, conference: Id, epoch: u64) -> Pending<'_, Result<Renewal, Unreachable>>;

    /// Gives a lease back, so that another member need not wait for its end. One that is not held is left alone.
    fn release(&self, conference: Id, epoch: u64) -> Pending<'_, Result<(), Unreachable>>;

    /// Who holds a conference now. A hint: it may change right after.
    fn find(&self, conference: Id) -> Pending<'_, Result<Option<Lease>, Unreachable>>;
}

/// How long an owner may believe in its lease, by its own monotonic clock. Without a clock of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trust {
    since: Instant,
}

impl Trust {
    /// The trust in a lease whose grant was asked for at `sent`: the moment before the request left.
    pub const fn asked_at(sent: Instant) -> Self {
        Self { since: sent }
    }

    /// A later request was granted. Answers may overtake each other; trust never shrinks.
    pub fn renewed(&mut self, sent: Instant) {
        self.since = self.since.max(sent);
    }

    /// Whether the owner may still act.
    pub fn holds(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) < TRUSTED_FOR
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn trust_counts_from_before_the_request_and_never_shrinks() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut trust = Trust::asked_at(at(0));
        assert!(trust.holds(at(1_999)) && !trust.holds(at(2_000)));
        trust.renewed(at(1_000));
        trust.renewed(at(500));
        assert!(trust.holds(at(2_999)) && !trust.holds(at(3_000)));
    }
}
