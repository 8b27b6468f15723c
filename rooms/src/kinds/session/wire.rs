//! All of a session's room that leaves memory.

use std::collections::BTreeMap;

use plenum_domain::{Denied, Id, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::{Refusal, RoomRef};

pub use super::timer::{Timer, TimerChange, TimerState};

/// What a session's room is opened with: what it is called, when it is and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The session's title.
    pub title: String,
    /// When the programme says that it starts.
    #[serde(default)]
    pub starts_ms: Option<Timestamp>,
    /// When the programme says that it ends.
    #[serde(default)]
    pub ends_ms: Option<Timestamp>,
    /// The hall that it is in.
    #[serde(default)]
    pub hall: Option<String>,
}

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not started yet.
    Scheduled,
    /// It runs.
    Live,
    /// Halted, to be resumed.
    Paused,
    /// Over; it may be started again.
    Ended,
}

/// What sort of thing is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveKind {
    /// A poll of the session.
    Poll,
    /// The session's questions.
    Qa,
    /// A debate of the session.
    Debate,
    /// A text, or the session's chat.
    Message,
    /// Nothing.
    Blank,
}

/// What the session shows now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The sort of thing.
    pub kind: LiveKind,
    /// The room behind it.
    pub room: Option<RoomRef>,
    /// The text of a message.
    pub text: Option<String>,
}

/// The data of `session.edit`: what is left out stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The new title.
    #[serde(default)]
    pub title: Option<String>,
    /// When it starts now.
    #[serde(default)]
    pub starts_ms: Option<Timestamp>,
    /// When it ends now.
    #[serde(default)]
    pub ends_ms: Option<Timestamp>,
    /// The hall that it is in now; empty for none.
    #[serde(default)]
    pub hall: Option<String>,
}

/// The data of `session.show`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// The sort of thing.
    pub kind: LiveKind,
    /// The room; a session's only question room need not be named.
    #[serde(default)]
    pub room: Option<RoomRef>,
    /// The text of a message.
    #[serde(default)]
    pub text: Option<String>,
}

/// The data of commands that need none.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The data of `session.polls`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Every poll of the session, in the order that is wanted.
    pub order: Vec<RoomRef>,
}

/// The data of `session.remove_poll`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// The poll's room.
    pub room: RoomRef,
}

/// The data of `session.react`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reaction {
    /// One of those that the state lists.
    pub emoji: String,
}

/// What can be asked of a session for good.
#[derive(Clone, Debug)]
pub enum Command {
    /// `session.start`: start, or resume.
    Start,
    /// `session.pause`.
    Pause,
    /// `session.end`.
    End,
    /// `session.edit`.
    Edit(Edit),
    /// `session.show`: put something live.
    Show(Show),
    /// `session.timer`.
    Timer(TimerChange),
    /// `poll.create`: the poll's settings.
    CreatePoll(Value),
    /// `session.polls`: put them into an order.
    OrderPolls(Vec<RoomRef>),
    /// `session.remove_poll`: take it off the list.
    RemovePoll(RoomRef),
}

/// What happened to a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// It is somewhere else in its life.
    Status(Status),
    /// It is called something else, or is at another time or place; this is all of it.
    Edited(Settings),
    /// It shows something else.
    Live(Live),
    /// Its timer changed; this is all of it.
    Timer(Timer),
    /// A poll was made for it, and opens as a room of its own.
    PollAdded {
        /// The poll's id, which is the command's.
        poll: Id,
        /// Its title, for the list.
        title: String,
        /// What its room is opened with.
        settings: Value,
    },
    /// Its polls are in this order.
    PollsOrdered(Vec<Id>),
    /// A poll is off its list.
    PollRemoved(Id),
    /// In a quarter of an hour more people were here at once than was told of it before.
    Peak(Peak),
}

/// The most people who were here at once in a quarter of an hour, screens apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peak {
    /// When the quarter began.
    pub from: Timestamp,
    /// How many.
    pub people: u32,
}

/// The session itself, as everyone sees it.
#[derive(Clone, Debug, Serialize)]
pub struct SessionView {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Where it is in its life.
    pub status: Status,
    /// When the programme says that it starts.
    pub starts_ms: Option<Timestamp>,
    /// When the programme says that it ends.
    pub ends_ms: Option<Timestamp>,
    /// The hall that it is in.
    pub hall: Option<String>,
}

/// The rooms of a session.
#[derive(Clone, Debug, Serialize)]
pub struct RoomsView {
    /// Its questions.
    pub qa: RoomRef,
    /// Its chat.
    pub messaging: RoomRef,
    /// Its polls, in order.
    pub polls: Vec<RoomRef>,
}

/// A poll on the moderators' list.
#[derive(Clone, Debug, Serialize)]
pub struct PollLine {
    /// Its room.
    pub room: RoomRef,
    /// Its title.
    pub title: String,
}

/// The polls of a session.
#[derive(Clone, Debug, Serialize)]
pub struct PollsView {
    /// Their rooms, in order.
    pub polls: Vec<RoomRef>,
    /// The same with titles, for moderators: the title of a poll that is not open yet may give it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub titles: Option<Vec<PollLine>>,
}

/// Reactions as a joiner sees them.
#[derive(Clone, Debug, Serialize)]
pub struct ReactionsView {
    /// What can be sent.
    pub allowed: &'static [&'static str],
    /// How many of each were sent since the hub started.
    pub totals: BTreeMap<&'static str, u32>,
}

/// All that a joiner sees.
#[derive(Clone, Debug, Serialize)]
pub struct StateView {
    /// The session.
    pub session: SessionView,
    /// What it shows.
    pub live: Live,
    /// Its timer.
    pub timer: Timer,
    /// How many people are here.
    pub present: u32,
    /// Its rooms.
    pub rooms: RoomsView,
    /// Its polls with titles, for moderators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll_titles: Option<Vec<PollLine>>,
    /// Its reactions.
    pub reactions: ReactionsView,
}

/// What is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum View {
    /// On joining.
    State(Box<StateView>),
    /// `session.status`.
    Status(SessionView),
    /// `session.live`.
    Live(Live),
    /// `session.timer`.
    Timer(Timer),
    /// `session.polls`.
    Polls(PollsView),
    /// `session.present`.
    Present {
        /// How many people are here.
        present: u32,
    },
    /// `session.reactions`.
    Reactions {
        /// How many of each since the last such push.
        counts: BTreeMap<&'static str, u32>,
    },
}

/// Why a session refuses.
#[derive(Clone, Debug, PartialEq)]
pub enum Rejection {
    /// Only moderators run sessions.
    Forbidden(Denied),
    /// The data cannot work: the field, and why.
    Unfit(&'static str, String),
    /// Only a live session can be paused.
    NotLive,
    /// The session is over.
    Ended,
    /// The text has more characters than the second number.
    TooLong(usize, usize),
    /// The room is not one of the session's.
    ForeignRoom(RoomRef),
    /// No poll of the session has this name.
    UnknownPoll(RoomRef),
    /// The order must name every poll of the session once.
    WrongOrder,
    /// The session has as many polls as it may have.
    TooManyPolls(usize),
    /// The timer has no time to run.
    TimerEmpty,
    /// The timer does not run.
    TimerStill,
    /// Reactions are one of a list.
    UnknownEmoji,
    /// The poll cannot be made.
    Poll(Refusal),
}

impl crate::engine::Rejection for Rejection {
    const CODES: &'static [&'static str] = &[
        "session.not_live",
        "session.ended",
        "session.too_long",
        "session.foreign_room",
        "session.unknown_poll",
        "session.wrong_order",
        "session.too_many_polls",
        "session.timer_empty",
        "session.timer_not_running",
        "session.unknown_emoji",
    ];

    fn refusal(&self) -> Refusal {
        match self {
            Self::Forbidden(denied) => Refusal::forbidden(*denied),
            Self::Unfit(field, why) => Refusal::new("hub.bad_frame", why.clone()).with("field", *field),
            Self::NotLive => Refusal::new("session.not_live", "only a live session can be paused"),
            Self::Ended => Refusal::new("session.ended", "the session is over"),
            Self::TooLong(has, max) => {
                let why = format!("the text has {has} characters; {max} are allowed");
                Refusal::new("session.too_long", why).with("max", *max)
            }
            Self::ForeignRoom(room) => {
                Refusal::new("session.foreign_room", format!("{room} is not a room of this session"))
            }
            Self::UnknownPoll(room) => {
                Refusal::new("session.unknown_poll", format!("{room} is not a poll of this session"))
            }
            Self::WrongOrder => {
                Refusal::new("session.wrong_order", "the order must name every poll of the session once")
            }
            Self::TooManyPolls(max) => {
                Refusal::new("session.too_many_polls", format!("a session has at most {max} polls"))
                    .with("max", *max)
            }
            Self::TimerEmpty => Refusal::new("session.timer_empty", "the timer needs a duration_ms to start"),
            Self::TimerStill => Refusal::new("session.timer_not_running", "the timer does not run"),
            Self::UnknownEmoji => {
                Refusal::new("session.unknown_emoji", "the state lists the reactions that can be sent")
            }
            Self::Poll(refusal) => refusal.clone(),
        }
    }
}
