//! The store follows the journals: who may wait for it, and how it ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use plenum_domain::Id;
use plenum_persistence::journal::Journal;
use plenum_persistence::projector::{Progress, Projector, ProjectorError};
use plenum_persistence::store::{Store, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cluster::{Held, Keeper};
use crate::telemetry::Tracer;

/// How often someone who waits for the store looks again.
const LOOK: Duration = Duration::from_millis(10);
/// The longest wait: after it, what the store has is what there is.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked which conferences this node owns.
const FOLLOW: Duration = Duration::from_millis(200);

/// The tasks that write journals into the store: one on a single node, one a conference that this node of a cluster owns.
pub struct Projection {
    followers: Followers,
    /// What this hub shares with others; none on a single node.
    shared: Option<Shared>,
    /// Looks which conferences there are to follow; none on a single node, and once it was told to end.
    watch: Mutex<Option<JoinHandle<()>>>,
}

/// Where it stands how far a conference's journal is, and how far the store.
#[derive(Clone)]
struct Shared {
    keeper: Keeper,
    store: Store,
}

/// Which journal: the only one, or an owner's. A conference that was taken anew has another owner.
type Name = Option<(Id, u64)>;
type Followers = Arc<Mutex<BTreeMap<Name, Follower>>>;

/// One journal and the task that follows it.
struct Follower {
    journal: Arc<dyn Journal>,
    progress: Arc<Progress>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Follower {
    fn start(projector: Projector, journal: Arc<dyn Journal>) -> Self {
        let progress = projector.progress();
        let (stop, mut stopped) = watch::channel(false);
        // An error means that the sender is gone, which ends the hub as well.
        let until = async move { drop(stopped.wait_for(|stop| *stop).await) };
        let task = tokio::spawn(projector.run(until));
        Self { journal, progress, stop, task }
    }

    /// Writes the rest of the journal and ends.
    async fn finish(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the projector ended badly; the next start goes on from its cursor");
        }
    }
}

fn locked(followers: &Followers) -> MutexGuard<'_, BTreeMap<Name, Follower>> {
    followers.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Projection {
    /// Goes on where the last one ended.
    ///
    /// # Errors
    /// The store cannot say where that was.
    pub(super) async fn start(
        journal: Arc<dyn Journal>,
        store: Store,
        tracer: &Tracer,
    ) -> Result<Self, StoreError> {
        let projector = Projector::open(Arc::clone(&journal), store).await?;
        let projector = watched(projector, tracer);
        let follower = Follower::start(projector, journal);
        let followers = Arc::new(Mutex::new(BTreeMap::from([(None, follower)])));
        Ok(Self { followers, shared: None, watch: Mutex::new(None) })
    }

    /// Follows the conferences that the keeper holds, each from the moment that it is held.
    pub fn in_cluster(keeper: Keeper, store: Store, tracer: Tracer) -> Self {
        let followers = Followers::default();
        let shared = Some(Shared { keeper: keeper.clone(), store: store.clone() });
        let watch = tokio::spawn(follow(Arc::clone(&followers), keeper, store, tracer));
        Self { followers, shared, watch: Mutex::new(Some(watch)) }
    }

    /// Why a batch is not in the store; none when all is well.
    pub fn failure(&self) -> Option<String> {
        locked(&self.followers).values().find_map(|follower| follower.progress.failure())
    }

    /// Records that the store was behind when it was last looked.
    pub fn lag_records(&self) -> u64 {
        locked(&self.followers).values().map(|follower| follower.progress.lag_records()).sum()
    }

    /// Waits until the store has all that was durable of a conference when this was called, wherever its owner is, so that
    /// whoever was acknowledged finds what they did; not for ever.
    pub async fn caught_up(&self, conference: Id) {
        let reached = async {
            match (self.follower_of(conference), &self.shared) {
                (Some((progress, upto)), _) => reach(&progress, upto).await,
                (None, Some(shared)) => shared.reach(conference).await,
                (None, None) => {}
            }
        };
        if tokio::time::timeout(PATIENCE, reached).await.is_err() {
            tracing::warn!(%conference, "the store is far behind the journal; a list is shown as it is");
        }
    }

    /// Who follows the journal of a conference here, and how far that is.
    fn follower_of(&self, conference: Id) -> Option<(Arc<Progress>, u64)> {
        let followers = locked(&self.followers);
        let is_it = |name: &Name| name.is_none_or(|(one, _)| one == conference);
        let (_, follower) = followers.iter().rfind(|(name, _)| is_it(name))?;
        Some((Arc::clone(&follower.progress), follower.journal.durable_lsn()))
    }

    /// Writes the rest of the journals and ends.
    pub async fn finish(&self) {
        let watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watch) = watch {
            watch.abort();
        }
        let all = std::mem::take(&mut *locked(&self.followers));
        for follower in all.into_values() {
            follower.finish().await;
        }
    }
}

async fn reach(progress: &Progress, upto: u64) {
    let mut look = tokio::time::interval(LOOK);
    while progress.cursor() < upto {
        look.tick().await;
    }
}

impl Shared {
    /// Waits until another node has written all that there is of a conference. Without an answer the list is what it is.
    async fn reach(&self, conference: Id) {
        let Ok(upto) = self.keeper.last(conference).await else { return };
        let mut look = tokio::time::interval(LOOK);
        loop {
            match self.store.seen(conference).await {
                Ok(seen) if seen.map_or(0, |seen| seen.lsn) < upto => drop(look.tick().await),
                _ => return,
            }
        }
    }
}

/// Starts a follower for each conference that is held and has none, and ends those of conferences that are not.
async fn follow(followers: Followers, keeper: Keeper, store: Store, tracer: Tracer) {
    let mut look = tokio::time::interval(FOLLOW);
    loop {
        look.tick().await;
        let held = keeper.all_held();
        let names: Vec<Name> = held.iter().map(name).collect();
        let gone: Vec<Follower> =
            locked(&followers).extract_if(.., |name, _| !names.contains(name)).map(|(_, one)| one).collect();
        for follower in gone {
            // What it still can write it does, unless the next owner has begun.
            tokio::spawn(follower.finish());
        }
        for one in held {
            if !locked(&followers).contains_key(&name(&one)) {
                begin(&followers, &store, one, &tracer).await;
            }
        }
    }
}

fn watched(projector: Projector, tracer: &Tracer) -> Projector {
    if tracer.is_on() { projector.watched_by(Arc::new(tracer.clone())) } else { projector }
}

fn name(held: &Held) -> Name {
    Some((held.lease.conference, held.lease.epoch))
}

async fn begin(followers: &Followers, store: &Store, held: Held, tracer: &Tracer) {
    let (conference, epoch) = (held.lease.conference, held.lease.epoch);
    let journal = Arc::clone(&held.journal);
    match Projector::of_conference(Arc::clone(&journal), store.clone(), conference, epoch).await {
        Ok(projector) => {
            let projector = watched(projector, tracer);
            locked(followers).insert(name(&held), Follower::start(projector, journal));
        }
        Err(ProjectorError::Fenced) => {
            tracing::warn!(%conference, epoch, "another node writes this conference into the store");
        }
        Err(error) => tracing::warn!(%conference, %error, "the store does not follow a conference yet"),
    }
}
