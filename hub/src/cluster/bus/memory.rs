//! The bus of nodes that live in one process: for tests, and the reference for the real one.

use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use plenum_domain::Id;
use tokio::sync::mpsc;

use super::{Bus, HEARD_MAX, Heard};
use crate::cluster::lease::{Pending, Unreachable};

#[derive(Default)]
struct Hub {
    nodes: BTreeMap<u64, Node>,
    next: u64,
}

#[derive(Default)]
struct Node {
    conferences: BTreeSet<Id>,
    listener: Option<mpsc::Sender<Heard>>,
}

/// One node's end of a bus in memory; [`MemoryBus::another`] is another node's end of the same bus.
pub struct MemoryBus {
    me: u64,
    hub: Arc<Mutex<Hub>>,
}

impl MemoryBus {
    /// A bus with one node.
    pub fn new() -> Self {
        Self { me: 0, hub: Arc::default() }
    }

    /// One more node on the same bus.
    #[must_use]
    pub fn another(&self) -> Self {
        let mut hub = self.hub();
        hub.next += 1;
        Self { me: hub.next, hub: Arc::clone(&self.hub) }
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Node)) -> Pending<'_, Result<(), Unreachable>> {
        change(self.hub().nodes.entry(self.me).or_default());
        Box::pin(ready(Ok(())))
    }
}

impl Default for MemoryBus {
    fn default() -> Self {
        Self::new()
    }
}

impl Bus for MemoryBus {
    fn publish(&self, conference: Id, message: Bytes) -> Pending<'_, Result<(), Unreachable>> {
        for node in self.hub().nodes.values().filter(|node| node.conferences.contains(&conference)) {
            if let Some(listener) = &node.listener {
                // A listener that is full or gone misses it, as on a real bus.
                let _ = listener.try_send((conference, message.clone()));
            }
        }
        Box::pin(ready(Ok(())))
    }

    fn subscribe(&self, conference: Id) -> Pending<'_, Result<(), Unreachable>> {
        self.change(|node| {
            node.conferences.insert(conference);
        })
    }

    fn unsubscribe(&self, conference: Id) -> Pending<'_, Result<(), Unreachable>> {
        self.change(|node| {
            node.conferences.remove(&conference);
        })
    }

    fn listen(&self) -> mpsc::Receiver<Heard> {
        let (listener, heard) = mpsc::channel(HEARD_MAX);
        self.hub().nodes.entry(self.me).or_default().listener = Some(listener);
        heard
    }
}
