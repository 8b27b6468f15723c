//! Made-up traffic of chats.

use serde_json::{Value, json};

use super::shown::ALLOWED;
use crate::engine::Actor;
use crate::engine::sample::{Dice, Sample, SampleCommand, person};

/// Most people write, some react, few delete and report; moderators keep order; all sometimes try what they may not.
pub struct Samples;

const LINES: [&str; 6] =
    ["Hello from row 12", "+1", "Where are the slides?", "مرحبا", "Louder please", "Thanks!"];

impl Sample for Samples {
    fn settings(&self, dice: &mut Dice) -> Value {
        json!({"slow_mode_s": if dice.chance(20) { 1 } else { 0 }})
    }

    fn command(&self, dice: &mut Dice, by: &Actor, state: &Value) -> SampleCommand {
        let (op, data) = match dice.below(100) {
            0..3 => moderation(dice, state),
            3..25 if by.moderates() => moderation(dice, state),
            3..60 => ("chat.send", line(dice, state)),
            60..88 => ("chat.react", json!({"message": message(dice, state), "emoji": dice.pick(ALLOWED)})),
            88..95 => ("chat.delete", json!({"message": message(dice, state)})),
            _ => ("chat.report", json!({"message": message(dice, state), "reason": "spam"})),
        };
        SampleCommand { op, data }
    }
}

fn moderation(dice: &mut Dice, state: &Value) -> (&'static str, Value) {
    match dice.below(4) {
        0 => ("chat.slow", json!({"seconds": dice.below(3)})),
        1 => ("chat.delete", json!({"message": message(dice, state)})),
        _ => ("chat.mute", json!({"participant": person(dice.below(9)).participant, "for_s": dice.below(6)})),
    }
}

/// A line that is hardly made twice.
fn line(dice: &mut Dice, state: &Value) -> Value {
    let text = format!("{} #{:09}", dice.pick(&LINES), dice.below(1_000_000_000));
    match dice.chance(20) {
        true => json!({"text": text, "reply_to": message(dice, state)}),
        false => json!({"text": text}),
    }
}

/// One of the messages in sight, or one that is not there.
fn message(dice: &mut Dice, state: &Value) -> Value {
    match state["messages"].as_array().filter(|all| !all.is_empty()) {
        Some(all) if dice.chance(95) => dice.pick(all)["id"].clone(),
        _ => json!(dice.id()),
    }
}
