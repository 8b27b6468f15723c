//! The rules of `library.lua` as a pure state machine: time is an argument.

use std::collections::BTreeMap;

use super::{Appended, EntryId, Logged, Stored, StoredSnapshot, Trimmed, Written};
use crate::cluster::lease::{Member, Renewal};

/// What is kept of one conference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    lease: Option<Holder>,
    epoch: u64,
    last: u64,
    history: Option<u64>,
    log: BTreeMap<EntryId, Logged>,
    keys: BTreeMap<(String, String), u64>,
    snapshots: BTreeMap<String, (u64, Vec<u8>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Holder {
    member: Member,
    epoch: u64,
    ends_ms: u64,
}

/// Who has a lease, and what clients know its journal as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The owner.
    pub member: Member,
    /// Its epoch.
    pub epoch: u64,
    /// The history.
    pub history: u64,
}

/// How an attempt to own the conference ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acquired {
    /// With a new epoch.
    Mine {
        /// The new epoch.
        epoch: u64,
        /// The place of the last record.
        last: u64,
        /// The history.
        history: u64,
    },
    /// Somebody else has it.
    Theirs(Found),
}

impl Model {
    /// `Fence::last`.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// `Leases::acquire`; `history` becomes the conference's when it has none.
    pub fn acquire(&mut self, by: &Member, floor: u64, ttl_ms: u64, history: u64, now_ms: u64) -> Acquired {
        if let Some(found) = self.find(now_ms)
            && !same(&found.member, by)
        {
            return Acquired::Theirs(found);
        }
        self.epoch = self.epoch.max(floor) + 1;
        let (epoch, last) = (self.epoch, self.last);
        self.log.insert(EntryId { epoch, lsn: 0 }, Logged::Barrier(last));
        self.lease = Some(Holder { member: by.clone(), epoch, ends_ms: now_ms + ttl_ms });
        Acquired::Mine { epoch, last, history: *self.history.get_or_insert(history) }
    }

    /// `Leases::renew`.
    pub fn renew(&mut self, by: &Member, epoch: u64, ttl_ms: u64, now_ms: u64) -> Renewal {
        if !self.extend(by, epoch, ttl_ms, now_ms) {
            return Renewal::Lost;
        }
        Renewal::Granted { last_lsn: self.last }
    }

    /// `Leases::release`.
    pub fn release(&mut self, by: &Member, epoch: u64, now_ms: u64) {
        if self.is_held(by, epoch, now_ms) {
            self.lease = None;
        }
    }

    /// `Leases::find`.
    pub fn find(&self, now_ms: u64) -> Option<Found> {
        let holder = self.lease.as_ref().filter(|holder| holder.ends_ms > now_ms)?;
        let history = self.history.unwrap_or_default();
        Some(Found { member: holder.member.clone(), epoch: holder.epoch, history })
    }

    /// `Fence::append`.
    pub fn append(
        &mut self,
        by: &Member,
        epoch: u64,
        first: u64,
        batch: &[Stored],
        ttl_ms: u64,
        now_ms: u64,
    ) -> Appended {
        if !self.is_held(by, epoch, now_ms) {
            return Appended::Fenced;
        }
        let end = first + batch.len() as u64 - 1;
        if self.last + 1 != first {
            let has = |lsn| self.log.contains_key(&EntryId { epoch, lsn });
            let again = !batch.is_empty() && self.last == end && has(first) && has(end);
            return if again { Appended::Kept(self.last) } else { Appended::Gap(self.last) };
        }
        if let Some(room) = self.duplicate(batch) {
            return Appended::Duplicate(room);
        }
        for stored in batch {
            self.last += 1;
            if !stored.key.is_empty() {
                self.keys.insert((stored.room.clone(), stored.key.clone()), self.last);
            }
            self.log.insert(EntryId { epoch, lsn: self.last }, Logged::Record(stored.clone()));
        }
        self.extend(by, epoch, ttl_ms, now_ms);
        Appended::Kept(self.last)
    }

    /// `Fence::keep`.
    pub fn keep(
        &mut self,
        by: &Member,
        epoch: u64,
        seq: u64,
        snapshot: StoredSnapshot,
        now_ms: u64,
    ) -> Written {
        if !self.is_held(by, epoch, now_ms) {
            return Written::Fenced;
        }
        let StoredSnapshot { room, bytes } = snapshot;
        if self.snapshots.get(&room).is_none_or(|(older, _)| *older <= seq) {
            self.snapshots.insert(room, (seq, bytes));
        }
        Written::Kept
    }

    /// `Fence::trim`.
    pub fn trim(
        &mut self,
        by: &Member,
        epoch: u64,
        upto: u64,
        from: EntryId,
        limit: usize,
        now_ms: u64,
    ) -> Trimmed {
        if !self.is_held(by, epoch, now_ms) {
            return Trimmed::Fenced;
        }
        let seen: Vec<EntryId> = self.log.range(from..).take(limit).map(|(id, _)| *id).collect();
        let (mut deleted, mut reached) = (0, None);
        for id in seen {
            if id.lsn > upto {
                return Trimmed::Step { deleted, reached: None };
            }
            reached = Some(id);
            deleted += u64::from(self.delete_covered(id));
        }
        Trimmed::Step { deleted, reached }
    }

    /// `Fence::erase`.
    pub fn erase(&mut self, by: &Member, epoch: u64, now_ms: u64) -> Written {
        if !self.is_held(by, epoch, now_ms) {
            return Written::Fenced;
        }
        *self = Self { epoch: self.epoch, ..Self::default() };
        Written::Kept
    }

    /// `Fence::entries`.
    pub fn entries(&self, from: EntryId, limit: usize) -> Vec<(EntryId, Logged)> {
        self.log.range(from..).take(limit).map(|(id, logged)| (*id, logged.clone())).collect()
    }

    /// `Fence::snapshots`.
    pub fn snapshots(&self) -> Vec<StoredSnapshot> {
        let all = self.snapshots.iter();
        all.map(|(room, (_, bytes))| StoredSnapshot { room: room.clone(), bytes: bytes.clone() }).collect()
    }

    /// The lease ends now, as if its time had passed.
    pub fn expire(&mut self) {
        self.lease = None;
    }

    /// The last `count` records never were, as after a failover to a replica that had not heard of them.
    pub fn lose_tail(&mut self, count: u64) {
        self.last = self.last.saturating_sub(count);
        let last = self.last;
        self.log.retain(|id, _| id.lsn <= last);
        self.keys.retain(|_, lsn| *lsn <= last);
    }

    fn is_held(&self, by: &Member, epoch: u64, now_ms: u64) -> bool {
        self.find(now_ms).is_some_and(|found| same(&found.member, by) && found.epoch == epoch)
    }

    fn extend(&mut self, by: &Member, epoch: u64, ttl_ms: u64, now_ms: u64) -> bool {
        let is_held = self.is_held(by, epoch, now_ms);
        if let Some(holder) = self.lease.as_mut().filter(|_| is_held) {
            holder.ends_ms = now_ms + ttl_ms;
        }
        is_held
    }

    fn duplicate(&self, batch: &[Stored]) -> Option<String> {
        let mut here = std::collections::BTreeSet::new();
        let mut keyed = batch.iter().filter(|stored| !stored.key.is_empty());
        let twice = keyed.find(|stored| {
            let field = (stored.room.clone(), stored.key.clone());
            self.keys.contains_key(&field) || !here.insert(field)
        });
        twice.map(|stored| stored.room.clone())
    }

    fn delete_covered(&mut self, id: EntryId) -> bool {
        let Some(Logged::Record(stored)) = self.log.get(&id) else { return false };
        if self.snapshots.get(&stored.room).is_none_or(|(covers, _)| *covers < stored.seq) {
            return false;
        }
        self.keys.remove(&(stored.room.clone(), stored.key.clone()));
        self.log.remove(&id);
        true
    }
}

/// One run of one node, wherever it is reached.
fn same(one: &Member, other: &Member) -> bool {
    one.node == other.node && one.run == other.run
}
