//! Polls: made through their session's room, run and voted in through their own.

mod change;
mod http;
mod types;

use axum::http::StatusCode;
use plenum_domain::tenant::Feature;
use plenum_domain::{Action, Id};
use plenum_rooms::RoomRef;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::listing;
use super::rooms::{command, look, place};
use crate::app::App;
use crate::features::conferences;
use crate::features::removed::Removed;
use crate::features::sessions::{SessionRooms, open_sessions};
use crate::http::{Caller, Fault, Page, Sent};

pub use change::ChangePoll;
pub use types::{
    CreatePoll, NewOption, PollKind, PollOut, PollQuery, PollState, PollStatus, Results, Visibility, Vote,
    Voted,
};

/// What a list may be sorted by.
const SORTS: &[&str] = &["title", "kind", "status"];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::create, http::list))
        .routes(routes!(http::show, http::change, http::remove))
        .routes(routes!(http::open))
        .routes(routes!(http::reopen))
        .routes(routes!(http::close))
        .routes(routes!(http::reveal))
        .routes(routes!(http::reset))
        .routes(routes!(http::vote))
        .routes(routes!(http::results))
}

const fn room(id: Id) -> RoomRef {
    RoomRef::new("poll", id)
}

/// Makes a poll in a session of the conference.
async fn create(sent: &Sent, body: CreatePoll) -> Result<PollOut, Fault> {
    let Sent { app, caller, at: conference, .. } = sent;
    caller.has(Feature::Polls)?;
    conferences::find(app, caller, *conference).await?;
    let session = SessionRooms::session_of(body.session_id);
    let of_conference = place(app, caller, session).await.is_ok_and(|scope| scope.conference == *conference);
    if !of_conference {
        return Err(Fault::field("session_id", "no session of this conference with open rooms has this id"));
    }
    let accepted = command(sent, session, "poll.create", body.settings()).await?;
    let opened = accepted.and_then(|(_, opened)| opened).ok_or_else(Fault::internal)?;
    poll(app, caller, opened.id).await
}

/// The poll object, with the name of its room.
async fn poll(app: &App, caller: &Caller, id: Id) -> Result<PollOut, Fault> {
    Ok(PollOut::new(room(id), look(app, caller, room(id)).await?))
}

async fn state(app: &App, caller: &Caller, id: Id) -> Result<PollState, Fault> {
    Ok(PollState::new(room(id), look(app, caller, room(id)).await?))
}

/// A moderator's step: open, close, reveal, reset.
async fn step(sent: &Sent, op: &str) -> Result<PollOut, Fault> {
    command(sent, room(sent.at), op, json!({})).await?;
    poll(&sent.app, &sent.caller, sent.at).await
}

async fn vote(sent: &Sent, vote: &Vote) -> Result<Voted, Fault> {
    let data = serde_json::to_value(vote).map_err(|_| Fault::internal())?;
    let accepted = command(sent, room(sent.at), "poll.vote", data).await?;
    Ok(Voted { seq: accepted.map_or(0, |(seq, _)| seq) })
}

async fn results(app: &App, caller: &Caller, id: Id) -> Result<Value, Fault> {
    let mut state = look(app, caller, room(id)).await?;
    let status = state["poll"]["status"].take();
    match state["results"].take() {
        Value::Object(mut results) => {
            results.insert("status".to_owned(), status);
            Ok(Value::Object(results))
        }
        _ => {
            let words = "the results are not shown to you now; results_policy says when they are";
            Err(Fault::new(StatusCode::FORBIDDEN, "poll.results_hidden", words)
                .with("results_policy", state["poll"]["results_policy"].take()))
        }
    }
}

/// The polls of a conference's sessions, in the order of the sessions and then of each run of show.
async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: PollQuery,
) -> Result<(Vec<PollOut>, u64, Page), Fault> {
    caller.has(Feature::Polls)?;
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let mut rooms = Vec::new();
    for session in open_sessions(app, caller, conference, query.session_id).await? {
        rooms.extend(polls_of(app, caller, session).await?);
    }
    if query.sort.is_none() && query.status.is_none() && query.kind.is_none() {
        // Only the page has to be looked at.
        let (rooms, total) = listing::page(rooms, page);
        return Ok((polls_in(app, caller, rooms).await?, total, page));
    }
    let mut polls = polls_in(app, caller, rooms).await?;
    polls.retain(|poll| {
        let is = |name: &str, wanted: Option<Value>| wanted.is_none_or(|wanted| poll.value()[name] == wanted);
        is("status", query.status.map(|status| json!(status)))
            && is("kind", query.kind.map(|kind| json!(kind)))
    });
    listing::sort(&mut polls, query.sort.as_deref(), SORTS, PollOut::value)?;
    let (polls, total) = listing::page(polls, page);
    Ok((polls, total, page))
}

async fn polls_in(app: &App, caller: &Caller, rooms: Vec<RoomRef>) -> Result<Vec<PollOut>, Fault> {
    let mut polls = Vec::with_capacity(rooms.len());
    for room in rooms {
        polls.push(poll(app, caller, room.id).await?);
    }
    Ok(polls)
}

/// Changes what a poll asks and how, as far as its room allows it now.
async fn change(sent: &Sent, body: &ChangePoll) -> Result<PollOut, Fault> {
    let Sent { app, caller, at: id, .. } = sent;
    caller.may_in(Action::Moderate, place(app, caller, room(*id)).await?.conference)?;
    let mut settings = look(app, caller, room(*id)).await?["settings"].take();
    if let (Some(settings), Value::Object(changes)) = (settings.as_object_mut(), json!(body)) {
        settings.extend(changes);
    }
    command(sent, room(*id), "poll.edit", settings).await?;
    poll(app, caller, *id).await
}

/// Takes a poll off its session's run of show. Its room stays, with its votes.
async fn remove(sent: &Sent) -> Result<Removed, Fault> {
    let scope = place(&sent.app, &sent.caller, room(sent.at)).await?;
    let session = scope.session.ok_or_else(|| Fault::not_found("poll"))?;
    let poll = json!({"room": room(sent.at).to_string()});
    command(sent, SessionRooms::session_of(session), "session.remove_poll", poll).await?;
    Ok(Removed {})
}

/// The polls of a session, in the order of its run of show.
async fn polls_of(app: &App, caller: &Caller, session: Id) -> Result<Vec<RoomRef>, Fault> {
    let room = SessionRooms::session_of(session);
    let state = look(app, caller, room).await?;
    let names = state["rooms"]["polls"].as_array().into_iter().flatten();
    Ok(names.filter_map(|name| RoomRef::parse(name.as_str()?)).collect())
}
