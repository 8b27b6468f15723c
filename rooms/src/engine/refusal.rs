//! A room's "no", as the outside sees it.

use serde_json::Value;

/// Characters of a command's name that a refusal repeats.
const OP_SHOWN: usize = 64;

/// Why a command was refused: a stable code, and words for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// `hub.*` or `<kind>.<reason>`; never changes its meaning.
    pub code: &'static str,
    /// What is wrong and what to do, in English.
    pub message: String,
    /// When trying again may help, in milliseconds; none when it will not.
    pub retry_ms: Option<u64>,
    /// Figures and names behind the message: the limit, the field.
    pub details: Vec<(&'static str, Value)>,
}

impl Refusal {
    /// A refusal that trying again will not change.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_ms: None, details: Vec::new() }
    }

    /// The same refusal, with the time after which trying again may help.
    #[must_use]
    pub fn retry_after(mut self, ms: u64) -> Self {
        self.retry_ms = Some(ms);
        self
    }

    /// The same refusal, with one more detail.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.details.push((name, value.into()));
        self
    }

    /// The data of a command cannot be read.
    pub fn bad_data(op: &str, why: impl std::fmt::Display) -> Self {
        Self::new("hub.bad_frame", format!("the data of {op} cannot be read: {why}")).with("op", op)
    }

    /// No room of this kind knows the command. The answer repeats no more of it than a command's name can be long.
    pub fn unknown_op(op: &str) -> Self {
        let op: String = op.chars().take(OP_SHOWN).collect();
        let op = op.as_str();
        Self::new("hub.unknown_op", format!("this room knows no command {op}")).with("op", op)
    }

    /// The sender's roles do not allow it.
    pub fn forbidden(denied: plenum_domain::Denied) -> Self {
        Self::new("hub.forbidden", denied.to_string()).with("needs", denied.needs)
    }

    /// The command is right, but it cannot be done at this moment.
    pub fn busy(message: &str, retry_ms: u64) -> Self {
        Self::new("hub.busy", message).retry_after(retry_ms)
    }
}

/// What a kind's own refusals can say.
pub trait Rejection {
    /// Every code that this kind may refuse with, beside the hub's own.
    const CODES: &'static [&'static str];

    /// The refusal as the outside sees it.
    fn refusal(&self) -> Refusal;
}
