//! What can happen to a cluster.

use std::fmt;
use std::io;
use std::time::Duration;

use plenum_rooms::engine::sample::Dice;

use crate::cluster::{Cluster, Gate, Node, Passage};
use crate::process;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// A hub is killed.
    Kill,
    /// A hub stands still, often longer than its lease.
    Pause,
    /// A hub is told to end, and started again.
    Restart,
    /// A hub cannot reach Redis.
    WithoutRedis,
    /// A hub cannot be reached by the others.
    Apart,
    /// A hub cannot reach the store.
    WithoutStore,
    /// Redis is killed, and starts again on what it has.
    RedisKilled,
    /// Redis stands still.
    RedisPaused,
}

impl Trouble {
    /// Whether another hub has to go on for the one to which it happens: at once, or when it lasts.
    pub(super) const fn ends_an_owner(self) -> bool {
        matches!(self, Self::Kill | Self::Pause | Self::Restart | Self::WithoutRedis)
    }
}

/// How often each of them happens, in a hundred.
const ODDS: [(Trouble, u64); 8] = [
    (Trouble::Kill, 30),
    (Trouble::Pause, 15),
    (Trouble::Restart, 10),
    (Trouble::WithoutRedis, 15),
    (Trouble::Apart, 10),
    (Trouble::WithoutStore, 5),
    (Trouble::RedisKilled, 8),
    (Trouble::RedisPaused, 7),
];
/// How often it happens to the conference's owner, in a hundred.
const TO_THE_OWNER: u64 = 60;
/// How long what passes by itself lasts at most, in milliseconds: longer than a lease.
const LASTS_MS: u64 = 4_500;
/// How long a hub may take to end when it is told to.
const DRAINED_WITHIN: Duration = Duration::from_secs(30);

/// What happened, to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blow {
    pub(super) trouble: Trouble,
    pub(super) node: usize,
    pub(super) was_owner: bool,
}

impl fmt::Display for Blow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = if self.was_owner { ", the owner" } else { "" };
        write!(f, "{:?} of hub {}{whose}", self.trouble, self.node + 1)
    }
}

/// Chooses what happens, and lets it happen.
pub(super) struct Nemesis {
    dice: Dice,
}

impl Nemesis {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed) }
    }

    /// A moment without trouble, at most `ms` long.
    pub(super) fn moment(&mut self, ms: u64) -> Duration {
        Duration::from_millis(self.dice.below(ms))
    }

    /// What happens next when hubs are updated one after the other.
    pub(super) fn roll(cluster: &Cluster, round: u32) -> Blow {
        let node = (round as usize - 1) % cluster.nodes.len();
        Blow { trouble: Trouble::Restart, node, was_owner: cluster.owner() == Some(node) }
    }

    /// What happens next.
    pub(super) fn choose(&mut self, cluster: &Cluster) -> Blow {
        let mut left = self.dice.below(ODDS.iter().map(|(_, odds)| odds).sum());
        let drawn = ODDS.iter().find(|(_, odds)| {
            let is_it = left < *odds;
            left = left.saturating_sub(*odds);
            is_it
        });
        let trouble = drawn.map_or(Trouble::Kill, |(trouble, _)| *trouble);
        let (owner, any) = (cluster.owner(), self.dice.below(cluster.nodes.len() as u64) as usize);
        let node = owner.filter(|_| self.dice.below(100) < TO_THE_OWNER).unwrap_or(any);
        Blow { trouble, node, was_owner: owner == Some(node) }
    }

    /// Lets it happen, and lasts as long as it does. Returns what went wrong beyond what was meant to.
    pub(super) async fn strike(&mut self, cluster: &mut Cluster, blow: Blow) -> io::Result<Option<String>> {
        let lasts = self.moment(LASTS_MS);
        let Cluster { nodes, redis, .. } = cluster;
        let node = &mut nodes[blow.node];
        match blow.trouble {
            Trouble::Kill => tokio::task::block_in_place(|| node.hub.kill())?,
            Trouble::Restart => return self.restart(node).await,
            Trouble::Pause => {
                process::signal(node.hub.pid(), "STOP")?;
                tokio::time::sleep(lasts).await;
                process::signal(node.hub.pid(), "CONT")?;
            }
            Trouble::WithoutRedis => self.shut(&[&node.to_redis], lasts).await,
            Trouble::Apart => self.shut(&[&node.from_others], lasts).await,
            Trouble::WithoutStore => {
                let gates: Vec<&Gate> = nodes.iter().filter_map(|node| node.to_store.as_ref()).collect();
                self.shut(&gates, lasts).await;
            }
            Trouble::RedisKilled => {
                tokio::task::block_in_place(|| redis.kill())?;
                tokio::time::sleep(lasts / 3).await;
                tokio::task::block_in_place(|| redis.launch())?;
            }
            Trouble::RedisPaused => {
                redis.pause()?;
                tokio::time::sleep(lasts).await;
                redis.resume()?;
            }
        }
        Ok(None)
    }

    /// Cuts gates, or freezes them so that nobody is told, for a while.
    async fn shut(&mut self, gates: &[&Gate], lasts: Duration) {
        let passage = if self.dice.chance(50) { Passage::Cut } else { Passage::Frozen };
        gates.iter().for_each(|gate| gate.set(passage));
        tokio::time::sleep(lasts).await;
        gates.iter().for_each(|gate| gate.set(Passage::Open));
    }

    async fn restart(&self, node: &mut Node) -> io::Result<Option<String>> {
        let start = std::time::Instant::now();
        let ended_well = node.hub.stop(DRAINED_WITHIN).await?;
        let words = || format!("a hub that was told to end did so after {:?}, and not well", start.elapsed());
        Ok((!ended_well).then(words))
    }
}
