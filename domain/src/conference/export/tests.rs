use super::*;
use crate::conference::read_programme;

fn written() -> Written {
    let at =
        |text: &str| Timestamp::from_ms(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond());
    let person = |id, name: &str| WrittenPerson {
        id: Id::from_bits(id),
        name: name.into(),
        biography: None,
        avatar_url: None,
    };
    let session = |id, guid: Option<&str>, title: &str, starts: &str, hall: Option<&str>| WrittenSession {
        id: Id::from_bits(id),
        guid: guid.map(str::to_owned),
        title: title.into(),
        subtitle: "Two & <more>".into(),
        summary: "First;\nsecond, \u{FFFF}third".into(),
        description: String::new(),
        starts: at(starts),
        ends: at(starts).plus_ms(5_400_000),
        updated: at(starts),
        hall: hall.map(str::to_owned),
        track: None,
        kind: Some("talk".into()),
        language: Some("en".into()),
        url: "https://x.example/s?a=1&b=2".into(),
        do_not_record: id == 2,
        speakers: vec![person(50, "Zoë \"Z\" Łęcka"), person(51, "Noor")],
    };
    Written {
        title: "Tides & Days".into(),
        acronym: "T-D".into(),
        time_zone: "Europe/Berlin".into(),
        starts_on: "2026-10-24".into(),
        ends_on: "2026-10-25".into(),
        version: "7".into(),
        days: vec![WrittenDay {
            date: "2026-10-24".into(),
            starts: at("2026-10-24T06:00:00Z"),
            ends: at("2026-10-25T00:30:00Z"),
        }],
        halls: vec![WrittenHall { id: Id::from_bits(7), guid: None, name: "Dock".into(), capacity: Some(9) }],
        sessions: vec![
            session(
                1,
                Some("270fa44c-821a-577f-8ca3-33e8d4a8c2a7"),
                "Opening",
                "2026-10-24T07:00:00Z",
                Some("Dock"),
            ),
            session(2, Some("not a uuid"), "Night", "2026-10-25T00:00:00Z", Some("Dock")),
            session(3, None, "المد", "2026-10-25T09:00:00Z", None),
        ],
    }
}

/// What a reader makes of it again: guid, title, moment, hall, names.
fn told(bytes: &[u8]) -> Vec<(String, String, i64, i64, Option<String>, usize)> {
    let programme = read_programme(bytes).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        (programme.title.as_deref(), programme.acronym.as_deref()),
        (Some("Tides & Days"), Some("t_d_"))
    );
    assert_eq!(programme.time_zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(programme.days.len(), 2, "a session after midnight is on the day that it belongs to");
    let of = |session: crate::conference::Session| {
        let (starts, hall) = (session.starts.at.ms(), session.hall);
        (session.guid, session.title, starts, session.duration_ms, hall, session.speakers.len())
    };
    programme.sessions.into_iter().map(of).collect()
}

#[test]
fn what_is_written_can_be_read_again_from_both_files() {
    let written = written();
    let from_xml = told(frab_xml(&written).as_bytes());
    assert_eq!(from_xml, told(frab_json(&written).to_string().as_bytes()));
    assert_eq!(from_xml.len(), 3);
    assert_eq!(from_xml[0].0, "270fa44c-821a-577f-8ca3-33e8d4a8c2a7", "guids are kept");
    assert_eq!(from_xml[1].0, Id::from_bits(2).canonical(), "what is no UUID becomes ours");
    let expected = (written.sessions[2].starts.ms(), 5_400_000, None, 2);
    assert_eq!((from_xml[2].2, from_xml[2].3, from_xml[2].4.clone(), from_xml[2].5), expected);
}

#[test]
fn times_carry_the_offset_of_their_own_day() {
    let json = frab_json(&written()).to_string();
    assert!(
        json.contains("2026-10-24T09:00:00+02:00") && json.contains("2026-10-25T10:00:00+01:00"),
        "{json}"
    );
}

#[test]
fn a_calendar_is_folded_and_escaped() {
    let mut written = written();
    written.sessions[0].title = "é".repeat(60);
    let text = calendar(&written, &Calendar { name: "Tides, all", now: Timestamp::from_ms(0) });
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line}");
    }
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains(&format!("SUMMARY:{}\r\n", "é".repeat(60))), "{unfolded}");
    assert!(unfolded.contains("X-WR-CALNAME:Tides\\, all\r\n"));
    assert!(
        unfolded.contains("DTSTART:20261024T070000Z\r\n") && unfolded.contains("DTEND:20261024T083000Z\r\n")
    );
    assert!(unfolded.contains("Noor\\n\\nFirst\\;\\nsecond\\, "));
    assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), 3);
}

#[test]
fn whole_days_end_behind_the_last_one() {
    let about = WholeDays {
        id: crate::Id::from_bits(7),
        title: "Tides, all",
        starts_on: "2026-11-29",
        ends_on: "2026-11-30",
        url: "https://x.example/register/K7MQ2X",
        now: Timestamp::from_ms(0),
    };
    let text = whole_days(&about).expect("days");
    for line in
        ["DTSTART;VALUE=DATE:20261129\r\n", "DTEND;VALUE=DATE:20261201\r\n", "SUMMARY:Tides\\, all\r\n"]
    {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(whole_days(&WholeDays { ends_on: "soon", ..about }), None);
}
