//! Checking in: scans at doors, with a network or told later.

mod http;
mod types;

use plenum_domain::{Action, Id};
use plenum_persistence::store::{CheckIn, Expected, Listed, Page as StorePage, Participant, Piece};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::{Bearer, Paper};
use crate::features::{conferences, sessions};
use crate::http::{Caller, Fault, Page, Wrongs, cut};

pub use types::{
    CheckInOut, CheckInQuery, DoorQuery, ExpectedOut, Outcome, Scan, Scanned, SyncScans, TicketKey,
};

const DEVICE_CHARS_MAX: usize = 60;
/// Scans that are told at once.
const SCANS_MAX: usize = 500;
/// A door reads everybody: the fewer answers the better, each well under a megabyte.
const EXPECTED_AT_ONCE: u32 = 1_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::scan, http::list))
        .routes(routes!(http::sync))
        .routes(routes!(http::key))
        .routes(routes!(http::expected))
}

/// Writes a scan down; one that lets nobody in is a fault.
async fn scan(app: &App, caller: &Caller, conference: Id, body: Scan) -> Result<Scanned, Fault> {
    conferences::to_change(app, caller, conference, Action::CheckIn).await?;
    one(app, caller, conference, body).await
}

/// Writes scans down one by one, in the order of the devices' clocks; what is refused is told with the others.
async fn sync(app: &App, caller: &Caller, conference: Id, body: SyncScans) -> Result<Vec<Scanned>, Fault> {
    conferences::to_change(app, caller, conference, Action::CheckIn).await?;
    if body.scans.len() > SCANS_MAX {
        return Err(Fault::field("scans", format!("has at most {SCANS_MAX} scans")));
    }
    let mut told = Vec::with_capacity(body.scans.len());
    for scan in body.scans {
        let id = scan.id;
        told.push(match one(app, caller, conference, scan).await {
            Ok(scanned) => scanned,
            Err(fault) if fault.status.is_server_error() => return Err(fault),
            Err(fault) => Scanned {
                id,
                outcome: Outcome::Refused,
                reason: Some(fault.code.into_owned()),
                participant_id: None,
                name: None,
                first: None,
            },
        });
    }
    Ok(told)
}

async fn one(app: &App, caller: &Caller, conference: Id, body: Scan) -> Result<Scanned, Fault> {
    let mut wrong = Wrongs::new();
    let now = app.clock.now();
    // A device whose clock is ahead must not make its scans the later ones for ever.
    let at = body.at.as_deref().map_or(now, |raw| wrong.moment("at", raw)).min(now);
    let device = wrong.maybe_text("device", body.device.as_deref(), DEVICE_CHARS_MAX).unwrap_or_default();
    wrong.done()?;
    let person = whose(app, caller, conference, &body).await?;
    if person.status != "confirmed" {
        let words = format!("the registration is {}", person.status);
        return Err(Fault::conflict("NOT_CONFIRMED", words).with("status", person.status));
    }
    if let Some(session) = body.session_id {
        let found = sessions::find(app, caller, session).await?;
        if found.conference != conference {
            return Err(Fault::field("session_id", "is no session of this conference"));
        }
    }
    let scan = CheckIn {
        id: body.id.unwrap_or_else(|| app.clock.id()),
        session: body.session_id,
        participant: person.id,
        at,
        received: now,
        device,
        checked_by: Some(caller.id()),
        counts: false,
    };
    let first = app.store.check_in(caller.tenant(), conference, &scan).await?;
    let outcome = if first.id == scan.id { Outcome::Admitted } else { Outcome::Already };
    Ok(Scanned {
        id: Some(scan.id),
        outcome,
        reason: None,
        participant_id: Some(person.id),
        name: Some(person.display_name),
        first: Some(CheckInOut { counts: true, ..CheckInOut::from(first) }),
    })
}

/// Whose ticket it is, or who was named.
async fn whose(app: &App, caller: &Caller, conference: Id, body: &Scan) -> Result<Participant, Fault> {
    let named = match (&body.ticket, body.participant_id) {
        (Some(ticket), None) => {
            let bearer = app.auth.bearer(caller.tenant(), Paper::Ticket, ticket);
            let is_here = |bearer: &Bearer| bearer.conference == conference;
            let wrong = || Fault::field("ticket", "is no ticket of this conference");
            bearer.filter(is_here).map(|bearer| bearer.participant).ok_or_else(wrong)?
        }
        (None, Some(id)) => id,
        _ => return Err(Fault::field("ticket", "scan a ticket, or name a participant: one of the two")),
    };
    let found = app.store.participant(caller.tenant(), named).await?;
    let missing = || Fault::field("participant_id", "is nobody who takes part in this conference");
    found.filter(|person| person.conference == conference).ok_or_else(missing)
}

async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: CheckInQuery,
) -> Result<(Listed<CheckIn>, Page), Fault> {
    caller.may_in(Action::CheckIn, conference)?;
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let asked = StorePage::new(page.number, page.size);
    let (session, counts) = (query.session_id, query.counts);
    Ok((app.store.check_ins(caller.tenant(), conference, session, counts, asked).await?, page))
}

/// A piece of those who may come to a door, and the next cursor.
async fn expected(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: DoorQuery,
) -> Result<(Vec<Expected>, Option<String>), Fault> {
    caller.may_in(Action::CheckIn, conference)?;
    conferences::find(app, caller, conference).await?;
    let wrong = |_| Fault::field("cursor", "is not one that was given out");
    let after = query.cursor.map(|text| text.parse::<Id>()).transpose().map_err(wrong)?;
    let piece = Piece { after: after.unwrap_or(Piece::START), limit: EXPECTED_AT_ONCE + 1 };
    let found = app.store.expected(caller.tenant(), conference, query.session_id, piece).await?;
    Ok(cut(found, EXPECTED_AT_ONCE, |last| last.id.to_string()))
}

async fn key(app: &App, caller: &Caller, conference: Id) -> Result<TicketKey, Fault> {
    caller.may_in(Action::CheckIn, conference)?;
    conferences::find(app, caller, conference).await?;
    let key = app.auth.ticket_key(caller.tenant());
    Ok(TicketKey { kty: "EC", crv: "P-256", x: key.x, y: key.y })
}
