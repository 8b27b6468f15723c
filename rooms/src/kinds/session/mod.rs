//! A session: what is live now, its countdown, its polls, reactions and who is here.

mod editing;
#[cfg(test)]
mod peaks;
mod presence;
mod reactions;
mod run;
mod sample;
mod state;
#[cfg(test)]
mod tests;
mod timer;
pub mod wire;

use plenum_domain::{Action, Id, Timestamp};

use crate::engine::{
    Actor, Audience, Moment, Numbered, Opening, Payload, Publish, Refusal, Rejection as _, Room, Scope, Told,
    Viewer, latest_of_each,
};
pub use sample::Samples;
use state::BLANK;
pub use state::Session;
use wire::{Command, Fact, Nothing, Order, Reaction, Rejection, Removal, Settings, Status, View};

/// What changed, for those who watch: each is told once a beat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    Status,
    Live,
    Timer,
    Polls,
}

impl Room for Session {
    const KIND: &'static str = "session";
    const OPS: &'static [&'static str] = &[
        "session.start",
        "session.pause",
        "session.end",
        "session.edit",
        "session.show",
        "session.timer",
        "session.polls",
        "session.remove_poll",
        "session.react",
        "poll.create",
    ];
    const EVENTS: &'static [&'static str] = &[
        "session.status",
        "session.live",
        "session.timer",
        "session.polls",
        "session.present",
        "session.reactions",
    ];
    type Settings = Settings;
    type Command = Command;
    type Fact = Fact;
    type View = View;
    type Rejection = Rejection;

    fn open(id: Id, scope: Scope, settings: Settings) -> Result<Self, Refusal> {
        let text = |field, raw: &str| editing::text(field, raw).map_err(|no| no.refusal());
        Ok(Self {
            id,
            scope,
            title: text("title", &settings.title)?,
            starts_ms: settings.starts_ms,
            ends_ms: settings.ends_ms,
            hall: settings.hall.map(|hall| text("hall", &hall)).transpose()?,
            status: Status::Scheduled,
            live: BLANK,
            timer: wire::Timer::default(),
            polls: Vec::new(),
            reactions: reactions::Reactions::default(),
            presence: presence::Presence::default(),
        })
    }

    fn read(op: &str, data: &Payload<'_>) -> Result<Command, Refusal> {
        let nothing = |command| data.read().map(|Nothing {}| command);
        let read = match op {
            "session.start" => nothing(Command::Start),
            "session.pause" => nothing(Command::Pause),
            "session.end" => nothing(Command::End),
            "session.edit" => data.read().map(Command::Edit),
            "session.show" => data.read().map(Command::Show),
            "session.timer" => data.read().map(Command::Timer),
            "session.polls" => data.read().map(|Order { order }| Command::OrderPolls(order)),
            "session.remove_poll" => data.read().map(|Removal { room }| Command::RemovePoll(room)),
            "poll.create" => data.read().map(Command::CreatePoll),
            _ => return Err(Refusal::unknown_op(op)),
        };
        read.map_err(|why| Refusal::bad_data(op, why))
    }

    fn decide(&self, by: &Actor, command: Command, at: &Moment) -> Result<Vec<Fact>, Rejection> {
        by.may(Action::Moderate).map_err(Rejection::Forbidden)?;
        self.run(command, at)
    }

    fn evolve(&mut self, fact: &Fact) {
        self.apply(fact);
    }

    fn publish(fact: &Fact) -> Publish {
        // How many are here is shown as it changes.
        if matches!(fact, Fact::Peak(_)) { Publish::Never } else { Publish::Now }
    }

    fn state(&self, to: &Viewer<'_>) -> View {
        View::State(Box::new(self.state_view(to.audience == Audience::Moderator)))
    }

    fn tell(&self, facts: &[Numbered<Fact>], to: Audience) -> Vec<Told<View>> {
        let topics = latest_of_each(facts, |fact| match fact {
            Fact::Status(_) | Fact::Edited(_) => Some(Topic::Status),
            Fact::Live(_) => Some(Topic::Live),
            Fact::Timer(_) => Some(Topic::Timer),
            Fact::PollAdded { .. } | Fact::PollsOrdered(_) | Fact::PollRemoved(_) => Some(Topic::Polls),
            Fact::Peak(_) => None,
        });
        let told = topics.into_iter().map(|(seq, topic)| {
            let (ev, view) = match topic {
                Topic::Status => ("session.status", View::Status(self.session_view())),
                Topic::Live => ("session.live", View::Live(self.live.clone())),
                Topic::Timer => ("session.timer", View::Timer(self.timer.clone())),
                Topic::Polls => ("session.polls", View::Polls(self.polls_view(to == Audience::Moderator))),
            };
            Told { seq, ev, view }
        });
        told.collect()
    }

    fn opens(fact: &Fact) -> Option<Opening> {
        let Fact::PollAdded { poll, settings, .. } = fact else { return None };
        Some(Opening { kind: "poll", id: *poll, settings: settings.clone() })
    }

    fn touch(
        &mut self,
        by: &Actor,
        op: &str,
        data: &Payload<'_>,
        at: &Moment,
    ) -> Option<Result<(), Refusal>> {
        (op == "session.react").then(|| self.react(by, op, data, at.now))
    }

    fn present(&mut self, people: u32, now: Timestamp) {
        self.presence.count(people, now);
    }

    fn flicker(&mut self) -> Vec<(&'static str, View)> {
        let mut shown = Vec::new();
        if let Some(present) = self.presence.take_fresh() {
            shown.push(("session.present", View::Present { present }));
        }
        let counts = self.reactions.take_fresh();
        if !counts.is_empty() {
            shown.push(("session.reactions", View::Reactions { counts }));
        }
        shown
    }

    fn wake_at(&self) -> Option<Timestamp> {
        [self.timer.wake_at(), self.presence.wake_at()].into_iter().flatten().min()
    }

    fn on_wake(&self, at: &Moment) -> Vec<Fact> {
        let timer = self.timer.over(at.now).map(Fact::Timer);
        timer.into_iter().chain(self.presence.due(at.now).map(Fact::Peak)).collect()
    }
}

impl Session {
    fn react(&mut self, by: &Actor, op: &str, data: &Payload<'_>, now: Timestamp) -> Result<(), Refusal> {
        by.may(Action::TakePart).map_err(Refusal::forbidden)?;
        if self.status == Status::Ended {
            return Err(Rejection::Ended.refusal());
        }
        let Reaction { emoji } = data.read().map_err(|why| Refusal::bad_data(op, why))?;
        self.reactions.react(by.participant, &emoji, now)
    }
}
