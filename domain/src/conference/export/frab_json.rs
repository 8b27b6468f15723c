//! frab's JSON.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::names::{acronym, duration, guid, moment, slug, time_of_day};
use super::{Written, WrittenPerson, WrittenSession};

/// The programme as frab's JSON.
pub fn frab_json(written: &Written) -> Value {
    let zone = written.zone();
    let days = written.by_day();
    let days: Vec<Value> = (1..)
        .zip(&days)
        .map(|(index, (day, sessions))| {
            let rooms = written.by_hall(sessions).into_iter().map(|(name, _, sessions)| {
                let sessions =
                    sessions.into_iter().map(|(number, session)| event(written, &zone, number, session));
                (name.to_owned(), Value::Array(sessions.collect()))
            });
            json!({
                "index": index,
                "date": day.date,
                "day_start": moment(&zone, day.starts),
                "day_end": moment(&zone, day.ends),
                "rooms": rooms.collect::<Map<String, Value>>(),
            })
        })
        .collect();
    let rooms = written.halls.iter().map(|hall| {
        json!({"name": hall.name, "guid": guid(hall.id, hall.guid.as_deref()), "capacity": hall.capacity})
    });
    let mut conference = json!({
        "acronym": acronym(&written.acronym),
        "title": written.title,
        "start": written.starts_on,
        "end": written.ends_on,
        "daysCount": days.len(),
        "timeslot_duration": "00:05",
        "rooms": rooms.collect::<Vec<_>>(),
        "days": days,
    });
    if is_known_to_the_schema(&written.time_zone) {
        conference["time_zone_name"] = json!(written.time_zone);
    }
    json!({
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "Plenum", "version": env!("CARGO_PKG_VERSION")},
        "schedule": {"version": written.version, "conference": conference},
    })
}

/// The schema takes `Europe/Berlin` and what ends in `UTC`; times carry their offsets anyway.
fn is_known_to_the_schema(zone: &str) -> bool {
    let is_word = |text: &str| {
        let mut bytes = text.bytes();
        bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
            && bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
    };
    let area_only = |area: &str| is_word(area) && area.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
    zone.ends_with("UTC")
        || zone.split_once('/').is_some_and(|(area, place)| area_only(area) && is_word(place))
}

fn event(written: &Written, zone: &TimeZone, number: usize, session: &WrittenSession) -> Value {
    json!({
        "guid": guid(session.id, session.guid.as_deref()),
        "id": number,
        "date": moment(zone, session.starts),
        "start": time_of_day(zone, session.starts),
        "end": moment(zone, session.ends),
        "duration": duration(session),
        "room": session.hall.clone().unwrap_or_default(),
        "slug": slug(written, session),
        "url": session.url,
        "title": session.title,
        "subtitle": session.subtitle,
        "track": session.track,
        "type": session.kind.clone().unwrap_or_default(),
        "language": session.language,
        "abstract": session.summary,
        "description": session.description,
        "do_not_record": session.do_not_record,
        "persons": session.speakers.iter().map(person).collect::<Vec<_>>(),
        "links": [],
    })
}

fn person(person: &WrittenPerson) -> Value {
    json!({
        "guid": guid(person.id, None),
        "name": person.name,
        "biography": person.biography,
        "avatar": person.avatar_url,
    })
}
