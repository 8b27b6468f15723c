//! Keeps the leases of this node: takes them, renews them, and lets go in time.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use plenum_domain::Id;
use plenum_persistence::journal::{Done, Journal, JournalError, Source};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Loaded, Record, Snapshot};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::fence::Fence;
use super::journal::{ConferenceJournal, Holding, Ledger, Standing, Writer};
use super::lease::{Claim, Lease, Pending, Renewal, Unreachable};
use super::ownership::{Held, Journals, Ownership, TakeError, Taken};
use super::timing::RENEW_EVERY;
use super::witness::{Seen, Witness};
use crate::clock::Clock;

/// How often it is looked whether a lease can still be trusted, for those who wait to be told. Whoever asks is answered
/// exactly.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A conference that could not be taken is named for so long after the last try.
const REFUSED_FOR: Duration = Duration::from_secs(60);
/// Conferences whose last records are remembered after their lease ended.
const REMEMBERED_MAX: usize = 256;

/// The conferences of this node. Clones are one keeper; when the last one is dropped, nothing is renewed any more.
#[derive(Clone)]
pub struct Keeper(Arc<Inner>);

struct Inner {
    fence: Arc<dyn Fence>,
    clock: Clock,
    runtime: Handle,
    holdings: DashMap<Id, Kept>,
    losses: Mutex<Option<mpsc::UnboundedSender<Id>>>,
    /// What was held last: if nobody held it since, and the storage came back without its end, the end is here.
    remembered: Mutex<VecDeque<Arc<Holding>>>,
    /// Conferences that could not be taken because their journal is not whole, and why.
    refused: DashMap<Id, (Instant, String)>,
    renewing: AtomicBool,
    witness: OnceLock<Arc<dyn Witness>>,
}

#[derive(Clone)]
struct Kept {
    holding: Arc<Holding>,
    journal: ConferenceJournal,
}

impl Keeper {
    /// A keeper of nothing yet. It renews on `runtime`, where the journals write as well.
    pub fn new(fence: Arc<dyn Fence>, clock: Clock, runtime: Handle) -> Self {
        let inner = Arc::new(Inner {
            fence,
            clock,
            runtime: runtime.clone(),
            holdings: DashMap::new(),
            losses: Mutex::new(None),
            remembered: Mutex::default(),
            refused: DashMap::new(),
            renewing: AtomicBool::new(false),
            witness: OnceLock::new(),
        });
        runtime.spawn(watch(Arc::downgrade(&inner)));
        Self(inner)
    }

    /// What is wrong with a journal of this node, in words; none when nothing is.
    pub fn trouble(&self) -> Option<String> {
        let held = self.0.holdings.iter().find_map(|kept| match kept.holding.standing() {
            Standing::Broken(why) => Some(why.to_string()),
            Standing::Doubtful => Some("the journal does not answer".to_owned()),
            Standing::Good | Standing::Lost => None,
        });
        held.or_else(|| self.0.refused_lately())
    }

    /// Asks `witness` before a conference is served: what it has seen must still be in the journal.
    #[must_use]
    pub fn witnessed_by(self, witness: Arc<dyn Witness>) -> Self {
        // The first one stays.
        let _ = self.0.witness.set(witness);
        self
    }

    /// The place of the last durable record of a conference, whoever owns it.
    ///
    /// # Errors
    /// The storage does not answer.
    pub async fn last(&self, conference: Id) -> Result<u64, Unreachable> {
        self.0.fence.last(conference).await
    }

    /// Everything that is held at this moment.
    pub fn all_held(&self) -> Vec<Held> {
        let trusted = self.0.holdings.iter().filter(|kept| kept.holding.is_trusted());
        trusted.map(|kept| held(&kept)).collect()
    }

    /// How many conferences are held.
    pub fn len(&self) -> usize {
        self.0.holdings.len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.0.holdings.is_empty()
    }
}

/// Renews, and lets go of what cannot be trusted any more, for as long as there is a keeper.
async fn watch(inner: Weak<Inner>) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut renewed = None;
    loop {
        look.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.let_go();
        let now = inner.clock.instant();
        let is_due = renewed.is_none_or(|before| now.duration_since(before) >= RENEW_EVERY);
        if is_due && !inner.renewing.swap(true, Ordering::AcqRel) {
            renewed = Some(now);
            inner.runtime.clone().spawn(async move {
                inner.renew_all().await;
                inner.renewing.store(false, Ordering::Release);
            });
        }
    }
}

impl Inner {
    /// Drops what cannot be trusted any more, and says so.
    fn let_go(&self) {
        let lapsed: Vec<Arc<Holding>> = self
            .holdings
            .iter()
            .filter(|kept| !kept.holding.is_trusted())
            .map(|kept| Arc::clone(&kept.holding))
            .collect();
        for holding in lapsed {
            tracing::warn!(conference = %holding.conference, "the lease of a conference is lost");
            metrics::counter!("plenum_leases_lost_total").increment(1);
            self.drop_holding(&holding);
            self.tell_lost(holding.conference);
        }
        metrics::gauge!("plenum_leases_held").set(self.holdings.len() as f64);
    }

    /// A holding is over. Its successor, if there is one already, stays.
    fn drop_holding(&self, holding: &Arc<Holding>) {
        holding.stand(Standing::Lost);
        self.holdings.remove_if(&holding.conference, |_, kept| Arc::ptr_eq(&kept.holding, holding));
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.retain(|one| one.conference != holding.conference);
        remembered.push_back(Arc::clone(holding));
        if remembered.len() > REMEMBERED_MAX {
            remembered.pop_front();
        }
    }

    fn tell_lost(&self, conference: Id) {
        let losses = self.losses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(losses) = losses.as_ref() {
            // Nobody listens any more when the hub stops.
            let _ = losses.send(conference);
        }
    }

    fn recall(&self, conference: Id) -> Option<Arc<Holding>> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.iter().find(|holding| holding.conference == conference).cloned()
    }

    async fn renew_all(&self) {
        let all: Vec<Kept> = self.holdings.iter().map(|kept| kept.clone()).collect();
        let renewals = all.iter().map(|kept| self.renew(kept));
        futures_util::future::join_all(renewals).await;
    }

    async fn renew(&self, kept: &Kept) {
        let (holding, sent) = (&kept.holding, self.clock.instant());
        if holding.standing() == Standing::Doubtful {
            // Its writer is taking the lease anew.
            return;
        }
        let (lease, known) = (holding.lease(), kept.journal.durable_lsn());
        match self.fence.renew(holding.conference, lease.epoch).await {
            Ok(Renewal::Granted { last_lsn }) => {
                holding.granted(sent);
                if last_lsn < known {
                    kept.journal.compare();
                }
            }
            // Meanwhile its writer may have taken the lease anew.
            Ok(Renewal::Lost) if holding.lease().epoch == lease.epoch => {
                holding.stand(Standing::Lost);
            }
            Ok(Renewal::Lost) => {}
            Err(error) => tracing::warn!(conference = %holding.conference, %error, "a lease was not renewed"),
        }
    }

    async fn take(&self, conference: Id) -> Result<Taken, TakeError> {
        let taken = self.try_take(conference).await;
        match &taken {
            Ok(_) => drop(self.refused.remove(&conference)),
            Err(TakeError::Journal(JournalError::Failed(why))) => {
                let now = self.clock.instant();
                drop(self.refused.insert(conference, (now, why.to_string())));
            }
            Err(_) => {}
        }
        taken
    }

    /// Why a conference could not be taken. Whoever asks for it tries again and again; another node may have it by now.
    fn refused_lately(&self) -> Option<String> {
        let now = self.clock.instant();
        self.refused.retain(|_, (since, _)| now.duration_since(*since) < REFUSED_FOR);
        self.refused.iter().next().map(|refused| refused.1.clone())
    }

    async fn try_take(&self, conference: Id) -> Result<Taken, TakeError> {
        if let Some(kept) = self.holdings.get(&conference).map(|kept| kept.clone()) {
            kept.journal.flush().await;
            self.drop_holding(&kept.holding);
        }
        let before = self.recall(conference);
        let seen = self.seen(conference).await;
        let own = before.as_ref().map_or(0, |holding| holding.lease().epoch);
        let floor = own.max(seen.map_or(0, |seen| seen.owner_epoch));
        let sent = self.clock.instant();
        match self.fence.acquire(conference, floor).await? {
            Claim::Theirs(lease) => Ok(Taken::Theirs(lease)),
            Claim::Mine { lease, last_lsn } => {
                let ledger = recovered(before.as_deref(), seen, &lease, last_lsn)?;
                compare(seen, &lease, ledger.last_lsn())?;
                let (holding, requests) =
                    Holding::new(lease, sent, ledger, Arc::clone(&self.fence), self.clock.clone());
                let journal = ConferenceJournal::new(Arc::clone(&holding), self.runtime.clone());
                let kept = Kept { holding, journal };
                self.holdings.insert(conference, kept.clone());
                let opened = self.open(&kept, requests, last_lsn).await;
                if opened.is_err() {
                    self.drop_holding(&kept.holding);
                }
                opened.map(|rooms| Taken::Mine { held: held(&kept), rooms })
            }
        }
    }

    async fn seen(&self, conference: Id) -> Option<Seen> {
        self.witness.get()?.seen(conference).await
    }

    /// Lets the writer run and reads the rooms; what the storage has lost is appended again first.
    async fn open(
        &self,
        kept: &Kept,
        requests: mpsc::UnboundedReceiver<super::journal::Request>,
        last_lsn: u64,
    ) -> Result<Vec<Loaded>, TakeError> {
        let is_behind = last_lsn < kept.journal.durable_lsn();
        self.runtime.spawn(Writer::new(Arc::clone(&kept.holding), requests).run());
        if is_behind {
            kept.journal.compare();
            kept.journal.flush().await;
        }
        let rooms = kept.journal.restore().await?;
        match kept.holding.refuses() {
            Some(refusal) => Err(refusal.into()),
            None => Ok(rooms),
        }
    }
}

/// Whether the storage has all that another one has seen of it.
fn compare(seen: Option<Seen>, lease: &Lease, last_lsn: u64) -> Result<(), JournalError> {
    match seen {
        Some(seen) if seen.lsn > last_lsn || (seen.lsn > 0 && seen.history != lease.history) => {
            let (conference, lsn) = (lease.conference, seen.lsn);
            tracing::error!(%conference, last_lsn, lsn, "acknowledged records are gone from Redis; it is not served");
            let why = format!(
                "Redis has the records of conference {conference} up to place {last_lsn}, and the store knows of {lsn}: \
                 restore Redis from its newest copy, or give them up with `plenum journal accept-loss {conference}`"
            );
            Err(JournalError::Failed(why.into()))
        }
        _ => Ok(()),
    }
}

/// What to begin with: the storage's end, or our own when we held the conference last and the storage has lost it.
fn recovered(
    before: Option<&Holding>,
    seen: Option<Seen>,
    lease: &Lease,
    last_lsn: u64,
) -> Result<Ledger, JournalError> {
    let Some(before) = before else { return Ok(Ledger::at(last_lsn)) };
    let (known, old) = (before.durable(), before.lease());
    if old.history != lease.history && seen.is_some_and(|seen| seen.history == lease.history) {
        // An operator accepted that the rest of the old one is gone.
        return Ok(Ledger::at(last_lsn));
    }
    if old.history != lease.history && known > 0 {
        let why = format!(
            "Redis came back without the history of conference {0}: restore it, or give it up with `plenum journal accept-loss {0}`",
            lease.conference
        );
        return Err(JournalError::Failed(why.into()));
    }
    let held_last = lease.epoch == old.epoch + 1;
    if last_lsn >= known || !held_last {
        return Ok(Ledger::at(last_lsn));
    }
    Ok(std::mem::take(&mut *before.ledger()))
}

fn held(kept: &Kept) -> Held {
    Held { lease: kept.holding.lease(), journal: Arc::new(kept.journal.clone()) }
}

impl Ownership for Keeper {
    fn take(&self, conference: Id) -> Pending<'_, Result<Taken, TakeError>> {
        Box::pin(self.0.take(conference))
    }

    fn give_up(&self, conference: Id) -> Pending<'_, ()> {
        Box::pin(async move {
            let Some(kept) = self.0.holdings.get(&conference).map(|kept| kept.clone()) else { return };
            kept.journal.flush().await;
            self.0.drop_holding(&kept.holding);
            if let Err(error) = self.0.fence.release(conference, kept.holding.lease().epoch).await {
                tracing::warn!(%conference, %error, "a lease was not given back; it ends by itself");
            }
        })
    }

    fn held(&self, conference: Id) -> Option<Held> {
        let kept = self.0.holdings.get(&conference)?;
        kept.holding.is_trusted().then(|| held(&kept))
    }

    fn losses(&self) -> mpsc::UnboundedReceiver<Id> {
        let (sender, receiver) = mpsc::unbounded_channel();
        *self.0.losses.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }
}

impl Keeper {
    fn journal(&self, conference: Id) -> Result<ConferenceJournal, JournalError> {
        let kept = self.0.holdings.get(&conference);
        kept.map(|kept| kept.journal.clone()).ok_or(JournalError::Fenced)
    }
}

impl Journals for Keeper {
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<()>) -> Result<(), JournalError> {
        let Some(conference) = batch.first().map(|record| record.scope.conference) else {
            done(Ok(()));
            return Ok(());
        };
        if let Some(stray) = batch.iter().find(|record| record.scope.conference != conference) {
            let why = format!("{} is of another conference than the batch that it is in", stray.room);
            return Err(JournalError::Failed(why.into()));
        }
        let done = Box::new(move |verdict: Result<u64, JournalError>| done(verdict.map(drop)));
        self.journal(conference)?.append(source, batch, done)
    }

    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError> {
        self.journal(snapshot.scope.conference)?.snapshot(source, snapshot, done)
    }

    fn room(&self, conference: Id, room: RoomRef) -> Result<Option<Loaded>, JournalError> {
        self.journal(conference)?.room(room)
    }

    fn refuses(&self, conference: Id) -> Option<JournalError> {
        match self.0.holdings.get(&conference) {
            Some(kept) => kept.holding.refuses(),
            None => Some(JournalError::Fenced),
        }
    }

    fn history(&self, conference: Id) -> Option<u64> {
        self.0.holdings.get(&conference).map(|kept| kept.holding.lease().history)
    }
}
