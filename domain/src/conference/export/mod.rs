//! Writing a programme for other systems: frab's XML and JSON, and calendars.
//!
//! Both files are valid by the schemas of the C3VOC (<https://c3voc.de/wiki/schedule>), and can be read again by
//! [`super::read_programme`].

mod frab_json;
mod frab_xml;
mod ics;
mod names;

#[cfg(test)]
mod tests;

use jiff::tz::TimeZone;

use crate::{Id, Timestamp};

pub use frab_json::frab_json;
pub use frab_xml::frab_xml;
pub use ics::{Calendar, WholeDays, calendar, whole_days};

/// A conference's programme, to be written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The conference's title.
    pub title: String,
    /// Its short name; made to fit the schemas.
    pub acronym: String,
    /// The name of its IANA time zone.
    pub time_zone: String,
    /// The first day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// The last day.
    pub ends_on: String,
    /// What tells one state of the programme from another.
    pub version: String,
    /// The days, in order. Sessions outside of all of them get days of their own.
    pub days: Vec<WrittenDay>,
    /// The halls, in order.
    pub halls: Vec<WrittenHall>,
    /// The sessions, in order.
    pub sessions: Vec<WrittenSession>,
}

/// A day of the programme.
#[derive(Clone, Debug)]
pub struct WrittenDay {
    /// Its date.
    pub date: String,
    /// When it begins.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
}

/// A hall.
#[derive(Clone, Debug)]
pub struct WrittenHall {
    /// Its id.
    pub id: Id,
    /// Its id where it comes from.
    pub guid: Option<String>,
    /// Its name.
    pub name: String,
    /// How many people fit in.
    pub capacity: Option<i64>,
}

/// A session.
#[derive(Clone, Debug)]
pub struct WrittenSession {
    /// Its id.
    pub id: Id,
    /// Its id where it comes from.
    pub guid: Option<String>,
    /// Its title.
    pub title: String,
    /// Its second title.
    pub subtitle: String,
    /// A short text about it.
    pub summary: String,
    /// A long text about it.
    pub description: String,
    /// When it starts.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// The name of its hall.
    pub hall: Option<String>,
    /// Its track.
    pub track: Option<String>,
    /// What it is.
    pub kind: Option<String>,
    /// Its languages.
    pub language: Option<String>,
    /// Where to read more, http or https.
    pub url: String,
    /// Nobody may record it.
    pub do_not_record: bool,
    /// Those who speak, in order.
    pub speakers: Vec<WrittenPerson>,
}

/// Someone who speaks.
#[derive(Clone, Debug)]
pub struct WrittenPerson {
    /// The person's id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// About the person.
    pub biography: Option<String>,
    /// A picture, http or https.
    pub avatar_url: Option<String>,
}

impl Written {
    fn zone(&self) -> TimeZone {
        super::known_time_zone(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The days with their sessions. One that begins in no day is put on the day of its date, made when there is none.
    fn by_day(&self) -> Vec<(WrittenDay, Vec<(usize, &WrittenSession)>)> {
        let zone = self.zone();
        let mut days: Vec<(WrittenDay, Vec<(usize, &WrittenSession)>)> =
            self.days.iter().map(|day| (day.clone(), Vec::new())).collect();
        for (number, session) in (1..).zip(&self.sessions) {
            let date = names::local(&zone, session.starts).date().to_string();
            let holds = |day: &WrittenDay| day.starts <= session.starts && session.starts < day.ends;
            let place = days.iter().position(|(day, _)| holds(day));
            let place = place.or_else(|| days.iter().position(|(day, _)| day.date == date));
            let place = place.unwrap_or_else(|| {
                let (starts, ends) = (session.starts, session.ends);
                days.push((WrittenDay { date, starts, ends }, Vec::new()));
                days.len() - 1
            });
            let (day, sessions) = &mut days[place];
            day.starts = day.starts.min(session.starts);
            day.ends = day.ends.max(session.ends);
            sessions.push((number, session));
        }
        if days.is_empty() {
            // A schedule has one day at least.
            let midnight = names::midnight(&zone, &self.starts_on);
            let day = WrittenDay {
                date: self.starts_on.clone(),
                starts: midnight,
                ends: midnight.plus_ms(86_400_000),
            };
            days.push((day, Vec::new()));
        }
        days.sort_by_key(|(day, _)| day.starts);
        days
    }

    /// The halls that have sessions among these, in the order of the programme; sessions without one are last, in a
    /// hall without a name.
    fn by_hall<'a>(
        &'a self,
        sessions: &[(usize, &'a WrittenSession)],
    ) -> Vec<(&'a str, Option<&'a WrittenHall>, Vec<(usize, &'a WrittenSession)>)> {
        let of = |name: Option<&str>| -> Vec<(usize, &'a WrittenSession)> {
            sessions.iter().filter(|(_, session)| session.hall.as_deref() == name).copied().collect()
        };
        let named = self.halls.iter().map(|hall| (hall.name.as_str(), Some(hall), of(Some(&hall.name))));
        named.chain([("", None, of(None))]).filter(|(.., sessions)| !sessions.is_empty()).collect()
    }
}
