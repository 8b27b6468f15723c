//! `cargo xtask gen`: files that are written by tests and kept in the repository.
//!
//! Such a test compares what it made with the file; under `PLENUM_GEN=1` it writes the file instead.

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::cargo;
use crate::workspace::Workspace;

/// A crate whose tests write files.
pub(crate) struct Generator {
    /// Its folder, with the slash at the end.
    pub(crate) folder: &'static str,
    package: &'static str,
    /// Part of the names of the tests that write.
    tests: &'static str,
    writes: &'static str,
}

/// Every generator.
pub(crate) const GENERATORS: [Generator; 3] = [
    Generator {
        folder: "clients/protocol/",
        package: "plenum-protocol",
        tests: "as_written_down",
        writes: "clients/protocol/golden",
    },
    Generator {
        folder: "hub/",
        package: "plenum-hub",
        tests: "as_written_down",
        writes: "config/plenum.example.toml",
    },
    Generator {
        folder: "rooms/",
        package: "plenum-rooms",
        tests: "as_written_down",
        writes: "rooms/src/kinds/*/golden",
    },
];

/// `gen` rewrites, `gen --check` fails when something is stale.
pub(crate) fn run(workspace: &Workspace, mut args: Args) -> Result<(), Failure> {
    let check = args.flag("--check");
    args.finish()?;
    run_generators(workspace, check)
}

/// Runs every generator; all of them, even when one fails, so that one run shows all that is stale.
pub(crate) fn run_generators(workspace: &Workspace, check: bool) -> Result<(), Failure> {
    let mut stale = Vec::new();
    for generator in &GENERATORS {
        println!("  {} ({})", generator.writes, generator.package);
        if run_one(workspace, generator, check).is_err() {
            stale.push(generator.writes);
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("stale or failing: {} (`cargo xtask gen` rewrites them)", stale.join(", "))))
}

fn run_one(workspace: &Workspace, generator: &Generator, check: bool) -> Result<(), Failure> {
    let runner: &[&str] = if nextest_is_here(workspace) { &["nextest", "run"] } else { &["test"] };
    let program = cargo(workspace, &[runner, &["-p", generator.package, generator.tests]].concat());
    if check { program.run() } else { program.env("PLENUM_GEN", "1").run() }
}

/// Lets the rooms write their golden files, for a kind that has none yet.
pub(crate) fn rewrite_rooms(workspace: &Workspace) -> Result<(), Failure> {
    let mut rooms = GENERATORS.iter().filter(|generator| generator.folder == "rooms/");
    rooms.try_for_each(|rooms| run_one(workspace, rooms, false))
}

/// Whether cargo-nextest is installed.
pub(crate) fn nextest_is_here(workspace: &Workspace) -> bool {
    cargo(workspace, &["nextest", "--version"]).succeeds()
}
