//! Kills the hub under load, again and again, and compares what it acknowledged with what is there at the end.

mod crowd;
mod fault;
mod held;
mod ledger;
mod many;
mod nemesis;
mod order;
mod person;
mod pulse;
mod troubles;
mod truth;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plenum_rooms::engine::sample::Dice;

use crate::hub::{Hub, Stage};
use crate::scenario::Folder;
pub(crate) use crowd::Crowd;
pub(crate) use fault::Fault;
pub(crate) use truth::compare;

/// What the kills are run with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The hub's program.
    #[arg(long, env = "PLENUM_BIN", default_value = "target/debug/plenum")]
    pub(crate) hub: PathBuf,
    /// How often the hub is killed.
    #[arg(long, default_value_t = 30)]
    pub(crate) rounds: u32,
    /// How many people act meanwhile.
    #[arg(long, default_value_t = 24)]
    pub(crate) people: usize,
    /// How many hubs there are. With more than one they share a Redis and a store, and besides being killed they are paused,
    /// cut off from each other and from what they share, and restarted; so is Redis.
    #[arg(long, default_value_t = 1)]
    pub(crate) hubs: usize,
    /// Nothing happens to several hubs but that one after the other is told to end and started again, as when they are updated:
    /// then no command may be refused because of it.
    #[arg(long)]
    pub(crate) rolling: bool,
    /// Decides when the hub is killed and what people do.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Leaves the data and the logs of several hubs where they are.
    #[arg(long)]
    pub(crate) keep: bool,
    /// Puts the hub's data back to the kill before, once: to see that a hub that forgets is noticed.
    #[arg(long, hide = true)]
    pub(crate) forget: bool,
}

/// A kill comes this long after the start, at least and at most, in milliseconds.
const ALIVE_MS: std::ops::Range<u64> = 60..900;

/// What happened, for the one line at the end.
struct Summary {
    kills: u32,
    /// How long each start took until the hub answered.
    starts: Vec<Duration>,
    took: Duration,
    counts: String,
    faults: Vec<Fault>,
}

/// Runs all rounds and prints a summary. Returns whether nothing was lost, doubled or wrong.
///
/// # Errors
/// The hub cannot be started, again or at all.
pub(crate) fn run(options: &Options) -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if options.rolling && options.hubs < 2 {
        return Err(io::Error::other("--rolling wants several --hubs"));
    }
    if options.hubs > 1 {
        return runtime.block_on(many::run(options));
    }
    let summary = runtime.block_on(rounds(options))?;
    for fault in &summary.faults {
        println!("chaos: {fault}");
    }
    println!(
        "chaos: {} kills of the hub under {} people (seed {}): {}; {}; {}, {:.1} s in all",
        summary.kills,
        options.people,
        options.seed,
        summary.counts,
        fault::counts(&summary.faults),
        starts(&summary.starts),
        summary.took.as_secs_f64(),
    );
    let failed = summary.faults.len() as u32;
    println!("{} passed, {failed} failed", if failed == 0 { summary.kills } else { 0 });
    Ok(failed == 0)
}

/// How long starts took, in words.
fn starts(starts: &[Duration]) -> String {
    let mut sorted = starts.to_vec();
    sorted.sort();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let slowest = starts.iter().enumerate().max_by_key(|(_, took)| **took);
    let slowest = slowest.map_or((0, 0), |(round, took)| (round + 1, took.as_millis()));
    format!("start {} ms in the middle, {} ms at worst (kill {})", median.as_millis(), slowest.1, slowest.0)
}

async fn rounds(options: &Options) -> io::Result<Summary> {
    let start = Instant::now();
    let folder = Folder::new()?;
    let (mut hub, stage, polls) = tokio::task::block_in_place(|| prepared(options, &folder))?;
    let tokens = tokio::task::block_in_place(|| hub.join_people(&stage, options.people))?;
    let crowd = Crowd::gather(hub.address, &stage, &polls, tokens, options.seed).await;
    let mut dice = Dice::new(options.seed);
    let mut starts = Vec::new();
    for round in 0..options.rounds {
        tokio::time::sleep(Duration::from_millis(ALIVE_MS.start + dice.below(ALIVE_MS.end - ALIVE_MS.start)))
            .await;
        tokio::task::block_in_place(|| hub.kill())?;
        if options.forget {
            forget(&folder, round, options.rounds)?;
        }
        let started = Instant::now();
        tokio::task::block_in_place(|| hub.spawn())?;
        starts.push(started.elapsed());
    }
    let (ledger, rest) = crowd.finish().await;
    let faults = compare(&hub, &stage, &ledger, &rest).await?;
    let (kills, took) = (options.rounds, start.elapsed());
    Ok(Summary { kills, starts, took, counts: ledger.counts(), faults })
}

/// Keeps a copy of the hub's data at the last kill but one, and puts it back at the last.
fn forget(folder: &Folder, round: u32, rounds: u32) -> io::Result<()> {
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    match rounds - round {
        2 => copy_files(&data, &copy),
        1 => copy_files(&copy, &data),
        _ => Ok(()),
    }
}

fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for file in std::fs::read_dir(to)?.collect::<io::Result<Vec<_>>>()? {
        std::fs::remove_file(file.path())?;
    }
    for file in std::fs::read_dir(from)? {
        let file = file?;
        std::fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

fn program(options: &Options) -> io::Result<PathBuf> {
    let missing = |error| io::Error::other(format!("{}: {error}", options.hub.display()));
    options.hub.canonicalize().map_err(missing)
}

fn prepared(options: &Options, folder: &Folder) -> io::Result<(Hub, Stage, Vec<String>)> {
    let program = program(options)?;
    let hub = Hub::start(&program, folder.path(), 2)?;
    let (stage, polls) = furnished(&hub)?;
    Ok((hub, stage, polls))
}

/// A stage with polls that are open.
fn furnished(hub: &Hub) -> io::Result<(Stage, Vec<String>)> {
    let stage = hub.stage("Chaos")?;
    let polls = (0..3).map(|_| hub.open_poll(&stage, true).map(|(_, room)| room));
    let polls = polls.collect::<io::Result<Vec<_>>>()?;
    Ok((stage, polls))
}
