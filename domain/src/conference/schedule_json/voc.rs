//! `schedule.json` of frab and pretalx: conference, days, rooms, events.

use serde_json::Value;

use super::read_people;
use super::spot::{Checked, blame, fault, label, member, word};
use crate::conference::Session;
use crate::conference::build::{Build, languages, line, text, web_address};
use crate::conference::moment::{read_date, read_duration_ms, read_moment};

/// Reads a conference.
pub(super) fn read<'a>(build: &mut Build, conference: &'a Value) -> Checked<'a, ()> {
    blame(conference, build.name(&word(conference, "title"), &word(conference, "acronym")))?;
    let zone = word(conference, "time_zone_name");
    blame(member(conference, "time_zone_name"), build.set_time_zone(&zone))?;
    for room in conference["rooms"].as_array().into_iter().flatten() {
        let capacity = room["capacity"].as_u64().and_then(|number| u32::try_from(number).ok());
        blame(room, build.hall(label(&room["name"]), room["guid"].as_str(), capacity))?;
    }
    let days = conference.get("days").and_then(Value::as_array);
    for day in days.ok_or_else(|| fault(conference, "the conference has no days"))? {
        read_day(build, day)?;
    }
    Ok(())
}

fn read_day<'a>(build: &mut Build, day: &'a Value) -> Checked<'a, ()> {
    let date = member(day, "date");
    let date = blame(date, read_date(&word(day, "date")))?;
    let bound = |name: &str| {
        let moment = day[name].as_str().map(|at| blame(member(day, name), read_moment(at, build.zone())));
        moment.transpose()
    };
    let (starts, ends) = (bound("day_start")?, bound("day_end")?);
    blame(day, build.day(date, starts, ends))?;
    for (room, events) in day["rooms"].as_object().into_iter().flatten() {
        blame(events, build.hall(room, None, None))?;
        for event in events.as_array().ok_or_else(|| fault(events, "a room holds a list of events"))? {
            read_event(build, room, event)?;
        }
    }
    Ok(())
}

fn read_event<'a>(build: &mut Build, room: &str, event: &'a Value) -> Checked<'a, ()> {
    let guid = match (word(event, "guid"), word(event, "id")) {
        (guid, _) if !guid.is_empty() => guid,
        (_, id) if !id.is_empty() => format!("id:{id}"),
        _ => return Err(fault(event, "the event has neither a guid nor an id")),
    };
    let title = blame(event, line(&word(event, "title")))?;
    let starts = read_moment(&word(event, "date"), build.zone());
    let named = |name: &str| blame(member(event, name), line(label(&event[name])));
    let body = |name: &str| blame(member(event, name), text(&word(event, name)));
    let session = Session {
        guid,
        title: title.ok_or_else(|| fault(event, "the event has no title"))?,
        subtitle: named("subtitle")?.unwrap_or_default(),
        summary: body("abstract")?,
        description: body("description")?,
        starts: blame(member(event, "date"), starts)?,
        duration_ms: blame(member(event, "duration"), read_duration_ms(&word(event, "duration")))?,
        hall: blame(event, build.hall(room, None, None))?,
        track: named("track")?,
        kind: named("type")?,
        languages: languages(&word(event, "language")),
        speakers: read_people(build, &event["persons"])?,
        url: web_address(&word(event, "url")),
        do_not_record: event["do_not_record"] == true,
    };
    blame(event, build.session(session))
}
