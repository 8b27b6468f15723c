//! Requests of REST over a large tenant, at a pace: how long they take while five hundred a second come.

mod large;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use plenum_rooms::engine::sample::Dice;
use serde_json::json;

use crate::cluster::Database;
use crate::figures::{Figures, Times};
use crate::hub::Hub;
use crate::process;
use crate::scenario::Folder;
use large::Large;

/// What it is run with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The hub's program.
    #[arg(long, env = "PLENUM_BIN", default_value = "target/release/plenum")]
    pub(crate) hub: PathBuf,
    /// How many participants the conference has.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) participants: usize,
    /// How many sessions.
    #[arg(long, default_value_t = 5_000)]
    pub(crate) sessions: usize,
    /// How many requests come in a second.
    #[arg(long, default_value_t = 500.0)]
    pub(crate) per_s: f64,
    /// For how long, in seconds.
    #[arg(long, default_value_t = 10)]
    pub(crate) seconds: u64,
    /// Also writes requests.json and requests.md into this folder.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// Connections that are kept open: as many as a busy organiser's office has.
const CONNECTIONS: usize = 32;
/// 95 of 100 requests take at most this, in milliseconds.
const GOAL_P95_MS: f64 = 100.0;
/// What is asked for, and how often among [`OF`] requests.
const ASKED: [(&str, u64); 8] = [
    ("list_sessions", 20),
    ("search_programme", 20),
    ("list_participants", 10),
    ("search_participants", 10),
    ("one_session", 15),
    ("one_participant", 10),
    ("conference", 10),
    ("edit_session", 5),
];
const OF: u64 = 100;

/// Runs it and prints what was measured. Returns whether every request was answered well.
///
/// # Errors
/// The hub cannot be started, or its tenant cannot be filled.
pub(crate) fn run(options: &Options) -> io::Result<bool> {
    let figures = measure(options)?;
    let command = format!(
        "plenum-loadtest requests --participants {} --sessions {} --per-s {}",
        options.participants, options.sessions, options.per_s
    );
    figures.tell("requests", &command, options.out.as_deref())?;
    Ok(figures.faults.is_empty())
}

fn measure(options: &Options) -> io::Result<Figures> {
    let folder = Folder::new()?;
    let database = Database::new(folder.path())?;
    process::leave_the_first_core();
    let variables = [("PLENUM__STORE__URL", database.url(None))];
    let program = options.hub.canonicalize()?;
    let (hub, large) = large::filled(&program, folder.path(), &variables, options)?;
    database.settle()?;
    let (before, start) = (process::cpu_ns(hub.pid()), Instant::now());
    let (times, refused) = ask_all(&hub, &large, options);
    let cpu_s = (process::cpu_ns(hub.pid()) - before) as f64 / 1e9;
    let mut figures = Figures::default();
    figures.set("store", database.name());
    figures.set("participants", options.participants);
    figures.set("sessions", options.sessions);
    let mut all = Times::new();
    for ((what, _), times) in ASKED.iter().zip(&times) {
        all.merge(times);
        figures.set(what, times.json());
    }
    figures.set("all", all.json());
    figures.set("asked_per_s", (all.count() as f64 / start.elapsed().as_secs_f64()).round());
    figures.set("hub_cores", (cpu_s / start.elapsed().as_secs_f64() * 100.0).round() / 100.0);
    figures.goal("p95_ms", all.ms(95.0), GOAL_P95_MS);
    figures.must(format!("{} were refused, first: {:?}", refused.len(), refused.first()), refused.is_empty());
    Ok(figures)
}

/// Asks at an even pace from [`CONNECTIONS`] connections. A request's time begins when it was due: what waits for a slow
/// one before it counts as slow as well.
fn ask_all(hub: &Hub, large: &Large, options: &Options) -> ([Times; ASKED.len()], Vec<String>) {
    let (count, next) = ((options.per_s * options.seconds as f64) as usize, AtomicUsize::new(0));
    let start = Instant::now() + Duration::from_millis(100);
    let ask = |_| {
        let agent = ureq::Agent::new_with_defaults();
        let (mut times, mut refused) = (std::array::from_fn(|_| Times::new()), Vec::new());
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return (times, refused);
            }
            let due = start + Duration::from_secs_f64(n as f64 / options.per_s);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let mut dice = Dice::new(n as u64);
            let what = drawn(&mut dice);
            match request(&agent, hub, large, ASKED[what].0, &mut dice) {
                Ok(()) => times[what].add(due.elapsed()),
                Err(why) => refused.push(format!("{}: {why}", ASKED[what].0)),
            }
        }
    };
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..CONNECTIONS).map(|n| scope.spawn(move || ask(n))).collect();
        let mut all = (std::array::from_fn(|_| Times::new()), Vec::new());
        for one in asking {
            let (times, refused): ([Times; ASKED.len()], Vec<String>) =
                one.join().expect("asking does not panic");
            all.0.iter_mut().zip(&times).for_each(|(all, times): (&mut Times, _)| all.merge(times));
            all.1.extend(refused);
        }
        all
    })
}

/// The number of what is asked for next.
fn drawn(dice: &mut Dice) -> usize {
    let mut left = dice.below(OF);
    for (n, (_, share)) in ASKED.iter().enumerate() {
        if left < *share {
            return n;
        }
        left -= share;
    }
    ASKED.len() - 1
}

fn request(agent: &ureq::Agent, hub: &Hub, large: &Large, what: &str, dice: &mut Dice) -> Result<(), String> {
    let mut below = |most: usize| dice.below(most.max(1) as u64) as usize;
    let conference = &large.conference;
    let session = &large.sessions[below(large.sessions.len())];
    let participant = &large.participants[below(large.participants.len())];
    let path = match what {
        "list_sessions" => {
            format!(
                "/conferences/{conference}/sessions?per_page=50&page={}",
                1 + below(large.session_count / 50)
            )
        }
        "search_programme" => {
            format!("/conferences/{conference}/search?q={}", large::WORDS[below(large::WORDS.len())])
        }
        "list_participants" => format!(
            "/conferences/{conference}/participants?per_page=50&page={}",
            1 + below(large.participant_count / 50)
        ),
        "search_participants" => format!(
            "/conferences/{conference}/participants?per_page=25&search={}%20{}",
            large::NAMES[below(large::NAMES.len())],
            below(large.participant_count)
        ),
        "one_participant" => format!("/participants/{participant}"),
        "conference" => format!("/conferences/{conference}"),
        _ => format!("/sessions/{session}"),
    };
    let url = hub.url(&path);
    let answer = if what == "edit_session" {
        let body = json!({"title": format!("Talk {} of the afternoon", below(1_000))});
        hub.by_organiser(agent.patch(&url)).send_json(&body)
    } else {
        hub.by_organiser(agent.get(&url)).call()
    };
    let mut answer = answer.map_err(|error| error.to_string())?;
    let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("{} {text}", answer.status())) }
}
