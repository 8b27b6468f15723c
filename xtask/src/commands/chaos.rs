//! `cargo xtask chaos`: kills the hub under load and compares what was acknowledged with what is there; with `--hubs N`
//! several of them, over a Redis and a PostgreSQL, and not only by killing.

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::{self, cargo};
use crate::program::Program;
use crate::servers::Servers;
use crate::workspace::Workspace;

/// How many kills when nobody says.
const ROUNDS: u32 = 300;

/// Builds what it needs and runs the load test's `chaos`; among several hubs, beside the servers that they share.
pub(crate) fn run(workspace: &Workspace, mut args: Args) -> Result<(), Failure> {
    let rounds = match args.value("--rounds")? {
        None => ROUNDS,
        Some(word) => {
            word.parse().map_err(|_| Failure::new(format!("--rounds wants a number, not `{word}`")))?
        }
    };
    let more = args.rest();
    let has_several = more.iter().any(|word| word == "--hubs" || word.starts_with("--hubs="));
    if has_several {
        machine::install_packages_for_servers()?;
    }
    let program = program(workspace, rounds)?.words(&more);
    match has_several {
        true => Servers::start()?.told_to(program).run(),
        false => Err(program.become_it()),
    }
}

/// The load test's `chaos`, ready to run against a hub of this tree.
pub(crate) fn program(workspace: &Workspace, rounds: u32) -> Result<Program, Failure> {
    cargo(workspace, &["build", "-p", "plenum-hub", "-p", "plenum-loadtest"]).run()?;
    let built = workspace.target().join("debug");
    let program = Program::new(
        &built.join("plenum-loadtest").to_string_lossy(),
        &["chaos", "--rounds", &rounds.to_string()],
    );
    Ok(program.within(workspace.root()).env("PLENUM_BIN", built.join("plenum")))
}
