//! Putting a programme together, the same for every format: texts cleaned, names and ids unique.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::moment::in_zone;
use super::{Day, Hall, Moment, Person, Programme, Session, known_time_zone};
use crate::text::{BadText, clean};

/// The longest title or name, in characters.
const LINE_CHARS_MAX: usize = 1_000;
/// The longest text, in characters.
const TEXT_CHARS_MAX: usize = 200_000;

/// A programme that is being read.
#[derive(Default)]
pub(super) struct Build {
    programme: Programme,
    zone: Option<TimeZone>,
    halls: BTreeSet<String>,
    people: BTreeMap<String, usize>,
    guids: BTreeSet<String>,
}

impl Build {
    /// Sets the conference's own names.
    pub(super) fn name(&mut self, title: &str, acronym: &str) -> Result<(), String> {
        self.programme.title = line(title)?;
        self.programme.acronym = line(acronym)?;
        Ok(())
    }

    /// Sets the time zone; an empty name sets none.
    pub(super) fn set_time_zone(&mut self, name: &str) -> Result<(), String> {
        let name = name.trim();
        if !name.is_empty() {
            let zone = known_time_zone(name).ok_or_else(|| format!("{name:?} is not an IANA time zone"))?;
            self.zone = Some(zone);
            self.programme.time_zone = Some(name.to_owned());
        }
        Ok(())
    }

    /// The time zone, when the file named one.
    pub(super) fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// Adds a day. Without its own bounds it is the calendar day in the conference's time zone, or in UTC.
    pub(super) fn day(
        &mut self,
        date: Date,
        starts: Option<Moment>,
        ends: Option<Moment>,
    ) -> Result<(), String> {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        let midnight = |date: Date| in_zone(DateTime::from_parts(date, Time::midnight()), &zone);
        let next = date.tomorrow().map_err(|_| format!("{date} is out of range"))?;
        let starts = starts.map_or_else(|| midnight(date), Ok)?;
        let ends = ends.map_or_else(|| midnight(next), Ok)?;
        self.programme.days.push(Day { date, starts, ends });
        Ok(())
    }

    /// Adds a hall, unless its name is known; answers with the name, none when it is empty.
    pub(super) fn hall(
        &mut self,
        name: &str,
        guid: Option<&str>,
        capacity: Option<u32>,
    ) -> Result<Option<String>, String> {
        let Some(name) = line(name)? else { return Ok(None) };
        if self.halls.insert(name.clone()) {
            let guid = guid.map(str::to_owned).filter(|guid| !guid.is_empty());
            self.programme.halls.push(Hall { name: name.clone(), guid, capacity });
        }
        Ok(Some(name))
    }

    /// Adds a person, or what is new about a known one; answers with the key.
    pub(super) fn person(&mut self, person: Person) -> String {
        let key = person.key.clone();
        match self.people.get(&key) {
            Some(place) => {
                let known = &mut self.programme.people[*place];
                known.affiliation = known.affiliation.take().or(person.affiliation);
                known.biography = known.biography.take().or(person.biography);
                known.avatar_url = known.avatar_url.take().or(person.avatar_url);
            }
            None => {
                self.people.insert(key.clone(), self.programme.people.len());
                self.programme.people.push(person);
            }
        }
        key
    }

    /// Adds a session; its guid must be new.
    pub(super) fn session(&mut self, session: Session) -> Result<(), String> {
        if !self.guids.insert(session.guid.clone()) {
            return Err(format!("two sessions have the guid {:?}", session.guid));
        }
        self.programme.sessions.push(session);
        Ok(())
    }

    /// Notes a session that has no time yet.
    pub(super) fn unplaced(&mut self, title: String) {
        self.programme.unplaced.push(title);
    }

    /// The programme. Where the file named no days, the sessions' own dates are the days.
    pub(super) fn finish(mut self) -> Programme {
        if self.programme.days.is_empty() {
            self.programme.days = days_of(&self.programme.sessions);
        }
        self.programme.days.sort_by_key(|day| day.starts);
        self.programme
    }
}

fn days_of(sessions: &[Session]) -> Vec<Day> {
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    for session in sessions {
        let (date, starts, ends) = (session.starts.date(), session.starts, session.ends());
        let day = days.entry(date).or_insert(Day { date, starts, ends });
        day.starts = day.starts.min(starts);
        day.ends = day.ends.max(ends);
    }
    days.into_values().collect()
}

/// A name in one line: runs of white space are one space; none when nothing is left.
pub(super) fn line(raw: &str) -> Result<Option<String>, String> {
    let joined = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    cleaned(&joined, LINE_CHARS_MAX)
}

/// A text with its line breaks, or empty.
pub(super) fn text(raw: &str) -> Result<String, String> {
    Ok(cleaned(&raw.replace("\r\n", "\n"), TEXT_CHARS_MAX)?.unwrap_or_default())
}

fn cleaned(raw: &str, max: usize) -> Result<Option<String>, String> {
    match clean(raw, max) {
        Ok(text) => Ok(Some(text)),
        Err(BadText::Empty) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// An address for browsers: http and https only, others are dropped.
pub(super) fn web_address(raw: &str) -> Option<String> {
    let address = raw.trim();
    let scheme = address.split_once("://")?.0.to_ascii_lowercase();
    let plain = !address.contains(|c: char| c.is_whitespace() || c.is_control());
    (matches!(scheme.as_str(), "http" | "https") && plain && address.len() <= 2_048)
        .then(|| address.to_owned())
}

/// The languages of a session: `en`, `de, en`, `de/en` or nothing.
pub(super) fn languages(raw: &str) -> Vec<String> {
    raw.split([',', '/', ';']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
