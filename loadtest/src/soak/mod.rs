//! A crowd that comes and goes for a long time: what the hub holds afterwards, and whether its memory grew.

mod fill;
mod held;
mod person;
mod slope;

use std::cell::Cell;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use plenum_rooms::engine::sample::Dice;
use serde_json::json;

use crate::figures::Figures;
use crate::hub::{Hub, Stage};
use crate::process;
use crate::scenario::Folder;
use held::Held;
use person::{Done, Place};
use slope::Slope;

/// What a soak is run with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The hub's program.
    #[arg(long, env = "PLENUM_BIN", default_value = "target/release/plenum")]
    pub(crate) hub: PathBuf,
    /// How long people come and go.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) minutes: f64,
    /// How many people come and go at the same time.
    #[arg(long, default_value_t = 120)]
    pub(crate) people: usize,
    /// The hub's shards.
    #[arg(long, default_value_t = 2)]
    pub(crate) shards: u32,
    /// Decides what people do.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Also writes soak.json and soak.md into this folder.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// Memory is looked at this often.
const LOOK: Duration = Duration::from_secs(1);
/// Caches fill in this part of the time; what memory does then is no leak.
const WARM_UP: f64 = 0.3;
/// Memory may grow by this much in an hour, in percent: told from chance only by a run of this length.
const GROWTH_PER_HOUR: f64 = 1.0;
const LONG_ENOUGH: Duration = Duration::from_secs(20 * 60);
/// In a shorter run, memory may end this much above where it was after the warm-up, in percent.
const GROWTH_OF_A_SHORT_RUN: f64 = 10.0;
/// So long the hub may take to let go of everything: limits are forgotten once a minute.
const LET_GO: Duration = Duration::from_secs(150);

/// Runs a soak and prints what was seen. Returns whether nothing is held and memory stayed.
///
/// # Errors
/// The hub cannot be started or set up.
pub(crate) async fn run(options: &Options) -> io::Result<bool> {
    let figures = soak(options).await?;
    let command = format!("cargo xtask soak --minutes {} --people {}", options.minutes, options.people);
    figures.tell("soak", &command, options.out.as_deref())?;
    let failed = figures.faults.len();
    println!("{} passed, {failed} failed", usize::from(failed == 0));
    Ok(failed == 0)
}

async fn soak(options: &Options) -> io::Result<Figures> {
    let folder = Folder::new()?;
    let mut hub = Hub::start(&options.hub.canonicalize()?, folder.path(), options.shards)?;
    let place = Rc::new(prepare(&hub, options.people)?);
    // The limits are part of what must be let go of: they were off for the preparation.
    hub.restart_with(&[("PLENUM__LIMITS__COMMANDS_PER_S", "50")])?;
    let before = Held::of(&hub)?;
    if options.minutes * 60.0 >= LONG_ENOUGH.as_secs_f64() {
        fill::fill(&hub, &place).await?;
    }
    let (done, memory) = churn(&hub, &place, options).await?;
    let mut figures = Figures::default();
    report(&mut figures, options, &done, &memory);
    let left = held::when_everyone_left(&hub, &before, LET_GO).await?;
    for (what, count) in &left.0 {
        figures.set(&format!("held_{what}"), *count);
        let was = before.0.get(what).copied().unwrap_or_default();
        figures
            .must(format!("{count} {what} are held after everyone left, {was} were before"), *count <= was);
    }
    Ok(figures)
}

/// A stage with a poll, and people who may enter.
fn prepare(hub: &Hub, people: usize) -> io::Result<Place> {
    let stage: Stage = hub.stage("Soak")?;
    let (_, poll) = hub.open_poll(&stage, true)?;
    let tokens = hub.join_people(&stage, people)?;
    Ok(Place { address: hub.address, session: stage.session, messaging: stage.messaging, poll, tokens })
}

/// Everyone comes and goes until the time is over. Returns what they did, and the hub's memory from second to second.
async fn churn(hub: &Hub, place: &Rc<Place>, options: &Options) -> io::Result<(Rc<Done>, Slope)> {
    let (done, start) = (Rc::new(Done::default()), Instant::now());
    let until = start + Duration::from_secs_f64(options.minutes * 60.0);
    let mut people = tokio::task::JoinSet::new();
    for n in 0..options.people {
        let (place, done) = (Rc::clone(place), Rc::clone(&done));
        let dice = Dice::new(options.seed + n as u64);
        people.spawn_local(async move {
            if let Err(error) = person::come_and_go(&place, n, dice, until, &done).await {
                done.fault(&error);
            }
        });
    }
    let mut memory = Slope::default();
    while Instant::now() < until {
        tokio::time::sleep(LOOK).await;
        memory.add(start.elapsed(), process::rss_bytes(hub.pid()));
    }
    while let Some(left) = people.join_next().await {
        left.map_err(io::Error::other)?;
    }
    Ok((done, memory))
}

fn report(figures: &mut Figures, options: &Options, done: &Done, memory: &Slope) {
    let warm = memory.after(WARM_UP);
    figures.set("minutes", options.minutes);
    figures.set("people_at_a_time", options.people);
    figures.set("came_and_went", done.came.get());
    figures.set("commands_counted", done.counted.get());
    figures.set("reconnects", done.reconnects.get());
    figures.set("slow_readers", done.slow.get());
    figures.set("refused", json!(*done.refused.borrow()));
    figures.set("rss_mb_after_warm_up", round(warm.first_mb()));
    figures.set("rss_mb_at_the_end", round(warm.last_mb()));
    figures.set("rss_slope_percent_per_hour", round(warm.percent_per_hour()));
    let faults = done.faults.borrow();
    figures.must(
        format!("{} people met something else than they should: {:?}", faults.len(), faults.first()),
        faults.is_empty(),
    );
    figures.must("nobody did anything", done.counted.get() > 0);
    if options.minutes * 60.0 >= LONG_ENOUGH.as_secs_f64() {
        let slope = warm.percent_per_hour();
        figures.must(format!("memory grows by {slope:.2} % an hour"), slope <= GROWTH_PER_HOUR);
    } else {
        let growth = warm.growth_percent();
        figures
            .must(format!("memory grew by {growth:.1} % after the warm-up"), growth <= GROWTH_OF_A_SHORT_RUN);
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Adds one.
fn count(cell: &Cell<u64>) {
    cell.set(cell.get() + 1);
}
