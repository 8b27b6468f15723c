//! What may happen in a chat, and why not.

use plenum_domain::text::{BadText, clean};
use plenum_domain::{Action, Id, Timestamp};

use super::shown::ALLOWED;
use super::state::{MAX_SLOW_S, Message, Messaging};
use super::wire::{Command, Fact, Mute, Person, React, Rejection, Report, Send};
use crate::engine::{Actor, Moment};

/// The longest message, in characters.
const MAX_TEXT: usize = 500;
/// The longest reason of a report, in characters.
const MAX_REASON: usize = 280;
/// The longest mute, in seconds: thirty days.
const MAX_MUTE_S: u32 = 30 * 24 * 60 * 60;

type Decision = Result<Vec<Fact>, Rejection>;

impl Messaging {
    pub(super) fn decided(&self, by: &Actor, command: Command, at: &Moment) -> Decision {
        let needs = match command {
            Command::Mute(_) | Command::Slow(_) => Action::Moderate,
            _ => Action::TakePart,
        };
        by.may(needs).map_err(Rejection::Forbidden)?;
        match command {
            Command::Send(send) => self.send(by, &send, at),
            Command::React(react) => self.react(by, react, at.now),
            Command::Delete(message) => self.delete(by, message),
            Command::Report(report) => self.report(by, report),
            Command::Mute(mute) => self.mute(by, mute, at.now),
            Command::Slow(seconds) => self.slow(by, seconds),
        }
    }

    fn send(&self, by: &Actor, send: &Send, at: &Moment) -> Decision {
        self.may_speak(by, at.now)?;
        self.may_write(by, at.now)?;
        let text = text(&send.text, MAX_TEXT)?;
        if let Some(answered) = send.reply_to {
            self.present(answered)?;
        }
        let author = Person { id: by.participant, name: by.name.clone() };
        Ok(vec![Fact::Sent { message: at.command, author, text, reply_to: send.reply_to, at_ms: at.now }])
    }

    /// Moderators are never muted.
    fn may_speak(&self, by: &Actor, now: Timestamp) -> Result<(), Rejection> {
        match self.muted.get(&by.participant) {
            Some(until) if *until > now && !by.moderates() => Err(Rejection::Muted(until.since_ms(now))),
            _ => Ok(()),
        }
    }

    /// Nor do they wait in slow mode.
    fn may_write(&self, by: &Actor, now: Timestamp) -> Result<(), Rejection> {
        let pause_ms = i64::from(self.slow_mode_s) * 1_000;
        let wrote = self.wrote.get(&by.participant).filter(|_| !by.moderates());
        match wrote.map(|last| last.plus_ms(pause_ms).since_ms(now)) {
            Some(wait_ms) if wait_ms > 0 => Err(Rejection::Slow(wait_ms)),
            _ => Ok(()),
        }
    }

    fn react(&self, by: &Actor, react: React, now: Timestamp) -> Decision {
        self.may_speak(by, now)?;
        let (message, participant) = (react.message, by.participant);
        let emoji = react.emoji;
        if !ALLOWED.contains(&emoji.as_str()) {
            return Err(Rejection::UnknownEmoji);
        }
        let before = self.present(message)?.has_reaction(&emoji, participant);
        let on = react.on.unwrap_or(!before);
        let changes = on != before;
        Ok(changes.then_some(Fact::Reacted { message, participant, emoji, on }).into_iter().collect())
    }

    fn delete(&self, by: &Actor, id: Id) -> Decision {
        let message = self.messages.get(&id).ok_or(Rejection::NotFound(id))?;
        if message.author.id != by.participant && !by.moderates() {
            return Err(Rejection::NotYours);
        }
        let gone = Fact::Deleted { message: id, by: by.participant };
        Ok((!message.deleted).then_some(gone).into_iter().collect())
    }

    /// A second report by the same person changes nothing.
    fn report(&self, by: &Actor, report: Report) -> Decision {
        let (id, by) = (report.message, by.participant);
        if self.present(id)?.reporters.contains(&by) {
            return Ok(Vec::new());
        }
        let reason = match report.reason.map(|raw| text(&raw, MAX_REASON)) {
            Some(Err(Rejection::Empty)) | None => None,
            Some(reason) => Some(reason?),
        };
        Ok(vec![Fact::Reported { message: id, by, reason }])
    }

    fn mute(&self, by: &Actor, mute: Mute, now: Timestamp) -> Decision {
        let participant = mute.participant;
        match mute.for_s {
            seconds if seconds > MAX_MUTE_S => Err(Rejection::TooMuch("for_s", MAX_MUTE_S)),
            0 if self.muted.contains_key(&participant) => Ok(vec![Fact::Unmuted { participant }]),
            0 => Ok(Vec::new()),
            seconds => {
                let until_ms = now.plus_ms(i64::from(seconds) * 1_000);
                Ok(vec![Fact::Muted { participant, until_ms, by: by.participant }])
            }
        }
    }

    fn slow(&self, by: &Actor, seconds: u32) -> Decision {
        match seconds {
            seconds if seconds > MAX_SLOW_S => Err(Rejection::TooMuch("seconds", MAX_SLOW_S)),
            seconds if seconds == self.slow_mode_s => Ok(Vec::new()),
            seconds => Ok(vec![Fact::Slowed { seconds, by: by.participant }]),
        }
    }

    /// A message that is there and not deleted.
    fn present(&self, id: Id) -> Result<&Message, Rejection> {
        self.messages.get(&id).filter(|one| !one.deleted).ok_or(Rejection::NotFound(id))
    }
}

fn text(raw: &str, max: usize) -> Result<String, Rejection> {
    clean(raw, max).map_err(|bad| match bad {
        BadText::Empty => Rejection::Empty,
        BadText::TooLong { has, max } => Rejection::TooLong(has, max),
    })
}
