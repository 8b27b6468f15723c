//! A tenant with one very large conference, filled by import as an organiser would.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Options;
use crate::hub::{Hub, text};

/// Words of titles and abstracts, each in one talk of twenty.
pub(super) const WORDS: [&str; 20] = [
    "harbour",
    "lantern",
    "compiler",
    "tides",
    "orchard",
    "privacy",
    "granite",
    "signal",
    "theatre",
    "copper",
    "quorum",
    "weather",
    "archive",
    "bicycle",
    "satellite",
    "bread",
    "language",
    "forest",
    "printing",
    "tunnel",
];
/// Names of people; what follows makes each its own.
pub(super) const NAMES: [&str; 10] =
    ["Amina", "Bruno", "Chloé", "Deniz", "Emre", "Farah", "Greta", "Hugo", "Ines", "Jonas"];
const HALLS: usize = 20;
const DAYS: usize = 10;
const SLOT_MIN: usize = 25;
/// Ids that single requests are drawn from.
const DRAWN_FROM: usize = 100;

/// What requests ask about.
pub(super) struct Large {
    pub(super) conference: String,
    pub(super) sessions: Vec<String>,
    pub(super) participants: Vec<String>,
    pub(super) session_count: usize,
    pub(super) participant_count: usize,
}

/// Imports a programme and a list of people, and starts the hub on them.
pub(super) fn filled(
    program: &Path,
    folder: &Path,
    variables: &[(&'static str, String)],
    options: &Options,
) -> io::Result<(Hub, Large)> {
    let mut hub = Hub::prepared(program, folder, 1, variables)?;
    hub.pin();
    hub.found()?;
    let (programme, people) = (folder.join("schedule.json"), folder.join("people.csv"));
    std::fs::write(&programme, schedule(options.sessions).to_string())?;
    std::fs::write(&people, list(options.participants))?;
    hub.administer(&["import", &programme.to_string_lossy(), "--tenant", "load"])?;
    hub.spawn()?;
    hub.sign_in()?;
    let conferences = hub.get("/conferences")?;
    let conference = text(&conferences[0]["id"])?;
    hub.administer(&["import", &people.to_string_lossy(), "--tenant", "load", "--conference", &conference])?;
    let ids = |path: &str| -> io::Result<Vec<String>> {
        let rows = hub.get(&format!("/conferences/{conference}/{path}?per_page={DRAWN_FROM}"))?;
        rows.as_array().into_iter().flatten().map(|row| text(&row["id"])).collect()
    };
    let (sessions, participants) = (ids("sessions")?, ids("participants")?);
    let (session_count, participant_count) = (options.sessions, options.participants);
    Ok((hub, Large { conference, sessions, participants, session_count, participant_count }))
}

fn list(participants: usize) -> String {
    let mut list = String::from("name,email\n");
    for n in 0..participants {
        let _ = writeln!(list, "{} {n},person{n}@example.org", NAMES[n % NAMES.len()]);
    }
    list
}

/// Talks in [`HALLS`] halls on [`DAYS`] days, one after the other.
fn schedule(sessions: usize) -> Value {
    let days: Vec<Value> = (0..DAYS).map(|day| one_day(day, sessions)).collect();
    json!({"schedule": {"version": "1", "conference": {
        "acronym": "large", "title": "Large", "start": "2027-03-01", "end": "2027-03-10", "daysCount": DAYS,
        "timeslot_duration": "00:05", "time_zone_name": "Europe/Berlin", "days": days,
    }}})
}

fn one_day(day: usize, sessions: usize) -> Value {
    let date = format!("2027-03-{:02}", day + 1);
    let mut rooms = Map::new();
    for n in (day..sessions).step_by(DAYS) {
        let hall = format!("Hall {}", n / DAYS % HALLS);
        let minute = n / DAYS / HALLS * SLOT_MIN;
        let talks = rooms.entry(hall.clone()).or_insert_with(|| json!([]));
        if let Value::Array(talks) = talks {
            talks.push(talk(n, &date, minute, &hall));
        }
    }
    json!({
        "index": day + 1, "date": date, "rooms": rooms,
        "day_start": format!("{date}T08:00:00+01:00"), "day_end": format!("{date}T23:59:00+01:00"),
    })
}

fn talk(n: usize, date: &str, minute: usize, hall: &str) -> Value {
    let start = format!("{:02}:{:02}", 8 + minute / 60, minute % 60);
    let [one, other] = [n, n / 7].map(|at| WORDS[at % WORDS.len()]);
    json!({
        "guid": format!("00000000-0000-4000-8000-{n:012}"), "id": n + 1, "date": format!("{date}T{start}:00+01:00"),
        "start": start, "duration": "00:20", "room": hall, "slug": format!("talk-{n}"),
        "title": format!("The {one} and the {other}"), "subtitle": "", "track": null, "type": "talk", "language": "en",
        "abstract": format!("What a {one} has to do with a {other}, told in twenty minutes."), "description": "",
        "persons": [{"id": n % 1_500 + 1, "name": format!("{} {}", NAMES[n % NAMES.len()], n % 1_500)}], "links": [],
    })
}
