//! `cargo xtask soak`: people come and go, and nothing may be left of them.

use crate::args::Args;
use crate::commands::loadtest;
use crate::failure::Failure;
use crate::machine::cargo;
use crate::program::Program;
use crate::workspace::Workspace;

/// Builds what it needs and becomes the load test's `soak`, with the words as they are.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<(), Failure> {
    let words = [vec!["soak".to_owned()], args.rest()].concat();
    Err(loadtest::program(workspace)?.words(&words).become_it())
}

/// A short soak of the hub as the tests build it.
pub(crate) fn program(workspace: &Workspace, minutes: u32) -> Result<Program, Failure> {
    cargo(workspace, &["build", "-p", "plenum-hub", "-p", "plenum-loadtest"]).run()?;
    let built = workspace.target().join("debug");
    let words = ["soak", "--minutes", &minutes.to_string()];
    let program = Program::new(&built.join("plenum-loadtest").to_string_lossy(), &words);
    Ok(program.within(workspace.root()).env("PLENUM_BIN", built.join("plenum")))
}
