//! Handlers.

use axum::extract::State;

use super::types::{MessageOut, MessageQuery, Said, Say};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json, Params, Sent};

/// Read a session's chat
///
/// Newest first. `meta.cursor.next` leads to what is older.
#[utoipa::path(get, path = "/sessions/{id}/messages", tag = "Chat", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), MessageQuery),
    responses((status = 200, description = "A piece of it", body = Success<Vec<MessageOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    At(session): At,
    Params(query): Params<MessageQuery>,
) -> Answered<Vec<MessageOut>> {
    let (messages, next) = super::list(&app, &caller, session, query).await?;
    Ok(Answer::piece(messages.into_iter().map(MessageOut::from).collect(), next))
}

/// Write in a session's chat
///
/// The same as `chat.send` on the socket.
#[utoipa::path(post, path = "/sessions/{id}/messages", tag = "Chat", security(("token" = [])),
    params(("id" = String, Path, description = "The session")), request_body = Say,
    responses((status = 201, description = "Sent", body = Success<Said>),
        (status = 409, description = "The room's refusal, with its own code: muted, too soon", body = Failure)))]
pub(super) async fn say(sent: Sent, Json(body): Json<Say>) -> Answered<Said> {
    super::say(&sent, &body).await.map(Answer::created)
}
