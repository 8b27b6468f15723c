//! Made-up traffic of screens.

use serde_json::{Value, json};

use crate::engine::Actor;
use crate::engine::sample::{Dice, Sample, SampleCommand};

/// Moderators send a screen from session to session.
pub struct Samples;

impl Sample for Samples {
    fn settings(&self, dice: &mut Dice) -> Value {
        json!({"name": "Foyer", "session": dice.chance(50).then(|| dice.id())})
    }

    fn command(&self, dice: &mut Dice, _by: &Actor, _state: &Value) -> SampleCommand {
        let session = dice.chance(80).then(|| dice.id());
        SampleCommand { op: "screen.show", data: json!({"session": session}) }
    }
}
