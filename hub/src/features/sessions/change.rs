//! Changing a session: through its room when that is open, so that everyone in it hears; else in the store alone.

use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{Session, SessionChange};
use serde_json::{Map, Value, json};

use super::types::ChangeSession;
use super::{HALL_CHARS_MAX, SessionRooms, TITLE_CHARS_MAX, find};
use crate::app::App;
use crate::http::{Caller, Fault, Wrongs};

/// What is to be changed, checked. The hall's name is empty when the session shall have none.
struct Change {
    title: Option<String>,
    starts: Option<Timestamp>,
    ends: Option<Timestamp>,
    hall: Option<String>,
    summary: Option<String>,
}

pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    body: ChangeSession,
) -> Result<Session, Fault> {
    let session = find(app, caller, id).await?;
    caller.may_in(Action::Moderate, session.conference)?;
    let change = checked(&session, body)?;
    if app.shards.scope(SessionRooms::session_of(id)).await.is_none() {
        in_store(app, &session, &change).await?;
    } else if let Some(summary) = &change.summary {
        // The room does not show it.
        let change = SessionChange { summary: Some(summary.clone()), ..SessionChange::default() };
        app.store.change_session(caller.tenant(), id, &change, app.clock.now()).await?;
    }
    in_room(app, caller, &session, &change).await?;
    find(app, caller, id).await
}

fn checked(session: &Session, body: ChangeSession) -> Result<Change, Fault> {
    let mut wrong = Wrongs::new();
    let title = body.title.map(|title| wrong.text("title", &title, TITLE_CHARS_MAX));
    let starts = body.starts_at.map(|text| wrong.moment("starts_at", &text));
    let ends = body.ends_at.map(|text| wrong.moment("ends_at", &text));
    let hall = body.hall.map(|hall| wrong.maybe_text("hall", hall.as_deref(), HALL_CHARS_MAX));
    if ends.unwrap_or(session.ends) < starts.unwrap_or(session.starts) {
        wrong.add("ends_at", "is before starts_at");
    }
    wrong.done()?;
    let hall = hall.map(Option::unwrap_or_default);
    Ok(Change { title, starts, ends, hall, summary: body.summary })
}

async fn in_store(app: &App, session: &Session, change: &Change) -> Result<(), Fault> {
    let hall = match change.hall.as_deref() {
        Some("") => Some(None),
        Some(name) => {
            let (tenant, conference) = (session.tenant, session.conference);
            Some(Some(app.store.hall_named(tenant, conference, name, app.clock.id()).await?))
        }
        None => None,
    };
    let (title, summary) = (change.title.clone(), change.summary.clone());
    let change = SessionChange { title, summary, starts: change.starts, ends: change.ends, hall };
    app.store.change_session(session.tenant, session.id, &change, app.clock.now()).await?;
    Ok(())
}

/// Tells the room, when it is open (it may have been opened a moment ago), and waits until the store has heard of it.
async fn in_room(app: &App, caller: &Caller, session: &Session, change: &Change) -> Result<(), Fault> {
    let room = SessionRooms::session_of(session.id);
    let told = [
        ("title", change.title.clone().map(Value::from)),
        ("starts_ms", change.starts.map(|at| json!(at))),
        ("ends_ms", change.ends.map(|at| json!(at))),
        ("hall", change.hall.clone().map(Value::from)),
    ];
    let told: Map<String, Value> =
        told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    if told.is_empty() || app.shards.scope(room).await.is_none() {
        return Ok(());
    }
    let by = caller.actor_in(session.conference);
    app.shards.command(by, room, app.clock.id(), "session.edit", Value::Object(told)).await?;
    app.projection.caught_up().await;
    Ok(())
}
