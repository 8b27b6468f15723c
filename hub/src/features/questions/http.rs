//! Handlers.

use axum::extract::State;
use plenum_domain::Id;

use super::types::{Act, ActOn, Ask, AskIn, QuestionOut, QuestionQuery};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json, Pages, Params, Sent};

/// List a conference's questions
///
/// As their rooms are now, and as far as the caller may see them: what awaits moderation is for moderators and its asker.
#[utoipa::path(get, path = "/conferences/{id}/questions", tag = "Questions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), QuestionQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<QuestionOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<QuestionQuery>,
) -> Answered<Vec<QuestionOut>> {
    let (questions, total, page) = super::list(&app, &caller, conference, query).await?;
    Ok(Answer::page(questions, Pages::of(page.number, page.size, total)))
}

/// Ask a question in a session of the conference
///
/// The same as `qa.ask` on the socket.
#[utoipa::path(post, path = "/conferences/{id}/questions", tag = "Questions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = AskIn,
    responses((status = 201, description = "Asked", body = Success<QuestionOut>),
        (status = 409, description = "`qa.closed`, `qa.too_many`, `qa.full`", body = Failure)))]
pub(super) async fn ask_in(sent: Sent, Json(body): Json<AskIn>) -> Answered<QuestionOut> {
    super::ask_in(&sent, body).await.map(Answer::created)
}

/// Ask a question in a session
///
/// The same as `qa.ask` on the socket.
#[utoipa::path(post, path = "/sessions/{id}/questions", tag = "Questions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")), request_body = Ask,
    responses((status = 201, description = "Asked", body = Success<QuestionOut>),
        (status = 409, description = "`qa.closed`, `qa.too_many`, `qa.full`", body = Failure)))]
pub(super) async fn ask(sent: Sent, Json(body): Json<Ask>) -> Answered<QuestionOut> {
    super::ask(&sent, sent.at, &body).await.map(Answer::created)
}

/// Do something with a question
///
/// The same as the `qa.*` command of that name on the socket.
#[utoipa::path(post, path = "/sessions/{id}/questions/{question}/{act}", tag = "Questions", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), ("question" = String, Path, description = "The question"),
        ("act" = Act, Path, description = "What to do")), request_body = ActOn,
    responses((status = 200, description = "As it is now", body = Success<QuestionOut>),
        (status = 409, description = "`qa.wrong_status`, `qa.claimed_by_other`, `qa.own_question`, `qa.not_yours`", body = Failure)))]
pub(super) async fn act(sent: Sent<(Id, Id, Act)>, Json(body): Json<ActOn>) -> Answered<QuestionOut> {
    super::act(&sent, body).await.map(Answer::ok)
}
