//! Tests of question rooms beyond what every kind is tested for.

mod properties;
mod quantum;
mod rules;
mod written;

use plenum_domain::Id;
use serde_json::{Value, json};

use crate::engine::stage::Stage;

const MODERATOR: u64 = 0;
const SECOND: u64 = 1;
const SCREEN: u64 = 2;
const ANN: u64 = 3;
const BEN: u64 = 4;
const CEM: u64 = 5;

fn stage(settings: &Value) -> Stage {
    let mut stage = Stage::open("qa", settings);
    (0..6).for_each(|n| stage.join(n));
    stage
}

fn ask(stage: &mut Stage, n: u64, text: &str) -> Id {
    let question = stage.does(n, "qa.ask", &json!({"text": text}));
    stage.wait_ms(500);
    question
}

fn vote(stage: &mut Stage, n: u64, question: Id) {
    stage.does(n, "qa.vote", &json!({"question": question, "up": true}));
    stage.wait_ms(500);
}

fn one(question: Id) -> Value {
    json!({"question": question})
}

/// A question in what someone sees now.
fn seen(stage: &mut Stage, n: u64, question: Id) -> Option<Value> {
    let state = stage.state(n);
    let questions = state["questions"].as_array().expect("a state has questions");
    questions.iter().find(|one| one["id"] == json!(question)).cloned()
}
