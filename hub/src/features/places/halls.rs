//! Halls: where sessions take place. Naming a new one in a session makes it too.

use plenum_domain::{Action, Id};
use plenum_persistence::store::Hall;
use serde_json::json;

use super::types::{ChangeHall, CreateHall, HallOut};
use super::{NAME_CHARS_MAX, venues};
use crate::app::App;
use crate::features::audit::{Subject, edited, made, note};
use crate::features::conferences;
use crate::http::{Caller, Fault, IfMatch, Wrongs, outdated};

const POSITION_MAX: i64 = 10_000;

/// The hall, when the caller may know of it.
///
/// # Errors
/// 404 for everyone else.
pub(crate) async fn find(app: &App, caller: &Caller, id: Id) -> Result<Hall, Fault> {
    let found = app.store.hall(caller.tenant(), id).await?;
    let hall = found.ok_or_else(|| Fault::not_found("hall"))?;
    caller.sees(hall.conference).map_err(|_| Fault::not_found("hall"))?;
    Ok(hall)
}

pub(super) async fn list(app: &App, caller: &Caller, conference: Id) -> Result<Vec<Hall>, Fault> {
    conferences::find(app, caller, conference).await?;
    Ok(app.store.halls(caller.tenant(), conference).await?)
}

pub(super) async fn create(
    app: &App,
    caller: &Caller,
    conference: Id,
    body: CreateHall,
) -> Result<Hall, Fault> {
    conferences::to_change(app, caller, conference, Action::EditProgramme).await?;
    let known = app.store.halls(caller.tenant(), conference).await?;
    let end = known.iter().map(|hall| hall.position + 1).max().unwrap_or_default();
    let hall = Hall {
        id: app.clock.id(),
        conference,
        name: body.name,
        guid: None,
        capacity: body.capacity,
        position: body.position.unwrap_or(end.min(POSITION_MAX)),
        venue: body.venue_id,
        version: 1,
    };
    let hall = checked(app, caller, hall).await?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    edit.create_hall(&hall).await?;
    made(app, caller, edit, "hall.made", Subject("hall", hall.id), &HallOut::from(hall.clone())).await?;
    Ok(hall)
}

pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: ChangeHall,
) -> Result<Hall, Fault> {
    let was = find(app, caller, id).await?;
    conferences::to_change(app, caller, was.conference, Action::EditProgramme).await?;
    if_match.against(was.version)?;
    let hall = Hall {
        name: body.name.unwrap_or_else(|| was.name.clone()),
        capacity: body.capacity.unwrap_or(was.capacity),
        position: body.position.unwrap_or(was.position),
        venue: body.venue_id.unwrap_or(was.venue),
        ..was.clone()
    };
    let hall = checked(app, caller, hall).await?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    if !edit.change_hall(&hall).await? {
        return Err(outdated());
    }
    let hall = edit.hall(id).await?.ok_or_else(outdated)?;
    let seen = (&HallOut::from(was), &HallOut::from(hall.clone()));
    edited(app, caller, edit, "hall.changed", Subject("hall", id), seen).await?;
    Ok(hall)
}

pub(super) async fn remove(app: &App, caller: &Caller, id: Id, if_match: &IfMatch) -> Result<(), Fault> {
    let hall = find(app, caller, id).await?;
    conferences::to_change(app, caller, hall.conference, Action::EditProgramme).await?;
    if_match.against(hall.version)?;
    let note = note(app, caller, "hall.deleted", Subject("hall", id), json!({"name": hall.name}));
    app.store.remove_hall(id, &note).await?;
    Ok(())
}

async fn checked(app: &App, caller: &Caller, hall: Hall) -> Result<Hall, Fault> {
    let mut wrong = Wrongs::new();
    let name = wrong.text("name", &hall.name, NAME_CHARS_MAX);
    let capacity = wrong.capacity("capacity", hall.capacity);
    if !(0..=POSITION_MAX).contains(&hall.position) {
        wrong.add("position", format!("is between 0 and {POSITION_MAX}"));
    }
    if let Some(venue) = hall.venue {
        let found = venues::find(app, caller, venue).await.ok();
        if found.is_none_or(|venue| venue.conference != hall.conference) {
            wrong.add("venue_id", "is no venue of this conference");
        }
    }
    wrong.done()?;
    Ok(Hall { name, capacity, ..hall })
}
