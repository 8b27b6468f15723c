//! `cargo xtask servers CMD…`: one command with the servers that tests want, for work on what needs them.

use crate::args::Args;
use crate::failure::Failure;
use crate::program::Program;
use crate::servers::Servers;
use crate::workspace::Workspace;

/// Starts the servers, runs the command, ends the servers.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<(), Failure> {
    let words = args.rest();
    let Some((name, words)) = words.split_first() else {
        return Err(Failure::new(
            "which command? for example `cargo xtask servers cargo test -p plenum-persistence`",
        ));
    };
    let program = Program::new(name, &[]).words(words).within(workspace.root());
    Servers::start()?.told_to(program).run()
}
