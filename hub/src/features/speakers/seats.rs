//! Seats in sessions: taken by participants for themselves, or for them by who manages participants.

use plenum_domain::{Action, Id, Role};
use plenum_persistence::store::{Listed, Note, Page as StorePage, Seat};
use serde_json::json;

use super::types::{SeatQuery, TakeSeat};
use crate::app::App;
use crate::features::audit::{Subject, note};
use crate::features::{conferences, sessions};
use crate::http::{Caller, Fault, Page};

pub(super) async fn list(
    app: &App,
    caller: &Caller,
    session: Id,
    query: SeatQuery,
) -> Result<(Listed<Seat>, Page), Fault> {
    let session = sessions::find(app, caller, session).await?;
    caller.may_in(Action::SeeParticipants, session.conference)?;
    let page = Page::of(query.page, query.per_page)?;
    let asked = StorePage::new(page.number, page.size);
    Ok((app.store.seats(caller.tenant(), session.id, query.waits, asked).await?, page))
}

pub(super) async fn take(app: &App, caller: &Caller, session: Id, body: TakeSeat) -> Result<Seat, Fault> {
    let session = sessions::find(app, caller, session).await?;
    conferences::to_change(app, caller, session.conference, Action::TakePart).await?;
    let participant = whose(caller, session.conference, body.participant_id)?;
    let unknown = || Fault::field("participant_id", "is nobody who takes part in this conference");
    let found = app.store.participant(caller.tenant(), participant).await?;
    found.filter(|one| one.conference == session.conference).ok_or_else(unknown)?;
    let (id, now) = (app.clock.id(), app.clock.now());
    let note = for_another(app, caller, "seat.given", session.id, participant);
    let seat = app.store.take_seat(caller.tenant(), session.id, participant, id, now, note.as_ref()).await?;
    seat.ok_or_else(|| Fault::not_found("session"))
}

pub(super) async fn leave(app: &App, caller: &Caller, (session, participant): (Id, Id)) -> Result<(), Fault> {
    let session = sessions::find(app, caller, session).await?;
    whose(caller, session.conference, Some(participant))?;
    let note = for_another(app, caller, "seat.taken_back", session.id, participant);
    let left = app.store.leave_seat(caller.tenant(), session.id, participant, note.as_ref()).await?;
    left.map(|_| ()).ok_or_else(|| Fault::not_found("seat"))
}

/// The entry about a seat of somebody else.
fn for_another(
    app: &App,
    caller: &Caller,
    action: &'static str,
    session: Id,
    participant: Id,
) -> Option<Note> {
    let details = json!({"participant": participant});
    (participant != caller.id()).then(|| note(app, caller, action, Subject("session", session), details))
}

/// Whose seat it is about: one's own, or for those who manage participants anyone's.
fn whose(caller: &Caller, conference: Id, named: Option<Id>) -> Result<Id, Fault> {
    match named {
        Some(id) if id == caller.id() => Ok(id),
        Some(id) => caller.may_in(Action::ManageParticipants, conference).map(|()| id),
        None if caller.0.actor.roles.has(Role::Attendee) => Ok(caller.id()),
        None => Err(Fault::field("participant_id", "say for whom: an account is no participant")),
    }
}
