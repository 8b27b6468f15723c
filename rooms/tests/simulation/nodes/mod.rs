//! Many nodes, one storage and a bus, in virtual time: nodes that crash, are paused past their lease, lose each other, the
//! storage or the bus, and hand over; a bus that drops, repeats and mixes; people at any of them.
//!
//! The engine, the order of beats and letters and the clients' rules are the real ones; leases, the journal's fence and
//! what a node does when its owner changes are played here as hub/src/cluster does them. `PLENUM_SEEDS` and `PLENUM_SEED`
//! as for one hub.

mod net;
mod node;
mod reader;
mod storage;
mod world;

use super::{Sabotage, first_violation, play_all};
use world::World;

/// Seeds in a normal run of the tests.
const SEEDS: u64 = 1_000;
/// Seeds after which a sabotage must have been noticed.
const NOTICED_WITHIN: u64 = 80;

#[test]
fn whatever_breaks_between_nodes_nothing_is_lost_doubled_or_shown_too_early() {
    play_all(SEEDS, "nodes::whatever", |seed| World::new(seed, Sabotage::None).run());
}

fn noticed(sabotage: Sabotage) -> String {
    first_violation(NOTICED_WITHIN, sabotage, |seed| World::new(seed, sabotage).run())
}

#[test]
fn a_storage_without_a_fence_is_noticed() {
    assert!(noticed(Sabotage::OpenFence).contains("a former owner"));
}

#[test]
fn an_owner_that_answers_too_early_is_noticed() {
    assert!(noticed(Sabotage::OpenGate).contains("not durable"));
}

#[test]
fn a_node_that_drops_what_is_personal_is_noticed() {
    assert!(noticed(Sabotage::LoseWhispers).contains("another state"));
}

#[test]
fn a_node_that_forgets_what_was_not_answered_is_noticed() {
    noticed(Sabotage::ForgetUnanswered);
}

#[test]
fn a_client_that_makes_new_keys_is_noticed_across_nodes() {
    assert!(noticed(Sabotage::FreshKeys).contains("counted twice"));
}

#[test]
fn the_same_seed_plays_the_same_nodes() {
    for seed in 0..5 {
        let play = || {
            let mut world = World::new(seed, Sabotage::None);
            world.run().expect("nothing is violated");
            world.summary()
        };
        assert_eq!(play(), play());
    }
}

#[test]
fn the_clusters_are_worth_playing() {
    let mut sum = world::Summary::default();
    for seed in 0..40 {
        let mut world = World::new(seed, Sabotage::None);
        world.run().expect("nothing is violated");
        sum.add(&world.summary());
    }
    assert!(sum.accepted > 500 && sum.owners > 80 && sum.crashes > 20 && sum.pauses > 20, "{sum:?}");
    assert!(sum.repeated_beats > 20 && sum.fenced > 5 && sum.handed_over > 10 && sum.cuts > 20, "{sum:?}");
}
