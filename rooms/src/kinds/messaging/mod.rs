//! A session's chat: messages, reactions to them, and what moderators need to keep it civil.

mod deciding;
mod sample;
mod shown;
mod state;
mod telling;
#[cfg(test)]
mod tests;
pub mod wire;

use plenum_domain::{Id, Timestamp};

use crate::engine::{
    Actor, Audience, Moment, Numbered, Payload, Publish, Refusal, Rejection as _, Room, Scope, Told, Viewer,
    Whisper,
};
pub use sample::Samples;
pub use state::Messaging;
use wire::{Command, Delete, Fact, Rejection, Settings, Slow, View};

impl Room for Messaging {
    const KIND: &'static str = "messaging";
    const OPS: &'static [&'static str] =
        &["chat.send", "chat.react", "chat.delete", "chat.report", "chat.mute", "chat.slow"];
    const EVENTS: &'static [&'static str] = &[
        "chat.message",
        "chat.deleted",
        "chat.reactions",
        "chat.slow",
        "chat.muted",
        "chat.mine",
        "chat.report",
        "chat.mutes",
    ];
    type Settings = Settings;
    type Command = Command;
    type Fact = Fact;
    type View = View;
    type Rejection = Rejection;

    fn open(_id: Id, _scope: Scope, settings: Settings) -> Result<Self, Refusal> {
        let slow_mode_s = settings.slow_mode_s;
        if slow_mode_s > state::MAX_SLOW_S {
            return Err(Rejection::TooMuch("slow_mode_s", state::MAX_SLOW_S).refusal());
        }
        Ok(Self { slow_mode_s, ..Self::default() })
    }

    fn read(op: &str, data: &Payload<'_>) -> Result<Command, Refusal> {
        let read = match op {
            "chat.send" => data.read().map(Command::Send),
            "chat.react" => data.read().map(Command::React),
            "chat.delete" => data.read().map(|Delete { message }| Command::Delete(message)),
            "chat.report" => data.read().map(Command::Report),
            "chat.mute" => data.read().map(Command::Mute),
            "chat.slow" => data.read().map(|Slow { seconds }| Command::Slow(seconds)),
            _ => return Err(Refusal::unknown_op(op)),
        };
        read.map_err(|why| Refusal::bad_data(op, why))
    }

    fn decide(&self, by: &Actor, command: Command, at: &Moment) -> Result<Vec<Fact>, Rejection> {
        self.decided(by, command, at)
    }

    fn evolve(&mut self, fact: &Fact) {
        self.apply(fact);
    }

    fn publish(fact: &Fact) -> Publish {
        match fact {
            Fact::Deleted { .. } | Fact::Muted { .. } | Fact::Unmuted { .. } | Fact::Slowed { .. } => {
                Publish::Now
            }
            Fact::Sent { .. } | Fact::Reacted { .. } | Fact::Reported { .. } => Publish::Soon,
        }
    }

    /// Who comes back is not shown again what is deleted.
    fn regroups(fact: &Fact) -> bool {
        matches!(fact, Fact::Deleted { .. })
    }

    fn state(&self, to: &Viewer<'_>) -> View {
        View::State(Box::new(self.state_view(to.actor, to.audience)))
    }

    fn tell(&self, facts: &[Numbered<Fact>], to: Audience) -> Vec<Told<View>> {
        self.told(facts, to)
    }

    fn whisper(&self, facts: &[Numbered<Fact>]) -> Vec<Whisper<View>> {
        self.whispered(facts)
    }

    fn wake_at(&self) -> Option<Timestamp> {
        self.muted.values().min().copied()
    }

    fn on_wake(&self, at: &Moment) -> Vec<Fact> {
        let over = self.muted.iter().filter(|(_, until)| **until <= at.now);
        over.map(|(participant, _)| Fact::Unmuted { participant: *participant }).collect()
    }
}
