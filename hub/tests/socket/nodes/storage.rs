//! What nodes of one process share in place of Redis: leases with epochs, one journal a conference, and a switch that
//! cuts a node off as if it were paused.

use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard};

use plenum_domain::Id;
use plenum_hub::cluster::{
    Atlas, Claim, Held, Journals, Lease, Leases, Member, Ownership, Pending, Renewal, TakeError, Taken,
    Unreachable,
};
use plenum_persistence::journal::{Done, Journal, JournalError, MemoryJournal, Settings, Source, Which};
use plenum_rooms::engine::{Loaded, Record, Snapshot};
use plenum_rooms::{RoomRef, Scope};
use tokio::sync::mpsc;

pub(crate) const HISTORY: u64 = 7;

#[derive(Default)]
struct State {
    leases: BTreeMap<Id, Lease>,
    epochs: BTreeMap<Id, u64>,
    journals: BTreeMap<Id, MemoryJournal>,
    atlas: BTreeMap<RoomRef, Scope>,
    cut_off: BTreeSet<Member>,
    losses: BTreeMap<Member, mpsc::UnboundedSender<Id>>,
}

/// The storage as one node sees it.
#[derive(Clone)]
pub(crate) struct Storage {
    state: Arc<Mutex<State>>,
    me: Member,
}

impl Storage {
    pub(crate) fn new(me: Member) -> Self {
        Self { state: Arc::default(), me }
    }

    pub(crate) fn another(&self, me: Member) -> Self {
        Self { state: Arc::clone(&self.state), me }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// From now on the node can write nothing, and its leases have ended.
    pub(crate) fn cut_off(&self) {
        let mut state = self.state();
        state.cut_off.insert(self.me.clone());
        let me = self.me.clone();
        state.leases.retain(|_, lease| lease.member != me);
    }

    /// The node wakes up and is told what it lost.
    pub(crate) fn tell_losses(&self) {
        let state = self.state();
        let mine = |conference: &&Id| state.leases.get(conference).is_none_or(|one| one.member != self.me);
        let lost: Vec<Id> = state.epochs.keys().filter(mine).copied().collect();
        let listener = state.losses.get(&self.me).unwrap();
        lost.into_iter().for_each(|conference| listener.send(conference).unwrap());
    }

    /// The node that owns a conference.
    pub(crate) fn owner(&self, conference: Id) -> Option<String> {
        self.state().leases.get(&conference).map(|lease| lease.member.node.clone())
    }

    /// Every record of a conference.
    pub(crate) fn records(&self, conference: Id) -> Vec<Record> {
        let journal = self.state().journals.get(&conference).cloned().unwrap();
        journal.after(0, usize::MAX).unwrap().into_iter().map(|entry| entry.record).collect()
    }

    fn mine(&self, conference: Id) -> Result<MemoryJournal, JournalError> {
        let state = self.state();
        let held = state.leases.get(&conference).is_some_and(|lease| lease.member == self.me);
        match state.journals.get(&conference) {
            Some(journal) if held && !state.cut_off.contains(&self.me) => Ok(journal.clone()),
            _ => Err(JournalError::Fenced),
        }
    }

    fn claim(&self, conference: Id) -> Result<Lease, Lease> {
        let mut state = self.state();
        if let Some(lease) = state.leases.get(&conference).filter(|lease| lease.member != self.me) {
            return Err(lease.clone());
        }
        let epoch = state.epochs.entry(conference).or_default();
        *epoch += 1;
        let lease = Lease { conference, member: self.me.clone(), epoch: *epoch, history: HISTORY };
        state.leases.insert(conference, lease.clone());
        let journal = || MemoryJournal::new(HISTORY, Settings::default());
        state.journals.entry(conference).or_insert_with(journal);
        Ok(lease)
    }
}

impl Leases for Storage {
    fn acquire(&self, conference: Id, _: u64) -> Pending<'_, Result<Claim, Unreachable>> {
        let claim = match self.claim(conference) {
            Ok(lease) => Claim::Mine { lease, last_lsn: 0 },
            Err(lease) => Claim::Theirs(lease),
        };
        Box::pin(ready(Ok(claim)))
    }

    fn renew(&self, _: Id, _: u64) -> Pending<'_, Result<Renewal, Unreachable>> {
        Box::pin(ready(Ok(Renewal::Granted { last_lsn: 0 })))
    }

    fn release(&self, conference: Id, epoch: u64) -> Pending<'_, Result<(), Unreachable>> {
        let mine = |lease: &Lease| lease.member == self.me && lease.epoch == epoch;
        self.state().leases.retain(|one, lease| *one != conference || !mine(lease));
        Box::pin(ready(Ok(())))
    }

    fn find(&self, conference: Id) -> Pending<'_, Result<Option<Lease>, Unreachable>> {
        let lease = self.state().leases.get(&conference).cloned();
        Box::pin(ready(Ok(lease)))
    }
}

impl Ownership for Storage {
    fn take(&self, conference: Id) -> Pending<'_, Result<Taken, TakeError>> {
        let taken = match self.claim(conference) {
            Err(lease) => Taken::Theirs(lease),
            Ok(lease) => {
                let journal = self.state().journals[&conference].clone();
                let rooms: Result<Vec<Loaded>, _> = journal.load(Which::All).unwrap().collect();
                let held = Held { lease, journal: Arc::new(journal) };
                Taken::Mine { held, rooms: rooms.unwrap() }
            }
        };
        Box::pin(ready(Ok(taken)))
    }

    fn give_up(&self, conference: Id) -> Pending<'_, ()> {
        self.state().leases.retain(|one, lease| *one != conference || lease.member != self.me);
        Box::pin(ready(()))
    }

    fn held(&self, conference: Id) -> Option<Held> {
        let journal = Arc::new(self.mine(conference).ok()?);
        let lease = self.state().leases.get(&conference).cloned()?;
        Some(Held { lease, journal })
    }

    fn losses(&self) -> mpsc::UnboundedReceiver<Id> {
        let (listener, losses) = mpsc::unbounded_channel();
        self.state().losses.insert(self.me.clone(), listener);
        losses
    }
}

impl Journals for Storage {
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<()>) -> Result<(), JournalError> {
        let conference = batch[0].scope.conference;
        assert!(batch.iter().all(|record| record.scope.conference == conference), "one conference a batch");
        let journal = self.mine(conference)?;
        self.state().atlas.extend(batch.iter().map(|record| (record.room, record.scope)));
        journal.append(source, batch, Box::new(move |verdict| done(verdict.map(|_| ()))))
    }

    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError> {
        self.mine(snapshot.scope.conference)?.snapshot(source, snapshot, done)
    }

    fn room(&self, conference: Id, room: RoomRef) -> Result<Option<Loaded>, JournalError> {
        self.mine(conference)?.room(room)
    }

    fn refuses(&self, conference: Id) -> Option<JournalError> {
        self.mine(conference).err()
    }

    fn history(&self, conference: Id) -> Option<u64> {
        self.mine(conference).is_ok().then_some(HISTORY)
    }
}

impl Atlas for Storage {
    fn enter(&self, rooms: Vec<(RoomRef, Scope)>) -> Pending<'_, Result<(), Unreachable>> {
        let mut state = self.state();
        for (room, scope) in rooms {
            state.atlas.entry(room).or_insert(scope);
        }
        Box::pin(ready(Ok(())))
    }

    fn scope(&self, room: RoomRef) -> Pending<'_, Result<Option<Scope>, Unreachable>> {
        let scope = self.state().atlas.get(&room).copied();
        Box::pin(ready(Ok(scope)))
    }
}
