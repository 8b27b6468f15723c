//! A venue screen: what it shows is one scene, set by a moderator.

mod sample;
#[cfg(test)]
mod tests;
pub mod wire;

use plenum_domain::{Action, Id};
use serde::{Deserialize, Serialize};

use crate::engine::{
    Actor, Audience, Moment, Numbered, Payload, Publish, Refusal, Room, Scope, Told, Viewer,
};
pub use sample::Samples;
use wire::{Command, Fact, Rejection, Scene, Settings, View};

/// The room of one screen.
#[derive(Debug, Serialize, Deserialize)]
pub struct Screen {
    name: String,
    scene: Scene,
}

impl Room for Screen {
    const KIND: &'static str = "screen";
    const OPS: &'static [&'static str] = &["screen.show"];
    const EVENTS: &'static [&'static str] = &["screen.scene"];
    type Settings = Settings;
    type Command = Command;
    type Fact = Fact;
    type View = View;
    type Rejection = Rejection;

    fn open(_id: Id, _scope: Scope, settings: Settings) -> Result<Self, Refusal> {
        Ok(Self { name: settings.name, scene: Scene { session: settings.session } })
    }

    fn read(op: &str, data: &Payload<'_>) -> Result<Command, Refusal> {
        match op {
            "screen.show" => data.read().map(Command::Show).map_err(|why| Refusal::bad_data(op, why)),
            _ => Err(Refusal::unknown_op(op)),
        }
    }

    fn decide(&self, by: &Actor, command: Command, _at: &Moment) -> Result<Vec<Fact>, Rejection> {
        by.may(Action::Moderate).map_err(Rejection::Forbidden)?;
        let Command::Show(scene) = command;
        Ok(if scene == self.scene { Vec::new() } else { vec![Fact::Shown(scene)] })
    }

    fn evolve(&mut self, fact: &Fact) {
        let Fact::Shown(scene) = fact;
        self.scene = *scene;
    }

    fn publish(_fact: &Fact) -> Publish {
        Publish::Now
    }

    fn state(&self, _to: &Viewer<'_>) -> View {
        View::State { name: self.name.clone(), scene: self.scene, paired: true }
    }

    fn tell(&self, facts: &[Numbered<Fact>], _to: Audience) -> Vec<Told<View>> {
        let last = facts.last().into_iter();
        last.map(|last| Told { seq: last.seq, ev: "screen.scene", view: View::Scene(self.scene) }).collect()
    }
}
