//! Taking conferences, losing them, and handing them over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dashmap::DashMap;
use plenum_domain::Id;
use plenum_rooms::engine::{Loaded, Settings};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinSet;

use super::lease::Member;
use super::outside::Outside;
use super::ownership::{Held, Ownership, TakeError, Taken};
use super::wire::Down;
use crate::shard::{ClusterNews, Links, News, Positions, restored};

/// Who owns a conference now.
pub(super) enum Owner {
    /// This node; its rooms are at a desk.
    Here,
    /// Another one.
    Other(Member),
}

/// Why this node does not own a conference.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotOwned {
    /// It cannot be taken now.
    #[error(transparent)]
    Take(#[from] TakeError),
    /// Its rooms cannot be restored.
    #[error("its rooms cannot be restored: {0}")]
    Rooms(String),
    /// This node is about to end.
    #[error("this node is about to end")]
    Ending,
}

/// The conferences of this node.
pub(super) struct Tenancy {
    links: Arc<Links>,
    outside: Arc<Outside>,
    ownership: Arc<dyn Ownership>,
    engine: Settings,
    ending: AtomicBool,
    /// One change of a conference at a time.
    changing: DashMap<Id, Arc<Mutex<()>>>,
}

impl Tenancy {
    pub(super) fn new(
        links: Arc<Links>,
        outside: Arc<Outside>,
        ownership: Arc<dyn Ownership>,
        engine: Settings,
    ) -> Self {
        Self { links, outside, ownership, engine, ending: AtomicBool::new(false), changing: DashMap::new() }
    }

    /// Takes a conference that nobody owns, and seats its rooms.
    ///
    /// # Errors
    /// [`NotOwned`].
    pub(super) async fn own(&self, conference: Id) -> Result<Owner, NotOwned> {
        let lock = Arc::clone(&self.changing.entry(conference).or_default());
        let _changing = lock.lock().await;
        if self.outside.is_mine(conference) {
            return Ok(Owner::Here);
        }
        if self.ending.load(Ordering::Relaxed) {
            return Err(NotOwned::Ending);
        }
        match self.ownership.take(conference).await? {
            Taken::Theirs(lease) => Ok(Owner::Other(lease.member)),
            Taken::Mine { held, rooms } => self.seat(conference, held, rooms).await,
        }
    }

    async fn seat(&self, conference: Id, held: Held, rooms: Vec<Loaded>) -> Result<Owner, NotOwned> {
        let (settings, count) = (self.engine, rooms.len());
        rooms.iter().for_each(|room| self.links.directory.enter(room.room, room.scope));
        let engine = tokio::task::spawn_blocking(move || restored(settings, rooms)).await;
        let engine = match engine {
            Ok(Ok(engine)) => engine,
            Ok(Err(error)) => return self.cannot_seat(conference, error.to_string()).await,
            Err(error) => return self.cannot_seat(conference, error.to_string()).await,
        };
        let (done, seated) = oneshot::channel();
        let (epoch, engine) = (held.lease.epoch, Box::new(engine));
        self.tell_owner(conference, ClusterNews::Seat { conference, epoch, engine, done });
        if seated.await.is_err() {
            return Err(NotOwned::Ending);
        }
        self.outside.set_mine(conference, true);
        metrics::counter!("plenum_conferences_taken_total").increment(1);
        tracing::info!(%conference, epoch, rooms = count, "this node owns the conference");
        Ok(Owner::Here)
    }

    async fn cannot_seat(&self, conference: Id, why: String) -> Result<Owner, NotOwned> {
        self.ownership.give_up(conference).await;
        Err(NotOwned::Rooms(why))
    }

    /// Follows the leases that are lost.
    pub(super) async fn follow_losses(self: Arc<Self>, mut losses: mpsc::UnboundedReceiver<Id>) {
        while let Some(conference) = losses.recv().await {
            self.lose(conference).await;
        }
    }

    async fn lose(&self, conference: Id) {
        let lock = Arc::clone(&self.changing.entry(conference).or_default());
        let _changing = lock.lock().await;
        if !self.outside.is_mine(conference) {
            return;
        }
        tracing::warn!(%conference, "this node lost the conference; its people go on at the new owner");
        metrics::counter!("plenum_conferences_lost_total").increment(1);
        self.outside.set_mine(conference, false);
        let (done, unseated) = oneshot::channel();
        self.tell_owner(conference, ClusterNews::Unseat { conference, done });
        // A shard that has stopped has no desks.
        let _ = unseated.await;
        self.rejoin(conference, Positions::new());
    }

    /// Gives every conference to other nodes: their rooms are kept, then the lease is released.
    pub(super) async fn hand_over(self: &Arc<Self>) {
        self.ending.store(true, Ordering::Relaxed);
        let mut leaving = JoinSet::new();
        for conference in self.outside.all_mine() {
            let tenancy = Arc::clone(self);
            leaving.spawn(async move { tenancy.give_up(conference).await });
        }
        leaving.join_all().await;
    }

    async fn give_up(&self, conference: Id) {
        let lock = Arc::clone(&self.changing.entry(conference).or_default());
        let _changing = lock.lock().await;
        let (done, cleared) = oneshot::channel();
        self.tell_owner(conference, ClusterNews::Leave { conference, done });
        // The desk may be gone already, with its lease.
        let visitors = cleared.await.unwrap_or_default();
        self.outside.set_mine(conference, false);
        self.ownership.give_up(conference).await;
        visitors.into_iter().for_each(|to| self.outside.tell(to, Down::Elsewhere { conference }));
        self.rejoin(conference, Positions::new());
    }

    /// The sockets here that are in rooms of a conference come in anew.
    pub(super) fn rejoin(&self, conference: Id, since: Positions) {
        let since = Arc::new(since);
        for shard in 0..self.links.shards() {
            let since = Arc::clone(&since);
            self.links.tell(shard, News::Cluster(ClusterNews::Rejoin { conference, since }));
        }
    }

    /// Tells the shard that a conference belongs to.
    pub(super) fn tell_owner(&self, conference: Id, news: ClusterNews) {
        self.links.tell(self.links.directory.owner(conference), News::Cluster(news));
    }
}
