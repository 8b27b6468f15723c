//! `cargo xtask chaos`: kills the hub under load and compares what was acknowledged with what is there.

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::cargo;
use crate::program::Program;
use crate::workspace::Workspace;

/// How many kills when nobody says.
const ROUNDS: u32 = 300;

/// Builds what it needs and becomes the load test's `chaos`.
pub(crate) fn run(workspace: &Workspace, mut args: Args) -> Result<(), Failure> {
    let rounds = match args.value("--rounds")? {
        None => ROUNDS,
        Some(word) => {
            word.parse().map_err(|_| Failure::new(format!("--rounds wants a number, not `{word}`")))?
        }
    };
    let more = args.rest();
    Err(program(workspace, rounds)?.words(&more).become_it())
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
