//! Writing to a conference's log: one batch in flight, and what to do when its answer does not come.

use std::sync::Arc;

use plenum_persistence::journal::JournalError;
use plenum_rooms::RoomRef;

use super::holding::{Holding, Standing};
use crate::cluster::fence::{Appended, Stored};
use crate::cluster::lease::{Claim, Renewal};

/// A record with its room's name, read.
pub(super) type Named = (RoomRef, Stored);

/// The log, for its one writer.
pub(super) struct Log {
    holding: Arc<Holding>,
    /// The batch whose answer did not come: it is in the log as a whole, or not at all.
    doubt: Vec<Named>,
}

impl Log {
    pub(super) fn new(holding: Arc<Holding>) -> Self {
        Self { holding, doubt: Vec::new() }
    }

    /// Appends records, all or none. Says the place of the last one.
    ///
    /// After [`JournalError::Unreachable`] nothing more is written until [`Log::settle`] has found out what became of them.
    pub(super) async fn append(&mut self, batch: Vec<Named>) -> Result<u64, JournalError> {
        self.settle().await?;
        if let Some(refusal) = self.holding.refuses().filter(|refusal| *refusal != JournalError::Full) {
            return Err(refusal);
        }
        match self.try_append(&batch).await? {
            Appended::Gap(at) => {
                self.repair(at).await?;
                let again = self.try_append(&batch).await?;
                self.finish(batch, &again)
            }
            appended => self.finish(batch, &appended),
        }
    }

    async fn try_append(&mut self, batch: &[Named]) -> Result<Appended, JournalError> {
        let (holding, first) = (&self.holding, self.holding.ledger().last_lsn + 1);
        let (epoch, sent) = (holding.lease().epoch, holding.clock.instant());
        let records = batch.iter().map(|(_, stored)| stored.clone()).collect();
        match holding.fence.append(holding.conference, epoch, first, records).await {
            Ok(appended) => {
                if matches!(appended, Appended::Kept(_)) {
                    holding.granted(sent);
                }
                Ok(appended)
            }
            Err(unreachable) => {
                self.doubt = batch.to_vec();
                self.doubtful();
                Err(unreachable.into())
            }
        }
    }

    fn doubtful(&self) {
        self.holding.stand(Standing::Doubtful);
    }

    fn finish(&mut self, batch: Vec<Named>, appended: &Appended) -> Result<u64, JournalError> {
        match appended {
            Appended::Kept(last) => {
                self.kept(batch);
                Ok(*last)
            }
            Appended::Duplicate(room) => match RoomRef::parse(room) {
                Some(room) => Err(JournalError::Duplicate { room }),
                None => Err(JournalError::Failed(format!("{room} has the key already").into())),
            },
            Appended::Fenced => Err(self.lost()),
            Appended::Gap(at) => Err(self.broken(*at)),
        }
    }

    fn kept(&self, batch: Vec<Named>) {
        let mut ledger = self.holding.ledger();
        batch.into_iter().for_each(|(room, stored)| ledger.push(room, stored));
        self.holding.reach(ledger.last_lsn);
    }

    fn lost(&self) -> JournalError {
        self.holding.stand(Standing::Lost);
        JournalError::Fenced
    }

    fn broken(&self, at: u64) -> JournalError {
        let (conference, last) = (self.holding.conference, self.holding.ledger().last_lsn);
        let why = format!(
            "Redis has the records of conference {conference} up to place {at}, and {last} were acknowledged: \
             restore it from its newest copy"
        );
        tracing::error!(%conference, at, last, "acknowledged records are gone from Redis; nothing more is accepted");
        self.holding.stand(Standing::Broken(why.as_str().into()));
        JournalError::Failed(why.into())
    }

    /// Finds out what became of a batch whose answer did not come: takes the lease again, with a new epoch, so that
    /// nothing of the old one can arrive any more, and looks at where the log ends.
    pub(super) async fn settle(&mut self) -> Result<(), JournalError> {
        if self.holding.standing() != Standing::Doubtful {
            return Ok(());
        }
        if !self.holding.is_trusted() {
            return Err(self.lost());
        }
        let (old, sent) = (self.holding.lease(), self.holding.clock.instant());
        match self.holding.fence.acquire(old.conference, old.epoch).await? {
            Claim::Mine { lease, last_lsn } if lease.history == old.history => {
                let epoch = lease.epoch;
                self.holding.retaken(lease, sent);
                self.settled(last_lsn, epoch).await
            }
            Claim::Mine { .. } => Err(self.broken(0)),
            Claim::Theirs(_) => Err(self.lost()),
        }
    }

    async fn settled(&mut self, at: u64, epoch: u64) -> Result<(), JournalError> {
        let doubt = std::mem::take(&mut self.doubt);
        let last = self.holding.ledger().last_lsn;
        if at > last && at == last + doubt.len() as u64 {
            self.kept(doubt);
        } else if at > last {
            return Err(self.lost());
        }
        self.holding.ledger().begin_era(at + 1, epoch);
        if at < last {
            self.repair(at).await?;
        }
        self.holding.stand(Standing::Good);
        Ok(())
    }

    /// The storage ends at a place before what was acknowledged: appends what is missing, if it is remembered.
    async fn repair(&mut self, at: u64) -> Result<(), JournalError> {
        let (holding, lease) = (&self.holding, self.holding.lease());
        let missing = holding.ledger().tail.after(at);
        let Some(missing) = missing.filter(|missing| !missing.is_empty()) else {
            return Err(self.broken(at));
        };
        let records = missing.len();
        match holding.fence.append(holding.conference, lease.epoch, at + 1, missing).await {
            Ok(Appended::Kept(_)) => {
                tracing::warn!(conference = %holding.conference, records, "Redis had lost records; they are there again");
                metrics::counter!("plenum_journal_repaired_records_total").increment(records as u64);
                holding.ledger().begin_era(at + 1, lease.epoch);
                Ok(())
            }
            Ok(Appended::Fenced) => Err(self.lost()),
            Ok(Appended::Gap(_) | Appended::Duplicate(_)) => Err(self.broken(at)),
            Err(unreachable) => {
                self.doubtful();
                Err(unreachable.into())
            }
        }
    }

    /// Compares the storage's end with our own, and appends what it has lost.
    pub(super) async fn compare(&mut self) -> Result<(), JournalError> {
        self.settle().await?;
        let (holding, sent) = (&self.holding, self.holding.clock.instant());
        let lease = holding.lease();
        match holding.fence.renew(holding.conference, lease.epoch).await? {
            Renewal::Granted { last_lsn } => {
                holding.granted(sent);
                let last = holding.ledger().last_lsn;
                if last_lsn < last { self.repair(last_lsn).await } else { Ok(()) }
            }
            Renewal::Lost => Err(self.lost()),
        }
    }
}
