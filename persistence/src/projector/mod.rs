//! The projector: reads the journal from its cursor and writes what it says into the store, behind everyone's back.
//!
//! Rows are absolute and carry the seq that they are at, and the cursor moves in the same transaction: a batch that is
//! written twice, or half before a crash, changes nothing. Secret votes and anonymous questions are projected without
//! who; see the kinds.

mod folded;
mod folds;
mod kinds;
mod progress;
mod rows;
mod watch;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use plenum_domain::Id;
use tokio::runtime::Handle;
use tokio::time::Instant;

use self::folds::Folds;
pub use self::progress::Progress;
use self::rows::Rows;
pub use self::watch::Watch;
use crate::journal::{Journal, JournalError};
use crate::store::connection::{Reach, Transaction, begin};
use crate::store::giving_way::Background;
use crate::store::{Store, StoreError, Urgency, owners, projection};

/// Records of one batch.
const BATCH_RECORDS: usize = 2_000;
/// How often the projector looks for news, in milliseconds.
const LOOK_EVERY_MS: u64 = 200;
/// The store may be behind for so long while the cores have too much to do; then the projector takes its part.
const LATE: Duration = Duration::from_secs(10);
/// The thread that writes; the system keeps fifteen characters of its name.
const BACKGROUND: &str = "plenum-behind";
/// The journal is trimmed after so many records were written.
const TRIM_EVERY_RECORDS: u64 = 10_000;
/// A journal without much space left is trimmed after so many looks, whatever came: its rooms are being kept.
const TRIM_EVERY_LOOKS_WHEN_TIGHT: u32 = 5;

/// Why a batch is not in the store yet. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum ProjectorError {
    /// The journal could not be read.
    #[error("reading the journal: {0}")]
    Journal(#[from] JournalError),
    /// The store could not be written.
    #[error("writing the store: {0}")]
    Store(#[from] StoreError),
    /// A newer owner of the conference writes the store: this projector has nothing to do any more.
    #[error("another node owns the conference")]
    Fenced,
    /// The projector itself failed: a bug.
    #[error("the projector panicked")]
    Panicked,
}

/// Whose records a projector writes.
#[derive(Clone, Copy, Debug)]
enum Span {
    /// Everybody's, from the journal of the only node.
    Everything,
    /// A conference's, as its owner of this epoch.
    Conference(Id, u64),
}

impl Span {
    /// Moves the cursor, unless a newer owner has it: then nothing of the batch stays.
    async fn move_to(
        self,
        transaction: &mut Transaction,
        history: u64,
        cursor: u64,
    ) -> Result<(), ProjectorError> {
        match self {
            Self::Everything => projection::move_to(&mut *transaction, history, cursor).await?,
            Self::Conference(conference, owner_epoch) => {
                if !owners::move_to(transaction, (conference, owner_epoch), history, cursor).await? {
                    return Err(ProjectorError::Fenced);
                }
            }
        }
        Ok(())
    }
}

/// Writes the journal into the store.
pub struct Projector {
    span: Span,
    journal: Arc<dyn Journal>,
    store: Store,
    folds: Folds,
    background: Background,
    cursor: u64,
    trimmed: u64,
    looks_since_trim: u32,
    progress: Arc<Progress>,
    watch: Option<Arc<dyn Watch>>,
}

/// A batch, without its rows.
struct Batch {
    cursor: u64,
    records: u64,
    /// The keys that somebody wants to hear of.
    wanted: Vec<Id>,
}

impl Projector {
    /// A projector that goes on where the last one ended.
    ///
    /// # Errors
    /// When the store cannot say where that was.
    pub async fn open(journal: Arc<dyn Journal>, store: Store) -> Result<Self, StoreError> {
        let cursor = store.projected_to(journal.epoch()).await?;
        Self::at(cursor, Span::Everything, journal, store)
    }

    /// A projector of one conference's journal, for its owner: from now on whoever owned it before writes no more.
    ///
    /// # Errors
    /// [`ProjectorError::Fenced`] when a newer owner writes already; the store cannot be asked.
    pub async fn of_conference(
        journal: Arc<dyn Journal>,
        store: Store,
        conference: Id,
        owner_epoch: u64,
    ) -> Result<Self, ProjectorError> {
        let claimed = store.claim(conference, owner_epoch, journal.epoch()).await?;
        let cursor = claimed.ok_or(ProjectorError::Fenced)?;
        Ok(Self::at(cursor, Span::Conference(conference, owner_epoch), journal, store)?)
    }

    fn at(cursor: u64, span: Span, journal: Arc<dyn Journal>, store: Store) -> Result<Self, StoreError> {
        let progress = Arc::new(Progress::at(cursor));
        let background = Background::start(BACKGROUND).map_err(sqlx::Error::Io)?;
        Ok(Self {
            span,
            journal,
            store,
            folds: Folds::default(),
            background,
            cursor,
            trimmed: cursor,
            looks_since_trim: 0,
            progress,
            watch: None,
        })
    }

    /// Tells `watch` what is written from now on.
    #[must_use]
    pub fn watched_by(mut self, watch: Arc<dyn Watch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Where the projector is, for the readiness page.
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Writes until `stop`, then writes what is still in the journal; or until a newer owner writes.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut look = tokio::time::interval(Duration::from_millis(LOOK_EVERY_MS));
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let stopping = tokio::select! {
                () = &mut stop => true,
                _ = look.tick() => false,
            };
            let urgency = self.store.urgency().clone();
            let outcome = urgency.within(LATE, self.catch_up()).await;
            let is_over = stopping || matches!(outcome, Err(ProjectorError::Fenced));
            self.report(outcome.err());
            if is_over {
                return;
            }
        }
    }

    /// Writes batches until the store has all that the journal had when this began. Answers with the number of records.
    ///
    /// # Errors
    /// The first batch that could not be written; the ones before it are.
    pub async fn catch_up(&mut self) -> Result<u64, ProjectorError> {
        let mut total = 0;
        while self.journal.durable_lsn() > self.cursor {
            let records = self.step().await?;
            total += records;
            // Under load the journal grows as fast as it is written from: there may be no end of this loop to wait for.
            self.trim_when_due();
            self.report(None);
            // What came meanwhile is left for the next look: a batch costs much the same for one record as for hundreds.
            if records < BATCH_RECORDS as u64 {
                break;
            }
        }
        self.trim_when_due();
        Ok(total)
    }

    /// Writes one batch, on the thread that gives way: reading, folding and making rows take milliseconds. Answers with
    /// its number of records.
    async fn step(&mut self) -> Result<u64, ProjectorError> {
        let (began, runtime) = (Instant::now(), Handle::current());
        let (journal, store, watch) = (Arc::clone(&self.journal), self.store.clone(), self.watch.clone());
        let (span, cursor, mut folds) = (self.span, self.cursor, std::mem::take(&mut self.folds));
        let work = self.background.run(move || {
            // Reading waits for the runtime by itself, where the journal is on another machine.
            let batch = read_batch(journal.as_ref(), cursor, watch.as_deref(), &mut folds, store.urgency());
            let written = batch.and_then(|(batch, rows)| {
                runtime.block_on(write_batch(&batch, rows, span, journal.epoch(), &store))?;
                Ok(batch)
            });
            (folds, written)
        });
        let (folds, written) = work.await.ok_or(ProjectorError::Panicked)?;
        self.folds = folds;
        let Batch { cursor, records, wanted } = written?;
        self.cursor = cursor;
        self.progress.reach(cursor);
        metrics::counter!("plenum_projector_records_total").increment(records);
        if let Some(watch) = self.watch.as_ref().filter(|_| !wanted.is_empty()) {
            watch.written(&wanted, began.elapsed());
        }
        Ok(records)
    }

    fn trim_when_due(&mut self) {
        self.looks_since_trim += 1;
        let is_far = self.cursor >= self.trimmed + TRIM_EVERY_RECORDS;
        let is_tight = self.journal.is_tight() && self.looks_since_trim >= TRIM_EVERY_LOOKS_WHEN_TIGHT;
        if !is_far && !is_tight {
            return;
        }
        (self.trimmed, self.looks_since_trim) = (self.cursor, 0);
        let done = |outcome: Result<u64, JournalError>| {
            if let Err(error) = outcome {
                tracing::warn!(%error, "the journal could not be trimmed");
            }
        };
        if let Err(error) = self.journal.trim(self.cursor, Box::new(done)) {
            tracing::warn!(%error, "the journal could not be trimmed");
        }
    }

    fn report(&self, failure: Option<ProjectorError>) {
        let lag = self.journal.durable_lsn().saturating_sub(self.cursor);
        metrics::gauge!("plenum_projector_lag_records").set(lag as f64);
        self.progress.note(lag, failure.map(|error| error.to_string()));
    }
}

/// Reads what comes after the cursor, and folds it into rows.
fn read_batch(
    journal: &dyn Journal,
    cursor: u64,
    watch: Option<&dyn Watch>,
    folds: &mut Folds,
    urgency: &Urgency,
) -> Result<(Batch, Rows), ProjectorError> {
    let entries = journal.after(cursor, BATCH_RECORDS)?;
    let (cursor, records) = (entries.last().map_or(cursor, |entry| entry.lsn), entries.len() as u64);
    let keys = entries.iter().filter_map(|entry| entry.record.key);
    let wanted = watch.map(|watch| keys.filter(|key| watch.wants(*key)).collect()).unwrap_or_default();
    let rows = folds.rows(journal, entries, urgency)?;
    Ok((Batch { cursor, records, wanted }, rows))
}

/// Writes its rows with the new cursor in one transaction.
async fn write_batch(
    batch: &Batch,
    rows: Rows,
    span: Span,
    history: u64,
    store: &Store,
) -> Result<(), ProjectorError> {
    if batch.records == 0 {
        return Ok(());
    }
    let mut transaction = begin(store.behind(Reach::Everyone)).await?;
    rows.write(&mut transaction).await?;
    span.move_to(&mut transaction, history, batch.cursor).await?;
    transaction.commit().await?;
    Ok(())
}
