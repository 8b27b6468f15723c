//! The XML that frab, pretalx and Pentabarf export: `schedule.xml`. The format is described at
//! <https://c3voc.de/wiki/schedule>; what real files leave out or do differently is accepted where the meaning is clear.

mod tree;

use jiff::civil::{Date, DateTime, Time};

use self::tree::Element;
use super::build::{Build, languages, line, text, web_address};
use super::error::text_of;
use super::moment::{in_zone, read_date, read_duration_ms, read_moment, read_time};
use super::{ImportError, Moment, Person, Programme, Session};

/// What is wrong with an element. Where that is, is worked out once, for the message.
struct Fault<'a> {
    at: &'a Element,
    message: String,
}

type Checked<'a, T> = Result<T, Fault<'a>>;

/// A day, while its rooms are read.
struct DayFrame {
    date: Option<Date>,
    /// Sessions that start earlier in the day than this belong to the night before.
    change: Time,
}

/// Reads a `schedule.xml`.
///
/// # Errors
/// [`ImportError`] names the line of what is not XML, is missing or cannot be understood.
pub fn frab_xml(bytes: &[u8]) -> Result<Programme, ImportError> {
    let source = text_of(bytes)?;
    let root = tree::read(source)?;
    read(&root).map_err(|fault| {
        ImportError::at(source, fault.at.offset, tree::path_to(&root, fault.at.offset), fault.message)
    })
}

fn read(root: &Element) -> Checked<'_, Programme> {
    if root.name != "schedule" {
        return Err(root.fault(format!("the document is a <{}>, not a <schedule>", root.name)));
    }
    let mut build = Build::default();
    let conference = root.child("conference").ok_or_else(|| root.fault("there is no <conference>"))?;
    conference.say(build.name(conference.text_of("title"), conference.text_of("acronym")))?;
    let zone = conference.child("time_zone_name").unwrap_or(conference);
    zone.say(build.set_time_zone(conference.text_of("time_zone_name")))?;
    for day in root.all("day") {
        read_day(&mut build, conference, day)?;
    }
    Ok(build.finish())
}

fn read_day<'a>(build: &mut Build, conference: &Element, day: &'a Element) -> Checked<'a, ()> {
    let date = day.attribute("date").map(|date| day.say(read_date(date))).transpose()?;
    let change = read_time(conference.text_of("day_change")).unwrap_or(Time::midnight());
    if let Some(date) = date {
        let bound = |name: &str| {
            let moment = day.attribute(name).map(|at| day.say(read_moment(at, build.zone())));
            moment.transpose()
        };
        let (starts, ends) = (bound("start")?, bound("end")?);
        day.say(build.day(date, starts, ends))?;
    }
    let frame = DayFrame { date, change };
    for room in day.all("room") {
        let name = room.attribute("name").unwrap_or_default();
        let capacity = room.attribute("capacity").and_then(|number| number.parse().ok());
        room.say(build.hall(name, room.attribute("guid"), capacity))?;
        for event in room.all("event") {
            read_event(build, &frame, name, event)?;
        }
    }
    Ok(())
}

fn read_event<'a>(build: &mut Build, day: &DayFrame, room: &str, event: &'a Element) -> Checked<'a, ()> {
    let guid = event.attribute("guid").map(str::to_owned);
    let guid =
        guid.or_else(|| event.attribute("id").map(|id| format!("id:{id}"))).filter(|guid| !guid.is_empty());
    let title = event.named("title", line)?.ok_or_else(|| event.fault("the event has no title"))?;
    let duration = event.child("duration").ok_or_else(|| event.fault("the event has no <duration>"))?;
    let hall = event.text_of("room");
    let hall = event.say(build.hall(if hall.is_empty() { room } else { hall }, None, None))?;
    let session = Session {
        guid: guid.ok_or_else(|| event.fault("the event has neither a guid nor an id"))?,
        title,
        subtitle: event.named("subtitle", line)?.unwrap_or_default(),
        summary: event.named("abstract", text)?,
        description: event.named("description", text)?,
        starts: starts(build, day, event)?,
        duration_ms: duration.say(read_duration_ms(duration.text.trim()))?,
        hall,
        track: event.named("track", line)?,
        kind: event.named("type", line)?,
        languages: languages(event.text_of("language")),
        speakers: read_people(build, event)?,
        url: web_address(event.text_of("url")),
        do_not_record: event.child("recording").is_some_and(|it| it.text_of("optout") == "true"),
    };
    event.say(build.session(session))
}

/// `<date>` says it all; files of older systems only have the day's date and `<start>`.
fn starts<'a>(build: &Build, day: &DayFrame, event: &'a Element) -> Checked<'a, Moment> {
    if let Some(date) = event.child("date").filter(|date| date.text.contains('T')) {
        return date.say(read_moment(date.text.trim(), build.zone()));
    }
    let start =
        event.child("start").ok_or_else(|| event.fault("the event has neither a <date> nor a <start>"))?;
    let time = start.say(read_time(start.text.trim()))?;
    let date = day.date.ok_or_else(|| start.fault("the day of this event has no date"))?;
    let date = if time < day.change { start.say(date.tomorrow().map_err(|e| e.to_string()))? } else { date };
    let zone = build.zone().ok_or_else(|| start.fault("the conference has no <time_zone_name>"))?;
    start.say(in_zone(DateTime::from_parts(date, time), zone))
}

fn read_people<'a>(build: &mut Build, event: &'a Element) -> Checked<'a, Vec<String>> {
    let mut keys = Vec::new();
    for person in event.child("persons").into_iter().flat_map(|persons| persons.all("person")) {
        let Some(name) = person.say(line(&person.text))? else { continue };
        let id = ["guid", "code", "id"].iter().find_map(|kind| Some((kind, person.attribute(kind)?)));
        let key = id.map_or_else(|| format!("name:{name}"), |(kind, id)| format!("{kind}:{id}"));
        let biography = person.attribute("biography").map(text).transpose();
        let biography = person.say(biography)?.filter(|biography| !biography.is_empty());
        let avatar_url = person.attribute("avatar").and_then(web_address);
        let key = build.person(Person { key, name, affiliation: None, biography, avatar_url });
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

impl Element {
    fn fault(&self, message: impl Into<String>) -> Fault<'_> {
        Fault { at: self, message: message.into() }
    }

    fn say<T>(&self, result: Result<T, String>) -> Checked<'_, T> {
        result.map_err(|message| self.fault(message))
    }

    fn named<'a, T>(&'a self, name: &str, read: fn(&str) -> Result<T, String>) -> Checked<'a, T> {
        self.child(name).unwrap_or(self).say(read(self.text_of(name)))
    }
}
