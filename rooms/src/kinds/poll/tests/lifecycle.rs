//! Draft, open, closed, revealed, and the next round.

use plenum_domain::Timestamp;
use serde_json::json;

use super::{MODERATOR, SCREEN, Table, choice};
use crate::engine::{Audience, Moment, Room};
use crate::kinds::poll::wire::Fact;

fn single(more: &serde_json::Value) -> serde_json::Value {
    choice("single", 3, more)
}

#[test]
fn a_poll_goes_through_its_life() {
    let mut table = Table::draft(&single(&json!({})));
    let steps = [
        ("poll.open", "open"),
        ("poll.close", "closed"),
        ("poll.reveal", "revealed"),
        ("poll.reset", "draft"),
    ];
    for (op, status) in steps {
        assert!(table.must(MODERATOR, op, &json!({})) > 0);
        assert_eq!(table.state(5)["poll"]["status"], status);
        assert_eq!(table.must(MODERATOR, op, &json!({})), 0, "{op} again changes nothing");
    }
    assert_eq!(table.state(5)["poll"]["round"], 2);
}

#[test]
fn only_moderators_run_a_poll_and_screens_do_not_vote() {
    let mut table = Table::draft(&single(&json!({})));
    for op in ["poll.open", "poll.close", "poll.reopen", "poll.reveal", "poll.reset"] {
        assert_eq!(table.refused(5, op, &json!({})), "hub.forbidden");
        assert_eq!(table.refused(SCREEN, op, &json!({})), "hub.forbidden");
    }
    table.must(MODERATOR, "poll.open", &json!({}));
    assert_eq!(table.refused(SCREEN, "poll.vote", &json!({"options": ["a"]})), "hub.forbidden");
    table.vote(MODERATOR, &json!({"options": ["a"]}));
}

#[test]
fn votes_count_only_while_it_is_open() {
    let mut table = Table::draft(&single(&json!({})));
    let vote = json!({"options": ["a"]});
    assert_eq!(table.refused(5, "poll.vote", &vote), "poll.not_open");
    table.must(MODERATOR, "poll.open", &json!({}));
    table.vote(5, &vote);
    table.must(MODERATOR, "poll.close", &json!({}));
    assert_eq!(table.refused(6, "poll.vote", &vote), "poll.closed");
    table.must(MODERATOR, "poll.reveal", &json!({}));
    assert_eq!(table.refused(6, "poll.vote", &vote), "poll.closed");
}

#[test]
fn steps_that_make_no_sense_are_refused() {
    let mut table = Table::draft(&single(&json!({"results": "after_close"})));
    for op in ["poll.close", "poll.reveal", "poll.reopen"] {
        assert_eq!(table.refused(MODERATOR, op, &json!({})), "poll.wrong_state");
    }
    table.must(MODERATOR, "poll.open", &json!({}));
    table.must(MODERATOR, "poll.close", &json!({}));
    assert_eq!(table.refused(MODERATOR, "poll.open", &json!({})), "poll.wrong_state");
    assert_eq!(table.refused(MODERATOR, "poll.reopen", &json!({})), "poll.wrong_state", "results were seen");
}

#[test]
fn a_closed_poll_whose_results_nobody_saw_goes_on() {
    let mut table = Table::open(&single(&json!({"results": "after_vote"})));
    table.vote(5, &json!({"options": ["a"]}));
    table.must(MODERATOR, "poll.close", &json!({}));
    assert_eq!(table.must(MODERATOR, "poll.reopen", &json!({})), 1);
    table.vote(6, &json!({"options": ["b"]}));
    assert_eq!(table.results(MODERATOR)["voters"], 2);
}

#[test]
fn revealing_an_open_poll_closes_it_first() {
    let mut table = Table::open(&single(&json!({})));
    let facts = table.ask(MODERATOR, "poll.reveal", &json!({})).expect("moderators may");
    assert_eq!(facts, [Fact::Closed, Fact::Revealed, Fact::Announced]);
}

#[test]
fn it_closes_by_itself_at_its_time() {
    let mut table = Table::draft(&single(&json!({})));
    table.must(MODERATOR, "poll.open", &json!({"closes_in_ms": 30_000}));
    let closes_at = table.now.plus_ms(30_000);
    assert_eq!(table.poll.wake_at(), Some(closes_at));
    assert_eq!(table.state(5)["poll"]["closes_at_ms"], closes_at.ms());
    let wake = |now: Timestamp| Moment { now, command: super::poll_id(), seed: 0 };
    assert!(table.poll.on_wake(&wake(closes_at.plus_ms(-1))).is_empty());
    table.now = closes_at;
    let late = table.refused(5, "poll.vote", &json!({"options": ["a"]}));
    assert_eq!(late, "poll.closed", "also before time has called");
    table.happen(table.poll.on_wake(&wake(closes_at)));
    assert_eq!(table.state(5)["poll"]["status"], "closed");
    assert_eq!(table.poll.wake_at(), None);
}

#[test]
fn a_time_that_cannot_be_is_refused() {
    let mut table = Table::draft(&single(&json!({})));
    for ms in [0, -5, 86_400_001] {
        assert_eq!(table.refused(MODERATOR, "poll.open", &json!({"closes_in_ms": ms})), "poll.bad_value");
    }
}

#[test]
fn a_vote_is_final_unless_the_poll_says_otherwise() {
    let mut table = Table::open(&single(&json!({"change_vote": false})));
    table.vote(5, &json!({"options": ["a"]}));
    assert_eq!(table.refused(5, "poll.vote", &json!({"options": ["b"]})), "poll.already_voted");
    assert_eq!(table.refused(5, "poll.vote", &json!({"options": ["a"]})), "poll.already_voted");

    let mut table = Table::open(&single(&json!({"change_vote": true})));
    table.vote(5, &json!({"options": ["a"]}));
    table.vote(5, &json!({"options": ["b"]}));
    assert_eq!(table.must(5, "poll.vote", &json!({"options": ["b"]})), 0, "the same vote is no fact");
    let results = table.results(MODERATOR);
    assert_eq!(results["voters"], 1);
    assert_eq!(results["options"], json!([{"id":"a","votes":0},{"id":"b","votes":1},{"id":"c","votes":0}]));
}

#[test]
fn a_new_round_starts_empty_and_the_old_one_is_kept_for_moderators() {
    let mut table = Table::open(&single(&json!({})));
    table.vote(5, &json!({"options": ["a"]}));
    table.must(MODERATOR, "poll.reset", &json!({}));
    table.must(MODERATOR, "poll.open", &json!({}));
    assert_eq!(table.state(5)["mine"], json!(null));
    table.vote(5, &json!({"options": ["b"]}));
    let state = table.state(MODERATOR);
    assert_eq!(state["results"]["round"], 2);
    assert_eq!(state["past"][0]["round"], 1);
    assert_eq!(state["past"][0]["options"][0], json!({"id": "a", "votes": 1}));
    assert_eq!(table.state(5).get("past"), None);
    assert_eq!(table.state(SCREEN).get("past"), None);
}

#[test]
fn a_draft_is_edited_and_what_was_voted_on_is_not() {
    let mut table = Table::draft(&single(&json!({})));
    assert_eq!(table.must(MODERATOR, "poll.edit", &single(&json!({}))), 0);
    assert_eq!(table.must(MODERATOR, "poll.edit", &choice("multiple", 4, &json!({}))), 2);
    assert_eq!(table.state(5)["poll"]["kind"], "multiple");
    assert_eq!(table.refused(MODERATOR, "poll.edit", &choice("single", 1, &json!({}))), "poll.bad_settings");
    table.must(MODERATOR, "poll.open", &json!({}));
    assert_eq!(table.refused(MODERATOR, "poll.edit", &choice("multiple", 4, &json!({}))), "poll.wrong_state");
    table.must(MODERATOR, "poll.reset", &json!({}));
    assert_eq!(table.refused(MODERATOR, "poll.edit", &choice("multiple", 5, &json!({}))), "poll.wrong_state");
    assert_eq!(table.must(MODERATOR, "poll.edit", &choice("multiple", 4, &json!({"title": "Again?"}))), 2);
    assert_eq!(table.state(5)["poll"]["title"], "Again?");
}

#[test]
fn rounds_are_bounded() {
    let mut table = Table::draft(&single(&json!({})));
    for _ in 1..100 {
        table.must(MODERATOR, "poll.open", &json!({}));
        table.must(MODERATOR, "poll.reset", &json!({}));
    }
    table.must(MODERATOR, "poll.open", &json!({}));
    assert_eq!(table.refused(MODERATOR, "poll.reset", &json!({})), "poll.too_many_rounds");
}

#[test]
fn unknown_commands_and_fields_are_named() {
    let mut table = Table::open(&single(&json!({})));
    assert_eq!(table.refused(MODERATOR, "poll.explode", &json!({})), "hub.unknown_op");
    let refusal =
        table.ask(5, "poll.vote", &json!({"options": ["a"], "weight": 3})).expect_err("no such field");
    assert_eq!(refusal.code, "hub.bad_frame");
    assert!(refusal.message.contains("weight"), "{}", refusal.message);
    assert_eq!(table.refused(MODERATOR, "poll.close", &json!({"now": true})), "hub.bad_frame");
}

#[test]
fn what_a_draft_will_ask_is_for_its_moderators_until_it_is_opened() {
    let mut table = Table::draft(&choice("single", 2, &json!({"title": "Who resigns?"})));
    for who in [5, SCREEN] {
        let poll = table.state(who)["poll"].clone();
        assert_eq!((&poll["title"], &poll["options"]), (&json!(""), &json!([])), "{poll}");
        assert_eq!((&poll["status"], &poll["kind"]), (&json!("draft"), &json!("single")));
    }
    assert_eq!(table.state(MODERATOR)["poll"]["title"], "Who resigns?");
    let count = table.must(MODERATOR, "poll.open", &json!({}));
    let told = table.told(count, Audience::Attendee);
    assert_eq!(told[0].2["title"], "Who resigns?", "the opening tells everyone");
    table.must(MODERATOR, "poll.reset", &json!({}));
    assert_eq!(table.state(5)["poll"]["title"], "Who resigns?", "after a round everyone knows");
}
