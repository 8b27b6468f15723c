//! One room's people spread over several hubs: events reach all of them, and what that costs the bus.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use plenum_protocol::Codec;
use serde_json::json;

use crate::cluster::Cluster;
use crate::crowd::{Person, enter_all};
use crate::figures::{Figures, Times};
use crate::scenario::Folder;
use crate::swarm::{Heard, Swarm};

/// What it is run with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The hub's program.
    #[arg(long, env = "PLENUM_BIN", default_value = "target/release/plenum")]
    pub(crate) hub: PathBuf,
    /// How many people, over all hubs.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) people: usize,
    /// How many hubs.
    #[arg(long, default_value_t = 2)]
    pub(crate) hubs: usize,
    /// What people speak: json, msgpack or mixed.
    #[arg(long, default_value = "mixed", value_parser = ["json", "msgpack", "mixed"])]
    pub(crate) codec: String,
    /// Also writes spread.json and spread.md into this folder.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// Events that are shown, and how far apart: each is a beat of its own.
const EVENTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(300);
/// So many people have one among them who reads what comes; the others count it.
const ONE_READS_OF: usize = 20;
/// An event reaches everyone within this.
const EVENT_TIMEOUT: Duration = Duration::from_secs(30);

/// Runs it and prints what was measured. Returns whether every event reached everyone.
///
/// # Errors
/// The hubs cannot be started, or the crowd cannot connect.
pub(crate) fn run(options: &Options) -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let figures = tokio::task::LocalSet::new().block_on(&runtime, measure(options))?;
    let command = format!("plenum-loadtest spread --people {} --hubs {}", options.people, options.hubs);
    figures.tell("spread", &command, options.out.as_deref())?;
    Ok(figures.faults.is_empty())
}

async fn measure(options: &Options) -> io::Result<Figures> {
    let folder = Folder::new()?;
    let program = options.hub.canonicalize()?;
    let cluster = tokio::spawn({
        let (path, hubs) = (folder.path().to_owned(), options.hubs);
        async move { Cluster::start(&program, &path, hubs, 1).await }
    });
    let cluster = cluster.await.map_err(io::Error::other)??;
    // What blocks from here on blocks this thread alone: the gates between hubs go on on the others.
    let mut figures = Figures::default();
    figures.set("people", options.people);
    figures.set("hubs", options.hubs);
    let stage = cluster.any().stage("Spread")?;
    let rooms = [stage.session.clone()];
    let mut conns = Vec::new();
    for (number, node) in cluster.nodes.iter().enumerate() {
        let here = options.people / options.hubs + usize::from(number < options.people % options.hubs);
        let tokens = node.hub.join_people(&stage, here)?;
        let people = enter_all(&node.hub, &tokens, &rooms, &options.codec).await?;
        conns.extend(people.into_iter().map(|person| person.conn));
    }
    let swarm = Swarm::listen(conns, ONE_READS_OF)?;
    let hub = cluster.any();
    let mut moderator = Person::enter(hub.address, 0, Codec::Json, hub.token(), &rooms).await?;
    swarm.settle().await;
    let before = Counted::of(&cluster)?;
    let (frames, passing) = (swarm.counts.frames(), swarm.counts.passing());
    let last = show(&mut moderator, &stage.session, &swarm).await?;
    swarm.settle().await;
    let counted = Counted::of(&cluster)?.since(&before);
    let (expected, came) = (u64::from(EVENTS) * swarm.sockets as u64, swarm.counts.frames() - frames);
    figures.must(format!("{} sockets were closed", swarm.counts.ended()), swarm.counts.ended() == 0);
    figures.set("events", EVENTS);
    figures.set("frames", came);
    figures.set("frames_besides_events", came.saturating_sub(expected));
    let besides = swarm.counts.passing().into_iter().map(|(name, count)| {
        let before = passing.get(&name).copied().unwrap_or_default();
        (name, count - before)
    });
    let besides: std::collections::BTreeMap<_, _> = besides.filter(|(_, count)| *count > 0).collect();
    // A count of who is there may fall into the same time.
    figures.must(
        format!("{came} frames came, not {expected}"),
        came == expected || came > expected && !besides.is_empty(),
    );
    figures.set("besides_events_to_those_who_read", json!(besides));
    figures.set("messages_into_the_bus", counted.published);
    figures.set("messages_out_of_the_bus", counted.published * counted.listeners);
    figures.set("command_to_last_socket", last.json());
    let twice = told_twice(&swarm.stop()?);
    figures.must(format!("{twice} pushes were told twice"), twice == 0);
    figures.set("told_twice", twice);
    Ok(figures)
}

/// How many pushes reached somebody who had them already.
fn told_twice(heard: &[Heard]) -> usize {
    let told: std::collections::BTreeSet<_> = heard.iter().map(|one| (one.ear, one.room, one.seq)).collect();
    heard.len() - told.len()
}

/// Shows messages on the session's screen, one at a time, and waits until everyone has each.
async fn show(moderator: &mut Person, room: &str, swarm: &Swarm) -> io::Result<Times> {
    let mut last = Times::new();
    for n in 0..EVENTS {
        let (expected, started) = (swarm.counts.frames() + swarm.sockets as u64, Instant::now());
        let data = json!({"kind": "message", "text": format!("The doors of hall A open in {n} minutes")});
        moderator.act("session.show", room, &data).await?;
        swarm.reach(expected, EVENT_TIMEOUT).await?;
        last.add(started.elapsed());
        moderator.listen_for(&crate::crowd::Tally::default(), PAUSE).await?;
    }
    Ok(last)
}

/// What the bus has carried by now.
struct Counted {
    /// Messages that owners published.
    published: u64,
    /// Nodes that each of them is handed to.
    listeners: u64,
}

impl Counted {
    fn of(cluster: &Cluster) -> io::Result<Self> {
        Ok(Self { published: cluster.redis.published()?, listeners: cluster.redis.listeners()? })
    }

    const fn since(self, before: &Self) -> Self {
        Self { published: self.published - before.published, listeners: self.listeners }
    }
}
