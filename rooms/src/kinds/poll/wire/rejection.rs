//! Why a poll refuses.

use plenum_domain::{Denied, Id};
use serde_json::json;

use super::Status;
use crate::engine::Refusal;
use crate::kinds::poll::decimal::Figure;

/// Why a poll refuses.
#[derive(Clone, Debug, PartialEq)]
pub enum Rejection {
    /// The sender's roles do not allow it.
    Forbidden(Denied),
    /// Voting has not begun.
    NotOpen,
    /// Voting is over.
    Closed,
    /// The sender voted, and votes may not be changed.
    AlreadyVoted,
    /// No option has this id.
    UnknownOption(String),
    /// More options than a ballot may name.
    TooManyChoices {
        /// How many it may.
        max: u32,
    },
    /// More words than one person may send.
    TooManyWords {
        /// How many it may.
        max: u32,
    },
    /// A value that this poll cannot take.
    BadValue {
        /// What is wrong, and what would be right.
        why: String,
        /// The limits by name.
        limits: Vec<(&'static str, Figure)>,
    },
    /// A text with too many characters.
    TooLong {
        /// How many it may have.
        max: usize,
        /// How many it has.
        has: usize,
    },
    /// A text that cannot be taken.
    BadText(&'static str),
    /// The poll is not in a state for this.
    WrongState {
        /// The state that it is in.
        status: Status,
        /// What to do instead.
        why: &'static str,
    },
    /// The command is for other kinds of polls.
    WrongKind(&'static str),
    /// Nobody sent this word.
    UnknownWord(String),
    /// No answer of this round has this id.
    UnknownAnswer(Id),
    /// As many rounds as a poll may have.
    TooManyRounds(u32),
    /// Settings that cannot work.
    Settings(Box<Refusal>),
}

impl crate::engine::Rejection for Rejection {
    const CODES: &'static [&'static str] = &[
        "poll.already_voted",
        "poll.bad_settings",
        "poll.bad_text",
        "poll.bad_value",
        "poll.closed",
        "poll.not_open",
        "poll.too_long",
        "poll.too_many_choices",
        "poll.too_many_rounds",
        "poll.too_many_words",
        "poll.unknown_answer",
        "poll.unknown_option",
        "poll.unknown_word",
        "poll.wrong_kind",
        "poll.wrong_state",
    ];

    fn refusal(&self) -> Refusal {
        match self {
            Self::Forbidden(denied) => Refusal::forbidden(*denied),
            Self::NotOpen => Refusal::new("poll.not_open", "voting has not begun yet"),
            Self::Closed => Refusal::new("poll.closed", "voting is over"),
            Self::AlreadyVoted => {
                Refusal::new("poll.already_voted", "you have voted, and a vote in this poll is final")
            }
            Self::UnknownOption(id) => {
                Refusal::new("poll.unknown_option", format!("the poll has no option {}", shortened(id)))
                    .with("option", shortened(id))
            }
            Self::TooManyChoices { max } => too_many("poll.too_many_choices", "options", *max),
            Self::TooManyWords { max } => too_many("poll.too_many_words", "words", *max),
            Self::BadValue { why, limits } => {
                let refusal = Refusal::new("poll.bad_value", why);
                limits.iter().fold(refusal, |refusal, (name, limit)| refusal.with(name, json!(limit)))
            }
            Self::TooLong { max, has } => {
                Refusal::new("poll.too_long", format!("{max} characters are allowed, not {has}"))
                    .with("max_chars", *max)
                    .with("has", *has)
            }
            Self::BadText(why) => Refusal::new("poll.bad_text", *why),
            Self::WrongState { status, why } => {
                Refusal::new("poll.wrong_state", format!("the poll is {}: {why}", status.name()))
                    .with("status", status.name())
            }
            Self::WrongKind(needs) => {
                Refusal::new("poll.wrong_kind", format!("this is for polls of the kind {needs}"))
                    .with("kind", *needs)
            }
            Self::UnknownWord(word) => {
                Refusal::new("poll.unknown_word", format!("nobody sent the word {}", shortened(word)))
                    .with("word", shortened(word))
            }
            Self::UnknownAnswer(id) => {
                Refusal::new("poll.unknown_answer", format!("this round has no answer {id}"))
                    .with("answer", id.to_string())
            }
            Self::TooManyRounds(max) => {
                Refusal::new("poll.too_many_rounds", format!("a poll has at most {max} rounds"))
                    .with("max", *max)
            }
            Self::Settings(refusal) => (**refusal).clone(),
        }
    }
}

fn too_many(code: &'static str, what: &str, max: u32) -> Refusal {
    Refusal::new(code, format!("a vote has at most {max} {what}")).with("max", max)
}

/// What someone sent, short enough to be said back.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
