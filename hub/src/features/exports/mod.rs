//! The programme for other systems: frab's XML and JSON, and calendars of a conference, a hall or a participant.

mod http;

use std::collections::BTreeMap;

use plenum_domain::conference::export::{
    Calendar, Written, WrittenDay, WrittenHall, WrittenPerson, WrittenSession, calendar, frab_json, frab_xml,
};
use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{Conference, Session, Store, StoreError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::{conferences, places};
use crate::http::{Caller, Fault};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::xml))
        .routes(routes!(http::json))
        .routes(routes!(http::of_conference))
        .routes(routes!(http::of_hall))
        .routes(routes!(http::of_participant))
}

/// A form that a programme is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// frab's XML.
    Xml,
    /// frab's JSON.
    Json,
    /// A calendar (RFC 5545).
    Ics,
}

/// A conference's published programme in one of the forms.
///
/// # Errors
/// When the store cannot answer.
pub async fn written(
    store: &Store,
    conference: &Conference,
    public_url: &str,
    format: Format,
    now: Timestamp,
) -> Result<String, StoreError> {
    let programme = programme(store, conference, public_url, |_| true).await?;
    Ok(match format {
        Format::Xml => frab_xml(&programme),
        Format::Json => format!("{:#}\n", frab_json(&programme)),
        Format::Ics => calendar(&programme, &Calendar { name: &conference.title, now }),
    })
}

async fn of_hall(app: &App, caller: &Caller, id: Id) -> Result<String, Fault> {
    let hall = places::hall(app, caller, id).await?;
    let conference = conferences::find(app, caller, hall.conference).await?;
    let in_it = |session: &Session| session.hall == Some(id);
    let programme = programme(&app.store, &conference, app.public_url(), in_it).await?;
    let name = format!("{}: {}", conference.title, hall.name);
    Ok(calendar(&programme, &Calendar { name: &name, now: app.clock.now() }))
}

/// The sessions in which someone has a seat.
async fn of_participant(app: &App, caller: &Caller, id: Id) -> Result<String, Fault> {
    let missing = || Fault::not_found("participant");
    let person = app.store.participant(caller.tenant(), id).await?.ok_or_else(missing)?;
    caller.sees(person.conference).map_err(|_| missing())?;
    if id != caller.id() {
        caller.may_in(Action::SeeParticipants, person.conference)?;
    }
    let conference = conferences::find(app, caller, person.conference).await?;
    let seats = app.store.seats_of(caller.tenant(), id).await?;
    let has_seat = |session: &Session| seats.contains(&session.id);
    let programme = programme(&app.store, &conference, app.public_url(), has_seat).await?;
    let name = format!("{}: {}", conference.title, person.display_name);
    Ok(calendar(&programme, &Calendar { name: &name, now: app.clock.now() }))
}

/// All that is published of a conference's programme, as far as it is chosen.
async fn programme(
    store: &Store,
    conference: &Conference,
    public_url: &str,
    chosen: impl Fn(&Session) -> bool + Send,
) -> Result<Written, StoreError> {
    let (tenant, id) = (conference.tenant, conference.id);
    let people = store.people(tenant, id).await?.into_iter().map(|person| (person.id, person));
    let people: BTreeMap<Id, _> = people.collect();
    let mut speakers: BTreeMap<Id, Vec<WrittenPerson>> = BTreeMap::new();
    for part in store.parts(tenant, id).await?.into_iter().filter(|part| part.confirmation != "declined") {
        let about = people.get(&part.person);
        speakers.entry(part.session).or_default().push(WrittenPerson {
            id: part.person,
            name: part.name,
            biography: about.and_then(|person| person.biography.clone()),
            avatar_url: about.and_then(|person| person.avatar_url.clone()),
        });
    }
    let sessions = store.all_sessions(tenant, id).await?.into_iter();
    let sessions = sessions.filter(|session| session.published && chosen(session)).map(|session| {
        let speakers = speakers.remove(&session.id).unwrap_or_default();
        session_of(conference, session, speakers, public_url)
    });
    let days = store.programme_days(tenant, id).await?.into_iter();
    let days = days.map(|day| WrittenDay { date: day.date, starts: day.starts, ends: day.ends });
    let halls = store.halls(tenant, id).await?.into_iter().map(|hall| WrittenHall {
        id: hall.id,
        guid: hall.guid,
        name: hall.name,
        capacity: hall.capacity,
    });
    Ok(Written {
        title: conference.title.clone(),
        acronym: conference.acronym.clone().unwrap_or_else(|| conference.slug.clone()),
        time_zone: conference.time_zone.clone(),
        starts_on: conference.starts_on.clone(),
        ends_on: conference.ends_on.clone(),
        version: conference.version.to_string(),
        days: days.collect(),
        halls: halls.collect(),
        sessions: sessions.collect(),
    })
}

fn session_of(
    conference: &Conference,
    session: Session,
    speakers: Vec<WrittenPerson>,
    public_url: &str,
) -> WrittenSession {
    WrittenSession {
        id: session.id,
        guid: session.guid,
        title: session.title,
        subtitle: session.subtitle,
        summary: session.summary,
        description: session.description,
        starts: session.starts,
        ends: session.ends,
        updated: conference.updated,
        hall: session.hall_name,
        track: session.track,
        kind: session.kind,
        language: session.language,
        url: session.url.unwrap_or_else(|| format!("{public_url}/j/{}", conference.join_code)),
        do_not_record: session.do_not_record,
        speakers,
    }
}
