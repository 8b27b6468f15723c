//! `cargo xtask bench`: the figures of docs/benchmarks, measured again.

use crate::args::Args;
use crate::commands::loadtest;
use crate::failure::Failure;
use crate::machine::{self, cargo};
use crate::program::Program;
use crate::workspace::Workspace;

/// The parts that are measured on their own, each in its crate.
const MICRO: [&str; 3] = ["plenum-protocol", "plenum-rooms", "plenum-persistence"];

/// Measures parts, instructions and crowds, in this order: what needs no quiet machine comes first. With `--compare` it
/// fails when a figure got clearly worse than the last one written down; `--write-instructions` counts instructions only,
/// and keeps them.
pub(crate) fn run(workspace: &Workspace, mut args: Args) -> Result<(), Failure> {
    let (compare, write) = (args.flag("--compare"), args.flag("--write-instructions"));
    args.finish()?;
    machine::install_packages_for_benches()?;
    if write {
        return program(workspace, &["instructions", "--write"])?.run();
    }
    for package in MICRO {
        cargo(workspace, &["bench", "-p", package]).run()?;
    }
    program(workspace, &["instructions"])?.run()?;
    program(workspace, if compare { &["bench", "--compare"] } else { &["bench"] })?.run()
}

fn program(workspace: &Workspace, words: &[&str]) -> Result<Program, Failure> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    Ok(loadtest::program(workspace)?.words(&words))
}
