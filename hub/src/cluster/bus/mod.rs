//! The bus: one message a beat of a conference, to every node that has people there. It may lose messages, repeat them
//! and bring them late; [`plenum_rooms::relay`] makes good for it.

mod memory;

use bytes::Bytes;
use plenum_domain::Id;
use tokio::sync::mpsc;

pub use memory::MemoryBus;

use super::lease::{Pending, Unreachable};

/// Messages that wait for the node's own part of the work; one more is dropped, and asked for again.
pub const HEARD_MAX: usize = 16_384;

/// A message of a conference's owner.
pub type Heard = (Id, Bytes);

/// The bus, seen from one node.
pub trait Bus: Send + Sync {
    /// Sends a message to every node that subscribes to the conference.
    fn publish(&self, conference: Id, message: Bytes) -> Pending<'_, Result<(), Unreachable>>;

    /// From the moment of the answer on, messages of the conference come to [`Bus::listen`].
    fn subscribe(&self, conference: Id) -> Pending<'_, Result<(), Unreachable>>;

    /// No more of them.
    fn unsubscribe(&self, conference: Id) -> Pending<'_, Result<(), Unreachable>>;

    /// What comes. There is one listener; the last call wins.
    fn listen(&self) -> mpsc::Receiver<Heard>;
}
