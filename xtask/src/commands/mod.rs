//! The commands, one file each.

mod bench;
pub(crate) mod chaos;
mod demo;
pub(crate) mod r#gen;
pub(crate) mod lint;
mod loadtest;
mod test;

use crate::args::Args;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// A command: how it is typed, what it does.
struct Command {
    usage: &'static str,
    about: &'static str,
    run: fn(&Workspace, Args) -> Result<(), Failure>,
}

const COMMANDS: [Command; 8] = [
    Command {
        usage: "demo [plenum demo's words]",
        about: "builds all and runs a live conference here",
        run: demo::run,
    },
    Command {
        usage: "test [--fast]",
        about: "everything that has to pass; --fast leaves browser and kills out",
        run: test::run,
    },
    Command { usage: "lint", about: "formatting, clippy and tidy", run: lint::run },
    Command { usage: "tidy", about: "arrows, sizes, names, purity, documents", run: lint::run_tidy },
    Command { usage: "gen [--check]", about: "rewrites generated files, or checks them", run: r#gen::run },
    Command {
        usage: "bench [--compare]",
        about: "measures, and compares with the last figures",
        run: bench::run,
    },
    Command { usage: "chaos [--rounds N]", about: "kills the hub under load, N times", run: chaos::run },
    Command { usage: "loadtest [its words]", about: "drives a crowd against a hub", run: loadtest::run },
];

/// Runs the command that the first word names.
pub(crate) fn dispatch(words: &[String]) -> Result<(), Failure> {
    let name = words.first().map_or("help", String::as_str);
    if ["help", "--help", "-h"].contains(&name) {
        println!("{}", help());
        return Ok(());
    }
    let named = |command: &&Command| command.usage.split(' ').next() == Some(name);
    let Some(command) = COMMANDS.iter().find(named) else {
        return Err(Failure::new(format!("there is no command `{name}`\n{}", help())));
    };
    (command.run)(&Workspace::around_here()?, Args::new(&words[1..]))
}

fn help() -> String {
    let line = |command: &Command| format!("  cargo xtask {:<28} {}", command.usage, command.about);
    COMMANDS.iter().map(line).collect::<Vec<_>>().join("\n")
}
