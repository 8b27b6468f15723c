//! The one task that writes a conference's log.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use plenum_persistence::journal::{Cost, JournalError, Source, Sources, check_covers};
use plenum_rooms::engine::{Body, Snapshot};
use plenum_rooms::{RoomRef, Scope};
use tokio::sync::{mpsc, oneshot};

use super::holding::{Holding, Standing};
use super::log::{Log, Named};
use super::record::{stored, stored_snapshot};
use super::request::{Append, Keep, Request};
use super::trim::Trim;
use crate::cluster::fence::Written;

/// One call carries no more than this, so that Redis is held up by nobody for long.
const GROUP_RECORDS_MAX: usize = 2_048;
/// How often it is tried to find out what became of an append.
const SETTLE_EVERY: Duration = Duration::from_millis(100);

/// The writer's state; lives on its task.
pub(in crate::cluster) struct Writer {
    holding: Arc<Holding>,
    log: Log,
    requests: mpsc::UnboundedReceiver<Request>,
    sources: Sources,
    trims: VecDeque<Trim>,
}

#[derive(Default)]
struct Group {
    appends: Vec<Append>,
    keeps: Vec<Keep>,
    flushes: Vec<oneshot::Sender<()>>,
    compare: bool,
    records: usize,
}

impl Writer {
    pub(in crate::cluster) fn new(holding: Arc<Holding>, requests: mpsc::UnboundedReceiver<Request>) -> Self {
        let log = Log::new(Arc::clone(&holding));
        Self { holding, log, requests, sources: Sources::default(), trims: VecDeque::new() }
    }

    /// Writes until nobody can ask any more, or the conference is lost and nothing waits.
    pub(in crate::cluster) async fn run(mut self) {
        while let Some(first) = self.next().await {
            let group = self.gather(first);
            self.commit(group.appends).await;
            for keep in group.keeps {
                self.keep(keep).await;
            }
            if group.compare {
                // What comes of it is in the holding's standing.
                let _ = self.log.compare().await;
            }
            for flushed in group.flushes {
                // Who waited may have given up.
                let _ = flushed.send(());
            }
            self.trim_step().await;
        }
    }

    /// The next request; trims and settles doubts while there is none.
    async fn next(&mut self) -> Option<Request> {
        loop {
            match self.requests.try_recv() {
                Ok(request) => return Some(request),
                Err(mpsc::error::TryRecvError::Disconnected) => return None,
                Err(mpsc::error::TryRecvError::Empty) => {}
            }
            if self.holding.standing() == Standing::Doubtful {
                // What comes of it is in the holding's standing.
                let _ = self.log.settle().await;
                match tokio::time::timeout(SETTLE_EVERY, self.requests.recv()).await {
                    Ok(request) => return request,
                    Err(_) => continue,
                }
            }
            if self.trims.is_empty() {
                return self.requests.recv().await;
            }
            self.trim_step().await;
        }
    }

    /// All that waits already, up to a bound. What comes after something to flush waits for the next group.
    fn gather(&mut self, first: Request) -> Group {
        let mut group = Group::default();
        let mut next = Some(first);
        while let Some(request) = next {
            match request {
                Request::Append(append) => {
                    group.records += append.batch.len();
                    group.appends.push(append);
                }
                Request::Keep(keep) => group.keeps.push(keep),
                Request::Trim { projected, done } => self.trims.push_back(Trim::new(projected, done)),
                Request::Flush(flushed) => group.flushes.push(flushed),
                Request::Compare => group.compare = true,
            }
            let has_room = group.records < GROUP_RECORDS_MAX;
            next = has_room.then(|| self.requests.try_recv().ok()).flatten();
        }
        group
    }

    /// Appends a group in one step: all of what follows is kept, or none of it.
    async fn commit(&mut self, group: Vec<Append>) {
        let (mut ahead, mut accepted, mut records) = (BTreeMap::new(), Vec::new(), Vec::new());
        for append in group {
            self.holding.budget.give(Cost::of_batch(&append.batch));
            let admitted = self.sources.admit(append.source);
            match admitted.and_then(|()| self.holding.ledger().check(&append.batch, &mut ahead)) {
                Ok(()) => {
                    records.extend(append.batch.iter().map(|record| (record.room, stored(record))));
                    accepted.push(append);
                }
                Err(error) => self.refuse(append, error),
            }
        }
        if accepted.is_empty() {
            return;
        }
        let before = self.holding.ledger().last_lsn;
        let opened = opened(&accepted);
        match self.write(opened, records).await {
            Ok(_) => acknowledge(accepted, before),
            Err(error) => accepted.into_iter().for_each(|append| self.refuse(append, error.clone())),
        }
    }

    /// New rooms are entered where any member finds them, then all is appended.
    async fn write(
        &mut self,
        opened: Vec<(RoomRef, Scope)>,
        records: Vec<Named>,
    ) -> Result<u64, JournalError> {
        if !opened.is_empty() {
            self.holding.fence.enter(opened).await?;
        }
        let count = records.len();
        let appended = self.log.append(records).await;
        metrics::histogram!("plenum_journal_group_records").record(count as f64);
        appended
    }

    fn refuse(&mut self, append: Append, error: JournalError) {
        self.sources.fail(append.source);
        metrics::counter!("plenum_journal_failed_total").increment(1);
        (append.done)(Err(error));
    }

    async fn keep(&mut self, keep: Keep) {
        let Keep { source, snapshot, done } = keep;
        self.holding.budget.give(Cost::of_snapshot(&snapshot));
        let verdict = self.try_keep(source, &snapshot).await;
        done(verdict);
    }

    async fn try_keep(&mut self, source: Source, snapshot: &Snapshot) -> Result<(), JournalError> {
        self.sources.admit(source)?;
        self.log.settle().await?;
        let holding = &self.holding;
        let last_seq = holding.ledger().rooms.get(&snapshot.room).map(|place| place.last_seq);
        check_covers(last_seq, snapshot)?;
        let (epoch, bytes) = (holding.lease().epoch, stored_snapshot(snapshot));
        match holding.fence.keep(holding.conference, epoch, snapshot.seq, bytes).await? {
            Written::Kept => {
                holding.ledger().covered(snapshot.room, snapshot.seq);
                Ok(())
            }
            Written::Fenced => {
                holding.stand(Standing::Lost);
                Err(JournalError::Fenced)
            }
        }
    }

    async fn trim_step(&mut self) {
        let Some(trim) = self.trims.pop_front() else { return };
        if let Some(unfinished) = trim.step(&self.holding).await {
            self.trims.push_front(unfinished);
        }
    }
}

/// The rooms that batches open.
fn opened(appends: &[Append]) -> Vec<(RoomRef, Scope)> {
    let all = appends.iter().flat_map(|append| &append.batch);
    let opened = all.filter(|record| matches!(record.body, Body::Opened(_)));
    opened.map(|record| (record.room, record.scope)).collect()
}

/// Each batch hears the place of its own last record.
fn acknowledge(appends: Vec<Append>, before: u64) {
    let mut last = before;
    for append in appends {
        last += append.batch.len() as u64;
        (append.done)(Ok(last));
    }
}
