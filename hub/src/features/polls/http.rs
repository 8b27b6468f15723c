//! Handlers.

use axum::extract::State;

use super::change::ChangePoll;
use super::types::{CreatePoll, PollOut, PollQuery, PollState, Results, Vote, Voted};
use crate::app::App;
use crate::features::removed::Removed;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json, Pages, Params, Sent};

/// Make a poll
///
/// As a draft, in a session of the conference; the same as `poll.create` on the socket.
#[utoipa::path(post, path = "/conferences/{id}/polls", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = CreatePoll,
    responses((status = 201, description = "Made", body = Success<PollOut>),
        (status = 422, description = "A field is wrong (`VALIDATION_FAILED`), or the settings do not go together (`poll.bad_settings`)", body = Failure)))]
pub(super) async fn create(sent: Sent, Json(body): Json<CreatePoll>) -> Answered<PollOut> {
    super::create(&sent, body).await.map(Answer::created)
}

/// List a conference's polls
#[utoipa::path(get, path = "/conferences/{id}/polls", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), PollQuery),
    responses((status = 200, description = "A page of them, as their rooms are now", body = Success<Vec<PollOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<PollQuery>,
) -> Answered<Vec<PollOut>> {
    let (polls, total, page) = super::list(&app, &caller, conference, query).await?;
    Ok(Answer::page(polls, Pages::of(page.number, page.size, total)))
}

/// Show a poll
#[utoipa::path(get, path = "/polls/{id}", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "The poll, its results as far as the caller may see them, the caller's vote", body = Success<PollState>)))]
pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At) -> Answered<PollState> {
    super::state(&app, &caller, id).await.map(Answer::ok)
}

/// Change a poll
///
/// What is left out stays. The same as `poll.edit` on the socket with all of its settings.
#[utoipa::path(patch, path = "/polls/{id}", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")), request_body = ChangePoll,
    responses((status = 200, description = "As it is now", body = Success<PollOut>),
        (status = 409, description = "`poll.wrong_state`: it is open, or was, and votes rest on what it asks", body = Failure),
        (status = 422, description = "`poll.bad_settings`: they do not go together", body = Failure)))]
pub(super) async fn change(sent: Sent, Json(body): Json<ChangePoll>) -> Answered<PollOut> {
    super::change(&sent, &body).await.map(Answer::ok)
}

/// Remove a poll
///
/// Off its session's run of show, and off the screen. What was voted is kept. The same as `session.remove_poll` on the
/// socket.
#[utoipa::path(delete, path = "/polls/{id}", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "It is off the list", body = Success<Removed>)))]
pub(super) async fn remove(sent: Sent) -> Answered<Removed> {
    super::remove(&sent).await.map(Answer::ok)
}

/// Vote
///
/// Answered once the vote is durable. The same Idempotency-Key never counts twice.
#[utoipa::path(post, path = "/polls/{id}/vote", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")), request_body = Vote,
    responses((status = 200, description = "Counted", body = Success<Voted>),
        (status = 409, description = "`poll.not_open`, `poll.closed`, `poll.already_voted`", body = Failure),
        (status = 422, description = "`poll.unknown_option`, `poll.too_many_choices`, `poll.bad_value`, `poll.wrong_kind`, `VALIDATION_FAILED`", body = Failure)))]
pub(super) async fn vote(sent: Sent, Json(body): Json<Vote>) -> Answered<Voted> {
    super::vote(&sent, &body).await.map(Answer::ok)
}

/// Show a poll's results
#[utoipa::path(get, path = "/polls/{id}/results", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "The results", body = Success<Results>),
        (status = 403, description = "`poll.results_hidden`: the caller may not see them now", body = Failure)))]
pub(super) async fn results(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Results> {
    super::results(&app, &caller, id).await.map(|results| Answer::ok(Results(results)))
}

/// Open a poll
///
/// Votes are taken from now on. The same as `poll.open` on the socket.
#[utoipa::path(post, path = "/polls/{id}/open", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "As it is now", body = Success<PollOut>),
        (status = 409, description = "`poll.wrong_state`: not from where the poll is", body = Failure)))]
pub(super) async fn open(sent: Sent) -> Answered<PollOut> {
    super::step(&sent, "poll.open").await.map(Answer::ok)
}

/// Close a poll
///
/// No more votes are taken. The same as `poll.close` on the socket.
#[utoipa::path(post, path = "/polls/{id}/close", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "As it is now", body = Success<PollOut>),
        (status = 409, description = "`poll.wrong_state`: not from where the poll is", body = Failure)))]
pub(super) async fn close(sent: Sent) -> Answered<PollOut> {
    super::step(&sent, "poll.close").await.map(Answer::ok)
}

/// Reopen a poll
///
/// It goes on in the same round. The same as `poll.reopen` on the socket.
#[utoipa::path(post, path = "/polls/{id}/reopen", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "As it is now", body = Success<PollOut>),
        (status = 409, description = "`poll.wrong_state`: not from where the poll is", body = Failure)))]
pub(super) async fn reopen(sent: Sent) -> Answered<PollOut> {
    super::step(&sent, "poll.reopen").await.map(Answer::ok)
}

/// Reveal a poll's results
///
/// An open poll is closed first. The same as `poll.reveal` on the socket.
#[utoipa::path(post, path = "/polls/{id}/reveal", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "As it is now", body = Success<PollOut>),
        (status = 409, description = "`poll.wrong_state`: not from where the poll is", body = Failure)))]
pub(super) async fn reveal(sent: Sent) -> Answered<PollOut> {
    super::step(&sent, "poll.reveal").await.map(Answer::ok)
}

/// Reset a poll
///
/// A new round begins as a draft; the old results are kept. The same as `poll.reset` on the socket.
#[utoipa::path(post, path = "/polls/{id}/reset", tag = "Polls", security(("token" = [])),
    params(("id" = String, Path, description = "The poll")),
    responses((status = 200, description = "As it is now", body = Success<PollOut>),
        (status = 409, description = "`poll.wrong_state`: not from where the poll is", body = Failure)))]
pub(super) async fn reset(sent: Sent) -> Answered<PollOut> {
    super::step(&sent, "poll.reset").await.map(Answer::ok)
}
