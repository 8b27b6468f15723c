//! The storage in memory: for tests of several members in one process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use plenum_domain::Id;
use plenum_rooms::{RoomRef, Scope};

use super::model::{Acquired, Found, Model};
use super::{Appended, Atlas, EntryId, Fence, Logged, Stored, StoredSnapshot, Trimmed, Written};
use crate::cluster::lease::{Claim, Lease, Leases, Member, Pending, Renewal, Unreachable};
use crate::cluster::timing::EXPIRES_AFTER;

/// The storage as one member sees it. Members made with [`MemoryFence::member`] share it.
#[derive(Clone)]
pub struct MemoryFence {
    shared: Arc<Mutex<Shared>>,
    member: Member,
}

struct Shared {
    began: Instant,
    conferences: BTreeMap<Id, Model>,
    atlas: BTreeMap<RoomRef, Scope>,
    /// Why nobody gets an answer at the moment.
    trouble: Option<String>,
}

impl MemoryFence {
    /// Empty storage, and its first member.
    pub fn new(member: Member) -> Self {
        let shared = Shared {
            began: Instant::now(),
            conferences: BTreeMap::new(),
            atlas: BTreeMap::new(),
            trouble: None,
        };
        Self { shared: Arc::new(Mutex::new(shared)), member }
    }

    /// The same storage, seen by another member.
    #[must_use]
    pub fn member(&self, member: Member) -> Self {
        Self { shared: Arc::clone(&self.shared), member }
    }

    /// From now on nobody gets an answer; with none, everyone does again.
    pub fn trouble(&self, why: Option<&str>) {
        self.shared().trouble = why.map(str::to_owned);
    }

    /// Does something to what is kept of a conference, behind everyone's back.
    pub fn tamper(&self, conference: Id, act: impl FnOnce(&mut Model)) {
        act(self.shared().conferences.entry(conference).or_default());
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask<'a, T: Send + 'a>(
        &'a self,
        conference: Id,
        act: impl FnOnce(&mut Model, u64) -> T + Send + 'a,
    ) -> Pending<'a, Result<T, Unreachable>> {
        self.with(move |shared| {
            let now_ms = shared.began.elapsed().as_millis() as u64;
            act(shared.conferences.entry(conference).or_default(), now_ms)
        })
    }

    fn with<'a, T: Send + 'a>(
        &'a self,
        act: impl FnOnce(&mut Shared) -> T + Send + 'a,
    ) -> Pending<'a, Result<T, Unreachable>> {
        Box::pin(async move {
            let mut shared = self.shared();
            match &shared.trouble {
                Some(why) => Err(Unreachable(why.clone())),
                None => Ok(act(&mut shared)),
            }
        })
    }
}

const TTL_MS: u64 = EXPIRES_AFTER.as_millis() as u64;

fn lease(conference: Id, found: Found) -> Lease {
    Lease { conference, member: found.member, epoch: found.epoch, history: found.history }
}

impl Leases for MemoryFence {
    fn acquire(&self, conference: Id, epoch_floor: u64) -> Pending<'_, Result<Claim, Unreachable>> {
        // In memory nothing is lost, so any number does as a history.
        let history = conference.bits() as u64 | 1;
        self.ask(conference, move |model, now_ms| {
            match model.acquire(&self.member, epoch_floor, TTL_MS, history, now_ms) {
                Acquired::Mine { epoch, last, history } => Claim::Mine {
                    lease: Lease { conference, member: self.member.clone(), epoch, history },
                    last_lsn: last,
                },
                Acquired::Theirs(found) => Claim::Theirs(lease(conference, found)),
            }
        })
    }

    fn renew(&self, conference: Id, epoch: u64) -> Pending<'_, Result<Renewal, Unreachable>> {
        self.ask(conference, move |model, now_ms| model.renew(&self.member, epoch, TTL_MS, now_ms))
    }

    fn release(&self, conference: Id, epoch: u64) -> Pending<'_, Result<(), Unreachable>> {
        self.ask(conference, move |model, now_ms| model.release(&self.member, epoch, now_ms))
    }

    fn find(&self, conference: Id) -> Pending<'_, Result<Option<Lease>, Unreachable>> {
        self.ask(conference, move |model, now_ms| model.find(now_ms).map(|found| lease(conference, found)))
    }
}

impl Atlas for MemoryFence {
    fn enter(&self, rooms: Vec<(RoomRef, Scope)>) -> Pending<'_, Result<(), Unreachable>> {
        self.with(move |shared| {
            for (room, scope) in rooms {
                shared.atlas.entry(room).or_insert(scope);
            }
        })
    }

    fn scope(&self, room: RoomRef) -> Pending<'_, Result<Option<Scope>, Unreachable>> {
        self.with(move |shared| shared.atlas.get(&room).copied())
    }
}

impl Fence for MemoryFence {
    fn last(&self, conference: Id) -> Pending<'_, Result<u64, Unreachable>> {
        self.ask(conference, |model, _| model.last())
    }

    fn append(
        &self,
        conference: Id,
        epoch: u64,
        first: u64,
        batch: Vec<Stored>,
    ) -> Pending<'_, Result<Appended, Unreachable>> {
        self.ask(conference, move |model, now_ms| {
            model.append(&self.member, epoch, first, &batch, TTL_MS, now_ms)
        })
    }

    fn keep(
        &self,
        conference: Id,
        epoch: u64,
        seq: u64,
        snapshot: StoredSnapshot,
    ) -> Pending<'_, Result<Written, Unreachable>> {
        self.ask(conference, move |model, now_ms| model.keep(&self.member, epoch, seq, snapshot, now_ms))
    }

    fn trim(
        &self,
        conference: Id,
        epoch: u64,
        upto: u64,
        from: EntryId,
        limit: usize,
    ) -> Pending<'_, Result<Trimmed, Unreachable>> {
        self.ask(conference, move |model, now_ms| model.trim(&self.member, epoch, upto, from, limit, now_ms))
    }

    fn erase(&self, conference: Id, epoch: u64) -> Pending<'_, Result<Written, Unreachable>> {
        self.ask(conference, move |model, now_ms| model.erase(&self.member, epoch, now_ms))
    }

    fn entries(
        &self,
        conference: Id,
        from: EntryId,
        limit: usize,
    ) -> Pending<'_, Result<Vec<(EntryId, Logged)>, Unreachable>> {
        self.ask(conference, move |model, _| model.entries(from, limit))
    }

    fn snapshot(
        &self,
        conference: Id,
        room: String,
    ) -> Pending<'_, Result<Option<StoredSnapshot>, Unreachable>> {
        self.ask(conference, move |model, _| model.snapshots().into_iter().find(|one| one.room == room))
    }

    fn snapshots(&self, conference: Id) -> Pending<'_, Result<Vec<StoredSnapshot>, Unreachable>> {
        self.ask(conference, |model, _| model.snapshots())
    }
}
