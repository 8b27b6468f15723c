//! Takes the store's database away while people act, and compares what was acknowledged with what is there at the end.

mod watch;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::chaos::{Crowd, compare};
use crate::cluster::{Gate, Passage};
use crate::hub::{Hub, Stage};
use crate::scenario::Folder;
use watch::Seen;

/// What the outage is run with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The hub's program.
    #[arg(long, env = "PLENUM_BIN", default_value = "target/debug/plenum")]
    pub(crate) hub: PathBuf,
    /// An empty PostgreSQL database, as `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    #[arg(long, env = "PLENUM_TEST_POSTGRES_URL")]
    pub(crate) store: String,
    /// How long the database is away.
    #[arg(long, default_value_t = 60)]
    pub(crate) away_s: u64,
    /// How many people act meanwhile.
    #[arg(long, default_value_t = 24)]
    pub(crate) people: usize,
    /// How large the hub's journal may grow, in bytes; 0 means as the disk allows. A small one is full before the
    /// database is back.
    #[arg(long, default_value_t = 0)]
    pub(crate) journal_bytes: u64,
    /// Decides what people do.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// How long people act before the database goes.
const BEFORE: Duration = Duration::from_secs(2);
/// Records that a store which follows may be behind while people act.
const NEARLY_NONE: u64 = 500;
/// How long the store may take to have all that happened without it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs it and prints a summary. Returns whether nothing was lost, doubled or hidden.
///
/// # Errors
/// The hub or the gate to the database cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let faults = runtime.block_on(outage(options))?;
    for fault in &faults {
        println!("outage: {fault}");
    }
    let failed = faults.len();
    println!("{} passed, {failed} failed", u32::from(failed == 0));
    Ok(failed == 0)
}

async fn outage(options: &Options) -> io::Result<Vec<String>> {
    let folder = Folder::new()?;
    let (login, server, database) = parts(&options.store)?;
    let server = tokio::net::lookup_host(&server).await?.next();
    let server = server.ok_or_else(|| io::Error::other("--store: the server has no address"))?;
    let gate = Gate::to(server).await?;
    let store = format!("{login}@{}/{database}", gate.address);
    let (hub, stage, polls, tokens) = tokio::task::block_in_place(|| prepared(options, &folder, store))?;
    let crowd = Crowd::gather(hub.address, &stage, &polls, tokens, options.seed).await;
    tokio::time::sleep(BEFORE).await;

    gate.set(Passage::Cut);
    let seen = Seen::during(Duration::from_secs(options.away_s), &hub, &crowd).await?;
    gate.set(Passage::Open);
    let mut faults = seen.faults(options.journal_bytes > 0);
    let all_in = followed(&hub).await?;
    if all_in.is_none() {
        let said = hub.readiness()?["save_lag"]["reason"].to_string();
        faults.push(format!("the store does not follow {} s after it was back: {said}", PATIENCE.as_secs()));
    }
    let (ledger, rest) = crowd.finish().await;
    faults.extend(compare(&hub, &stage, &ledger, &rest).await?.iter().map(ToString::to_string));
    println!(
        "outage: the database was away for {} s under {} people (seed {}): {}; it had all of it {:.1} s after it was back; {}",
        options.away_s,
        options.people,
        options.seed,
        seen.words(),
        all_in.unwrap_or(PATIENCE).as_secs_f64(),
        ledger.counts(),
    );
    Ok(faults)
}

/// What stands before the server, the server, and the database's name.
fn parts(url: &str) -> io::Result<(String, String, String)> {
    let split = || {
        let (login, rest) = url.rsplit_once('@')?;
        let (server, database) = rest.split_once('/')?;
        Some((login.to_owned(), server.to_owned(), database.to_owned()))
    };
    split().ok_or_else(|| io::Error::other("--store wants postgres://USER:PASSWORD@HOST:PORT/DATABASE"))
}

type Prepared = (Hub, Stage, Vec<String>, Vec<String>);

fn prepared(options: &Options, folder: &Folder, store: String) -> io::Result<Prepared> {
    let program = options
        .hub
        .canonicalize()
        .map_err(|error| io::Error::other(format!("{}: {error}", options.hub.display())))?;
    let variables = vec![
        ("PLENUM__STORE__URL", store),
        ("PLENUM__JOURNAL__SIZE_BYTES_MAX", options.journal_bytes.to_string()),
    ];
    let hub = Hub::start_with(&program, folder.path(), 2, &variables)?;
    let stage = hub.stage("Outage")?;
    let polls = (0..3).map(|_| hub.open_poll(&stage, true).map(|(_, room)| room));
    let polls = polls.collect::<io::Result<Vec<_>>>()?;
    let tokens = hub.join_people(&stage, options.people)?;
    Ok((hub, stage, polls, tokens))
}

/// How long it took until the store followed the journal again; nothing when it took too long.
async fn followed(hub: &Hub) -> io::Result<Option<Duration>> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if watch::lag(hub)? < NEARLY_NONE && watch::database(hub)?.0 == "ok" {
            return Ok(Some(start.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(None)
}
