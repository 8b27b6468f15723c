//! This node among others: its parts, wired once.

use std::net::SocketAddr;
use std::sync::Arc;

use plenum_domain::Id;
use plenum_rooms::engine::Settings;
use plenum_rooms::relay::Beat;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::Atlas;
use super::bus::Bus;
use super::lease::{Leases, Member};
use super::line::Key;
use super::lines::Lines;
use super::outside::Outside;
use super::ownership::{Journals, Ownership};
use super::roster::Roster;
use super::router::{Event, Router};
use super::tenancy::Tenancy;
use super::timing::RENEW_EVERY;
use super::visitors;
use super::wire::{self, Spread};
use crate::clock::Clock;
use crate::shard::{Links, ShardSettings, Shards, StartError};
use crate::socket::Doors;

/// What joins nodes to a cluster: one set for Redis, one in memory.
#[derive(Clone)]
pub struct Seams {
    /// Who this node is, and where others reach it.
    pub me: Member,
    /// Who owns what.
    pub leases: Arc<dyn Leases>,
    /// What this node owns.
    pub ownership: Arc<dyn Ownership>,
    /// Where it is kept.
    pub journals: Arc<dyn Journals>,
    /// Where rooms belong.
    pub atlas: Arc<dyn Atlas>,
    /// Which nodes there are.
    pub roster: Arc<dyn Roster>,
    /// Beats to all of them.
    pub bus: Arc<dyn Bus>,
}

/// What the parts of a node share.
pub(super) struct Parts {
    pub(super) me: Member,
    pub(super) key: Key,
    pub(super) clock: Clock,
    pub(super) links: Arc<Links>,
    pub(super) outside: Arc<Outside>,
    pub(super) tenancy: Arc<Tenancy>,
    pub(super) lines: Lines,
    pub(super) leases: Arc<dyn Leases>,
    pub(super) atlas: Arc<dyn Atlas>,
    pub(super) roster: Arc<dyn Roster>,
    pub(super) bus: Arc<dyn Bus>,
}

/// A node among others.
#[derive(Clone)]
pub struct Node(Arc<Parts>);

impl Node {
    /// Starts a node's shards and its part of the cluster. `listener` is where other nodes come, at the address that
    /// `seams.me` names; `secret` is what all nodes of the installation share. Call it within a runtime.
    ///
    /// # Errors
    /// [`StartError::Thread`].
    pub fn start(
        settings: &ShardSettings,
        seams: Seams,
        listener: TcpListener,
        secret: &[u8],
        clock: Clock,
    ) -> Result<(Self, Shards, Doors), StartError> {
        let (outside, inbox) = Outside::new(Arc::clone(&seams.ownership));
        let (shards, doors) =
            Shards::start_among_others(settings, seams.journals, clock.clone(), Arc::clone(&outside))?;
        let links = Arc::clone(&shards.links);
        let engine = Settings { shards: links.shards() as u32, ..Settings::default() };
        let losses = seams.ownership.losses();
        let tenancy = Tenancy::new(Arc::clone(&links), Arc::clone(&outside), seams.ownership, engine);
        let (key, (to_events, events)) = (Key::of(secret), mpsc::unbounded_channel::<Event>());
        let parts = Arc::new(Parts {
            lines: Lines::new(seams.me.clone(), key.clone(), clock.clone(), to_events.clone()),
            me: seams.me,
            key,
            clock,
            links,
            outside,
            tenancy: Arc::new(tenancy),
            leases: seams.leases,
            atlas: seams.atlas,
            roster: seams.roster,
            bus: seams.bus,
        });
        let router = Router::new(Arc::clone(&parts), to_events);
        tokio::spawn(router.run(inbox.wanted, events, parts.bus.listen()));
        tokio::spawn(publish(Arc::clone(&parts.bus), inbox.beats));
        tokio::spawn(announce(Arc::clone(&parts.roster)));
        tokio::spawn(Arc::clone(&parts.tenancy).follow_losses(losses));
        tokio::spawn(visitors::serve(listener, Arc::clone(&parts)));
        Ok((Self(parts), shards, doors))
    }

    /// Gives all conferences to other nodes; the sockets here go on at the new owners.
    pub async fn hand_over(&self) {
        if let Err(error) = self.0.roster.retire().await {
            tracing::warn!(%error, "other nodes believe for a while that this one goes on");
        }
        self.0.tenancy.hand_over().await;
    }

    /// Who this node is for others.
    pub fn member(&self) -> &Member {
        &self.0.me
    }

    /// The conferences that this node owns now.
    pub fn conferences(&self) -> Vec<Id> {
        self.0.outside.all_mine()
    }
}

/// Says every second that this node is alive, until the process ends.
async fn announce(roster: Arc<dyn Roster>) {
    let mut beat = tokio::time::interval(RENEW_EVERY);
    loop {
        beat.tick().await;
        if let Err(error) = roster.announce().await {
            tracing::warn!(%error, "other nodes cannot be told that this one is alive");
        }
    }
}

/// Publishes the beats of this node's conferences, in order.
async fn publish(bus: Arc<dyn Bus>, mut beats: mpsc::Receiver<(Id, Beat<Spread>)>) {
    while let Some((conference, beat)) = beats.recv().await {
        let message = wire::write(&wire::Beat::from(beat)).into();
        metrics::counter!("plenum_beats_published_total").increment(1);
        if let Err(error) = bus.publish(conference, message).await {
            tracing::debug!(%error, "a beat is not on the bus; nodes that miss it ask for it");
        }
    }
}

/// The address that others are told, for a listener that may be bound to a port of the system's choice.
pub fn advertised(configured: Option<&str>, bound: SocketAddr) -> String {
    configured.map_or_else(|| bound.to_string(), str::to_owned)
}
