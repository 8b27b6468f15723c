use crate::conference::{ImportError, frab_xml, read_programme, schedule_json};

/// A programme with one event, whose parts a test may break.
fn xml(event: &str) -> String {
    format!(
        "<schedule>\n<conference><title>T</title></conference>\n<day date=\"2026-01-01\">\n<room name=\"A\">\n\
         <event id=\"0\"><title>Fine</title><date>2026-01-01T09:00:00Z</date><duration>00:30</duration></event>\n\
         {event}\n</room>\n</day>\n</schedule>\n"
    )
}

fn refused(source: &str) -> ImportError {
    read_programme(source.as_bytes()).expect_err("it must be refused")
}

#[test]
fn a_broken_event_is_refused_with_its_line_and_path() {
    let good = "<title>T</title><date>2026-01-01T10:00:00Z</date><duration>00:30</duration>";
    let cases = [
        (
            format!("<event id=\"1\">{}</event>", good.replace("10:00:00Z", "25:00:00Z")),
            "event[2]/date",
            "25:00",
        ),
        (format!("<event id=\"1\">{}</event>", good.replace("00:30", "soon")), "event[2]/duration", "soon"),
        (format!("<event id=\"1\">{}</event>", good.replace("00:30", "999:00")), "event[2]/duration", "week"),
        (format!("<event id=\"1\">{}</event>", good.replace("<title>T</title>", "")), "event[2]", "no title"),
        (format!("<event>{good}</event>"), "event[2]", "neither a guid nor an id"),
        (format!("<event id=\"0\">{good}</event>"), "event[2]", "two sessions"),
        (
            format!("<event id=\"1\">{}</event>", good.replace("00:00Z", "00:00")),
            "event[2]/date",
            "no time zone",
        ),
    ];
    for (event, path, words) in cases {
        let error = refused(&xml(&event));
        assert_eq!(
            (error.line, error.path.as_str()),
            (6, format!("/schedule/day/room/{path}").as_str()),
            "{error}"
        );
        assert!(error.message.contains(words), "{error}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_line() {
    for (source, line, words) in [
        (xml("<event id=\"1\"><title>T</event>"), 6, "well-formed"),
        (xml("").replace("</schedule>", ""), 10, "ends inside of <schedule>"),
        (xml("&nbsp;"), 6, "&nbsp;"),
        (xml("<event id=1/>"), 6, "enclosed"),
        ("<schedule>\n<conference/>\n</schedule>\nmore".to_owned(), 3, "outside"),
        ("<events/>".to_owned(), 1, "not a <schedule>"),
        ("<schedule/>".to_owned(), 1, "no <conference>"),
        (format!("\n{}", "<a>".repeat(40)), 2, "levels"),
    ] {
        let error = refused(&source);
        assert_eq!(error.line, line, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn no_entity_is_ever_defined_or_fetched() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>\n";
    let error = refused(&format!("{bomb}<schedule>&a;&b;</schedule>"));
    assert_eq!(error.line, 2, "{error}");
    assert!(error.message.contains("document type"), "{error}");
}

#[test]
fn an_unknown_time_zone_is_refused() {
    let error =
        refused(&xml("").replace("<title>T</title>", "\n<time_zone_name>Mars/Olympus</time_zone_name>"));
    assert_eq!((error.line, error.path.as_str()), (3, "/schedule/conference/time_zone_name"), "{error}");
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_where_they_begin() {
    let error = frab_xml(b"<schedule>\n  caf\xE9</schedule>").unwrap_err();
    assert_eq!((error.line, error.column), (2, 6), "{error}");
    assert!(frab_xml(b"").is_err() && schedule_json(b"").is_err() && read_programme(b"  ").is_err());
}

#[test]
fn broken_json_is_refused_with_its_line_and_path() {
    let document = |event: &str| {
        format!(
            "{{\"schedule\": {{\"conference\": {{\"title\": \"T\", \"days\": [\n{{\"date\": \"2026-01-01\", \"rooms\": {{\n\
             \"A\": [\n{event}\n]}}}}]}}}}}}"
        )
    };
    let good = r#"{"id": 1, "title": "T", "date": "2026-01-01T10:00:00Z", "duration": "00:30"}"#;
    assert_eq!(schedule_json(document(good).as_bytes()).map(|it| it.sessions.len()), Ok(1));
    for (event, path, words) in [
        (good.replace("00:30", "x"), "schedule.conference.days[0].rooms.A[0].duration", "\"x\""),
        (good.replace("2026-01-01T10:00:00Z", "noon"), "schedule.conference.days[0].rooms.A[0].date", "noon"),
        (good.replace("\"id\": 1, ", ""), "schedule.conference.days[0].rooms.A[0]", "neither"),
        (good.replace("\"title\": \"T\", ", ""), "schedule.conference.days[0].rooms.A[0]", "no title"),
    ] {
        let error = refused(&document(&event));
        assert_eq!((error.line, error.path.as_str()), (4, path), "{error}");
        assert!(error.message.contains(words), "{error}");
    }
    assert_eq!(refused("{\n\"schedule\": }").line, 2);
    assert!(refused("{}").message.contains("no programme"));
    assert!(refused("[\n3]").message.contains("neither a submission nor a speaker"));
    assert!(refused(&"[".repeat(100_000)).message.contains("recursion"));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = read_programme(&bytes);
        let _ = frab_xml(&bytes);
    }

    #[test]
    fn no_cut_and_no_change_makes_it_panic(cut: proptest::sample::Index, byte: u8, place: proptest::sample::Index) {
        let mut bytes = xml("<event id='1'><title>é</title><start>10:00</start><duration>1</duration></event>").into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = read_programme(&bytes[..cut.index(bytes.len())]);
        let _ = read_programme(&bytes);
    }
}
