//! What a room on another node answers.

use bytes::Bytes;
use plenum_domain::Timestamp;
use plenum_rooms::engine::{Accepted, Audience, JoinBody, Push, Refusal, SubId, Ticket};
use plenum_rooms::{Output, RoomRef};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Unreadable;
use super::words::word;

/// An [`Output`] on its way to the node of the one whom it is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Told {
    /// [`Output::Reply`].
    Reply { ticket: Ticket, outcome: Result<Option<Accepted>, No> },
    /// [`Output::Joined`].
    Joined { ticket: Ticket, sub: SubId, room: RoomRef, seq: u64, audience: Audience, body: Body },
    /// [`Output::Looked`].
    Looked { ticket: Ticket, seq: u64, state: Bytes },
    /// [`Output::Whisper`].
    Whisper { sub: SubId, room: RoomRef, push: Shown },
    /// [`Output::Moved`].
    Moved { sub: SubId, room: RoomRef, audience: Audience },
}

/// A [`Refusal`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct No {
    code: String,
    message: String,
    retry_ms: Option<u64>,
    details: Vec<(String, Value)>,
}

/// A [`Push`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    range: Option<(u64, u64)>,
    ev: String,
    at: Timestamp,
    data: Bytes,
}

/// A [`JoinBody`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Body {
    /// The whole state.
    State(Bytes),
    /// What was missed.
    Replay(Vec<Shown>),
}

impl Told {
    /// The form in which an output travels; none for what is not for one person. `mark` changes the numbers back to
    /// those that the other node gave.
    pub(crate) fn of(output: Output, mark: impl Fn(u64) -> u64) -> Option<Self> {
        let mark_ticket = |ticket: Ticket| Ticket(mark(ticket.0));
        let mark_sub = |sub: SubId| SubId(mark(sub.0));
        Some(match output {
            Output::Reply { ticket, outcome } => {
                Self::Reply { ticket: mark_ticket(ticket), outcome: outcome.map_err(No::from) }
            }
            Output::Joined { ticket, sub, room, seq, audience, body } => {
                let (ticket, sub) = (mark_ticket(ticket), mark_sub(sub));
                Self::Joined { ticket, sub, room, seq, audience, body: body.into() }
            }
            Output::Looked { ticket, seq, state } => Self::Looked { ticket: mark_ticket(ticket), seq, state },
            Output::Whisper { sub, room, push } => {
                Self::Whisper { sub: mark_sub(sub), room, push: push.into() }
            }
            Output::Moved { sub, room, audience } => Self::Moved { sub: mark_sub(sub), room, audience },
            _ => return None,
        })
    }

    /// The output.
    ///
    /// # Errors
    /// [`Unreadable::Word`] for a name that cannot be kept.
    pub(crate) fn into_output(self) -> Result<Output, Unreadable> {
        Ok(match self {
            Self::Reply { ticket, outcome } => {
                let outcome = match outcome {
                    Ok(accepted) => Ok(accepted),
                    Err(no) => Err(no.into_refusal()?),
                };
                Output::Reply { ticket, outcome }
            }
            Self::Joined { ticket, sub, room, seq, audience, body } => {
                Output::Joined { ticket, sub, room, seq, audience, body: body.into_body()? }
            }
            Self::Looked { ticket, seq, state } => Output::Looked { ticket, seq, state },
            Self::Whisper { sub, room, push } => Output::Whisper { sub, room, push: push.into_push()? },
            Self::Moved { sub, room, audience } => Output::Moved { sub, room, audience },
        })
    }
}

fn known(name: &str) -> Result<&'static str, Unreadable> {
    word(name).ok_or_else(|| Unreadable::Word(name.to_owned()))
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        let details = refusal.details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { code: refusal.code.to_owned(), message: refusal.message, retry_ms: refusal.retry_ms, details }
    }
}

impl No {
    fn into_refusal(self) -> Result<Refusal, Unreadable> {
        let detail = |(name, value): (String, Value)| Ok((known(&name)?, value));
        let details = self.details.into_iter().map(detail).collect::<Result<_, Unreadable>>()?;
        Ok(Refusal { code: known(&self.code)?, message: self.message, retry_ms: self.retry_ms, details })
    }
}

impl From<Push> for Shown {
    fn from(push: Push) -> Self {
        Self { range: push.range, ev: push.ev.to_owned(), at: push.at, data: push.data }
    }
}

impl Shown {
    fn into_push(self) -> Result<Push, Unreadable> {
        Ok(Push { range: self.range, ev: known(&self.ev)?, at: self.at, data: self.data })
    }
}

impl From<JoinBody> for Body {
    fn from(body: JoinBody) -> Self {
        match body {
            JoinBody::State(state) => Self::State(state),
            JoinBody::Replay(pushes) => Self::Replay(pushes.into_iter().map(Shown::from).collect()),
        }
    }
}

impl Body {
    fn into_body(self) -> Result<JoinBody, Unreadable> {
        Ok(match self {
            Self::State(state) => JoinBody::State(state),
            Self::Replay(shown) => {
                JoinBody::Replay(shown.into_iter().map(Shown::into_push).collect::<Result<_, _>>()?)
            }
        })
    }
}
