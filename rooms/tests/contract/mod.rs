//! What every kind of room keeps to, proved with the kind's own made-up traffic. A new kind is tested without one new
//! test: it only has to be in the registry.

mod bounds;
mod golden;
mod play;
mod records;
mod rights;
mod rubbish;
mod wire;

use plenum_rooms::kinds::{KINDS, Kind};

use play::Play;

/// Different rooms that each test plays.
const SEEDS: u64 = 4;
/// Commands in each of them.
const COMMANDS: usize = 120;

/// Plays every kind with every seed.
fn with_every_kind(test: impl Fn(&'static Kind, u64)) {
    for kind in KINDS {
        (0..SEEDS).for_each(|seed| test(kind, seed));
    }
}

/// A room of `kind` in which much happened already.
fn lively(kind: &'static Kind, seed: u64) -> Play {
    let mut play = Play::new(kind, seed);
    play.run(COMMANDS);
    play
}
