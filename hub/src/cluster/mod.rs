//! Many nodes, one owner a conference.
//!
//! # What ownership means
//! The unit of ownership is the conference: all its rooms live on one node, its owner, and have one journal. Any node
//! holds any client's socket; only the owner decides.
//!
//! Who owns a conference is a **lease**: a node, its address and an **epoch**, kept where the journal is kept. The
//! owner renews it every [`timing::RENEW_EVERY`]. It believes in it for [`timing::TRUSTED_FOR`] from the moment
//! *before* the last granted renewal was sent, by its own monotonic clock; the lease itself ends
//! [`timing::EXPIRES_AFTER`] after the renewal arrived. So the owner always stops before anyone else can begin, and no
//! two machines' clocks are ever compared.
//!
//! Time alone proves nothing: a process can be paused anywhere, between looking at its clock and writing. What proves
//! is the **fence**: each write names the epoch that it was decided under, and the storage refuses it, in the same
//! atomic step, unless that epoch holds the lease. A new owner has a higher epoch and begins with a **barrier** in the
//! journal; from there on the storage refuses whatever a former owner still sends. An acknowledgement rests on an
//! accepted write, so it is true whoever sends it and however late.
//!
//! # Words
//! - *place* (lsn): counts the records of one conference, from 1, through all its owners.
//! - *epoch* of a lease: counts the owners of one conference. A node that lost track of what it had sent takes the
//!   lease again, with the next epoch, and all that is still on its way is void.
//! - *history*: random, made with a conference's journal. It changes only when a journal was truly lost; it is what
//!   clients know as `epoch`.
//!
//! Redis is named in this folder and nowhere else.

pub mod bus;
pub mod fence;
pub mod journal;
mod keeper;
pub mod lease;
mod line;
mod lines;
pub mod node;
mod one_journal;
mod outside;
pub mod ownership;
pub mod redis;
pub mod roster;
mod router;
mod tenancy;
pub mod timing;
mod visitors;
mod wire;
pub mod witness;

pub use fence::{Atlas, MemoryFence};
pub use keeper::Keeper;
pub use lease::{Claim, Lease, Leases, Member, Pending, Renewal, Unreachable};
pub use node::{Node, Seams};
pub use one_journal::OneJournal;
pub use outside::Outside;
pub use ownership::{Held, Journals, Ownership, TakeError, Taken};
pub(crate) use wire::{Down, Spread, Told};
