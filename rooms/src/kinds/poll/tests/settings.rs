//! What a poll can be made with.

use serde_json::{Value, json};

use super::{MODERATOR, Table, choice, open, plain, with};
use crate::kinds::poll::check;
use crate::kinds::poll::wire::Settings;

/// The field that is refused.
fn field(settings: &Value) -> String {
    let refusal = open(settings).expect_err("these settings cannot work");
    assert_eq!(refusal.code, "poll.bad_settings", "{settings}");
    let settings: Settings = serde_json::from_value(settings.clone()).expect("settings of the right form");
    assert_eq!(check(&settings), Err(refusal.clone()), "check says what opening says");
    let (_, field) = refusal.details.first().expect("the field is named");
    field.as_str().expect("by its name").to_owned()
}

#[test]
fn limits_are_named_with_their_field() {
    let options = |labels: Value| with(&choice("single", 2, &json!({})), &json!({"options": labels}));
    let long = "x".repeat(201);
    let cases = [
        (choice("single", 2, &json!({"title": "  "})), "title"),
        (choice("single", 2, &json!({"title": "x".repeat(301)})), "title"),
        (choice("single", 1, &json!({})), "options"),
        (choice("single", 101, &json!({})), "options"),
        (plain("single", &json!({})), "options"),
        (options(json!([{"label": "a"}, {"label": ""}])), "options.label"),
        (options(json!([{"label": "a"}, {"label": long}])), "options.label"),
        (options(json!([{"id": "x", "label": "a"}, {"id": "x", "label": "b"}])), "options.id"),
        (options(json!([{"id": "", "label": "a"}, {"label": "b"}])), "options.id"),
        (options(json!([{"id": "a b", "label": "a"}, {"label": "b"}])), "options.id"),
        (choice("single", 2, &json!({"max_choices": 2})), "max_choices"),
        (choice("multiple", 2, &json!({"max_choices": 3})), "max_choices"),
        (choice("multiple", 2, &json!({"max_choices": 0})), "max_choices"),
        (choice("rating", 2, &json!({})), "options"),
        (plain("rating", &json!({"min": 5, "max": 5})), "max"),
        (plain("rating", &json!({"min": 0, "max": 101})), "max"),
        (plain("rating", &json!({"min": 0.5})), "min"),
        (plain("rating", &json!({"labels": ["a", "b", "c"]})), "labels"),
        (plain("numeric", &json!({"min": 3, "max": 2})), "max"),
        (plain("open", &json!({"min": 3})), "min"),
        (choice("points", 2, &json!({"budget": 0})), "budget"),
        (choice("points", 2, &json!({"step": 101})), "step"),
        (choice("single", 2, &json!({"budget": 10})), "budget"),
        (plain("wordcloud", &json!({"max_words": 21})), "max_words"),
        (plain("open", &json!({"max_chars": 2_001})), "max_chars"),
        (plain("open", &json!({"banned": ["!?"]})), "banned"),
        (plain("rating", &json!({"moderated": true})), "moderated"),
    ];
    for (settings, expected) in cases {
        assert_eq!(field(&settings), expected, "{settings}");
    }
}

#[test]
fn the_largest_settings_work() {
    let most = [
        choice("multiple", 100, &json!({"title": "x".repeat(300), "max_choices": 100})),
        plain("rating", &json!({"min": 0, "max": 100})),
        choice("points", 2, &json!({"budget": 1_000_000, "step": 1_000_000})),
        plain("numeric", &json!({"min": -1_000_000_000, "max": 1_000_000_000})),
    ];
    most.iter().for_each(|settings| drop(open(settings).expect("within the limits")));
}

#[test]
fn ids_are_made_where_none_is_given() {
    let options = json!([{"label": "x"}, {"id": "a", "label": "y"}, {"label": "z"}]);
    let table = Table::draft(&with(&choice("single", 2, &json!({})), &json!({"options": options})));
    let state = table.state(MODERATOR);
    let ids: Vec<&Value> = (0..3).map(|n| &state["poll"]["options"][n]["id"]).collect();
    assert_eq!(ids, ["b", "a", "c"]);
    let many = Table::draft(&choice("single", 30, &json!({}))).state(MODERATOR);
    assert_eq!(
        (&many["poll"]["options"][25]["id"], &many["poll"]["options"][27]["id"]),
        (&json!("z"), &json!("ab"))
    );
}

#[test]
fn defaults_are_private_and_final() {
    let poll = Table::draft(&choice("single", 2, &json!({}))).state(MODERATOR)["poll"].take();
    assert_eq!(poll["anonymous"], true);
    assert_eq!(poll["change_vote"], false);
    assert_eq!(poll["results_policy"], "always");
    assert_eq!(poll["max_choices"], 1);
}

#[test]
fn what_moderators_are_shown_as_settings_changes_nothing_when_sent_back() {
    for settings in [
        plain("numeric", &json!({"min": 0.5})),
        choice("points", 3, &json!({})),
        plain("open", &json!({"banned": ["Oh, no!"]})),
    ] {
        let mut table = Table::draft(&settings);
        let shown = table.state(MODERATOR)["settings"].take();
        assert_eq!(table.must(MODERATOR, "poll.edit", &shown), 0, "{shown}");
        assert_eq!(table.state(5).get("settings"), None);
    }
}

#[test]
fn an_unknown_field_is_named() {
    let settings = choice("single", 2, &json!({"colour": "red"}));
    let why = serde_json::from_value::<Settings>(settings).expect_err("no such field").to_string();
    assert!(why.contains("colour"), "{why}");
}
