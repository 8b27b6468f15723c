//! A conference from another one: the same halls and sessions, on other days.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use plenum_domain::conference::known_time_zone;
use plenum_domain::schedule::{days_between, shifted};
use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{
    Conference, ConferenceChange, CopiedSession, Copies, Hall, NewSession, Part, Person, ProgrammeDay,
    Session, SessionDetails, Venue,
};

use super::types::CloneConference;
use super::{TITLE_CHARS_MAX, as_it_is, find, has_room, make};
use crate::app::App;
use crate::features::audit::{Subject, done};
use crate::http::{Caller, Fault, Wrongs};

/// How moments move from one conference to the other.
struct Moving {
    from: TimeZone,
    to: TimeZone,
    days: i64,
}

impl Moving {
    fn moment(&self, at: Timestamp) -> Timestamp {
        shifted(at, &self.from, &self.to, self.days)
    }

    fn date(&self, date: &str) -> String {
        let moved = date
            .parse::<jiff::civil::Date>()
            .map(|day| day.saturating_add(jiff::Span::new().days(self.days)));
        moved.map_or_else(|_| date.to_owned(), |day| day.to_string())
    }

    fn offset_s(&self, at: Timestamp) -> i64 {
        let moment = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
        i64::from(self.to.to_offset(moment).seconds())
    }
}

pub(super) async fn clone(
    app: &App,
    caller: &Caller,
    id: Id,
    body: CloneConference,
) -> Result<Conference, Fault> {
    caller.may(Action::Organise)?;
    has_room(app, caller).await?;
    let model = find(app, caller, id).await?;
    let mut wrong = Wrongs::new();
    let title = wrong.text("title", &body.title, TITLE_CHARS_MAX);
    let first = wrong.day("starts_on", &body.starts_on);
    let zone =
        body.time_zone.map_or_else(|| model.time_zone.clone(), |zone| wrong.time_zone("time_zone", &zone));
    wrong.done()?;
    let in_zone = |name: &str| known_time_zone(name).unwrap_or(TimeZone::UTC);
    let from = model.starts_on.parse().unwrap_or(first);
    let moving =
        Moving { from: in_zone(&model.time_zone), to: in_zone(&zone), days: days_between(from, first) };
    let last = moving.date(&model.ends_on).parse().unwrap_or(first);
    let copies = copies(app, &model, &moving, body.sessions.unwrap_or(true)).await?;
    let (mut edit, made) = make(app, caller, title, zone, (first, last)).await?;
    let about = ConferenceChange {
        series: Some(model.series),
        description: Some(model.description),
        languages: Some(model.languages),
        ..ConferenceChange::default()
    };
    edit.change_conference(made, &about, app.clock.now()).await?;
    edit.copy_into(made, &copies).await?;
    let conference = as_it_is(&mut edit, made).await?;
    let details = serde_json::json!({"title": conference.title, "from": id});
    done(app, caller, edit, "conference.cloned", Subject("conference", made), details).await?;
    Ok(conference)
}

/// All that comes along, with ids of its own.
async fn copies(app: &App, model: &Conference, moving: &Moving, sessions: bool) -> Result<Copies, Fault> {
    let (tenant, id) = (model.tenant, model.id);
    let mut ids = BTreeMap::new();
    let mut other = |old: Id| *ids.entry(old).or_insert_with(|| app.clock.id());
    let venues = app.store.all_venues(tenant, id).await?;
    let venues = venues.into_iter().map(|venue| Venue { id: other(venue.id), ..venue }).collect();
    let halls = app.store.halls(tenant, id).await?;
    let halls =
        halls.into_iter().map(|hall| Hall { id: other(hall.id), venue: hall.venue.map(&mut other), ..hall });
    let halls = halls.collect();
    let days = app.store.programme_days(tenant, id).await?;
    // Without sessions nobody comes along, so nobody chairs.
    let days = days.into_iter().map(|day| ProgrammeDay {
        chair: day.chair.filter(|_| sessions).map(&mut other),
        date: moving.date(&day.date),
        starts: moving.moment(day.starts),
        ends: moving.moment(day.ends),
        ..day
    });
    let mut copies = Copies { venues, halls, days: days.collect(), ..Copies::default() };
    if sessions {
        let people = app.store.people(tenant, id).await?;
        copies.people = people.into_iter().map(|one| Person { id: other(one.id), ..one }).collect();
        let mut parts: BTreeMap<Id, Vec<Part>> = BTreeMap::new();
        for part in app.store.parts(tenant, id).await? {
            parts.entry(part.session).or_default().push(part);
        }
        for session in app.store.all_sessions(tenant, id).await? {
            let texts = app.store.session_texts(tenant, session.id).await?;
            let asked = |part: Part, person| Part { person, confirmation: "invited".to_owned(), ..part };
            let speakers = parts.remove(&session.id).unwrap_or_default();
            let speakers = speakers
                .into_iter()
                .map(|part| {
                    let person = other(part.person);
                    asked(part, person)
                })
                .collect();
            let hall = session.hall.map(&mut other);
            let session = copied(app, session, hall, moving);
            copies.sessions.push(CopiedSession { session, speakers, texts });
        }
    }
    Ok(copies)
}

fn copied(app: &App, model: Session, hall: Option<Id>, moving: &Moving) -> NewSession {
    let starts = moving.moment(model.starts);
    let details = SessionDetails { url: None, ..model.details() };
    NewSession {
        id: app.clock.id(),
        tenant: model.tenant,
        // The store puts it into the conference that it is copied into.
        conference: model.conference,
        guid: None,
        title: model.title,
        starts,
        // As long as it was, also when the clocks change meanwhile.
        ends: starts.plus_ms(model.ends.since_ms(model.starts)),
        offset_s: moving.offset_s(starts),
        hall,
        details,
        created: app.clock.now(),
    }
}
