//! `cargo xtask outage`: takes the store's database away under load.

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::{self, cargo};
use crate::program::Program;
use crate::servers::Servers;
use crate::workspace::Workspace;

/// Builds what it needs and runs the load test's `outage` beside a PostgreSQL of its own, with the words as they are.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<(), Failure> {
    machine::install_packages_for_servers()?;
    let servers = Servers::start()?;
    servers.told_to(program(workspace)?.words(&args.rest())).run()
}

/// The load test's `outage`, ready to run against a hub of this tree.
pub(crate) fn program(workspace: &Workspace) -> Result<Program, Failure> {
    cargo(workspace, &["build", "-p", "plenum-hub", "-p", "plenum-loadtest"]).run()?;
    let built = workspace.target().join("debug");
    let program = Program::new(&built.join("plenum-loadtest").to_string_lossy(), &["outage"]);
    Ok(program.within(workspace.root()).env("PLENUM_BIN", built.join("plenum")))
}
