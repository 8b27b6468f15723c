use super::read;

const DEMO: &[u8] = include_bytes!("../../../../config/demo-programme.xml");

#[test]
fn the_demo_programme_is_read_whole() {
    let programme = read(DEMO);
    assert_eq!(programme.title.as_deref(), Some("Plenum Days 2026"));
    assert_eq!((programme.sessions.len(), programme.halls.len(), programme.people.len()), (12, 3, 9));
    assert_eq!(
        programme.days.iter().map(|day| day.date.to_string()).collect::<Vec<_>>(),
        ["2026-12-03", "2026-12-04"]
    );
    let first = &programme.sessions[0];
    assert_eq!(
        (first.title.as_str(), first.kind.as_deref()),
        ("Opening: a Hall That Answers Back", Some("keynote"))
    );
    assert_eq!((first.starts.at.ms(), first.ends().at.ms()), (1_796_286_600_000, 1_796_288_400_000));
    assert!(programme.people.iter().any(|person| person.name == "小鳥遊 さくら"));
    let debate = programme.sessions.iter().find(|one| one.kind.as_deref() == Some("debate")).unwrap();
    assert_eq!((debate.languages.len(), debate.speakers.len()), (2, 3));
    assert_eq!(programme.sessions.iter().filter(|one| one.do_not_record).count(), 2);
    assert!(programme.sessions.iter().all(|one| one.hall.is_some()));
}

#[test]
fn reading_twice_gives_the_same() {
    assert_eq!(read(DEMO), read(DEMO));
}

#[test]
fn old_files_with_a_start_and_no_date_are_read_in_the_conference_time_zone() {
    let programme = read(
        br#"<schedule xmlns:x="urn:x"><conference><title>Old</title><day_change>06:00</day_change>
        <time_zone_name>Europe/Berlin</time_zone_name></conference>
        <x:day date="2019-07-01"><room name="A"><event id="1"><start>23:00</start><duration>1:30</duration>
        <title>Late <![CDATA[<night>]]> &amp; &#x1F319;</title></event><event id="2"><start>01:00</start>
        <duration>00:10</duration><title>Later</title><url>javascript:alert(1)</url></event></room></x:day></schedule>"#,
    );
    let [late, later] = &programme.sessions[..] else { panic!("two sessions") };
    assert_eq!((late.guid.as_str(), late.title.as_str()), ("id:1", "Late <night> & 🌙"));
    assert_eq!((late.starts.at.ms(), late.starts.offset_s), (1_562_014_800_000, 7_200));
    assert_eq!(later.starts.at.since_ms(late.starts.at), 2 * 3_600_000, "after midnight is the next day");
    assert_eq!(later.url, None, "only web addresses are kept");
    assert_eq!(programme.days[0].ends.at.since_ms(programme.days[0].starts.at), 86_400_000);
}

#[test]
fn submissions_are_read_with_a_session_for_each_slot() {
    let programme = read(
        r#"{"results": [
            {"code": "AB", "title": "Twice", "submission_type": {"en": "Talk"}, "track": null, "speakers": [
                {"code": "S1", "name": "Ada", "biography": "Wrote the first program."}, {"code": "S1", "name": "Ada"}],
             "slots": [{"room": {"name": {"en": "Hall"}}, "start": "2026-01-01T10:00:00Z", "end": "2026-01-01T10:30:00Z"},
                       {"room": "Hall", "start": "2026-01-02T10:00:00Z", "end": null}], "duration": 20},
            {"code": "CD", "title": "Not placed yet", "speakers": [], "slot": null}]}"#
            .as_bytes(),
    );
    let read: Vec<_> =
        programme.sessions.iter().map(|one| (one.guid.as_str(), one.duration_ms / 60_000)).collect();
    assert_eq!(read, [("AB", 30), ("AB/2", 20)]);
    assert_eq!((programme.halls.len(), programme.people.len(), programme.days.len()), (1, 1, 2));
    assert_eq!(programme.unplaced, ["Not placed yet"]);
    assert_eq!(programme.sessions[0].kind.as_deref(), Some("Talk"));
    assert_eq!(programme.time_zone_or_offset().as_deref(), Some("Etc/UTC"));
}
