//! Changing a session: through its room when that is open, so that everyone in it hears; else in the store alone.

use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{Edit, Session, SessionChange, SessionDetails};
use serde_json::{Map, Value, json};

use super::types::ChangeSession;
use super::{HALL_CHARS_MAX, SessionRooms, TITLE_CHARS_MAX, details, find, open_rooms};
use crate::app::App;
use crate::clock::rfc3339;
use crate::features::audit::{Subject, edited, note};
use crate::features::conferences;
use crate::http::{Caller, Fault, IfMatch, Wrongs, outdated};

/// What is to be changed of what the room tells, checked. The hall's name is empty when the session shall have none.
#[derive(Default)]
pub(super) struct Change {
    pub(super) title: Option<String>,
    pub(super) starts: Option<Timestamp>,
    pub(super) ends: Option<Timestamp>,
    pub(super) hall: Option<String>,
}

/// Changes a session. What the room tells may be changed by whoever runs sessions, the rest by who edits the programme.
pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: ChangeSession,
) -> Result<Session, Fault> {
    let session = find(app, caller, id).await?;
    conferences::to_change(app, caller, session.conference, Action::Moderate).await?;
    if_match.against(session.version)?;
    let mut wrong = Wrongs::new();
    let told = checked(&mut wrong, &session, &body);
    let details = details::of_changed(&mut wrong, &session, &body);
    wrong.done()?;
    let summary_only = SessionDetails { summary: details.summary.clone(), ..session.details() };
    if details != summary_only {
        caller.may_in(Action::EditProgramme, session.conference)?;
    }
    let is_open = app.shards.scope(SessionRooms::session_of(id)).await.is_some();
    if is_open && !details.published {
        return Err(Fault::conflict("IN_USE", "people may be in its rooms: it stays published"));
    }
    let mut edit = app.store.edit(caller.tenant()).await?;
    // Also when nothing of it is new: of two edits that were made from one version, one is refused here.
    if !edit.set_session_details(&session, &details, app.clock.now()).await? {
        return Err(outdated());
    }
    if details.capacity != session.capacity {
        edit.fill_seats(id).await?;
    }
    if !is_open {
        in_store(app, &mut edit, &session, &told).await?;
    }
    let changed = edit.session(id).await?.ok_or_else(outdated)?;
    let seen = (&seen(&session), &seen(&changed));
    edited(app, caller, edit, "session.changed", Subject("session", id), seen).await?;
    in_room(app, caller, &session, &told).await?;
    let changed = find(app, caller, id).await?;
    if changed.published && !session.published {
        open_rooms(app, caller.id(), &changed).await?;
    }
    Ok(changed)
}

/// Removes a session that nobody can be in.
pub(super) async fn remove(app: &App, caller: &Caller, id: Id, if_match: &IfMatch) -> Result<(), Fault> {
    let session = find(app, caller, id).await?;
    conferences::to_change(app, caller, session.conference, Action::EditProgramme).await?;
    if_match.against(session.version)?;
    if app.shards.scope(SessionRooms::session_of(id)).await.is_some() {
        return Err(Fault::conflict("IN_USE", "its rooms are open: people may be in them"));
    }
    let details = json!({"title": session.title, "conference": session.conference});
    let note = note(app, caller, "session.deleted", Subject("session", id), details);
    if app.store.remove_session(&session, &note).await? { Ok(()) } else { Err(outdated()) }
}

/// A session as the audit log tells of it.
pub(super) fn seen(session: &Session) -> Value {
    json!({
        "title": session.title,
        "starts_at": rfc3339(session.starts),
        "ends_at": rfc3339(session.ends),
        "hall": session.hall_name,
        "subtitle": session.subtitle,
        "summary": session.summary,
        "description": session.description,
        "track": session.track,
        "kind": session.kind,
        "language": session.language,
        "url": session.url,
        "do_not_record": session.do_not_record,
        "capacity": session.capacity,
        "published": session.published,
        "conference": session.conference,
    })
}

fn checked(wrong: &mut Wrongs, session: &Session, body: &ChangeSession) -> Change {
    let title = body.title.as_deref().map(|title| wrong.text("title", title, TITLE_CHARS_MAX));
    let starts = body.starts_at.as_deref().map(|text| wrong.moment("starts_at", text));
    let ends = body.ends_at.as_deref().map(|text| wrong.moment("ends_at", text));
    let hall = body.hall.as_ref().map(|hall| wrong.maybe_text("hall", hall.as_deref(), HALL_CHARS_MAX));
    if ends.unwrap_or(session.ends) < starts.unwrap_or(session.starts) {
        wrong.add("ends_at", "is before starts_at");
    }
    Change { title, starts, ends, hall: hall.map(Option::unwrap_or_default) }
}

/// Changes what the room tells in the store, for a session whose room is closed.
pub(super) async fn in_store(
    app: &App,
    edit: &mut Edit,
    session: &Session,
    change: &Change,
) -> Result<(), Fault> {
    let hall = match change.hall.as_deref() {
        Some("") => Some(None),
        Some(name) => Some(Some(edit.hall_named(session.conference, name, app.clock.id()).await?)),
        None => None,
    };
    let (title, starts, ends) = (change.title.clone(), change.starts, change.ends);
    if title.is_none() && starts.is_none() && ends.is_none() && hall.is_none() {
        return Ok(());
    }
    let change = SessionChange { title, starts, ends, hall, ..SessionChange::default() };
    edit.change_session(session.id, &change, app.clock.now()).await?;
    Ok(())
}

/// Tells the room, when it is open (it may have been opened a moment ago), and waits until the store and the audit log have
/// heard of it: what a room is told is written into both from its journal.
pub(super) async fn in_room(
    app: &App,
    caller: &Caller,
    session: &Session,
    change: &Change,
) -> Result<(), Fault> {
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
    app.projection.caught_up(session.conference).await;
    Ok(())
}
