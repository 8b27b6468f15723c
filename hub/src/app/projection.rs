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

/// How often someone who waits for the store looks again.
const LOOK: Duration = Duration::from_millis(10);
/// The longest wait: after it, what the store has is what there is.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked which conferences this node owns.
const FOLLOW: Duration = Duration::from_millis(200);

/// The tasks that write journals into the store: one on a single node, one a conference that this node of a cluster owns.
pub struct Projection {
    followers: Followers,
    /// Looks which conferences there are to follow; none on a single node, and once it was told to end.
    watch: Mutex<Option<JoinHandle<()>>>,
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
    pub(super) async fn start(journal: Arc<dyn Journal>, store: Store) -> Result<Self, StoreError> {
        let projector = Projector::open(Arc::clone(&journal), store).await?;
        let follower = Follower::start(projector, journal);
        let followers = Arc::new(Mutex::new(BTreeMap::from([(None, follower)])));
        Ok(Self { followers, watch: Mutex::new(None) })
    }

    /// Follows the conferences that the keeper holds, each from the moment that it is held.
    pub fn in_cluster(keeper: Keeper, store: Store) -> Self {
        let followers = Followers::default();
        let watch = tokio::spawn(follow(Arc::clone(&followers), keeper, store));
        Self { followers, watch: Mutex::new(Some(watch)) }
    }

    /// Why a batch is not in the store; none when all is well.
    pub fn failure(&self) -> Option<String> {
        locked(&self.followers).values().find_map(|follower| follower.progress.failure())
    }

    /// Records that the store was behind when it was last looked.
    pub fn lag_records(&self) -> u64 {
        locked(&self.followers).values().map(|follower| follower.progress.lag_records()).sum()
    }

    /// Waits until the store has all that was durable here when this was called, so that whoever was acknowledged finds
    /// what they did; not for ever.
    pub async fn caught_up(&self) {
        let goals: Vec<(Arc<Progress>, u64)> = locked(&self.followers)
            .values()
            .map(|follower| (Arc::clone(&follower.progress), follower.journal.durable_lsn()))
            .collect();
        let reached = async {
            let mut look = tokio::time::interval(LOOK);
            while goals.iter().any(|(progress, upto)| progress.cursor() < *upto) {
                look.tick().await;
            }
        };
        if tokio::time::timeout(PATIENCE, reached).await.is_err() {
            tracing::warn!("the store is far behind the journal; a list is shown as it is");
        }
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

/// Starts a follower for each conference that is held and has none, and ends those of conferences that are not.
async fn follow(followers: Followers, keeper: Keeper, store: Store) {
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
                begin(&followers, &store, one).await;
            }
        }
    }
}

fn name(held: &Held) -> Name {
    Some((held.lease.conference, held.lease.epoch))
}

async fn begin(followers: &Followers, store: &Store, held: Held) {
    let (conference, epoch) = (held.lease.conference, held.lease.epoch);
    let journal = Arc::clone(&held.journal);
    match Projector::of_conference(Arc::clone(&journal), store.clone(), conference, epoch).await {
        Ok(projector) => {
            locked(followers).insert(name(&held), Follower::start(projector, journal));
        }
        Err(ProjectorError::Fenced) => {
            tracing::warn!(%conference, epoch, "another node writes this conference into the store");
        }
        Err(error) => tracing::warn!(%conference, %error, "the store does not follow a conference yet"),
    }
}
