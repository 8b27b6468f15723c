//! What is a vote, kind by kind, and the codes and limits of what is none.

use serde_json::{Value, json};

use super::{MODERATOR, Table, choice, plain};

const VOTER: u64 = 5;

/// Each vote is refused with its code.
fn refused(settings: &Value, votes: &[(Value, &str)]) {
    let mut table = Table::open(settings);
    for (vote, code) in votes {
        assert_eq!(table.refused(VOTER, "poll.vote", vote), *code, "{vote}");
    }
    assert_eq!(table.results(MODERATOR)["voters"], 0);
}

/// What is shown as one's own vote after it.
fn mine(settings: &Value, vote: &Value) -> Value {
    let mut table = Table::open(settings);
    table.vote(VOTER, vote);
    table.state(VOTER)["mine"].take()
}

#[test]
fn a_single_choice_takes_one_option() {
    let settings = choice("single", 3, &json!({}));
    refused(
        &settings,
        &[
            (json!({"options": []}), "poll.bad_value"),
            (json!({"options": ["a", "b"]}), "poll.too_many_choices"),
            (json!({"options": ["z"]}), "poll.unknown_option"),
            (json!({"value": 1}), "poll.bad_value"),
            (json!({"options": ["a"], "text": "a"}), "poll.bad_value"),
            (json!({}), "poll.bad_value"),
            (json!({"options": "a"}), "hub.bad_frame"),
        ],
    );
    assert_eq!(mine(&settings, &json!({"options": ["b"]})), json!({"options": ["b"]}));
}

#[test]
fn a_multiple_choice_takes_up_to_its_maximum() {
    let settings = choice("multiple", 4, &json!({"max_choices": 2}));
    refused(
        &settings,
        &[
            (json!({"options": ["a", "b", "c"]}), "poll.too_many_choices"),
            (json!({"options": ["a", "a"]}), "poll.bad_value"),
            (json!({"options": []}), "poll.bad_value"),
        ],
    );
    let mut table = Table::open(&settings);
    table.vote(VOTER, &json!({"options": ["d", "a"]}));
    table.vote(6, &json!({"options": ["d"]}));
    let results = table.results(VOTER);
    assert_eq!(results["voters"], 2);
    assert_eq!(results["options"][0]["votes"], 1);
    assert_eq!(results["options"][3]["votes"], 2);
    assert_eq!(table.state(VOTER)["mine"], json!({"options": ["a", "d"]}));
}

#[test]
fn a_rating_takes_a_value_of_its_scale() {
    let settings = plain("rating", &json!({"min": 0, "max": 10}));
    let bad = [json!(-1), json!(11), json!(3.5), json!("x")];
    let votes = bad.map(|value| (json!({"value": value}), "poll.bad_value"));
    let (other, codes) = (votes[..3].to_vec(), [(votes[3].0.clone(), "hub.bad_frame")]);
    refused(&settings, &[other, codes.to_vec()].concat());
    assert_eq!(mine(&settings, &json!({"value": 7})), json!({"value": 7}));
    assert_eq!(mine(&settings, &json!({"value": "7"})), json!({"value": 7}));
}

#[test]
fn a_ranking_may_be_partial() {
    let settings = choice("ranking", 4, &json!({"max_choices": 3}));
    refused(
        &settings,
        &[
            (json!({"options": ["a", "b", "c", "d"]}), "poll.too_many_choices"),
            (json!({"options": ["a", "b", "a"]}), "poll.bad_value"),
        ],
    );
    assert_eq!(mine(&settings, &json!({"options": ["d", "a"]})), json!({"options": ["d", "a"]}));
}

#[test]
fn points_stay_in_the_budget_and_on_the_step() {
    let settings = choice("points", 3, &json!({"budget": 100, "step": 10}));
    refused(
        &settings,
        &[
            (json!({"points": {"a": 60, "b": 50}}), "poll.bad_value"),
            (json!({"points": {"a": 55}}), "poll.bad_value"),
            (json!({"points": {"a": 0}}), "poll.bad_value"),
            (json!({"points": {}}), "poll.bad_value"),
            (json!({"points": {"z": 10}}), "poll.unknown_option"),
            (json!({"points": {"a": -10}}), "hub.bad_frame"),
            (json!({"points": {"a": 4_294_967_290_u32, "b": 4_294_967_290_u32}}), "poll.bad_value"),
        ],
    );
    let vote = json!({"points": {"a": 60, "b": 0, "c": 30}});
    assert_eq!(mine(&settings, &vote), json!({"points": {"a": 60, "c": 30}}));
}

#[test]
fn an_answer_has_a_length() {
    let settings = plain("open", &json!({"max_chars": 5, "banned": ["darn"]}));
    refused(
        &settings,
        &[
            (json!({"text": "123456"}), "poll.too_long"),
            (json!({"text": " \n "}), "poll.bad_text"),
            (json!({"text": "DARN!"}), "poll.bad_text"),
            (json!({"texts": ["a"]}), "poll.bad_value"),
        ],
    );
    assert_eq!(mine(&settings, &json!({"text": " 12345 "})), json!({"text": "12345"}));
}

#[test]
fn a_number_is_within_its_bounds_and_exact() {
    let settings = plain("numeric", &json!({"min": "-1.5", "max": 10}));
    refused(
        &settings,
        &[
            (json!({"value": -1.501}), "poll.bad_value"),
            (json!({"value": 10.001}), "poll.bad_value"),
            (json!({"value": 0.0001}), "hub.bad_frame"),
        ],
    );
    assert_eq!(mine(&settings, &json!({"value": -1.5})), json!({"value": -1.5}));
    assert_eq!(mine(&plain("numeric", &json!({})), &json!({"value": "-0.125"})), json!({"value": -0.125}));
}

#[test]
fn a_refusal_says_the_limit() {
    let mut table = Table::open(&choice("multiple", 4, &json!({"max_choices": 2})));
    let refusal = table.ask(VOTER, "poll.vote", &json!({"options": ["a", "b", "c"]})).expect_err("too many");
    assert!(refusal.message.contains('2'), "{}", refusal.message);
    assert_eq!(refusal.details, [("max", json!(2))]);

    let mut table = Table::open(&plain("numeric", &json!({"min": 1.5, "max": 9})));
    let refusal = table.ask(VOTER, "poll.vote", &json!({"value": 100})).expect_err("too much");
    assert_eq!(refusal.details, [("min", json!(1.5)), ("max", json!(9))]);
}
