//! `cargo xtask new-room`: a new kind of room that passes every suite as it is.

use crate::args::Args;
use crate::failure::Failure;
use crate::machine::cargo;
use crate::new_room::{Name, make};
use crate::workspace::Workspace;

use super::r#gen;

/// Writes the kind, formats the registry, and lets the generators write its golden files.
pub(crate) fn run(workspace: &Workspace, mut args: Args) -> Result<(), Failure> {
    let name = Name::parse(&args.word("NAME")?)?;
    args.finish()?;
    for path in make(workspace, &name)? {
        println!("  wrote {path}");
    }
    cargo(workspace, &["fmt", "-p", "plenum-rooms"]).run()?;
    r#gen::rewrite_rooms(workspace)
}
