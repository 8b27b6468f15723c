//! What a programme is, whatever file it came from.

use jiff::civil::Date;

use super::Moment;

/// The programme of a conference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {
    /// The conference's name, when the file says it.
    pub title: Option<String>,
    /// The conference's short name, when the file says it.
    pub acronym: Option<String>,
    /// The IANA time zone, when the file says it.
    pub time_zone: Option<String>,
    /// The days, in order.
    pub days: Vec<Day>,
    /// The halls, in the file's order. A hall's name is unique.
    pub halls: Vec<Hall>,
    /// The sessions, in the file's order. A session's guid is unique.
    pub sessions: Vec<Session>,
    /// Titles of what the file holds but gives no time: it is not on the programme yet.
    pub unplaced: Vec<String>,
    /// Everyone who speaks. A person's key is unique.
    pub people: Vec<Person>,
}

/// A day of the programme. It may end after midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date on the programme.
    pub date: Date,
    /// When it begins.
    pub starts: Moment,
    /// When it ends.
    pub ends: Moment,
}

/// Where sessions take place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hall {
    /// Its name, which is also how sessions name it: real files give two halls one guid.
    pub name: String,
    /// Its id in the other system.
    pub guid: Option<String>,
    /// How many people fit in.
    pub capacity: Option<u32>,
}

/// A session. Its texts are as their author wrote them: HTML in them is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What stays when the programme changes: its id in the other system.
    pub guid: String,
    /// Its title, never empty.
    pub title: String,
    /// Its second title, or empty.
    pub subtitle: String,
    /// A short text about it, or empty.
    pub summary: String,
    /// A long text about it, or empty.
    pub description: String,
    /// When it starts.
    pub starts: Moment,
    /// How long it takes, in milliseconds.
    pub duration_ms: i64,
    /// The name of its hall.
    pub hall: Option<String>,
    /// Its track.
    pub track: Option<String>,
    /// What it is (talk, workshop), in the file's words.
    pub kind: Option<String>,
    /// The languages that it is held in, as the file names them.
    pub languages: Vec<String>,
    /// The keys of those who speak, in the file's order.
    pub speakers: Vec<String>,
    /// Where to read more; http or https.
    pub url: Option<String>,
    /// Nobody may record it.
    pub do_not_record: bool,
}

/// Someone who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What stays when the programme changes: the id in the other system, or the name when there is none.
    pub key: String,
    /// The name.
    pub name: String,
    /// Where the person works.
    pub affiliation: Option<String>,
    /// About the person, not to be trusted as HTML.
    pub biography: Option<String>,
    /// A picture; http or https.
    pub avatar_url: Option<String>,
}

impl Programme {
    /// The time zone; for a file that only has offsets one of IANA's zones with the first session's: `Etc/GMT-1` is
    /// an hour before UTC's clocks. None when there is no session, or the offset is no whole number of hours.
    pub fn time_zone_or_offset(&self) -> Option<String> {
        let of_offset = || {
            let offset_s = self.sessions.first()?.starts.offset_s;
            match (offset_s % 3_600, offset_s / 3_600) {
                (0, 0) => Some("Etc/UTC".to_owned()),
                (0, hours) => Some(format!("Etc/GMT{:+}", -hours)),
                _ => None,
            }
        };
        self.time_zone.clone().or_else(of_offset)
    }
}

impl Session {
    /// When the session ends.
    pub fn ends(&self) -> Moment {
        self.starts.plus_ms(self.duration_ms)
    }
}
