//! Running a session: its life, what it shows, its list of polls.

use std::collections::BTreeSet;

use plenum_domain::text::{BadText, clean};
use plenum_domain::{Id, Timestamp};
use serde_json::Value;

use super::state::{BLANK, Session};
use super::wire::{Command, Fact, Live, LiveKind, Rejection, Show, Status, TimerChange};
use crate::engine::{Moment, Payload, Refusal, RoomRef};
use crate::kinds;

/// The longest text to show, in characters.
const MAX_TEXT: usize = 280;
/// The longest title of a poll on the list, in characters; the poll's own kind allows no longer one.
const MAX_TITLE: usize = 1_000;
/// Polls of one session.
const MAX_POLLS: usize = 100;

type Decision = Result<Vec<Fact>, Rejection>;

impl Session {
    pub(super) fn run(&self, command: Command, at: &Moment) -> Decision {
        match command {
            Command::Start => Ok(self.become_status(Status::Live)),
            Command::Pause if matches!(self.status, Status::Live | Status::Paused) => {
                Ok(self.become_status(Status::Paused))
            }
            Command::Pause => Err(Rejection::NotLive),
            Command::End => Ok(self.become_status(Status::Ended)),
            Command::Edit(edit) => self.edit(edit),
            Command::Show(show) => self.show(show),
            Command::Timer(change) => self.change_timer(&change, at.now),
            Command::CreatePoll(settings) => self.create_poll(settings, at.command),
            Command::OrderPolls(order) => self.order_polls(&order),
            Command::RemovePoll(room) => self.remove_poll(room),
        }
    }

    fn become_status(&self, status: Status) -> Vec<Fact> {
        if status == self.status { Vec::new() } else { vec![Fact::Status(status)] }
    }

    fn become_live(&self, live: Live) -> Vec<Fact> {
        if live == self.live { Vec::new() } else { vec![Fact::Live(live)] }
    }

    fn show(&self, show: Show) -> Decision {
        let room = self.room_of(&show)?;
        let text = show.text.map(|raw| clean(&raw, MAX_TEXT)).transpose().map_err(bad_text)?;
        match show.kind {
            LiveKind::Message if text.is_none() && room.is_none() => {
                Err(Rejection::Unfit("text", "a message needs a text".to_owned()))
            }
            kind if kind != LiveKind::Message && text.is_some() => {
                Err(Rejection::Unfit("text", "only a message has a text".to_owned()))
            }
            kind => Ok(self.become_live(Live { kind, room, text })),
        }
    }

    /// The room to show: one of the session's own, of the right kind.
    fn room_of(&self, show: &Show) -> Result<Option<RoomRef>, Rejection> {
        let fits = |room: RoomRef| match show.kind {
            LiveKind::Poll => self.poll(room).is_some(),
            LiveKind::Qa => room == self.qa(),
            LiveKind::Message => room == self.messaging(),
            LiveKind::Debate | LiveKind::Blank => false,
        };
        match (show.room, show.kind) {
            (Some(room), _) if fits(room) => Ok(Some(room)),
            (Some(room), _) => Err(Rejection::ForeignRoom(room)),
            (None, LiveKind::Qa) => Ok(Some(self.qa())),
            (None, LiveKind::Message | LiveKind::Blank) => Ok(None),
            (None, LiveKind::Poll | LiveKind::Debate) => {
                Err(Rejection::Unfit("room", "which room is to be shown?".to_owned()))
            }
        }
    }

    fn change_timer(&self, change: &TimerChange, now: Timestamp) -> Decision {
        let next = self.timer.changed(change, now)?;
        Ok(if next == self.timer { Vec::new() } else { vec![Fact::Timer(next)] })
    }

    /// Makes a poll when its own kind accepts the settings: what is journaled here opens there without fail.
    fn create_poll(&self, settings: Value, id: Id) -> Decision {
        if self.polls.len() >= MAX_POLLS {
            return Err(Rejection::TooManyPolls(MAX_POLLS));
        }
        let unknown = || Rejection::Poll(Refusal::unknown_op("poll.create"));
        let poll = kinds::find("poll").ok_or_else(unknown)?;
        let bytes = settings.to_string();
        (poll.open)(id, self.scope, &Payload::json(bytes.as_bytes())).map_err(Rejection::Poll)?;
        let title = settings.get("title").and_then(Value::as_str).unwrap_or_default();
        let title = clean(title, MAX_TITLE).unwrap_or_default();
        Ok(vec![Fact::PollAdded { poll: id, title, settings }])
    }

    fn order_polls(&self, order: &[RoomRef]) -> Decision {
        let wanted: BTreeSet<RoomRef> = order.iter().copied().collect();
        let all: BTreeSet<RoomRef> = self.polls.iter().map(super::state::Poll::room).collect();
        if wanted != all || order.len() != all.len() {
            return Err(Rejection::WrongOrder);
        }
        let same =
            order.iter().eq(self.polls.iter().map(super::state::Poll::room).collect::<Vec<_>>().iter());
        let ids = order.iter().map(|room| room.id).collect();
        Ok(if same { Vec::new() } else { vec![Fact::PollsOrdered(ids)] })
    }

    /// Takes a poll off the list, and off the screen when it is there.
    fn remove_poll(&self, room: RoomRef) -> Decision {
        let poll = self.poll(room).ok_or(Rejection::UnknownPoll(room))?;
        let blank = (self.live.room == Some(room)).then_some(Fact::Live(BLANK));
        Ok([Fact::PollRemoved(poll.id)].into_iter().chain(blank).collect())
    }
}

fn bad_text(bad: BadText) -> Rejection {
    match bad {
        BadText::Empty => Rejection::Unfit("text", bad.to_string()),
        BadText::TooLong { has, max } => Rejection::TooLong(has, max),
    }
}
