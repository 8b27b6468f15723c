//! Made-up traffic of polls: every kind, mostly votes that count.

use serde_json::{Map, Value, json};

use crate::engine::Actor;
use crate::engine::sample::{Dice, Sample, SampleCommand};

const KINDS: [&str; 8] =
    ["single", "multiple", "rating", "ranking", "points", "wordcloud", "open", "numeric"];
const POLICIES: [&str; 4] = ["always", "after_vote", "after_close", "moderators"];
const WORDS: [&str; 8] = ["open", "Fast", "calm", "bold ", "Rust!", "data", "trust", "café"];
const STEPS: [&str; 6] = ["poll.open", "poll.open", "poll.close", "poll.reveal", "poll.reset", "poll.reopen"];

/// Moderators run rounds, attendees vote in them.
pub struct Samples;

impl Sample for Samples {
    fn settings(&self, dice: &mut Dice) -> Value {
        let kind = *dice.pick(&KINDS);
        let mut settings = json!({
            "title": "What matters most?",
            "kind": kind,
            "anonymous": dice.chance(60),
            "results": dice.pick(&POLICIES),
            "change_vote": dice.chance(50),
        });
        let more = match kind {
            "single" | "multiple" | "ranking" | "points" => json!({"options": options(dice)}),
            "numeric" => json!({"min": 0, "max": 1_000}),
            "wordcloud" | "open" => json!({"moderated": dice.chance(30), "banned": ["spam"]}),
            _ => json!({}),
        };
        merge(&mut settings, more);
        settings
    }

    fn command(&self, dice: &mut Dice, by: &Actor, state: &Value) -> SampleCommand {
        match () {
            () if by.moderates() && state["poll"]["status"] == "draft" && dice.chance(30) => {
                SampleCommand { op: "poll.edit", data: self.settings(dice) }
            }
            () if by.moderates() && dice.chance(40) => curate(dice, state),
            () if by.moderates() && dice.chance(60) => {
                SampleCommand { op: dice.pick::<&'static str>(&STEPS), data: json!({}) }
            }
            () => SampleCommand { op: "poll.vote", data: vote(dice, state) },
        }
    }
}

fn options(dice: &mut Dice) -> Vec<Value> {
    (0..2 + dice.below(4)).map(|n| json!({"label": format!("Choice {n}")})).collect()
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

fn vote(dice: &mut Dice, state: &Value) -> Value {
    let poll = &state["poll"];
    match poll["kind"].as_str().unwrap_or_default() {
        "rating" => json!({"value": 1 + dice.below(6)}),
        "numeric" => json!({"value": dice.below(1_100)}),
        "wordcloud" => json!({"text": format!("{}, {}", dice.pick(&WORDS), dice.pick(&WORDS))}),
        "open" => json!({"text": format!("I think it is {}", dice.pick(&WORDS))}),
        "points" => json!({"points": points(dice, poll)}),
        _ => json!({"options": chosen(dice, poll)}),
    }
}

fn chosen(dice: &mut Dice, poll: &Value) -> Vec<String> {
    let mut ids = ids(poll);
    let most = poll["max_choices"].as_u64().unwrap_or(1);
    let wanted = 1 + dice.below(most) as usize;
    while ids.len() > wanted {
        ids.remove(dice.below(ids.len() as u64) as usize);
    }
    let first = dice.below(ids.len() as u64) as usize;
    ids.rotate_left(first);
    ids
}

fn points(dice: &mut Dice, poll: &Value) -> Map<String, Value> {
    let ids = ids(poll);
    let share = 110 / ids.len().max(1) as u64;
    ids.into_iter().map(|id| (id, json!(dice.below(share)))).collect()
}

fn ids(poll: &Value) -> Vec<String> {
    let options = poll["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    options.iter().filter_map(|option| option["id"].as_str().map(str::to_owned)).collect()
}

fn curate(dice: &mut Dice, state: &Value) -> SampleCommand {
    let answers = state["results"]["answers"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !answers.is_empty() {
        let op = *dice.pick(&["poll.hide_answer", "poll.approve_answer"]);
        return SampleCommand { op, data: json!({"answer": dice.pick(answers)["id"]}) };
    }
    let (one, other) = (*dice.pick(&WORDS), *dice.pick(&WORDS));
    match dice.below(4) {
        0 => SampleCommand { op: "poll.merge_words", data: json!({"into": one, "words": [other]}) },
        1 => SampleCommand { op: "poll.unmerge_words", data: json!({"words": [other]}) },
        2 => SampleCommand { op: "poll.hide_word", data: json!({"word": one}) },
        _ => SampleCommand { op: "poll.approve_word", data: json!({"word": one}) },
    }
}
