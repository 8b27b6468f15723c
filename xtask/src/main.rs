//! Development commands of the workspace: `cargo xtask <command>`.
//!
//! A plain program on the standard library: it runs the other tools and never links our own crates, so it
//! still builds when they do not.

mod args;
mod commands;
mod counts;
mod failure;
mod machine;
mod new_room;
mod program;
mod servers;
mod steps;
mod tidy;
mod tree;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match commands::dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
