//! Who sees results, and who is told what.

use serde_json::{Value, json};

use super::{MODERATOR, SCREEN, Table, choice};
use crate::engine::Audience::{Attendee, Informed, Moderator, Screen};
use crate::engine::Room;
use crate::engine::sample::person;

const VOTER: u64 = 5;
const OTHER: u64 = 6;

fn open(policy: &str) -> Table {
    let mut table = Table::open(&choice("single", 2, &json!({"results": policy})));
    table.vote(VOTER, &json!({"options": ["a"]}));
    table
}

/// Who is shown results: voter, other attendee, moderator, screen.
fn shown(table: &Table) -> [bool; 4] {
    [VOTER, OTHER, MODERATOR, SCREEN].map(|who| table.results(who) != Value::Null)
}

#[test]
fn policies_say_who_sees_results_when() {
    // voter, other, moderator, screen: while open, closed, revealed
    let table = [
        ("always", [[true; 4], [true; 4], [true; 4]]),
        ("after_vote", [[true, false, true, false], [true, false, true, false], [true; 4]]),
        ("after_close", [[false, false, true, false], [true, true, true, false], [true; 4]]),
        ("moderators", [[false, false, true, false]; 3]),
    ];
    for (policy, expected) in table {
        let mut table = open(policy);
        assert_eq!(shown(&table), expected[0], "{policy}, open");
        table.must(MODERATOR, "poll.close", &json!({}));
        assert_eq!(shown(&table), expected[1], "{policy}, closed");
        table.must(MODERATOR, "poll.reveal", &json!({}));
        assert_eq!(shown(&table), expected[2], "{policy}, revealed");
    }
}

#[test]
fn results_that_are_not_shown_are_null_and_mine_is_there() {
    let table = open("after_close");
    let state = table.state(VOTER);
    assert_eq!(state["results"], Value::Null);
    assert_eq!(state["mine"], json!({"options": ["a"]}));
    assert_eq!(table.state(OTHER)["mine"], Value::Null);
}

#[test]
fn who_voted_is_informed_until_the_next_round() {
    let mut table = open("after_vote");
    let audience = |table: &Table, who| table.poll.audience(&person(who));
    assert_eq!(audience(&table, VOTER), Informed);
    assert_eq!(audience(&table, OTHER), Attendee);
    table.vote(MODERATOR, &json!({"options": ["a"]}));
    assert_eq!(audience(&table, MODERATOR), Moderator);
    table.must(MODERATOR, "poll.reset", &json!({}));
    assert_eq!(audience(&table, VOTER), Attendee);
    assert_eq!(audience(&open("always"), VOTER), Attendee, "no need for a stream of its own");
}

#[test]
fn a_vote_is_told_only_to_those_who_see_results() {
    let told = |policy: &str| {
        let table = open(policy);
        [Attendee, Informed, Moderator, Screen].map(|to| table.events(1, to).len())
    };
    assert_eq!(told("always"), [1, 1, 1, 1]);
    assert_eq!(told("after_vote"), [0, 1, 1, 0]);
    assert_eq!(told("after_close"), [0, 0, 1, 0]);
    assert_eq!(told("moderators"), [0, 0, 1, 0]);
}

#[test]
fn a_beat_of_votes_is_one_digest() {
    let mut table = open("always");
    for who in 10..60 {
        table.vote(who, &json!({"options": ["b"]}));
    }
    let told = table.told(50, Attendee);
    assert_eq!(told.len(), 1);
    let (seq, ev, results) = &told[0];
    assert_eq!((*seq, *ev), (table.facts.len() as u64, "poll.results"));
    assert_eq!(results["options"], json!([{"id": "a", "votes": 1}, {"id": "b", "votes": 50}]));
}

#[test]
fn a_change_of_state_is_told_with_the_results_that_it_shows() {
    let mut table = open("after_close");
    table.must(MODERATOR, "poll.close", &json!({}));
    assert_eq!(table.events(2, Attendee), ["poll.status", "poll.results"]);
    assert_eq!(table.events(2, Screen), ["poll.status"]);
    table.must(MODERATOR, "poll.reveal", &json!({}));
    assert_eq!(table.events(2, Screen), ["poll.status", "poll.results"]);
    table.must(MODERATOR, "poll.reset", &json!({}));
    assert_eq!(table.events(2, Attendee), ["poll.status"]);
    assert_eq!(table.events(2, Moderator), ["poll.state"], "the round of the past as well");
}

#[test]
fn pushes_of_one_beat_never_share_a_seq() {
    let mut table = open("always");
    for op in ["poll.close", "poll.reopen", "poll.reveal", "poll.reset", "poll.open"] {
        table.must(MODERATOR, op, &json!({}));
    }
    table.vote(OTHER, &json!({"options": ["b"]}));
    let all = table.facts.len();
    for count in 1..=all {
        for to in [Attendee, Informed, Moderator, Screen] {
            let seqs: Vec<u64> = table.told(count, to).iter().map(|told| told.0).collect();
            assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]), "{seqs:?}");
            assert!(seqs.iter().all(|seq| *seq > (all - count) as u64), "{seqs:?} of the last {count}");
        }
    }
}

#[test]
fn the_voter_is_whispered_the_vote() {
    let table = open("moderators");
    let whispers = table.poll.whisper(&table.facts);
    assert_eq!(whispers.len(), 1);
    assert_eq!((whispers[0].to, whispers[0].ev), (person(VOTER).participant, "poll.mine"));
    let view = serde_json::to_value(&whispers[0].view).expect("plain data");
    assert_eq!(view, json!({"options": ["a"]}));
}

#[test]
fn results_have_the_shapes_of_the_contract() {
    let table = open("always");
    let state = table.state(VOTER);
    let poll = state["poll"].as_object().expect("a map");
    let fields =
        ["id", "title", "kind", "options", "status", "round", "anonymous", "results_policy", "max_choices"];
    assert!(fields.iter().all(|field| poll.contains_key(*field)), "{poll:?}");
    assert_eq!(poll["options"][0], json!({"id": "a", "label": "Choice 0"}));
    let results =
        json!({"round": 1, "voters": 1, "options": [{"id": "a", "votes": 1}, {"id": "b", "votes": 0}]});
    assert_eq!(state["results"], results);
}
