//! Several hubs that share a Redis and a store, a balancer in front of them, and a gate in every way between them.

mod database;
mod gate;
mod redis;

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use crate::hub::{Hub, free_port};

pub(crate) use database::Database;
pub(crate) use gate::{Gate, Passage};
pub(crate) use redis::Redis;

/// Over how long a hub that ends sends its people away, in milliseconds.
const DRAIN_MS: u32 = 1_000;

/// A hub among others, and the ways to and from it.
pub(crate) struct Node {
    pub(crate) hub: Hub,
    /// From it to Redis.
    pub(crate) to_redis: Gate,
    /// From it to the store; none when that is a file.
    pub(crate) to_store: Option<Gate>,
    /// From other hubs to it.
    pub(crate) from_others: Gate,
}

/// All of it.
pub(crate) struct Cluster {
    pub(crate) nodes: Vec<Node>,
    pub(crate) redis: Redis,
    /// Where people come.
    pub(crate) front: Gate,
    /// What the hubs have as their store, in words.
    pub(crate) store: &'static str,
    // Dropped last: hubs use it until they are gone.
    _database: Database,
}

impl Cluster {
    /// Starts everything, with a tenant and an organiser.
    ///
    /// # Errors
    /// A program cannot be run, or does not answer in time.
    pub(crate) async fn start(program: &Path, folder: &Path, hubs: usize, shards: u32) -> io::Result<Self> {
        let redis = Redis::start(folder)?;
        let database = Database::new(folder)?;
        let mut nodes = Vec::new();
        for number in 1..=hubs {
            nodes.push(node(program, folder, (number, shards), &redis, &database).await?);
        }
        tokio::task::block_in_place(|| found(&mut nodes))?;
        let addresses: Vec<SocketAddr> = nodes.iter().map(|node| node.hub.address).collect();
        let front = Gate::balancing(&addresses).await?;
        Ok(Self { nodes, redis, front, store: database.name(), _database: database })
    }

    /// A hub by which the conference can be looked at.
    pub(crate) fn any(&self) -> &Hub {
        &self.nodes[0].hub
    }

    /// The hub that owns the conference, of those that answer.
    pub(crate) fn owner(&self) -> Option<usize> {
        let owns = |node: &Node| node.hub.figure("plenum_leases_held").is_some_and(|held| held > 0.0);
        self.nodes.iter().position(owns)
    }
}

async fn node(
    program: &Path,
    folder: &Path,
    (number, shards): (usize, u32),
    redis: &Redis,
    database: &Database,
) -> io::Result<Node> {
    let (own, listen) = (folder.join(format!("hub-{number}")), free_port()?);
    std::fs::create_dir_all(&own)?;
    let (to_redis, from_others) = (Gate::to(redis.address).await?, Gate::to(listen).await?);
    let to_store = match database.server() {
        Some(server) => Some(Gate::to(server).await?),
        None => None,
    };
    let variables = [
        ("PLENUM__TELEMETRY__LOG", "info,plenum_hub::telemetry=warn".to_owned()),
        ("PLENUM__SERVER__DRAIN_MS", DRAIN_MS.to_string()),
        ("PLENUM__NODE__ID", format!("hub-{number}")),
        ("PLENUM__NODE__LISTEN", listen.to_string()),
        ("PLENUM__NODE__ADVERTISE", from_others.address.to_string()),
        ("PLENUM__REDIS__URL", format!("redis://{}", to_redis.address)),
        ("PLENUM__STORE__URL", database.url(to_store.as_ref().map(|gate| gate.address))),
        ("PLENUM__AUTH__SECRET_FILE", folder.join("secret").display().to_string()),
    ];
    let hub = Hub::prepared(program, &own, shards, &variables)?;
    Ok(Node { hub, to_redis, to_store, from_others })
}

/// The first hub makes the tenant, the schema and the secret; then all start, and all know the organiser.
fn found(nodes: &mut [Node]) -> io::Result<()> {
    for (number, node) in nodes.iter_mut().enumerate() {
        if number == 0 {
            node.hub.found()?;
        }
        node.hub.spawn()?;
        node.hub.sign_in()?;
    }
    Ok(())
}
