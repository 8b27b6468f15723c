//! A session's questions: asked, voted for, moderated, answered.

mod asking;
mod moderating;
mod sample;
mod score;
mod shown;
mod state;
mod support;
mod telling;
#[cfg(test)]
mod tests;
mod turnout;
mod voting;
pub mod wire;

use plenum_domain::{Action, Id, Timestamp};

use crate::engine::{
    Actor, Audience, Moment, Numbered, Payload, Publish, Refusal, Rejection as _, Room, Scope, Told, Viewer,
    Whisper,
};
pub use sample::Samples;
use shown::Eyes;
pub use state::Qa;
use wire::{Command, Fact, Moderation, One, Rejection, Settings, View};

impl Room for Qa {
    const KIND: &'static str = "qa";
    const OPS: &'static [&'static str] = &[
        "qa.ask",
        "qa.vote",
        "qa.withdraw",
        "qa.approve",
        "qa.reject",
        "qa.edit",
        "qa.merge",
        "qa.unmerge",
        "qa.pin",
        "qa.unpin",
        "qa.answered",
        "qa.reopen",
        "qa.claim",
        "qa.unclaim",
        "qa.configure",
    ];
    const EVENTS: &'static [&'static str] = &["qa.question", "qa.votes", "qa.settings", "qa.fate", "qa.mine"];
    type Settings = Settings;
    type Command = Command;
    type Fact = Fact;
    type View = View;
    type Rejection = Rejection;

    fn open(_id: Id, _scope: Scope, settings: Settings) -> Result<Self, Refusal> {
        moderating::checked(&settings).map_err(|no| no.refusal())?;
        Ok(Self { settings, ..Self::default() })
    }

    fn read(op: &str, data: &Payload<'_>) -> Result<Command, Refusal> {
        let one = |command: fn(Id) -> Moderation| data.read().map(|One { question }| command(question));
        let read = match op {
            "qa.ask" => return data.read().map(Command::Ask).map_err(|why| Refusal::bad_data(op, why)),
            "qa.vote" => return data.read().map(Command::Vote).map_err(|why| Refusal::bad_data(op, why)),
            "qa.withdraw" => {
                let read = data.read().map(|One { question }| Command::Withdraw(question));
                return read.map_err(|why| Refusal::bad_data(op, why));
            }
            "qa.approve" => one(Moderation::Approve),
            "qa.reject" => data.read().map(Moderation::Reject),
            "qa.edit" => data.read().map(Moderation::Edit),
            "qa.merge" => data.read().map(Moderation::Merge),
            "qa.unmerge" => one(Moderation::Unmerge),
            "qa.pin" => one(Moderation::Pin),
            "qa.unpin" => one(Moderation::Unpin),
            "qa.answered" => one(Moderation::Answered),
            "qa.reopen" => one(Moderation::Reopen),
            "qa.claim" => one(Moderation::Claim),
            "qa.unclaim" => one(Moderation::Unclaim),
            "qa.configure" => data.read().map(Moderation::Configure),
            _ => return Err(Refusal::unknown_op(op)),
        };
        read.map(Command::Moderate).map_err(|why| Refusal::bad_data(op, why))
    }

    fn decide(&self, by: &Actor, command: Command, at: &Moment) -> Result<Vec<Fact>, Rejection> {
        match command {
            Command::Ask(ask) => self.asked(by, &ask, at),
            Command::Vote(vote) => self.voted(by, vote),
            Command::Withdraw(question) => self.withdrawn(by, question),
            Command::Moderate(moderation) => {
                by.may(Action::Moderate).map_err(Rejection::Forbidden)?;
                self.moderated(by, moderation, at)
            }
        }
    }

    fn evolve(&mut self, fact: &Fact) {
        self.apply(fact);
    }

    fn publish(fact: &Fact) -> Publish {
        match fact {
            Fact::Asked { .. } | Fact::Voted { .. } | Fact::Withdrawn { .. } => Publish::Soon,
            _ => Publish::Now,
        }
    }

    /// Who comes back is not shown again what may not be read any more.
    fn regroups(fact: &Fact) -> bool {
        matches!(
            fact,
            Fact::Rejected { .. } | Fact::Withdrawn { .. } | Fact::Merged { .. } | Fact::Edited { .. }
        )
    }

    fn state(&self, to: &Viewer<'_>) -> View {
        View::State(self.state_view(to.actor, to.audience))
    }

    fn tell(&self, facts: &[Numbered<Fact>], to: Audience) -> Vec<Told<View>> {
        self.told(facts, Eyes::of(to))
    }

    fn whisper(&self, facts: &[Numbered<Fact>]) -> Vec<Whisper<View>> {
        self.whispered(facts)
    }

    fn wake_at(&self) -> Option<Timestamp> {
        self.claims.values().map(|claim| claim.until).min()
    }

    fn on_wake(&self, at: &Moment) -> Vec<Fact> {
        let over = self.claims.iter().filter(|(_, claim)| claim.until <= at.now);
        over.map(|(question, _)| Fact::Released { question: *question }).collect()
    }
}
