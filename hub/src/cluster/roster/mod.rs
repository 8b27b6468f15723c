//! Which nodes are alive, and which of them should own what nobody owns.

mod memory;
mod rendezvous;

pub use memory::MemoryRoster;
pub(crate) use rendezvous::by_preference;

use super::lease::{Member, Pending, Unreachable};

/// The nodes of the cluster, seen from one of them. A hint: who owns a conference is decided by its lease alone.
pub trait Roster: Send + Sync {
    /// Says that this node is alive, for [`super::timing::EXPIRES_AFTER`].
    fn announce(&self) -> Pending<'_, Result<(), Unreachable>>;

    /// Says that it is not any more, and announces nothing from then on.
    fn retire(&self) -> Pending<'_, Result<(), Unreachable>>;

    /// The nodes that are alive, in no order that matters.
    fn live(&self) -> Pending<'_, Result<Vec<Member>, Unreachable>>;
}
