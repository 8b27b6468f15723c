//! `cargo xtask bench`: the figures of docs/benchmarks, measured again.

use crate::args::Args;
use crate::commands::loadtest;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Measures; with `--compare` it fails when a figure got clearly worse than the last one written down.
pub(crate) fn run(workspace: &Workspace, mut args: Args) -> Result<(), Failure> {
    let compare = args.flag("--compare");
    args.finish()?;
    let mut words = vec!["bench".to_owned()];
    words.extend(compare.then(|| "--compare".to_owned()));
    loadtest::program(workspace)?.words(&words).run()
}
