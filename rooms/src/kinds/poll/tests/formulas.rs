//! Results against figures that were worked out by hand.

use serde_json::{Value, json};

use super::{MODERATOR, Table, choice, plain};

fn results(settings: &Value, votes: &[Value]) -> Value {
    let mut table = Table::open(settings);
    for (vote, who) in votes.iter().zip(5..) {
        table.vote(who, vote);
    }
    table.results(MODERATOR)
}

fn ranked(ids: &[&str]) -> Value {
    json!({"options": ids})
}

#[test]
fn borda_gives_k_to_1_points_for_k_ranked() {
    // a: 3 + 2 + 1, b: 2 + 3, c: 1 + 1; the third voter ranked one option only.
    let votes = [ranked(&["a", "b", "c"]), ranked(&["b", "a", "c"]), ranked(&["a"])];
    let results = results(&choice("ranking", 3, &json!({})), &votes);
    let expected = json!([
        {"id": "a", "points": 6, "first": 2, "mean": 2},
        {"id": "b", "points": 5, "first": 1, "mean": 1.667},
        {"id": "c", "points": 2, "first": 0, "mean": 0.667},
    ]);
    assert_eq!(results["options"], expected);
    assert_eq!(results["voters"], 3);
}

#[test]
fn a_hundred_points_in_steps_of_ten_add_up() {
    let votes =
        [json!({"points": {"a": 70, "b": 30}}), json!({"points": {"b": 100}}), json!({"points": {"c": 10}})];
    let results = results(&choice("points", 3, &json!({"budget": 100, "step": 10})), &votes);
    let expected = json!([{"id": "a", "points": 70}, {"id": "b", "points": 130}, {"id": "c", "points": 10}]);
    assert_eq!(results["options"], expected);
}

#[test]
fn a_rating_has_a_mean_and_a_histogram_of_all_values() {
    let votes = [5, 4, 4].map(|value| json!({"value": value}));
    let settings = plain("rating", &json!({"labels": ["bad", "good"]}));
    let results = results(&settings, &votes);
    assert_eq!(results["mean"], 4.333);
    let histogram = json!([
        {"value": 1, "count": 0}, {"value": 2, "count": 0}, {"value": 3, "count": 0},
        {"value": 4, "count": 2}, {"value": 5, "count": 1},
    ]);
    assert_eq!(results["histogram"], histogram);
    assert_eq!(results["options"][3], json!({"id": "4", "votes": 2}));
    let poll = Table::draft(&settings).state(MODERATOR)["poll"].take();
    assert_eq!(poll["options"][0], json!({"id": "1", "label": "bad"}));
    assert_eq!(poll["options"][1], json!({"id": "2", "label": "2"}));
    assert_eq!(poll["options"][4], json!({"id": "5", "label": "good"}));
}

#[test]
fn a_rating_below_zero_is_counted_right() {
    let votes = [-2, -2, 1].map(|value| json!({"value": value}));
    let results = results(&plain("rating", &json!({"min": -2, "max": 2})), &votes);
    assert_eq!((&results["mean"], &results["histogram"][0]), (&json!(-1), &json!({"value": -2, "count": 2})));
}

#[test]
fn numbers_have_mean_median_and_histogram() {
    let votes = [json!({"value": 1.5}), json!({"value": 2}), json!({"value": 10}), json!({"value": 2})];
    let results = results(&plain("numeric", &json!({})), &votes);
    assert_eq!((&results["mean"], &results["median"]), (&json!(3.875), &json!(2)));
    let histogram = json!([{"value": 1.5, "count": 1}, {"value": 2, "count": 2}, {"value": 10, "count": 1}]);
    assert_eq!(results["histogram"], histogram);
}

#[test]
fn no_votes_have_no_mean() {
    for kind in ["rating", "numeric"] {
        let results = results(&plain(kind, &json!({})), &[]);
        assert_eq!((&results["voters"], &results["mean"]), (&json!(0), &Value::Null));
    }
    assert_eq!(results(&plain("wordcloud", &json!({})), &[]), json!({"round": 1, "voters": 0, "words": []}));
    assert_eq!(results(&plain("open", &json!({})), &[]), json!({"round": 1, "voters": 0, "answers": []}));
}

#[test]
fn a_changed_vote_leaves_nothing_behind() {
    let kinds = [
        (choice("ranking", 3, &json!({})), ranked(&["a", "b"]), ranked(&["c"])),
        (choice("points", 3, &json!({})), json!({"points": {"a": 3}}), json!({"points": {"b": 7, "c": 1}})),
        (plain("rating", &json!({})), json!({"value": 1}), json!({"value": 5})),
        (plain("numeric", &json!({})), json!({"value": -7.5}), json!({"value": 5})),
        (plain("wordcloud", &json!({})), json!({"text": "one, two"}), json!({"text": "two, three"})),
    ];
    for (settings, first, second) in kinds {
        let settings = super::with(&settings, &json!({"change_vote": true}));
        let mut changed = Table::open(&settings);
        changed.vote(5, &first);
        changed.vote(5, &second);
        assert_eq!(changed.results(MODERATOR), results(&settings, &[second]));
    }
}
