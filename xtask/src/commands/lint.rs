//! `cargo xtask lint` and `cargo xtask tidy`: what is decided without running the product.

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::cargo;
use crate::tidy;
use crate::tree::Tree;
use crate::workspace::Workspace;

/// All three, cheapest first.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<(), Failure> {
    args.finish()?;
    formatting(workspace)?;
    tidy(workspace)?;
    clippy(workspace)
}

/// Tidy alone.
pub(crate) fn run_tidy(workspace: &Workspace, args: Args) -> Result<(), Failure> {
    args.finish()?;
    tidy(workspace)
}

/// Whether rustfmt would change nothing.
pub(crate) fn formatting(workspace: &Workspace) -> Result<(), Failure> {
    cargo(workspace, &["fmt", "--all", "--check"]).run()
}

/// Clippy over all targets, warnings refused.
pub(crate) fn clippy(workspace: &Workspace) -> Result<(), Failure> {
    cargo(workspace, &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]).run()
}

/// The checks that no compiler makes.
pub(crate) fn tidy(workspace: &Workspace) -> Result<(), Failure> {
    let tree = Tree::read(workspace.root())?;
    let findings = tidy::findings(&tree);
    for finding in &findings {
        println!("  {finding}");
    }
    println!("  {}", tidy::size_report(&tree));
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("{} things are out of order", findings.len())))
    }
}
