//! Programmes and lists of attendees.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::hub::{Hub, failure, printed, run, text};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../config/demo-programme.xml");

fn import(folder: &Path, file: &str) -> Value {
    printed(&run(folder, &["import", file, "--tenant", "acme", "--json"], ""))
}

fn with_tenant() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["tenant", "create", "acme", "--name", "ACME"], "").status.success());
    folder
}

#[test]
fn the_demo_programme_imports_twice_and_is_there_once() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let first = import(hub.folder.path(), DEMO);
    let again = import(hub.folder.path(), DEMO);
    let sessions = first["sessions"].as_u64().unwrap();
    assert!(sessions > 5);
    assert_eq!((&first["created"], &first["sessions_added"]), (&json!(true), &json!(sessions)));
    assert_eq!((&again["created"], &again["sessions_updated"]), (&json!(false), &json!(sessions)));
    assert_eq!((&first["conference"], &first["join_code"]), (&again["conference"], &again["join_code"]));
    let path = format!("/conferences/{}", text(&first["conference"]));
    let listed = hub.get(&format!("{path}/sessions?per_page=100"), &owner);
    assert_eq!(listed.json()["meta"]["pagination"]["total"], json!(sessions));
    assert_eq!(listed.data()[0]["open"], false, "rooms are opened when the conference is published");
    let published = json!({"status": "published"});
    assert_eq!(hub.call("PATCH", &format!("{path}/status"), &owner, Some(&published)).status, 200);
    let listed = hub.get(&format!("{path}/sessions?per_page=100"), &owner).data();
    assert!(listed.as_array().unwrap().iter().all(|session| session["open"] == true));
    let session = text(&listed[0]["id"]);
    assert!(hub.get(&format!("/sessions/{session}/speakers"), &owner).data()[0]["name"].is_string());
}

#[test]
fn rooms_of_one_imported_session_can_be_opened_alone() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = import(hub.folder.path(), DEMO);
    let listed = hub.get(&format!("/conferences/{}/sessions", text(&made["conference"])), &owner).data();
    let path = format!("/sessions/{}", text(&listed[0]["id"]));
    assert_eq!(hub.post(&format!("{path}/open"), &owner, &json!({})).data()["open"], true);
    assert_eq!(hub.post(&format!("{path}/open"), &owner, &json!({})).data()["open"], true);
    assert_eq!(hub.get(&path, &owner).data()["open"], true);
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    let folder = with_tenant();
    let text = std::fs::read_to_string(DEMO).unwrap();
    let broken = text.replacen("<duration>00:30</duration>", "<duration>soon</duration>", 1);
    let line = 1 + broken.lines().position(|line| line.contains("soon")).unwrap();
    std::fs::write(folder.path().join("broken.xml"), broken).unwrap();
    let said = failure(&run(folder.path(), &["import", "broken.xml", "--tenant", "acme"], ""));
    assert!(said.starts_with(&format!("plenum: broken.xml:{line}: ")), "{said}");
    std::fs::write(folder.path().join("half.json"), "{\n\"schedule\": {\n").unwrap();
    let said = failure(&run(folder.path(), &["import", "half.json", "--tenant", "acme"], ""));
    assert!(said.starts_with("plenum: half.json:"), "{said}");
}

#[test]
fn attendees_come_from_a_list() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let id = text(&conference["id"]);
    std::fs::write(
        hub.folder.path().join("people.csv"),
        "name,email\nNoor,noor@x.example\nSam,sam@x.example\n",
    )
    .unwrap();
    let words = ["import", "people.csv", "--tenant", "acme", "--conference", &id, "--json"];
    assert_eq!(printed(&hub.command(&words, ""))["attendees"], 2);
    assert_eq!(printed(&hub.command(&words, ""))["attendees"], 2);
    let listed = hub.get(&format!("/conferences/{id}/participants?sort=name"), &owner);
    assert_eq!(listed.json()["meta"]["pagination"]["total"], 2, "the second time nobody is new");
    assert_eq!(listed.data()[0]["name"], "Noor");
    let said = failure(&hub.command(&["import", "people.csv", "--tenant", "acme"], ""));
    assert!(said.starts_with("plenum: --conference: "), "{said}");
}

/// Real programmes lie beside the repository on some machines; without them this test says so and goes on.
#[test]
fn real_programmes_import() {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/programmes"));
    let Ok(files) = std::fs::read_dir(data) else {
        println!("{} is absent; the test goes on without it", data.display());
        return;
    };
    let folder = with_tenant();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    for file in names.filter(|name| [".xml.xz", ".json.xz"].iter().any(|ending| name.ends_with(ending))) {
        let unpacked =
            Command::new("xz").args(["--decompress", "--stdout"]).arg(data.join(&file)).output().unwrap();
        let name = file.trim_end_matches(".xz");
        std::fs::write(folder.path().join(name), unpacked.stdout).unwrap();
        let made = import(folder.path(), name);
        assert_eq!(made["sessions"], made["sessions_added"], "{file}");
        assert!(made["sessions"].as_u64() > Some(0) && made["halls"].as_u64() > Some(0), "{file}");
    }
}
