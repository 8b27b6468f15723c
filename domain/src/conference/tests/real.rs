//! Programmes of real conferences, which are not part of the repository. Where they are absent the tests say so.

use std::path::PathBuf;
use std::process::Command;

use super::{Programme, read};

/// The unpacked bytes of a real programme; none when it is not there.
fn unpacked(name: &str) -> Option<Vec<u8>> {
    run("xz", &["-dc"], name)
}

fn run(program: &str, arguments: &[&str], name: &str) -> Option<Vec<u8>> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../shared/data/programmes", name].iter().collect();
    if !path.exists() {
        eprintln!("{} is absent: not tested", path.display());
        return None;
    }
    let (arguments, path) = (arguments.iter(), path.to_str().expect("the path is UTF-8"));
    let output = Command::new(program).args(arguments).arg(path).output().expect("the unpacker runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

fn counts(programme: &Programme) -> [usize; 4] {
    [programme.sessions.len(), programme.halls.len(), programme.people.len(), programme.days.len()]
}

fn zone(programme: &Programme) -> Option<&str> {
    programme.time_zone.as_deref()
}

#[test]
fn fosdem_2025_is_read() {
    let Some(bytes) = unpacked("fosdem-2025.xml.xz") else { return };
    let programme = read(&bytes);
    assert_eq!(counts(&programme), [1_105, 35, 1_193, 2]);
    assert_eq!(
        (programme.title.as_deref(), zone(&programme)),
        (Some("FOSDEM 2025"), Some("Europe/Brussels"))
    );
    let talk = programme.sessions.iter().find(|one| one.guid == "284edce6-f6dd-50d8-8ba2-d9b4bc4b9544");
    let talk = talk.expect("the talk is in the file");
    assert_eq!(
        (talk.hall.as_deref(), talk.track.as_deref()),
        (Some("K.4.401"), Some("Confidential Computing"))
    );
    assert_eq!(
        (talk.starts.at.ms(), talk.starts.offset_s, talk.duration_ms),
        (1_738_405_800_000, 3_600, 1_200_000)
    );
    assert_eq!(talk.speakers, ["id:4148"]);
    assert!(talk.summary.starts_with("<p>In this talk, we introduce ManaTEE"));
    assert!(talk.url.as_deref().is_some_and(|url| url.starts_with("https://fosdem.org/2025/")));
}

#[test]
fn the_38c3_is_read_with_its_mixed_offsets_and_languages() {
    let Some(bytes) = unpacked("38c3.xml.xz") else { return };
    let programme = read(&bytes);
    assert_eq!(counts(&programme), [1_007, 72, 571, 4]);
    assert_eq!(zone(&programme), Some("Europe/Berlin"));
    let offsets: Vec<_> = programme.days.iter().map(|day| (day.starts.offset_s, day.ends.offset_s)).collect();
    assert_eq!(offsets, [(0, 3_600), (3_600, 3_600), (3_600, 3_600), (3_600, 0)]);
    assert_eq!(programme.days[0].starts.at.ms(), 1_735_291_800_000, "09:30 in UTC");
    let speaking =
        |languages: &[&str]| programme.sessions.iter().filter(|one| one.languages == languages).count();
    let counted = [
        speaking(&["de"]),
        speaking(&["en"]),
        speaking(&["de", "en"]) + speaking(&["en", "de"]),
        speaking(&[]),
    ];
    assert!(counted.iter().all(|count| *count > 0), "{counted:?}");
    assert_eq!(counted.iter().sum::<usize>(), 1_007);
    let halls: std::collections::BTreeSet<_> =
        programme.sessions.iter().filter_map(|one| one.hall.as_ref()).collect();
    assert_eq!(halls.len(), 72);
}

#[test]
fn pyconfr_2025_is_read() {
    let Some(bytes) = unpacked("pyconfr-2025_schedule.json.xz") else { return };
    let programme = read(&bytes);
    assert_eq!(counts(&programme), [75, 13, 81, 2]);
    let talk =
        programme.sessions.iter().find(|one| one.guid == "FLKC7B").expect("the workshop is in the file");
    assert_eq!((talk.hall.as_deref(), talk.kind.as_deref()), (Some("B420"), Some("Workshop")));
    assert_eq!((talk.duration_ms, talk.starts.offset_s), (145 * 60_000, 3_600));
    assert_eq!(talk.languages, ["fr"]);
    assert_eq!(programme.time_zone_or_offset().as_deref(), Some("Etc/GMT-1"));
    assert!(crate::conference::known_time_zone("Etc/GMT-1").is_some());
}

#[test]
fn frab_json_of_the_camp_2019_is_read() {
    let Some(bytes) = unpacked("voc_frab-camp2019.json.xz") else { return };
    let programme = read(&bytes);
    assert_eq!(counts(&programme), [79, 2, 90, 5]);
    assert_eq!((programme.acronym.as_deref(), zone(&programme)), (Some("Camp2019"), Some("Europe/Berlin")));
    assert_eq!(programme.sessions[0].starts.offset_s, 7_200);
}

#[test]
fn pretalx_json_is_read_though_two_halls_share_a_guid() {
    let Some(bytes) = unpacked("voc_pretalx-democon.json.xz") else { return };
    let programme = read(&bytes);
    assert_eq!(counts(&programme), [36, 2, 27, 3]);
    assert_eq!(programme.halls[0].guid, programme.halls[1].guid);
    assert_eq!(zone(&programme), Some("UTC"));
    assert!(programme.people.iter().all(|person| person.biography.is_some()));
}

#[test]
fn europython_2022_is_read() {
    let inside = |file| run("tar", &["-xJO", file, "-f"], "europython2022.tar.xz");
    let Some(bytes) = inside("europython2022/sessions_data.json") else { return };
    let programme = read(&bytes);
    assert_eq!(
        (programme.sessions.len(), &programme.unplaced[..]),
        (152, &["Sponsor Recruitment Session".to_owned()][..])
    );
    let appearances: usize = programme.sessions.iter().map(|session| session.speakers.len()).sum();
    assert_eq!((appearances, programme.people.len()), (162, 152), "some speak twice");
    let talk = programme.sessions.iter().find(|one| one.guid == "39YWUH").expect("the talk is in the file");
    assert_eq!(
        (talk.hall.as_deref(), talk.starts.offset_s, talk.duration_ms),
        (Some("Liffey B"), 3_600, 1_800_000)
    );
    let Some(bytes) = inside("europython2022/speakers_data.json") else { return };
    let people = read(&bytes).people;
    assert_eq!(people.len(), 152);
    assert!(people.iter().any(|person| person.affiliation.as_deref() == Some("Spotify")));
}
