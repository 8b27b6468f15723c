//! Sessions of a conference's programme, and their rooms.

mod change;
mod details;
mod http;
mod rooms;
mod timing;
mod types;

use plenum_domain::{Action, Id};
use plenum_persistence::store::{Listed, NewSession, Page as StorePage, Session, SessionFilter};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::audit::{Subject, made};
use crate::features::conferences;
use crate::features::rooms::{command, look};
use crate::http::{Caller, Fault, Page, Sent, Wrongs};
use change::change;

pub(crate) use http::out;
pub use rooms::SessionRooms;
pub(crate) use rooms::open_rooms;
pub use types::{
    ChangeSession, ClashOut, ClashQuery, ClashingSession, CreateSession, DelaySession, Delayed, MovedOut,
    SessionOut, SessionQuery, SessionStatus, SpeakerOut, Step,
};

const TITLE_CHARS_MAX: usize = 300;
const HALL_CHARS_MAX: usize = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::create, http::list))
        .routes(routes!(http::show, http::change, http::remove))
        .routes(routes!(http::delay))
        .routes(routes!(http::clashes))
        .routes(routes!(http::open))
        .routes(routes!(http::start))
        .routes(routes!(http::pause))
        .routes(routes!(http::end))
}

/// The session, when the caller may know of it.
///
/// # Errors
/// 404 for everyone else.
pub(crate) async fn find(app: &App, caller: &Caller, id: Id) -> Result<Session, Fault> {
    let found = app.store.session(caller.tenant(), id).await?;
    let session = found.ok_or_else(|| Fault::not_found("session"))?;
    caller.sees(session.conference).map_err(|_| Fault::not_found("session"))?;
    let is_shown = session.published || edits(caller, session.conference);
    if is_shown { Ok(session) } else { Err(Fault::not_found("session")) }
}

/// Whether the caller sees drafts of a conference's programme.
pub(crate) fn edits(caller: &Caller, conference: Id) -> bool {
    caller.actions(Some(conference)).has(Action::EditProgramme)
}

/// Makes a session and opens its rooms, unless it is a draft.
async fn create(app: &App, caller: &Caller, conference: Id, body: CreateSession) -> Result<Session, Fault> {
    let place = conferences::to_change(app, caller, conference, Action::EditProgramme).await?;
    let mut wrong = Wrongs::new();
    let title = wrong.text("title", &body.title, TITLE_CHARS_MAX);
    let (starts, ends) = (wrong.moment("starts_at", &body.starts_at), wrong.moment("ends_at", &body.ends_at));
    let hall = wrong.maybe_text("hall", body.hall.as_deref(), HALL_CHARS_MAX);
    if ends < starts {
        wrong.add("ends_at", "is before starts_at");
    }
    let details = details::of_new(&mut wrong, &body);
    wrong.done()?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    let hall = match hall {
        Some(name) => Some(edit.hall_named(conference, &name, app.clock.id()).await?),
        None => None,
    };
    let new = NewSession {
        id: app.clock.id(),
        tenant: caller.tenant(),
        conference,
        guid: None,
        title,
        starts,
        ends,
        offset_s: timing::offset_s(&place.time_zone, starts),
        hall,
        details,
        created: app.clock.now(),
    };
    edit.create_session(&new).await?;
    let session = edit.session(new.id).await?.ok_or_else(|| Fault::not_found("session"))?;
    let seen = change::seen(&session);
    made(app, caller, edit, "session.made", Subject("session", session.id), &seen).await?;
    if session.published {
        open_rooms(app, caller.id(), &session).await?;
    }
    Ok(session)
}

async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: SessionQuery,
) -> Result<(Listed<Session>, Page), Fault> {
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let order = query.sort.as_deref().map(Session::order).transpose()?;
    let mut wrong = Wrongs::new();
    let from = query.from.map(|text| wrong.moment("from", &text));
    let until = query.until.map(|text| wrong.moment("until", &text));
    wrong.done()?;
    let status = query.status.map(|status| status.name().to_owned());
    let drafts = edits(caller, conference);
    let filter = SessionFilter { status, hall: query.hall, track: query.track, from, until, drafts, order };
    let asked = StorePage::new(page.number, page.size);
    Ok((app.store.sessions(caller.tenant(), conference, &filter, asked).await?, page))
}

/// Opens a session's rooms: those of an imported programme are closed until it is published.
async fn open(app: &App, caller: &Caller, id: Id) -> Result<Session, Fault> {
    let session = find(app, caller, id).await?;
    caller.may_in(Action::Moderate, session.conference)?;
    if !session.published {
        let words = "the session is a draft: publish it first";
        return Err(Fault::conflict("NOT_PUBLISHED", words));
    }
    open_rooms(app, caller.id(), &session).await?;
    Ok(session)
}

/// Starts, pauses or ends a session, through its room. Its rooms are opened when they were not.
async fn step(sent: &Sent, step: Step) -> Result<Session, Fault> {
    let mut session = open(&sent.app, &sent.caller, sent.at).await?;
    let room = SessionRooms::session_of(sent.at);
    command(sent, room, step.op(), json!({})).await?;
    let state = look(&sent.app, &sent.caller, room).await?;
    // The store hears of it a little later; the room knows now.
    if let Some(status) = state["session"]["status"].as_str() {
        status.clone_into(&mut session.status);
    }
    Ok(session)
}

/// The sessions of a conference whose rooms are open; only `only` when it is given.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn open_sessions(
    app: &App,
    caller: &Caller,
    conference: Id,
    only: Option<Id>,
) -> Result<Vec<Id>, Fault> {
    let mut found = Vec::new();
    for number in 1.. {
        let page = StorePage::new(number, StorePage::PER_PAGE_MAX);
        let listed = app.store.sessions(caller.tenant(), conference, &SessionFilter::default(), page).await?;
        let ids = listed.items.iter().map(|session| session.id);
        for id in ids.filter(|id| only.is_none_or(|only| only == *id)) {
            let is_open = app.shards.scope(SessionRooms::session_of(id)).await.is_some();
            found.extend(is_open.then_some(id));
        }
        if u64::from(number) * u64::from(StorePage::PER_PAGE_MAX) >= listed.total {
            break;
        }
    }
    Ok(found)
}
