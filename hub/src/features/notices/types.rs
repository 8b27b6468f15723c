//! What letters are, for the outside.

use plenum_persistence::store::RegistrationLetter;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::rfc3339;

/// A letter to someone who registered.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterOut {
    /// What it says: `received`, `confirmed`, `waiting`, `moved_up`, `rejected` or `cancelled`.
    #[schema(example = "confirmed")]
    pub notice: String,
    /// `due`, `under_way`, `sent`, `failed`, or `outdated`: it was no longer true, and not sent.
    #[schema(example = "sent")]
    pub state: String,
    /// How often it was tried.
    #[schema(example = 1)]
    pub tries: i64,
    /// Since when it is to be sent.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub asked_at: String,
    /// When it was sent or given up.
    #[schema(example = "2026-11-22T09:00:02.000Z")]
    pub ended_at: Option<String>,
    /// Why it did not go.
    #[schema(example = "the mail was not taken: connection refused")]
    pub reason: Option<String>,
}

impl From<RegistrationLetter> for LetterOut {
    fn from(letter: RegistrationLetter) -> Self {
        Self {
            notice: letter.notice,
            state: letter.state,
            tries: letter.tries,
            asked_at: rfc3339(letter.asked),
            ended_at: letter.ended.map(rfc3339),
            reason: letter.reason,
        }
    }
}
