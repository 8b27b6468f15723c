//! Made-up traffic of sessions.

use serde_json::{Value, json};

use super::reactions::ALLOWED;
use crate::engine::Actor;
use crate::engine::sample::{Dice, Sample, SampleCommand};

/// Moderators run the session, attendees react, and both sometimes try what they may not.
pub struct Samples;

const TITLES: [&str; 3] = ["Opening keynote", "كلمة الافتتاح", "Closing panel"];

impl Sample for Samples {
    fn settings(&self, dice: &mut Dice) -> Value {
        json!({
            "title": dice.pick(&TITLES),
            "starts_ms": 1_763_800_000_000_i64,
            "hall": dice.chance(50).then_some("Hall 1"),
        })
    }

    fn command(&self, dice: &mut Dice, by: &Actor, state: &Value) -> SampleCommand {
        if by.moderates() || dice.chance(5) {
            let (op, data) = run(dice, state);
            return SampleCommand { op, data };
        }
        SampleCommand { op: "session.react", data: json!({"emoji": dice.pick(ALLOWED)}) }
    }
}

fn run(dice: &mut Dice, state: &Value) -> (&'static str, Value) {
    let polls = state["rooms"]["polls"].as_array().cloned().unwrap_or_default();
    match dice.below(10) {
        0 => ("session.start", json!({})),
        1 => ("session.pause", json!({})),
        2 => ("session.end", json!({})),
        3 => ("session.show", shown(dice, state)),
        4 | 5 => ("session.timer", timer(dice)),
        6 => ("poll.create", poll(dice)),
        7 => ("session.polls", json!({"order": polls.into_iter().rev().collect::<Vec<_>>()})),
        8 => ("session.edit", edit(dice)),
        _ => match polls.first() {
            Some(poll) if dice.chance(30) => ("session.remove_poll", json!({"room": poll})),
            Some(poll) => ("session.show", json!({"kind": "poll", "room": poll})),
            None => ("session.react", json!({"emoji": "👏"})),
        },
    }
}

fn edit(dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => json!({"title": dice.pick(&TITLES)}),
        1 => json!({"hall": ""}),
        2 => json!({"hall": "Hall 2", "ends_ms": 1_763_803_600_000_i64}),
        _ => json!({"ends_ms": 1_763_000_000_000_i64}),
    }
}

fn shown(dice: &mut Dice, state: &Value) -> Value {
    match dice.below(4) {
        0 => json!({"kind": "qa"}),
        1 => json!({"kind": "message", "text": format!("Back in {} minutes", dice.below(30))}),
        2 => json!({"kind": "message", "room": state["rooms"]["messaging"]}),
        _ => json!({"kind": "blank"}),
    }
}

fn timer(dice: &mut Dice) -> Value {
    let ms = 1_000 * (1 + dice.below(600));
    match dice.below(6) {
        0 | 1 => json!({"state": "running", "duration_ms": ms, "warn_ms": ms / 4, "danger_ms": ms / 10}),
        2 => json!({"state": "paused"}),
        3 => json!({"state": "running"}),
        4 => json!({"add_ms": 60_000 - 1_000 * dice.below(90) as i64}),
        _ => json!({"state": "idle"}),
    }
}

fn poll(dice: &mut Dice) -> Value {
    json!({
        "title": format!("Question {}", dice.below(100)),
        "kind": "single",
        "options": [{"id": "a", "label": "Yes"}, {"id": "b", "label": "No"}],
        "anonymous": dice.chance(50),
        "results": "always",
        "change_vote": true,
    })
}
