//! A poll's "no" in words, with its codes.

use serde_json::{Value, json};

use super::wire::Rejection;
use crate::engine::Refusal;

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
            Self::TooManyChoices { max, has } => too_many("poll.too_many_choices", "options", *max, *has),
            Self::TooManyWords { max, has } => too_many("poll.too_many_words", "words", *max, *has),
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

fn too_many(code: &'static str, what: &str, max: u32, has: usize) -> Refusal {
    Refusal::new(code, format!("a vote has at most {max} {what}, not {has}"))
        .with("max", max)
        .with("has", Value::from(has))
}

/// What someone sent, short enough to be said back.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
