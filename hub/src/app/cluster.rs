//! A hub among others: what they share, and this one's part in it.

use std::io;
use std::sync::Arc;

use plenum_persistence::store::Store;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::auth;
use crate::clock::Clock;
use crate::cluster::node::advertised;
use crate::cluster::redis::{ConnectError, RedisBus, RedisFence, RedisRoster, Vigil, connect};
use crate::cluster::witness::{Recalling, Witness};
use crate::cluster::{Keeper, Member, Node, Seams};
use crate::config::Config;
use crate::shard::{ShardSettings, Shards, StartError};
use crate::socket::Doors;

/// Why a hub cannot join the others.
#[derive(Debug, thiserror::Error)]
pub enum JoinFailure {
    /// An address of Redis.
    #[error(transparent)]
    Redis(#[from] ConnectError),
    /// The address for other nodes.
    #[error("node.listen: cannot listen on {address}: {why}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        why: io::Error,
    },
    /// The secret that nodes share.
    #[error(transparent)]
    Secret(#[from] auth::SecretError),
    /// The shards.
    #[error(transparent)]
    Shards(#[from] StartError),
}

/// This hub among others.
pub struct Among {
    /// Its part in it.
    pub node: Node,
    /// The conferences that it owns.
    pub keeper: Keeper,
    /// How Redis does.
    pub vigil: Vigil,
}

/// A hub that joined.
pub(super) struct Joined {
    pub(super) among: Among,
    pub(super) shards: Shards,
    pub(super) doors: Doors,
}

/// Joins the nodes that use the Redis at `url`.
///
/// # Errors
/// [`JoinFailure`]. A Redis that does not answer is none: the hub refuses with `hub.busy` until it does.
pub(super) async fn join(
    config: &Config,
    settings: &ShardSettings,
    url: &str,
    store: &Store,
    clock: &Clock,
) -> Result<Joined, JoinFailure> {
    let failed = |why| JoinFailure::Listen { address: config.node.listen, why };
    let listener = TcpListener::bind(config.node.listen).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    let address = advertised(config.node.advertise.as_deref(), bound);
    let me = Member { node: config.node.id.clone(), run: u64::from_be_bytes(clock.secret()), address };
    let client = connect(url)?;
    let fence = Arc::new(RedisFence::new(client.clone(), me.clone(), clock.clone()));
    let keeper = Keeper::new(Arc::clone(&fence) as _, clock.clone(), Handle::current());
    let witness: Arc<dyn Witness> = Arc::new(store.clone());
    let keeper = keeper.witnessed_by(Arc::clone(&witness));
    let bus = RedisBus::connect(config.redis.bus_url.as_deref().unwrap_or(url))?;
    let vigil = Vigil::keep(client.clone(), bus.publisher());
    let seams = Seams {
        leases: Arc::clone(&fence) as _,
        ownership: Arc::new(keeper.clone()),
        journals: Arc::new(keeper.clone()),
        atlas: Arc::new(Recalling::new(fence, witness)),
        roster: Arc::new(RedisRoster::new(client, me.clone())),
        bus: Arc::new(bus),
        me,
    };
    let secret = auth::installation_secret(&config.auth, clock)?;
    let (node, shards, doors) = Node::start(settings, seams, listener, &secret, clock.clone())?;
    tracing::info!(node = %config.node.id, %bound, "this hub is one of several");
    Ok(Joined { among: Among { node, keeper, vigil }, shards, doors })
}
