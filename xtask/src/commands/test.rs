//! `cargo xtask test`: everything that has to pass before a change lands.

use crate::args::Args;
use crate::failure::Failure;
use crate::steps;
use crate::workspace::Workspace;

/// Installs what is missing, runs every step, closes with a table and `N passed, N failed`.
pub(crate) fn run(workspace: &Workspace, mut args: Args) -> Result<(), Failure> {
    let fast = args.flag("--fast");
    args.finish()?;
    steps::run_all(workspace, fast)
}
