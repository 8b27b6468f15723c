//! All of a chat that leaves memory.

use std::collections::BTreeMap;

use plenum_domain::{Denied, Id, Timestamp};
use serde::{Deserialize, Serialize};

use crate::engine::Refusal;

/// What a chat is opened with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// One message per person in so many seconds; 0 is no limit.
    pub slow_mode_s: u32,
}

/// The data of `chat.send`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// The message.
    pub text: String,
    /// The message that it answers.
    #[serde(default)]
    pub reply_to: Option<Id>,
}

/// The data of `chat.react`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct React {
    /// The message.
    pub message: Id,
    /// One of those that the state lists.
    pub emoji: String,
    /// Whether it should be there; left out, it is put there or taken away.
    #[serde(default)]
    pub on: Option<bool>,
}

/// The data of `chat.delete`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// The message.
    pub message: Id,
}

/// The data of `chat.mute`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mute {
    /// Who.
    pub participant: Id,
    /// For how many seconds; 0 lets the person speak again.
    pub for_s: u32,
}

/// The data of `chat.slow`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slow {
    /// See [`Settings::slow_mode_s`].
    pub seconds: u32,
}

/// The data of `chat.report`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The message.
    pub message: Id,
    /// What is wrong with it.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What can be asked of a chat.
#[derive(Clone, Debug)]
pub enum Command {
    /// `chat.send`
    Send(Send),
    /// `chat.react`
    React(React),
    /// `chat.delete`: one's own message; moderators any.
    Delete(Id),
    /// `chat.report`: tell the moderators of a message.
    Report(Report),
    /// `chat.mute`, by moderators.
    Mute(Mute),
    /// `chat.slow`, by moderators.
    Slow(u32),
}

/// A person, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The participant.
    pub id: Id,
    /// The name that others see.
    pub name: String,
}

/// What happened to a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Someone wrote.
    Sent {
        /// The message's id, which is the command's.
        message: Id,
        /// Who.
        author: Person,
        /// The message.
        text: String,
        /// The message that it answers.
        reply_to: Option<Id>,
        /// When.
        at_ms: Timestamp,
    },
    /// Someone put a reaction on a message, or took it away.
    Reacted {
        /// The message.
        message: Id,
        /// Who.
        participant: Id,
        /// The reaction.
        emoji: String,
        /// Whether it is there now.
        on: bool,
    },
    /// A message is gone for everyone.
    Deleted {
        /// The message.
        message: Id,
        /// Its author or a moderator.
        by: Id,
    },
    /// Someone told the moderators of a message.
    Reported {
        /// The message.
        message: Id,
        /// Who. In nobody's view.
        by: Id,
        /// What is wrong with it.
        reason: Option<String>,
    },
    /// Someone may not write for a while.
    Muted {
        /// Who.
        participant: Id,
        /// Until when.
        until_ms: Timestamp,
        /// The moderator.
        by: Id,
    },
    /// Someone may write again.
    Unmuted {
        /// Who.
        participant: Id,
    },
    /// Everyone writes more slowly, or not.
    Slowed {
        /// See [`Settings::slow_mode_s`].
        seconds: u32,
        /// The moderator.
        by: Id,
    },
}

/// A message as everyone sees it.
#[derive(Clone, Debug, Serialize)]
pub struct MessageView {
    /// Its id.
    pub id: Id,
    /// Who wrote it.
    pub author: Person,
    /// The message; empty when it is deleted.
    pub text: String,
    /// When.
    pub at_ms: Timestamp,
    /// How many people put which reaction on it.
    pub reactions: BTreeMap<String, u32>,
    /// Whether it is gone.
    pub deleted: bool,
    /// The message that it answers.
    pub reply_to: Option<Id>,
}

/// A message that was reported, for moderators.
#[derive(Clone, Debug, Serialize)]
pub struct ReportView {
    /// The message.
    pub message: Id,
    /// How many people reported it.
    pub reports: u32,
    /// What they say is wrong with it, the latest last.
    pub reasons: Vec<String>,
}

/// Someone who may not write, for moderators.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MuteView {
    /// Who.
    pub participant: Id,
    /// Until when.
    pub until_ms: Timestamp,
}

/// All that a joiner sees.
#[derive(Clone, Debug, Serialize)]
pub struct StateView {
    /// The latest messages, oldest first.
    pub messages: Vec<MessageView>,
    /// See [`Settings::slow_mode_s`].
    pub slow_mode_s: u32,
    /// Whether the joiner may not write.
    pub muted: bool,
    /// Until when.
    pub muted_until_ms: Option<Timestamp>,
    /// The joiner's reactions on these messages.
    pub mine: BTreeMap<Id, Vec<String>>,
    /// The reactions that there are.
    pub allowed: &'static [&'static str],
    /// What was reported, for moderators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<Vec<ReportView>>,
    /// Who may not write, for moderators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutes: Option<Vec<MuteView>>,
}

/// What is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum View {
    /// On joining.
    State(Box<StateView>),
    /// `chat.message`
    Message(Box<MessageView>),
    /// `chat.deleted`
    Deleted {
        /// The message.
        id: Id,
    },
    /// `chat.reactions`: absolute figures, the latest win.
    Reactions {
        /// The message.
        id: Id,
        /// How many people put which reaction on it.
        reactions: BTreeMap<String, u32>,
    },
    /// `chat.slow`
    Slow {
        /// See [`Settings::slow_mode_s`].
        slow_mode_s: u32,
    },
    /// `chat.muted`, to the person: null when it may write.
    Muted {
        /// Until when.
        until_ms: Option<Timestamp>,
    },
    /// `chat.mine`: a person's reactions on a message, for its other sockets.
    Mine {
        /// The message.
        message: Id,
        /// The reactions.
        emoji: Vec<String>,
    },
    /// `chat.report`, for moderators.
    Report(ReportView),
    /// `chat.mutes`, for moderators.
    Mutes {
        /// All who may not write.
        mutes: Vec<MuteView>,
    },
}

/// Why a chat refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The sender's roles do not allow it.
    Forbidden(Denied),
    /// Nothing is left of the text.
    Empty,
    /// The text has more characters than the second number.
    TooLong(usize, usize),
    /// The sender may not write for so many milliseconds.
    Muted(i64),
    /// The sender wrote lately and may again in so many milliseconds.
    Slow(i64),
    /// There is no such message, or no more: the room holds the latest only.
    NotFound(Id),
    /// Only its author and moderators delete a message.
    NotYours,
    /// Reactions are one of a list.
    UnknownEmoji,
    /// The field, and the most that it may be.
    TooMuch(&'static str, u32),
}

impl crate::engine::Rejection for Rejection {
    const CODES: &'static [&'static str] = &[
        "messaging.empty",
        "messaging.too_long",
        "messaging.muted",
        "messaging.slow",
        "messaging.not_found",
        "messaging.not_yours",
        "messaging.unknown_emoji",
    ];

    fn refusal(&self) -> Refusal {
        match self {
            Self::Forbidden(denied) => Refusal::forbidden(*denied),
            Self::Empty => Refusal::new("messaging.empty", "the text is empty"),
            Self::TooLong(has, max) => {
                let why = format!("the text has {has} characters; {max} are allowed");
                Refusal::new("messaging.too_long", why).with("max", *max)
            }
            Self::Muted(ms) => Refusal::new("messaging.muted", "a moderator has muted you for a while")
                .retry_after(ms.unsigned_abs()),
            Self::Slow(ms) => Refusal::new("messaging.slow", "slow mode: you wrote a moment ago")
                .retry_after(ms.unsigned_abs()),
            Self::NotFound(id) => {
                Refusal::new("messaging.not_found", format!("there is no message {id} among the latest"))
            }
            Self::NotYours => {
                Refusal::new("messaging.not_yours", "only its author and moderators delete a message")
            }
            Self::UnknownEmoji => {
                Refusal::new("messaging.unknown_emoji", "the state lists the reactions that there are")
            }
            Self::TooMuch(field, max) => {
                Refusal::new("hub.bad_frame", format!("{field} must be at most {max}")).with("field", *field)
            }
        }
    }
}
