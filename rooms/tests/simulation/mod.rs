//! Many clients on bad links, a hub that crashes at any moment and a disk that fills up, in virtual time.
//!
//! A seed decides everything: the kind of room, who sends what and when, what each link drops, repeats and delays, which
//! records a crash leaves in the journal. `PLENUM_SEEDS=5000` plays more of them; `PLENUM_SEED=17` plays one again.
//!
//! That a broken hub or a broken client would be noticed is proved by breaking them: see [`Sabotage`].

mod client;
mod fold;
mod link;
mod nodes;
mod oracle;
mod sameness;
mod server;
mod verdict;
mod world;

use oracle::Violation;
use world::World;

/// Seeds in a normal run of the tests.
const SEEDS: u64 = 300;
/// Seeds after which a sabotage must have been noticed.
const NOTICED_WITHIN: u64 = 60;

/// A mistake that is put in on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sabotage {
    None,
    /// The hub lets everything out before it is durable.
    OpenGate,
    /// A client that lost an answer sends its action again under another key.
    FreshKeys,
    /// A client takes pushes after a gap.
    IgnoreGaps,
    /// A client takes pushes that it holds already.
    TakeTwice,
    /// A client that comes back says that it holds more than it does.
    BoastfulSince,
    /// A start forgets the last record.
    ForgetRecord,
    /// The hub drops what is personal.
    LoseWhispers,
    /// The storage takes what a former owner still sends.
    OpenFence,
    /// A node forgets what the former owner had not answered.
    ForgetUnanswered,
}

#[test]
fn whatever_breaks_nothing_is_lost_doubled_or_shown_too_early() {
    play_all(SEEDS, "simulation::whatever", |seed| World::new(seed, Sabotage::None).run());
}

/// Plays the seeds that the environment names, else the first `usual` ones. The first violation comes with the command
/// that repeats it; `filter` chooses the test in it.
fn play_all(usual: u64, filter: &str, play: impl Fn(u64) -> Result<(), Violation>) {
    let seeds = match number("PLENUM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("PLENUM_SEEDS").unwrap_or(usual),
    };
    for seed in seeds {
        if let Err(violation) = play(seed) {
            panic!("{violation}\nagain: PLENUM_SEED={seed} cargo test -p plenum-rooms --test proof {filter}");
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number of seeds"))
}

fn noticed(sabotage: Sabotage) -> String {
    first_violation(NOTICED_WITHIN, sabotage, |seed| World::new(seed, sabotage).run())
}

/// Plays until the sabotage is noticed. Returns what was said of it.
fn first_violation(within: u64, sabotage: Sabotage, play: impl Fn(u64) -> Result<(), Violation>) -> String {
    let violation = (0..within).find_map(|seed| play(seed).err());
    violation.unwrap_or_else(|| panic!("{within} seeds passed with {sabotage:?}"))
}

#[test]
fn a_hub_that_answers_too_early_is_noticed() {
    assert!(noticed(Sabotage::OpenGate).contains("not durable"));
}

#[test]
fn a_client_that_makes_new_keys_is_noticed() {
    assert!(noticed(Sabotage::FreshKeys).contains("counted twice"));
}

#[test]
fn a_client_that_ignores_gaps_is_noticed() {
    assert!(noticed(Sabotage::IgnoreGaps).contains("another state"));
}

#[test]
fn a_client_that_takes_everything_is_noticed() {
    assert!(noticed(Sabotage::TakeTwice).contains("another state"));
}

#[test]
fn a_client_that_claims_to_hold_more_is_noticed() {
    assert!(noticed(Sabotage::BoastfulSince).contains("another state"));
}

#[test]
fn a_journal_that_forgets_is_noticed() {
    noticed(Sabotage::ForgetRecord);
}

#[test]
fn a_hub_that_drops_what_is_personal_is_noticed() {
    assert!(noticed(Sabotage::LoseWhispers).contains("another state"));
}

#[test]
fn the_same_seed_plays_the_same_world() {
    for seed in 0..fold::played().len() as u64 {
        let play = || {
            let mut world = World::new(seed, Sabotage::None);
            world.run().expect("nothing is violated");
            world.summary()
        };
        assert_eq!(play(), play());
    }
}

#[test]
fn the_worlds_are_worth_playing() {
    let mut sum = world::Summary::default();
    for seed in 0..40 {
        let mut world = World::new(seed, Sabotage::None);
        world.run().expect("nothing is violated");
        sum.add(&world.summary());
    }
    assert!(sum.accepted > 1_000 && sum.refused > 100 && sum.repeated > 100, "{sum:?}");
    assert!(sum.crashes > 40 && sum.disk_full > 20 && sum.gaps > 100 && sum.replays > 100, "{sum:?}");
}
