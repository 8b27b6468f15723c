//! Crowds for the hub: what it costs and what it loses, measured from outside.

mod baseline;
mod bench;
mod chaos;
mod children;
mod cluster;
mod conn;
mod crowd;
mod drive;
mod figures;
mod flood;
mod hub;
mod idle;
mod instructions;
mod outage;
mod process;
mod requests;
mod scenario;
mod soak;
mod spread;
mod swarm;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use scenario::{Options, Scenario};

/// Crowds on loopback: votes, questions, talk, reconnect waves, slow phones. Loss and doubles are counted.
#[derive(Parser)]
#[command(name = "plenum-loadtest", version)]
enum Arguments {
    /// Runs a scenario on a hub of its own and prints what was measured as Markdown.
    Run {
        /// Which one.
        scenario: Scenario,
        #[command(flatten)]
        options: Options,
        /// Also writes SCENARIO.json and SCENARIO.md into this folder.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Measures what docs/benchmarks keeps, and writes it there.
    Bench {
        /// Compares with what is written there instead, and fails when a ratio got worse by more than a tenth.
        #[arg(long)]
        compare: bool,
        /// The hub's program.
        #[arg(long, env = "PLENUM_BIN", default_value = "target/release/plenum")]
        hub: PathBuf,
    },
    /// Kills the hub under load and compares what it acknowledged with what is there.
    Chaos(#[command(flatten)] chaos::Options),
    /// Takes the store's database away under load and compares what the hub acknowledged with what is there.
    Outage(#[command(flatten)] outage::Options),
    /// People come and go for a long time: what the hub holds afterwards, and whether its memory grew.
    Soak(#[command(flatten)] soak::Options),
    /// One room's people spread over several hubs: whether events reach all of them, and what the bus carries.
    Spread(#[command(flatten)] spread::Options),
    /// Requests of REST over a tenant with a hundred thousand participants, five hundred a second. On PostgreSQL under
    /// `cargo xtask servers`.
    Requests(#[command(flatten)] requests::Options),
    /// Counts the hub's instructions per vote, delivery and join under callgrind, and compares with docs/benchmarks.
    Instructions {
        /// Keeps the new numbers instead.
        #[arg(long)]
        write: bool,
        /// The hub's program.
        #[arg(long, env = "PLENUM_BIN", default_value = "target/release/plenum")]
        hub: PathBuf,
    },
    /// The people of one hub of `idle_hundred_thousand`.
    #[command(hide = true)]
    IdleCrowd {
        /// The hub.
        hub: std::net::SocketAddr,
        /// The join code of its conference.
        code: String,
        /// How many people.
        people: usize,
        /// What they speak.
        codec: String,
    },
    /// The bare send loop that figures are compared with.
    #[command(hide = true)]
    BaselineServer {
        /// Sockets to wait for.
        sockets: usize,
        /// Bytes of a frame.
        frame_bytes: usize,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse() {
        Arguments::BaselineServer { sockets, frame_bytes } => {
            baseline::serve(sockets, frame_bytes).map(|()| true)
        }
        Arguments::Bench { compare, hub } => wait_for(bench::run(&hub, compare)).flatten(),
        Arguments::Chaos(options) => chaos::run(&options),
        Arguments::Instructions { write, hub } => wait_for(instructions::run(&hub, write)).flatten(),
        Arguments::IdleCrowd { hub, code, people, codec } => {
            wait_for(idle::serve(hub, &code, people, &codec)).flatten().map(|()| true)
        }
        Arguments::Outage(options) => outage::run(&options),
        Arguments::Requests(options) => requests::run(&options),
        Arguments::Soak(options) => wait_for(soak::run(&options)).flatten(),
        Arguments::Spread(options) => spread::run(&options),
        Arguments::Run { scenario, options, out } => run(scenario, &options, out),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("plenum-loadtest: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs on one thread: the load has one core.
fn wait_for<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(tokio::task::LocalSet::new().block_on(&runtime, work))
}

/// Runs a scenario. Returns whether it found no fault.
fn run(scenario: Scenario, options: &Options, out: Option<PathBuf>) -> io::Result<bool> {
    let figures = wait_for(scenario.run(options))??;
    let command: Vec<String> = std::env::args().skip(1).collect();
    let command = format!("plenum-loadtest {}", command.join(" "));
    figures.tell(scenario.name(), &command, out.as_deref())?;
    Ok(figures.faults.is_empty())
}
