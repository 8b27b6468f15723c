//! A conference's log, as a [`Journal`] to whoever owns it.

mod holding;
mod ledger;
mod load;
mod log;
mod record;
mod request;
mod trim;
mod writer;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use plenum_persistence::journal::{Cost, Done, Entry, Journal, JournalError, Rooms, Source, Which};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Loaded, Record, Snapshot};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::lease::Lease;

pub(super) use holding::{Holding, Standing};
pub(super) use ledger::Ledger;
pub(super) use request::Request;
use request::{Append, Keep};
pub(super) use writer::Writer;

/// The journal of one conference under one lease. Its reading methods block: never call them from async code.
#[derive(Clone)]
pub struct ConferenceJournal {
    holding: Arc<Holding>,
    runtime: Handle,
}

impl ConferenceJournal {
    pub(super) fn new(holding: Arc<Holding>, runtime: Handle) -> Self {
        Self { holding, runtime }
    }

    /// Reads all rooms, and lets the ledger know where they stand. Before the writer begins.
    pub(super) async fn restore(&self) -> Result<Vec<Loaded>, JournalError> {
        let holding = &self.holding;
        let mut ledger = std::mem::take(&mut *holding.ledger());
        let rooms = load::rooms(holding.fence.as_ref(), holding.conference, &mut ledger).await;
        ledger.begin_era(ledger.last_lsn + 1, holding.lease().epoch);
        *holding.ledger() = ledger;
        rooms
    }

    /// Compares the storage's end with our own before anything is served.
    pub(super) fn compare(&self) {
        // A writer that is gone has nothing to compare.
        let _ = self.holding.requests.send(Request::Compare);
    }

    /// Waits until all that was asked before is settled.
    pub(super) async fn flush(&self) {
        let (flushed, settled) = oneshot::channel();
        if self.holding.requests.send(Request::Flush(flushed)).is_ok() {
            // A writer that is gone has nothing on its way.
            let _ = settled.await;
        }
    }

    fn send(&self, cost: Cost, request: Request) -> Result<(), JournalError> {
        if let Some(refusal) = self.holding.refuses() {
            return Err(refusal);
        }
        self.holding.budget.take(cost)?;
        self.holding.requests.send(request).map_err(|_| JournalError::Closed)
    }

    /// Reads once nothing is on its way any more and it is known what became of it.
    fn settled<T>(&self, read: impl Future<Output = Result<T, JournalError>>) -> Result<T, JournalError> {
        self.runtime.block_on(async {
            self.flush().await;
            match self.holding.refuses() {
                Some(refusal) if refusal != JournalError::Full => Err(refusal),
                _ => read.await,
            }
        })
    }
}

impl Journal for ConferenceJournal {
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<u64>) -> Result<(), JournalError> {
        self.send(Cost::of_batch(&batch), Request::Append(Append { source, batch, done }))
    }

    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError> {
        self.send(Cost::of_snapshot(&snapshot), Request::Keep(Keep { source, snapshot, done }))
    }

    fn trim(&self, projected: u64, done: Done<u64>) -> Result<(), JournalError> {
        self.send(Cost::default(), Request::Trim { projected, done })
    }

    fn load(&self, which: Which) -> Result<Rooms, JournalError> {
        let holding = &self.holding;
        if matches!(which, Which::Conference(other) if other != holding.conference) {
            return Ok(Box::new(std::iter::empty()));
        }
        let mut unused = Ledger::at(0);
        let rooms = self.settled(load::rooms(holding.fence.as_ref(), holding.conference, &mut unused))?;
        Ok(Box::new(rooms.into_iter().map(Ok)))
    }

    fn room(&self, room: RoomRef) -> Result<Option<Loaded>, JournalError> {
        let holding = &self.holding;
        let read = async {
            let from = {
                let ledger = holding.ledger();
                ledger.rooms.get(&room).map(|place| ledger.id_of(place.from_lsn))
            };
            match from {
                Some(from) => load::room(holding.fence.as_ref(), holding.conference, room, from).await,
                None => Ok(None),
            }
        };
        self.settled(read)
    }

    fn read(&self, room: RoomRef, seq_from: u64, limit: usize) -> Result<Vec<Record>, JournalError> {
        let holding = &self.holding;
        let name = room.to_string();
        let all = load::records(
            holding.fence.as_ref(),
            holding.conference,
            Default::default(),
            usize::MAX,
            |one| one == name,
        );
        let records = self.settled(all)?.into_iter().map(|(_, record)| record);
        Ok(records.filter(|record| record.seq >= seq_from).take(limit).collect())
    }

    fn after(&self, lsn: u64, limit: usize) -> Result<Vec<Entry>, JournalError> {
        let (holding, from) = (&self.holding, self.holding.ledger().id_of(lsn + 1));
        let found = load::records(holding.fence.as_ref(), holding.conference, from, limit, |_| true);
        Ok(load::entries(self.runtime.block_on(found)?))
    }

    fn durable_lsn(&self) -> u64 {
        self.holding.durable_lsn.load(Ordering::Acquire)
    }

    fn epoch(&self) -> u64 {
        let Lease { history, .. } = self.holding.lease();
        history
    }

    fn is_full(&self) -> bool {
        self.holding.refuses().is_some()
    }
}
