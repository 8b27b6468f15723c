//! `cargo xtask loadtest`: a crowd against a hub, both built as they would be shipped.

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::cargo;
use crate::program::Program;
use crate::workspace::Workspace;

/// Builds hub and load test and becomes the load test, with the words as they are.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<(), Failure> {
    Err(program(workspace)?.words(&args.rest()).become_it())
}

/// The load test in its release build, with a hub beside it.
pub(crate) fn program(workspace: &Workspace) -> Result<Program, Failure> {
    cargo(workspace, &["build", "--release", "-p", "plenum-hub", "-p", "plenum-loadtest"]).run()?;
    let built = workspace.target().join("release");
    let program = Program::new(&built.join("plenum-loadtest").to_string_lossy(), &[]);
    Ok(program.within(workspace.root()).env("PLENUM_BIN", built.join("plenum")))
}
