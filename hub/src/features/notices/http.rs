//! Handlers.

use axum::extract::State;
use plenum_persistence::store::RegistrationLetter;

use super::types::LetterOut;
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller};

/// Show what a participant was written
///
/// Of their registration, the latest first. One's own, or with `participants.see` anyone's.
#[utoipa::path(get, path = "/participants/{id}/letters", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant")),
    responses((status = 200, description = "The letters", body = Success<Vec<LetterOut>>)))]
pub(super) async fn list(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Vec<LetterOut>> {
    super::list(&app, &caller, id).await.map(out)
}

/// Write to a participant how the registration stands
///
/// Again when it was done, and where letters are switched off. One that is under way is not sent a second time.
#[utoipa::path(post, path = "/participants/{id}/letters", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant")),
    responses((status = 200, description = "The letters, the latest first", body = Success<Vec<LetterOut>>),
        (status = 409, description = "`NO_ADDRESS`: the participant has no e-mail address", body = Failure)))]
pub(super) async fn send(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Vec<LetterOut>> {
    super::send(&app, &caller, id).await.map(out)
}

fn out(letters: Vec<RegistrationLetter>) -> Answer<Vec<LetterOut>> {
    Answer::ok(letters.into_iter().map(LetterOut::from).collect())
}
