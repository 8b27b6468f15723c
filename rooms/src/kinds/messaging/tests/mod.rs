//! Tests of chats beyond what every kind is tested for.

mod irc;
mod properties;
mod rules;
mod written;

use plenum_domain::Id;
use serde_json::{Value, json};

use crate::engine::stage::Stage;

const MODERATOR: u64 = 0;
const SCREEN: u64 = 2;
const ANN: u64 = 3;
const BEN: u64 = 4;
const CEM: u64 = 5;

fn stage(settings: &Value) -> Stage {
    let mut stage = Stage::open("messaging", settings);
    (0..6).for_each(|n| stage.join(n));
    stage
}

fn write(stage: &mut Stage, n: u64, text: &str) -> Id {
    let message = stage.does(n, "chat.send", &json!({"text": text}));
    stage.wait_ms(500);
    message
}
