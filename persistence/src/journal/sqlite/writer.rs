//! The one thread that writes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Instant;

use super::commit::Ledger;
use super::keeping::{Keeping, Step, sweep};
use super::lock::Lock;
use super::queue::{Append, Request};
use super::rhythm::Rhythm;
use super::schema::limit_pages;
use super::space::Space;
use super::trim::Trim;
use crate::journal::{Budget, Cost, JournalError, Settings};

/// A commit takes no more than this, so that nobody waits behind a very large one.
const GROUP_RECORDS_MAX: usize = 8_192;
/// While others wait, one trim step is taken after this many commits.
const COMMITS_PER_TRIM_STEP: u32 = 16;

/// The writer's state; lives on its thread. The lock goes last.
pub(super) struct Writer {
    pub(super) ledger: Ledger,
    pub(super) requests: Receiver<Request>,
    pub(super) budget: Arc<Budget>,
    pub(super) durable_lsn: Arc<AtomicU64>,
    pub(super) settings: Settings,
    pub(super) keeps: VecDeque<Keeping>,
    pub(super) trims: VecDeque<Trim>,
    pub(super) commits_since_trim: u32,
    pub(super) space: Space,
    pub(super) rhythm: Rhythm,
    pub(super) _lock: Lock,
}

#[derive(Default)]
struct Group {
    appends: Vec<Append>,
    keeps: Vec<Keeping>,
    records: usize,
}

impl Writer {
    /// Writes until every handle is gone and nothing waits any more.
    pub(super) fn run(mut self) {
        if let Err(error) = sweep(&self.ledger.db) {
            tracing::warn!(%error, "what an earlier hub left of a state could not be deleted");
        }
        self.space.weigh(&self.ledger.db);
        self.limit(self.space.file_bytes_max());
        self.space.look(&self.ledger.db);
        while let Some(first) = self.wait() {
            self.rhythm.keep();
            let group = self.gather(first);
            self.rhythm.note(group.records);
            self.commit(group.appends);
            self.keeps.extend(group.keeps);
            self.keep_step();
            self.trim_if_due();
        }
        while !self.keeps.is_empty() {
            self.keep_step();
        }
    }

    /// The next request; keeps states and trims while there is none.
    fn wait(&mut self) -> Option<Request> {
        while !self.keeps.is_empty() || !self.trims.is_empty() {
            match self.requests.try_recv() {
                Ok(request) => return Some(request),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) if self.keeps.is_empty() => self.trim_step(),
                Err(TryRecvError::Empty) => self.keep_step(),
            }
        }
        self.requests.recv().ok()
    }

    /// All that waits already, up to a bound; waits for nothing.
    fn gather(&mut self, first: Request) -> Group {
        let mut group = Group::default();
        let mut next = Some(first);
        while let Some(request) = next {
            match request {
                Request::Append(append) => {
                    group.records += append.batch.len();
                    group.appends.push(append);
                }
                Request::Snapshot(keep) => group.keeps.push(Keeping::new(keep)),
                Request::Trim { projected, done } => self.trims.push_back(Trim::new(projected, done)),
            }
            next = (group.records < GROUP_RECORDS_MAX).then(|| self.requests.try_recv().ok()).flatten();
        }
        group
    }

    fn commit(&mut self, group: Vec<Append>) {
        if group.is_empty() {
            return;
        }
        let started = Instant::now();
        let verdicts = self.ledger.append(&group);
        self.space.look(&self.ledger.db);
        verdicts
            .iter()
            .filter_map(|verdict| verdict.as_ref().err())
            .for_each(|error| self.space.ran_out(error));
        self.durable_lsn.store(self.ledger.last_lsn, Ordering::Release);
        let mut total = Cost::default();
        for (append, verdict) in group.into_iter().zip(verdicts) {
            let cost = Cost::of_batch(&append.batch);
            self.budget.give(cost);
            total = Cost { records: total.records + cost.records, bytes: total.bytes + cost.bytes };
            report_failure(&verdict);
            (append.done)(verdict);
        }
        self.measure(started, total);
    }

    /// States have commits of their own after the records, so that one that finds no room fails nothing else. The bound is
    /// not for them: without them a full journal could never be trimmed.
    fn keep_step(&mut self) {
        let Some(keeping) = self.keeps.pop_front() else { return };
        let (cost, admitted) = (keeping.cost(), self.ledger.sources.admit(keeping.source()));
        self.limit(0);
        let (step, grown) = keeping.step(&mut self.ledger.db, &mut self.ledger.rooms, admitted);
        self.space.kept(grown);
        self.limit(self.space.file_bytes_max());
        self.space.look(&self.ledger.db);
        match step {
            Step::More(keeping) => self.keeps.push_front(keeping),
            Step::Over(done, verdict) => {
                self.budget.give(cost);
                done(verdict);
            }
        }
    }

    fn limit(&self, size_bytes_max: u64) {
        if self.settings.size_bytes_max > 0
            && let Err(error) = limit_pages(&self.ledger.db, size_bytes_max)
        {
            tracing::warn!(%error, "the journal's size bound could not be set");
        }
    }

    fn trim_if_due(&mut self) {
        self.commits_since_trim += 1;
        if self.commits_since_trim >= COMMITS_PER_TRIM_STEP {
            self.trim_step();
        }
    }

    fn trim_step(&mut self) {
        self.commits_since_trim = 0;
        let Some(trim) = self.trims.pop_front() else { return };
        if let Some(unfinished) = trim.step(&mut self.ledger.db) {
            self.trims.push_front(unfinished);
        }
        self.space.look(&self.ledger.db);
    }

    fn measure(&self, started: Instant, total: Cost) {
        let waiting = self.budget.waiting();
        metrics::histogram!("plenum_journal_commit_seconds").record(started.elapsed());
        metrics::histogram!("plenum_journal_group_records").record(total.records as f64);
        metrics::counter!("plenum_journal_bytes_total").increment(total.bytes as u64);
        metrics::gauge!("plenum_journal_queue_records").set(waiting.records as f64);
        metrics::gauge!("plenum_journal_queue_bytes").set(waiting.bytes as f64);
    }
}

fn report_failure(verdict: &Result<u64, JournalError>) {
    if let Err(error) = verdict {
        metrics::counter!("plenum_journal_failed_total").increment(1);
        tracing::warn!(%error, "a batch was not kept");
    }
}
