//! What all nodes share: the lease of the one conference, its journal behind the lease, and who is alive.

use std::collections::BTreeMap;

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Record, Snapshot};

use super::super::oracle::Violation;
use crate::desk::Journal;

/// How long a lease lasts that nobody renews, in milliseconds; the same for a node's word that it is alive.
const EXPIRES_MS: i64 = 3_000;

#[derive(Clone, Copy)]
pub(super) struct Lease {
    pub(super) node: usize,
    pub(super) run: u64,
    pub(super) epoch: u64,
    ends: Timestamp,
}

pub(super) struct Storage {
    pub(super) journal: Journal,
    lease: Option<Lease>,
    pub(super) epoch: u64,
    /// The epoch of the last record.
    written: u64,
    /// Who wrote under which epoch.
    writers: BTreeMap<u64, (usize, u64)>,
    alive: BTreeMap<usize, Timestamp>,
    /// Refused because a later owner holds the lease.
    pub(super) fenced: u64,
    has_fence: bool,
}

impl Storage {
    pub(super) fn new(journal: Journal, has_fence: bool) -> Self {
        let (writers, alive) = (BTreeMap::new(), BTreeMap::new());
        Self { journal, lease: None, epoch: 0, written: 0, writers, alive, fenced: 0, has_fence }
    }

    pub(super) fn announce(&mut self, node: usize, now: Timestamp) {
        self.alive.insert(node, now);
    }

    pub(super) fn retire(&mut self, node: usize) {
        self.alive.remove(&node);
    }

    /// Who should own the conference when nobody does.
    pub(super) fn candidate(&self, now: Timestamp) -> Option<usize> {
        let mut alive = self.alive.iter().filter(|(_, at)| now.since_ms(**at) < EXPIRES_MS);
        alive.next().map(|(node, _)| *node)
    }

    pub(super) fn holder(&self, now: Timestamp) -> Option<Lease> {
        self.lease.filter(|lease| lease.ends > now)
    }

    /// Takes the conference, with a new epoch; fails with who holds it.
    pub(super) fn acquire(&mut self, node: usize, run: u64, now: Timestamp) -> Result<u64, Lease> {
        if let Some(other) = self.holder(now).filter(|lease| (lease.node, lease.run) != (node, run)) {
            return Err(other);
        }
        self.epoch += 1;
        self.lease = Some(Lease { node, run, epoch: self.epoch, ends: now.plus_ms(EXPIRES_MS) });
        Ok(self.epoch)
    }

    /// Extends the lease; says whether the epoch holds it.
    pub(super) fn renew(&mut self, epoch: u64, now: Timestamp) -> bool {
        let mine = self.lease.as_mut().filter(|lease| lease.epoch == epoch && lease.ends > now);
        mine.map(|lease| lease.ends = now.plus_ms(EXPIRES_MS)).is_some()
    }

    pub(super) fn release(&mut self, epoch: u64) {
        self.lease = self.lease.filter(|lease| lease.epoch != epoch);
    }

    /// Appends a batch when the epoch holds the lease; says whether it did.
    pub(super) fn append(
        &mut self,
        writer: (usize, u64),
        epoch: u64,
        batch: Vec<Record>,
        now: Timestamp,
    ) -> Result<bool, Violation> {
        if !self.renew(epoch, now) && self.has_fence {
            self.fenced += 1;
            return Ok(false);
        }
        if epoch < self.written {
            return Err(format!("a former owner of epoch {epoch} wrote after epoch {}", self.written));
        }
        if *self.writers.entry(epoch).or_insert(writer) != writer {
            return Err(format!("epoch {epoch} has two writers"));
        }
        self.written = epoch;
        self.journal.records.extend(batch);
        Ok(true)
    }

    pub(super) fn keep(&mut self, epoch: u64, snapshot: Snapshot, now: Timestamp) {
        if self.renew(epoch, now) && snapshot.seq <= self.journal.seq(snapshot.room) {
            self.journal.keep_snapshot(snapshot);
        }
    }
}
