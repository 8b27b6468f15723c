//! Questions of sessions: listed as their rooms have them now, asked and moderated through them.

mod http;
mod types;

use plenum_domain::Id;
use plenum_domain::tenant::Feature;
use plenum_rooms::RoomRef;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::listing;
use super::rooms::{command, look, place};
use crate::app::App;
use crate::features::conferences;
use crate::features::sessions::open_sessions;
use crate::http::{Caller, Fault, Page, Sent};

pub use types::{Act, ActOn, Ask, AskIn, QuestionOut, QuestionQuery, QuestionStatus};

/// What a list may be sorted by.
const SORTS: &[&str] = &["votes", "score", "asked_ms"];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::list, http::ask_in))
        .routes(routes!(http::ask))
        .routes(routes!(http::act))
}

const fn room(session: Id) -> RoomRef {
    RoomRef::new("qa", session)
}

/// The questions of a conference's sessions as far as the caller may see them.
async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: QuestionQuery,
) -> Result<(Vec<QuestionOut>, u64, Page), Fault> {
    caller.has(Feature::Questions)?;
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let mut found = Vec::new();
    for session in open_sessions(app, caller, conference, query.session_id).await? {
        found.extend(of_session(app, caller, session, query.status).await?);
    }
    listing::sort(&mut found, query.sort.as_deref(), SORTS, QuestionOut::value)?;
    let (items, total) = listing::page(found, page);
    Ok((items, total, page))
}

async fn of_session(
    app: &App,
    caller: &Caller,
    session: Id,
    status: Option<QuestionStatus>,
) -> Result<Vec<QuestionOut>, Fault> {
    let mut state = look(app, caller, room(session)).await?;
    let Value::Array(questions) = state["questions"].take() else { return Ok(Vec::new()) };
    let wanted = |question: &Value| status.is_none_or(|status| question["status"] == json!(status));
    Ok(questions.into_iter().filter(wanted).map(|question| QuestionOut::new(session, question)).collect())
}

/// Asks. The question has the id of the command, so asking again with the same key makes no second one.
async fn ask(sent: &Sent, session: Id, ask: &Ask) -> Result<QuestionOut, Fault> {
    command(sent, room(session), "qa.ask", json!(ask)).await?;
    one(&sent.app, &sent.caller, session, sent.key).await
}

/// Asks in a session of the conference.
async fn ask_in(sent: &Sent, body: AskIn) -> Result<QuestionOut, Fault> {
    let Sent { app, caller, at: conference, .. } = sent;
    caller.has(Feature::Questions)?;
    conferences::find(app, caller, *conference).await?;
    let of_conference =
        place(app, caller, room(body.session_id)).await.is_ok_and(|scope| scope.conference == *conference);
    if !of_conference {
        return Err(Fault::field("session_id", "no session of this conference with open rooms has this id"));
    }
    ask(sent, body.session_id, &Ask { text: body.text, anonymous: body.anonymous }).await
}

async fn act(sent: &Sent<(Id, Id, Act)>, with: ActOn) -> Result<QuestionOut, Fault> {
    let (session, question, act) = sent.at;
    let (op, data) = act.command(question, with);
    command(sent, room(session), op, data).await?;
    one(&sent.app, &sent.caller, session, question).await
}

/// A question as the caller sees it now; only its id when the caller sees it no more.
async fn one(app: &App, caller: &Caller, session: Id, id: Id) -> Result<QuestionOut, Fault> {
    let all = of_session(app, caller, session, None).await?;
    let found = all.into_iter().find(|question| question.is(id));
    Ok(found.unwrap_or_else(|| QuestionOut::new(session, json!({"id": id}))))
}
