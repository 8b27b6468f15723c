//! A poll: one question in rounds, from draft to results. See README.md for the ops and who sees what.

mod ballot;
mod curation;
mod deciding;
mod decimal;
mod sample;
mod settings;
mod state;
mod tally;
mod telling;
#[cfg(test)]
mod tests;
mod view;
pub mod wire;
mod words;

use plenum_domain::Id;

use crate::engine::{Actor, Audience, Moment, Numbered, Payload, Publish, Refusal, Room, Scope, Told};
use crate::engine::{Viewer, Whisper};
pub use ballot::Ballot;
pub use decimal::{BadDecimal, Decimal, Figure};
pub use sample::Samples;
pub use settings::check;
pub use state::Poll;
use wire::{Command, Fact, Nothing, Rejection, Settings, Status, Verdict, View};

impl Room for Poll {
    const KIND: &'static str = "poll";
    const OPS: &'static [&'static str] = &[
        "poll.approve_answer",
        "poll.approve_word",
        "poll.close",
        "poll.edit",
        "poll.hide_answer",
        "poll.hide_word",
        "poll.merge_words",
        "poll.open",
        "poll.reopen",
        "poll.reset",
        "poll.reveal",
        "poll.unmerge_words",
        "poll.vote",
    ];
    const EVENTS: &'static [&'static str] = &["poll.mine", "poll.results", "poll.status"];
    type Settings = Settings;
    type Command = Command;
    type Fact = Fact;
    type View = View;
    type Rejection = Rejection;

    fn open(id: Id, _scope: Scope, settings: Settings) -> Result<Self, Refusal> {
        Ok(Self::new(id, settings::complete(settings)?))
    }

    fn read(op: &str, data: &Payload<'_>) -> Result<Command, Refusal> {
        let read = match op {
            "poll.approve_answer" => data.read().map(Command::ApproveAnswer),
            "poll.approve_word" => data.read().map(Command::ApproveWord),
            "poll.close" => data.read().map(|Nothing {}| Command::Close),
            "poll.edit" => data.read().map(Command::Edit),
            "poll.hide_answer" => data.read().map(Command::HideAnswer),
            "poll.hide_word" => data.read().map(Command::HideWord),
            "poll.merge_words" => data.read().map(Command::MergeWords),
            "poll.open" => data.read().map(Command::Open),
            "poll.reopen" => data.read().map(|Nothing {}| Command::Reopen),
            "poll.reset" => data.read().map(|Nothing {}| Command::Reset),
            "poll.reveal" => data.read().map(|Nothing {}| Command::Reveal),
            "poll.unmerge_words" => data.read().map(Command::UnmergeWords),
            "poll.vote" => data.read().map(Command::Vote),
            _ => return Err(Refusal::unknown_op(op)),
        };
        read.map_err(|why| Refusal::bad_data(op, why))
    }

    fn decide(&self, by: &Actor, command: Command, at: &Moment) -> Result<Vec<Fact>, Rejection> {
        self.decide_on(by, command, at)
    }

    fn evolve(&mut self, fact: &Fact) {
        self.apply(fact);
    }

    fn publish(fact: &Fact) -> Publish {
        match fact {
            Fact::Voted { .. } => Publish::Soon,
            _ => Publish::Now,
        }
    }

    fn audience(&self, actor: &Actor) -> Audience {
        self.audience_of(actor)
    }

    /// A new round begins without votes, so whoever was shown results for having voted is an attendee again. A text that
    /// is hidden is not shown again to those who come back.
    fn regroups(fact: &Fact) -> bool {
        match fact {
            Fact::Reset => true,
            Fact::WordJudged { verdict, .. } | Fact::AnswerJudged { verdict, .. } => {
                *verdict == Verdict::Hidden
            }
            _ => false,
        }
    }

    fn state(&self, to: &Viewer<'_>) -> View {
        View::State(Box::new(self.state_view(to)))
    }

    fn tell(&self, facts: &[Numbered<Fact>], to: Audience) -> Vec<Told<View>> {
        self.pushes(facts, to)
    }

    fn whisper(&self, facts: &[Numbered<Fact>]) -> Vec<Whisper<View>> {
        self.own_votes(facts)
    }

    fn wake_at(&self) -> Option<plenum_domain::Timestamp> {
        self.closes_at
    }

    fn on_wake(&self, at: &Moment) -> Vec<Fact> {
        let due = self.status == Status::Open && self.closes_at.is_some_and(|closes_at| closes_at <= at.now);
        if due { vec![Fact::Closed, Fact::Announced] } else { Vec::new() }
    }
}
