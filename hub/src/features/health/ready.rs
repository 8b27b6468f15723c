//! The parts that the hub needs, and how each of them does.

use std::time::Duration;

use serde::Serialize;

use crate::app::{Among, App, Projection};
use crate::cluster::redis::Look;
use crate::shard::ShardHealth;

/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Inputs that wait in one shard from which on pushes come late.
const INBOX_DEGRADED: usize = 4_096;
/// Answers and pushes of one shard that wait for the journal, from which on saving is late.
const HELD_DEGRADED: usize = 4_096;

/// Records that the store is behind the journal, from which on lists are old.
const BEHIND_DEGRADED: u64 = 50_000;

/// How a part does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// Well.
    Ok,
    /// It works, worse than it should.
    Degraded,
    /// It does not work.
    Down,
}

/// A part and how it does.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// How it does.
    pub status: Condition,
    /// Why, in words; what is well says what it looked at.
    pub reason: String,
}

/// All parts.
#[derive(Clone, Debug, Serialize)]
pub struct Readiness {
    /// The worst of the parts.
    pub status: Condition,
    /// Which process this is.
    pub node: String,
    /// Tenants, people, conferences.
    pub database: Part,
    /// What was acknowledged.
    pub journal: Part,
    /// Between nodes.
    pub bus: Part,
    /// From a room to its sockets.
    pub fan_out_lag: Part,
    /// Whether people are let in.
    pub doors: Part,
    /// What sockets and files are opened with.
    pub file_descriptors: Part,
    /// From a room to the journal, and from there to the store.
    pub save_lag: Part,
}

impl Part {
    fn new(status: Condition, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }
}

/// Asks every part.
pub(super) async fn readiness(app: &App) -> Readiness {
    let (database, shards) = tokio::join!(database(app), app.shards.health());
    let (journal, bus) = match &app.among {
        None => (journal(&shards), Part::new(Condition::Ok, "one node: there is nothing between nodes")),
        Some(among) => (journals(among), bus(among)),
    };
    let (fan_out_lag, save_lag) = (fan_out_lag(&shards), save_lag(&shards, &app.projection));
    let (doors, file_descriptors) = (doors(app), file_descriptors(app));
    let parts = [&database, &journal, &bus, &fan_out_lag, &doors, &file_descriptors, &save_lag];
    let status = parts.iter().map(|part| part.status).max().unwrap_or(Condition::Ok);
    let node = app.config.node.id.clone();
    Readiness { status, node, database, journal, bus, fan_out_lag, doors, file_descriptors, save_lag }
}

async fn database(app: &App) -> Part {
    match tokio::time::timeout(PATIENCE, app.store.ping()).await {
        Ok(Ok(())) => Part::new(Condition::Ok, "answers"),
        Ok(Err(error)) => away(&error.to_string()),
        Err(_) => away("it does not answer"),
    }
}

/// Rooms do not need the store: people go on voting, and the journal keeps it all until the store is back. A hub that
/// was taken out of service for it would send them away.
fn away(why: &str) -> Part {
    Part::new(Condition::Degraded, format!("rooms go on, lists and signing in do not: {why}"))
}

fn journal(shards: &ShardHealth) -> Part {
    match shards.journal_trouble() {
        None => Part::new(Condition::Ok, "the last batch is durable"),
        Some(trouble) => Part::new(Condition::Down, trouble),
    }
}

/// The journals of a node among others. Trouble of one conference is no reason to take the node out of service: its
/// successor would have the same.
fn journals(among: &Among) -> Part {
    match (among.vigil.journal(), among.keeper.trouble()) {
        (Look::Away(why), _) => {
            Part::new(Condition::Down, format!("Redis does not answer, nothing can be counted safely: {why}"))
        }
        (_, Some(trouble)) => Part::new(Condition::Degraded, trouble),
        (Look::Unsafe(dangers), None) => {
            let words: Vec<String> = dangers.iter().map(ToString::to_string).collect();
            Part::new(Condition::Degraded, words.join("; "))
        }
        (Look::Unknown | Look::Well, None) => {
            Part::new(Condition::Ok, format!("{} conferences are owned here", among.keeper.len()))
        }
    }
}

/// Without a bus, nodes ask the owners for what they missed.
fn bus(among: &Among) -> Part {
    match among.vigil.bus() {
        Look::Away(why) => Part::new(
            Condition::Degraded,
            format!("pushes to other nodes are late: Redis does not answer: {why}"),
        ),
        Look::Unknown | Look::Well | Look::Unsafe(_) => Part::new(Condition::Ok, "Redis answers"),
    }
}

/// A balancer must send nobody to a hub that is about to end.
fn doors(app: &App) -> Part {
    match app.shards.is_closing() {
        false => Part::new(Condition::Ok, "open"),
        true => Part::new(Condition::Down, "this hub is about to end"),
    }
}

fn fan_out_lag(shards: &ShardHealth) -> Part {
    if shards.silent > 0 {
        return Part::new(Condition::Down, format!("{} shards do not answer", shards.silent));
    }
    let most = shards.shards.iter().map(|vitals| vitals.inbox.max(vitals.walks)).max().unwrap_or_default();
    let status = if most > INBOX_DEGRADED { Condition::Degraded } else { Condition::Ok };
    Part::new(status, format!("{most} waiting in the busiest shard, {} sockets", shards.sockets()))
}

fn file_descriptors(app: &App) -> Part {
    match app.files.shortage() {
        None => Part::new(Condition::Ok, format!("at most {}", app.files.limit())),
        Some(shortage) => Part::new(Condition::Degraded, shortage),
    }
}

fn save_lag(shards: &ShardHealth, projection: &Projection) -> Part {
    if let Some(failure) = projection.failure() {
        return Part::new(Condition::Degraded, format!("the store does not follow the journal: {failure}"));
    }
    let held = shards.shards.iter().map(|vitals| vitals.held).max().unwrap_or_default();
    let behind = projection.lag_records();
    let slow = held > HELD_DEGRADED || behind > BEHIND_DEGRADED;
    let status = if slow { Condition::Degraded } else { Condition::Ok };
    let words = format!(
        "{held} answers wait for the journal in the busiest shard, the store is {behind} records behind"
    );
    Part::new(status, words)
}
