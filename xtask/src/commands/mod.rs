//! The commands, one file each.

mod bench;
pub(crate) mod chaos;
mod demo;
pub(crate) mod r#gen;
pub(crate) mod lint;
mod loadtest;
mod new_room;
pub(crate) mod outage;
mod servers;
pub(crate) mod soak;
mod test;

use crate::args::Args;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// A command: how it is typed, what it does.
struct Command {
    usage: &'static str,
    about: &'static str,
    run: Run,
}

type Run = fn(&Workspace, Args) -> Result<(), Failure>;

const COMMANDS: [Command; 12] = [
    command("demo [plenum demo's words]", "builds all and runs a live conference here", demo::run),
    command("test [--fast]", "everything that has to pass; --fast leaves browser and kills out", test::run),
    command("lint", "formatting, clippy and tidy", lint::run),
    command("tidy", "arrows, sizes, names, purity, documents", lint::run_tidy),
    command("gen [--check]", "rewrites generated files, or checks them", r#gen::run),
    command("new-room NAME", "a new kind of room that passes every suite", new_room::run),
    command("bench [--compare]", "measures, and compares with the last figures", bench::run),
    command("chaos [--rounds N]", "kills the hub under load, N times", chaos::run),
    command("outage [--away-s N]", "takes the database away under load", outage::run),
    command("servers CMD...", "runs a command beside a PostgreSQL and a Redis for tests", servers::run),
    command("soak [--minutes N]", "people come and go; what is left of them", soak::run),
    command("loadtest [its words]", "drives a crowd against a hub", loadtest::run),
];

const fn command(usage: &'static str, about: &'static str, run: Run) -> Command {
    Command { usage, about, run }
}

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
