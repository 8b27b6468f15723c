//! Calendars (RFC 5545).

use jiff::civil::Date;

use super::{Written, WrittenSession};
use crate::{Id, Timestamp};

/// The longest line, in bytes, without its end (section 3.1).
const LINE_BYTES_MAX: usize = 75;

/// What a calendar is called, and which sessions are in it.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    /// Its name: the conference, a hall of it, someone's own.
    pub name: &'a str,
    /// When it is written.
    pub now: Timestamp,
}

/// A calendar of the programme's sessions. Times are in UTC, so that no calendar can misread a change of the clocks.
pub fn calendar(written: &Written, about: &Calendar<'_>) -> String {
    let mut out = begun();
    out.line("X-WR-CALNAME", &escaped(about.name));
    out.line("X-WR-TIMEZONE", &escaped(&written.time_zone));
    for session in &written.sessions {
        event(&mut out, session, about.now);
    }
    out.line("END", "VCALENDAR");
    out.0
}

/// Something of whole days.
#[derive(Clone, Copy, Debug)]
pub struct WholeDays<'a> {
    /// What it is told from others by.
    pub id: Id,
    /// What it is called.
    pub title: &'a str,
    /// The first day, `YYYY-MM-DD`.
    pub starts_on: &'a str,
    /// The last day.
    pub ends_on: &'a str,
    /// Where to read on.
    pub url: &'a str,
    /// When it is written.
    pub now: Timestamp,
}

/// A calendar with one entry of whole days: they are the same days wherever it is read. None when its days are none.
pub fn whole_days(about: &WholeDays<'_>) -> Option<String> {
    let (first, last) = (about.starts_on.parse::<Date>().ok()?, about.ends_on.parse::<Date>().ok()?);
    // The end is the day behind the last one (section 3.6.1).
    let behind = last.tomorrow().ok()?;
    let mut out = begun();
    out.line("BEGIN", "VEVENT");
    out.line("UID", &format!("{}@plenum", about.id.canonical()));
    out.line("DTSTAMP", &moment(about.now));
    out.line("DTSTART;VALUE=DATE", &first.strftime("%Y%m%d").to_string());
    out.line("DTEND;VALUE=DATE", &behind.strftime("%Y%m%d").to_string());
    out.line("SUMMARY", &escaped(about.title));
    out.line("URL", about.url);
    out.line("END", "VEVENT");
    out.line("END", "VCALENDAR");
    Some(out.0)
}

/// What every calendar begins with.
fn begun() -> Lines {
    let mut out = Lines::default();
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Plenum//Programme//EN"),
        ("CALSCALE", "GREGORIAN"),
    ] {
        out.line(name, value);
    }
    out
}

fn event(out: &mut Lines, session: &WrittenSession, now: Timestamp) {
    out.line("BEGIN", "VEVENT");
    out.line("UID", &format!("{}@plenum", session.id.canonical()));
    out.line("DTSTAMP", &moment(now));
    out.line("LAST-MODIFIED", &moment(session.updated));
    out.line("DTSTART", &moment(session.starts));
    out.line("DTEND", &moment(session.ends));
    out.line("SUMMARY", &escaped(&session.title));
    let speakers: Vec<&str> = session.speakers.iter().map(|person| person.name.as_str()).collect();
    let about = [speakers.join(", "), session.summary.clone()];
    let about: Vec<String> = about.into_iter().filter(|text| !text.is_empty()).collect();
    if !about.is_empty() {
        out.line("DESCRIPTION", &escaped(&about.join("\n\n")));
    }
    if let Some(hall) = &session.hall {
        out.line("LOCATION", &escaped(hall));
    }
    if let Some(track) = &session.track {
        out.line("CATEGORIES", &escaped(track));
    }
    out.line("URL", &session.url);
    out.line("END", "VEVENT");
}

/// `20261122T090000Z`.
fn moment(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Section 3.3.11.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace("\r\n", "\n").replace('\n', "\\n").chars().filter(|c| !c.is_control()).collect()
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A line, folded where it is too long, never within a letter.
    fn line(&mut self, name: &str, value: &str) {
        let mut bytes = 0;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if bytes + letter.len_utf8() > LINE_BYTES_MAX {
                self.0.push_str("\r\n ");
                bytes = 1;
            }
            self.0.push(letter);
            bytes += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
