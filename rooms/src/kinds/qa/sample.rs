//! Made-up traffic of question rooms.

use serde_json::{Value, json};

use crate::engine::Actor;
use crate::engine::sample::{Dice, Sample, SampleCommand};

/// Attendees ask, vote and withdraw; moderators work through the queue; both sometimes try what they may not.
pub struct Samples;

const WORDS: [&str; 8] = ["When", "is", "the", "coffee", "لماذا", "not", "open", "source"];
const ONES: [&str; 8] =
    ["qa.approve", "qa.pin", "qa.unpin", "qa.answered", "qa.reopen", "qa.claim", "qa.unclaim", "qa.unmerge"];

impl Sample for Samples {
    fn settings(&self, dice: &mut Dice) -> Value {
        json!({"premoderation": dice.chance(50), "anonymous": dice.chance(80), "max_chars": 200})
    }

    fn command(&self, dice: &mut Dice, by: &Actor, state: &Value) -> SampleCommand {
        let (op, data) = match dice.below(100) {
            0..5 => moderation(dice, state),
            _ if by.moderates() => moderation(dice, state),
            5..40 => ("qa.ask", json!({"text": text(dice), "anonymous": dice.chance(50)})),
            40..90 => ("qa.vote", json!({"question": question(dice, state), "up": dice.chance(80)})),
            _ => ("qa.withdraw", json!({"question": question(dice, state)})),
        };
        SampleCommand { op, data }
    }
}

fn moderation(dice: &mut Dice, state: &Value) -> (&'static str, Value) {
    match dice.below(12) {
        0 => ("qa.reject", json!({"question": question(dice, state), "reason": "off topic"})),
        1 => ("qa.edit", json!({"question": question(dice, state), "text": text(dice)})),
        2 | 3 => {
            let parts: Vec<Value> = (0..1 + dice.below(3)).map(|_| question(dice, state)).collect();
            ("qa.merge", json!({"into": question(dice, state), "questions": parts}))
        }
        4 => {
            let approve_pending = dice.chance(30);
            ("qa.configure", json!({"premoderation": dice.chance(60), "approve_pending": approve_pending}))
        }
        _ => (*dice.pick(&ONES), json!({"question": question(dice, state)})),
    }
}

/// A text that is hardly made twice.
fn text(dice: &mut Dice) -> String {
    let words: Vec<&str> = (0..2 + dice.below(8)).map(|_| *dice.pick(&WORDS)).collect();
    format!("{} #{:09}", words.join(" "), dice.below(1_000_000_000))
}

/// One of the questions in sight, or one that is not there.
fn question(dice: &mut Dice, state: &Value) -> Value {
    match state["questions"].as_array().filter(|all| !all.is_empty()) {
        Some(all) if dice.chance(95) => dice.pick(all)["id"].clone(),
        _ => json!(dice.id()),
    }
}
