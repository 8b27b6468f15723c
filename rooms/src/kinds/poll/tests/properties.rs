//! What holds whatever people do: made-up traffic of many seeds.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{MODERATOR, SCREEN, Table, plain};
use crate::engine::sample::{Dice, Sample, person};
use crate::engine::{AUDIENCES, Actor, Codec, Room, Viewer, encode};
use crate::kinds::poll::state::Poll;
use crate::kinds::poll::tally::Tally;
use crate::kinds::poll::{Samples, wire};

const SEEDS: u64 = 48;
const PEOPLE: u64 = 12;
const COMMANDS: usize = 150;

/// A poll in which people did this and that.
fn lively(seed: u64) -> Table {
    let mut dice = Dice::new(seed);
    let mut table = Table::draft(&Samples.settings(&mut dice));
    table.must(MODERATOR, "poll.open", &json!({}));
    for _ in 0..COMMANDS {
        step(&mut table, &mut dice);
    }
    table
}

fn step(table: &mut Table, dice: &mut Dice) {
    let who = if dice.chance(92) { 3 + dice.below(PEOPLE) } else { MODERATOR };
    let state = table.state(who);
    let command = Samples.command(dice, &person(who), &state);
    // Refusals are part of the traffic.
    let _ = table.ask(who, command.op, &command.data);
    table.now = table.now.plus_ms(700);
}

fn bytes(poll: &Poll) -> Vec<u8> {
    rmp_serde::to_vec_named(poll).expect("a state is plain data")
}

#[test]
fn tallies_equal_a_recount_at_every_step() {
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let mut table = Table::draft(&Samples.settings(&mut dice));
        for _ in 0..COMMANDS {
            step(&mut table, &mut dice);
            assert_eq!(table.poll.round.tally, table.poll.recounted(), "seed {seed}");
            assert_eq!(table.poll.round.voters, table.poll.round.ballots.len() as u64, "seed {seed}");
        }
    }
}

#[test]
fn the_sum_of_votes_is_the_number_of_ballots() {
    let mut checked = 0;
    for table in (0..SEEDS * 2).map(lively) {
        let voters = table.poll.round.voters;
        let sum: u64 = match &table.poll.round.tally {
            Tally::Choices(counts) if table.poll.settings().kind == wire::Kind::Single => counts.sums().sum(),
            Tally::Rating(counts, _) => counts.sums().sum(),
            Tally::Ranking(ranking) => ranking.sums().map(|(_, first)| first).sum(),
            _ => continue,
        };
        assert_eq!(sum, voters);
        checked += u64::from(voters > 0);
    }
    assert!(checked > 5, "only {checked} polls had votes to check");
}

#[test]
fn a_replay_and_a_snapshot_give_the_same_poll() {
    for seed in 0..SEEDS {
        let live = lively(seed);
        let settings = Samples.settings(&mut Dice::new(seed));
        let mut again = Table::draft(&settings);
        for one in &live.facts {
            let journaled = rmp_serde::to_vec_named(&one.fact).expect("a fact is plain data");
            again.poll.evolve(&rmp_serde::from_slice(&journaled).expect("what was written is read"));
        }
        assert_eq!(again.poll, live.poll, "seed {seed}");
        let restored: Poll = rmp_serde::from_slice(&bytes(&live.poll)).expect("a snapshot is read");
        assert_eq!(restored, live.poll, "seed {seed}");
    }
}

#[test]
fn no_voter_is_in_any_view_or_push_of_an_anonymous_poll() {
    let mut seen_votes = 0;
    for seed in 0..SEEDS {
        let table = lively(seed);
        if !table.poll.settings().anonymous {
            continue;
        }
        seen_votes += table.poll.round.voters;
        let voters: Vec<Actor> = (3..3 + PEOPLE).map(person).collect();
        for bytes in everything_shown(&table) {
            let voter = voters.iter().find(|voter| names(&bytes, voter));
            assert_eq!(voter, None, "seed {seed}: {}", String::from_utf8_lossy(&bytes));
        }
    }
    assert!(seen_votes > 20, "the traffic must have votes: {seen_votes}");
}

/// Every state and every push, for every audience in both codecs.
fn everything_shown(table: &Table) -> Vec<Vec<u8>> {
    let mut shown = Vec::new();
    let mut add = |view: &wire::View| shown.extend(Codec::ALL.map(|codec| encode(codec, view).to_vec()));
    for who in (0..3).chain([20]).chain(3..3 + PEOPLE) {
        let actor = person(who);
        AUDIENCES
            .into_iter()
            .for_each(|audience| add(&table.poll.state(&Viewer { actor: &actor, audience })));
    }
    for to in AUDIENCES {
        table.poll.tell(&table.facts, to).iter().for_each(|told| add(&told.view));
    }
    table.poll.whisper(&table.facts).iter().for_each(|whisper| add(&whisper.view));
    shown
}

/// Texts are UTF-8 in both codecs, and ids are texts.
fn names(bytes: &[u8], who: &Actor) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains(&who.participant.to_string()) || text.contains(&who.name)
}

#[test]
fn texts_that_wait_or_are_hidden_are_in_moderators_views_alone() {
    let mut unseen = 0;
    for (seed, kind) in (0..8).flat_map(|seed| [(seed, "wordcloud"), (seed, "open")]) {
        let mut dice = Dice::new(seed);
        let mut table = Table::open(&plain(kind, &json!({"moderated": seed % 2 == 0})));
        for _ in 0..COMMANDS {
            step(&mut table, &mut dice);
            let withheld = withheld(&table.results(MODERATOR));
            let shown: BTreeSet<String> =
                [SCREEN, 20].iter().flat_map(|who| texts(&table.results(*who))).collect();
            assert!(withheld.is_disjoint(&shown), "{kind} {seed}: {withheld:?}");
            unseen += withheld.len();
        }
    }
    assert!(unseen > 1_000, "the traffic must have texts to withhold: {unseen}");
}

fn texts(results: &Value) -> Vec<String> {
    listed(results).iter().filter_map(|one| one["text"].as_str().map(str::to_owned)).collect()
}

/// The texts that others must not see; a text that someone else sent too and that is shown is not among them.
fn withheld(results: &Value) -> BTreeSet<String> {
    let standing = |shown: bool| {
        let those = listed(results).iter().filter(move |one| (one["standing"] == "shown") == shown);
        those.filter_map(|one| one["text"].as_str().map(str::to_owned)).collect::<BTreeSet<_>>()
    };
    &standing(false) - &standing(true)
}

fn listed(results: &Value) -> &[Value] {
    let list = results["words"].as_array().or_else(|| results["answers"].as_array());
    list.map(Vec::as_slice).unwrap_or_default()
}
