//! Submissions as pretalx gives them out: each with its speakers, and with where and when it takes place.

use serde_json::Value;

use super::read_people;
use super::spot::{Checked, blame, fault, label, member, word};
use crate::conference::build::{Build, languages, line, text, web_address};
use crate::conference::moment::{read_duration_ms, read_moment};
use crate::conference::{Moment, Session};

/// Reads submissions that are laid out by date, minute of the day and room. The layout says nothing that the
/// submissions do not say better.
pub(super) fn read_grid<'a>(build: &mut Build, root: &'a Value, days: &'a Value) -> Checked<'a, ()> {
    for room in root["rooms"].as_array().into_iter().flatten() {
        let capacity = room["capacity"].as_u64().and_then(|number| u32::try_from(number).ok());
        let guid = room["guid"].as_str().or_else(|| room["uuid"].as_str());
        blame(room, build.hall(label(&room["name"]), guid, capacity))?;
    }
    for day in members(days, "a schedule holds days")? {
        for minute in members(day, "a day holds minutes")? {
            for submission in members(minute, "a minute holds rooms")? {
                read(build, submission)?;
            }
        }
    }
    Ok(())
}

fn members<'a>(value: &'a Value, otherwise: &str) -> Checked<'a, impl Iterator<Item = &'a Value> + use<'a>> {
    let members = value.as_object().ok_or_else(|| fault(value, otherwise))?;
    Ok(members.values())
}

/// Reads a submission: a session for each of its slots.
pub(super) fn read<'a>(build: &mut Build, submission: &'a Value) -> Checked<'a, ()> {
    let slots: Vec<&Value> = match (&submission["slots"], &submission["slot"]) {
        (Value::Array(slots), _) => slots.iter().collect(),
        (_, slot @ Value::Object(_)) => vec![slot],
        _ => vec![submission],
    };
    let placed: Vec<&Value> = slots.into_iter().filter(|slot| slot["start"].is_string()).collect();
    if placed.is_empty() {
        build.unplaced(title(submission)?);
    }
    for (place, slot) in placed.into_iter().enumerate() {
        let session = session(build, submission, slot, place)?;
        blame(submission, build.session(session))?;
    }
    Ok(())
}

fn session<'a>(
    build: &mut Build,
    submission: &'a Value,
    slot: &'a Value,
    place: usize,
) -> Checked<'a, Session> {
    let code = word(submission, "code");
    if code.is_empty() {
        return Err(fault(submission, "the submission has no code"));
    }
    let starts = blame(&slot["start"], read_moment(&word(slot, "start"), build.zone()))?;
    let named = |name: &str| blame(member(submission, name), line(label(&submission[name])));
    let body = |name: &str| blame(member(submission, name), text(&word(submission, name)));
    let url = ["url", "website_url"].iter().find_map(|name| web_address(&word(submission, name)));
    Ok(Session {
        guid: if place == 0 { code } else { format!("{code}/{}", place + 1) },
        title: title(submission)?,
        subtitle: String::new(),
        summary: body("abstract")?,
        description: body("description")?,
        starts,
        duration_ms: duration_ms(build, submission, slot, starts)?,
        hall: blame(slot, build.hall(label(&slot["room"]), None, None))?,
        track: named("track")?,
        kind: named("submission_type")?,
        languages: languages(&word(submission, "content_locale")),
        speakers: read_people(build, &submission["speakers"])?,
        url,
        do_not_record: submission["do_not_record"] == true,
    })
}

fn title(submission: &Value) -> Checked<'_, String> {
    let title = blame(member(submission, "title"), line(&word(submission, "title")))?;
    title.ok_or_else(|| fault(submission, "the submission has no title"))
}

/// From start to end where both are given, else what the submission says.
fn duration_ms<'a>(
    build: &Build,
    submission: &'a Value,
    slot: &'a Value,
    starts: Moment,
) -> Checked<'a, i64> {
    let Some(end) = slot["end"].as_str() else {
        return blame(member(submission, "duration"), read_duration_ms(&word(submission, "duration")));
    };
    let ends = blame(&slot["end"], read_moment(end, build.zone()))?;
    let duration_ms = ends.at.since_ms(starts.at);
    if duration_ms < 0 {
        return Err(fault(&slot["end"], "the session ends before it starts"));
    }
    Ok(duration_ms)
}
