//! All of a question room that leaves memory.

use std::collections::BTreeMap;

use plenum_domain::{Denied, Id, Timestamp};
use serde::{Deserialize, Serialize};

use crate::engine::Refusal;

/// What a question room is opened with, and what moderators may change while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// New questions wait until a moderator approves them.
    pub premoderation: bool,
    /// Who asks may hide their name.
    pub anonymous: bool,
    /// New questions are taken.
    pub open: bool,
    /// The longest question, in characters.
    pub max_chars: u32,
    /// How many questions one person may have waiting or live at a time.
    pub per_person_open: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { premoderation: false, anonymous: true, open: true, max_chars: 500, per_person_open: 10 }
    }
}

/// The data of `qa.ask`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The question.
    pub text: String,
    /// Whether the asker's name is hidden.
    #[serde(default)]
    pub anonymous: bool,
}

/// The data of `qa.vote`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// The question.
    pub question: Id,
    /// Whether the sender supports it.
    pub up: bool,
}

/// The data of commands that name one question.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct One {
    /// The question.
    pub question: Id,
}

/// The data of `qa.reject`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// The question.
    pub question: Id,
    /// Why, for the asker.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The data of `qa.edit`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The question.
    pub question: Id,
    /// How it reads from now on.
    pub text: String,
}

/// The data of `qa.merge`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The question that stays.
    pub into: Id,
    /// The questions that become part of it.
    pub questions: Vec<Id>,
}

/// The data of `qa.configure`: what is left out stays.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Configure {
    /// See [`Settings::premoderation`]; questions that are there already stay as they are.
    pub premoderation: Option<bool>,
    /// See [`Settings::anonymous`].
    pub anonymous: Option<bool>,
    /// See [`Settings::open`].
    pub open: Option<bool>,
    /// See [`Settings::max_chars`].
    pub max_chars: Option<u32>,
    /// Approves all that waits, but for what another moderator has claimed.
    pub approve_pending: bool,
}

/// What can be asked of a question room.
#[derive(Clone, Debug)]
pub enum Command {
    /// `qa.ask`
    Ask(Ask),
    /// `qa.vote`
    Vote(Vote),
    /// `qa.withdraw`: take one's own question back.
    Withdraw(Id),
    /// Something that only moderators do.
    Moderate(Moderation),
}

/// What moderators can ask of a question room.
#[derive(Clone, Debug)]
pub enum Moderation {
    /// `qa.approve`
    Approve(Id),
    /// `qa.reject`
    Reject(Reject),
    /// `qa.edit`: edit, then allow.
    Edit(Edit),
    /// `qa.merge`
    Merge(Merge),
    /// `qa.unmerge`
    Unmerge(Id),
    /// `qa.pin`
    Pin(Id),
    /// `qa.unpin`
    Unpin(Id),
    /// `qa.answered`
    Answered(Id),
    /// `qa.reopen`
    Reopen(Id),
    /// `qa.claim`
    Claim(Id),
    /// `qa.unclaim`
    Unclaim(Id),
    /// `qa.configure`
    Configure(Configure),
}

/// Where a question is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for a moderator.
    Pending,
    /// Everyone sees it.
    Live,
    /// Everyone sees it first.
    Pinned,
    /// Everyone sees that it was answered.
    Answered,
    /// A moderator refused it.
    Rejected,
    /// Its asker took it back.
    Withdrawn,
    /// It is part of another question.
    Merged,
}

impl Status {
    /// The name on the wire.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Live => "live",
            Self::Pinned => "pinned",
            Self::Answered => "answered",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Merged => "merged",
        }
    }
}

/// A person, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The participant.
    pub id: Id,
    /// The name that others see.
    pub name: String,
}

/// What happened to a question room. `by` is the moderator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A question was asked.
    Asked {
        /// Its id, which is the command's.
        question: Id,
        /// Who asked. In nobody's view: only `author` may be shown.
        asker: Id,
        /// The asker as others may see it; none when it asked without a name.
        author: Option<Person>,
        /// The question.
        text: String,
        /// When.
        at_ms: Timestamp,
        /// Whether it waits for a moderator.
        pending: bool,
    },
    /// Someone supports a question, or does not any more.
    Voted {
        /// The question.
        question: Id,
        /// Who. In nobody's view but its own.
        voter: Id,
        /// Whether it supports it.
        up: bool,
    },
    /// Its asker took it back.
    Withdrawn {
        /// The question.
        question: Id,
    },
    /// Everyone may see it.
    Approved {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
    },
    /// It was refused.
    Rejected {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
        /// Why, for the asker and the moderators.
        reason: Option<String>,
    },
    /// It reads otherwise.
    Edited {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
        /// How it reads.
        text: String,
    },
    /// It became part of another one.
    Merged {
        /// The question.
        question: Id,
        /// The question that it is part of.
        into: Id,
        /// The moderator.
        by: Id,
    },
    /// It stands for itself again.
    Unmerged {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
    },
    /// The votes of what is part of it were counted anew.
    Recounted {
        /// The question.
        question: Id,
    },
    /// It is shown first.
    Pinned {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
    },
    /// It is shown among the others again.
    Unpinned {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
    },
    /// It was answered.
    Answered {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
    },
    /// It is to be answered after all.
    Reopened {
        /// The question.
        question: Id,
        /// The moderator.
        by: Id,
    },
    /// A moderator works on it.
    Claimed {
        /// The question.
        question: Id,
        /// The moderator.
        by: Person,
        /// Until when, at most.
        until_ms: Timestamp,
    },
    /// Nobody works on it any more.
    Released {
        /// The question.
        question: Id,
    },
    /// The room has other settings.
    Configured(Settings),
}

/// A question, as one audience may see it.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionView {
    /// Its id.
    pub id: Id,
    /// How it reads; empty for those who may not read it any more.
    pub text: String,
    /// Where it is in its life.
    pub status: Status,
    /// How many people support it.
    pub votes: u32,
    /// How sure that support is, 0 to 1000: the lower bound of its Wilson interval (README, "Score").
    pub score: u16,
    /// Who asked, when they gave their name.
    pub author: Option<Person>,
    /// When it was asked.
    pub asked_ms: Timestamp,
    /// The moderator who works on it, for moderators.
    pub claimed_by: Option<Id>,
    /// That moderator's name.
    pub claimed_name: Option<String>,
    /// Why it was rejected, for its asker and the moderators.
    pub reason: Option<String>,
    /// Whether a moderator changed how it reads.
    pub edited: bool,
    /// How it read at first, for moderators, when it was edited.
    pub original: Option<String>,
    /// The question that it is part of.
    pub merged_into: Option<Id>,
}

/// All that a joiner sees.
#[derive(Clone, Debug, Serialize)]
pub struct StateView {
    /// The room's settings.
    pub settings: Settings,
    /// The questions that the joiner may see, oldest first.
    pub questions: Vec<QuestionView>,
    /// Those among them that the joiner supports.
    pub mine: Vec<Id>,
    /// Those among them that the joiner asked.
    pub asked: Vec<Id>,
}

/// What is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum View {
    /// On joining.
    State(StateView),
    /// `qa.question`, and `qa.fate` for its asker.
    Question(Box<QuestionView>),
    /// `qa.votes`: absolute figures, the latest win.
    Votes {
        /// How many people support a question.
        votes: BTreeMap<Id, u32>,
        /// The score of the same questions; moderators get those of all open questions.
        scores: BTreeMap<Id, u16>,
    },
    /// `qa.settings`
    Settings(Settings),
    /// `qa.mine`: what a person did on another of its sockets.
    Mine {
        /// The question.
        question: Id,
        /// Whether the person supports it.
        up: bool,
    },
}

/// Why a question room refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The sender's roles do not allow it.
    Forbidden(Denied),
    /// No question is taken now.
    Closed,
    /// Nothing is left of the text.
    Empty,
    /// The text has more characters than the second number.
    TooLong(usize, usize),
    /// Every question has a name here.
    NamesOnly,
    /// The person has this many questions waiting or live.
    TooMany(u32),
    /// The room holds as many questions as it can.
    Full(usize),
    /// There is no such question, or the sender may not know of it.
    NotFound(Id),
    /// One does not vote for one's own question.
    OwnQuestion,
    /// Only its asker takes a question back.
    NotYours,
    /// The question is in a state in which this cannot be done.
    WrongStatus(Status),
    /// Another moderator works on it.
    ClaimedByOther(Person),
    /// The merge cannot be done.
    BadMerge(&'static str),
    /// The settings cannot work: the field, and the range.
    BadSetting(&'static str, u32, u32),
}

impl crate::engine::Rejection for Rejection {
    const CODES: &'static [&'static str] = &[
        "qa.closed",
        "qa.empty",
        "qa.too_long",
        "qa.names_only",
        "qa.too_many",
        "qa.full",
        "qa.not_found",
        "qa.own_question",
        "qa.not_yours",
        "qa.wrong_status",
        "qa.claimed_by_other",
        "qa.bad_merge",
    ];

    fn refusal(&self) -> Refusal {
        match self {
            Self::Forbidden(denied) => Refusal::forbidden(*denied),
            Self::Closed => Refusal::new("qa.closed", "no questions are taken at the moment"),
            Self::Empty => Refusal::new("qa.empty", "the text is empty"),
            Self::TooLong(has, max) => {
                Refusal::new("qa.too_long", format!("the text has {has} characters; {max} are allowed"))
                    .with("max", *max)
            }
            Self::NamesOnly => Refusal::new("qa.names_only", "questions without a name are not taken here"),
            Self::TooMany(max) => {
                let why = format!("you have {max} questions waiting or live; withdraw one, or wait");
                Refusal::new("qa.too_many", why).with("max", *max)
            }
            Self::Full(max) => {
                Refusal::new("qa.full", format!("the room holds {max} questions")).with("max", *max)
            }
            Self::NotFound(id) => Refusal::new("qa.not_found", format!("there is no question {id}")),
            Self::OwnQuestion => Refusal::new("qa.own_question", "one does not vote for one's own question"),
            Self::NotYours => Refusal::new("qa.not_yours", "only its asker can withdraw a question"),
            Self::WrongStatus(status) => {
                let status = status.name();
                Refusal::new("qa.wrong_status", format!("this cannot be done: the question is {status}"))
                    .with("status", status)
            }
            Self::ClaimedByOther(by) => {
                Refusal::new("qa.claimed_by_other", format!("{} works on this question", by.name))
                    .with("by", serde_json::json!({"id": by.id, "name": by.name}))
            }
            Self::BadMerge(why) => Refusal::new("qa.bad_merge", *why),
            Self::BadSetting(field, min, max) => {
                Refusal::new("hub.bad_frame", format!("{field} must be from {min} to {max}"))
                    .with("field", *field)
            }
        }
    }
}
