//! Ordinary edits are in the audit log: who, what, when and which fields.

use serde_json::{Value, json};

use crate::hub::{Hub, text};

struct Desk {
    hub: Hub,
    owner: String,
    organiser: String,
    conference: Value,
    session: Value,
}

impl Desk {
    fn new() -> Self {
        let hub = Hub::start();
        let owner = hub.tenant("acme");
        hub.user("acme", "organiser");
        let organiser = hub.log_in("acme", "organiser@acme.example");
        let (conference, session) = hub.conference(&organiser);
        Self { hub, owner, organiser, conference, session }
    }

    fn conference_path(&self) -> String {
        format!("/conferences/{}", text(&self.conference["id"]))
    }

    fn edit(&self, method: &str, path: &str, body: &Value) -> Value {
        let reply = self.hub.call(method, path, &self.organiser, Some(body));
        assert!(reply.status < 300, "{method} {path}: {}", reply.text);
        reply.data()
    }

    /// The newest entry about something.
    fn newest(&self, about: &Value) -> Value {
        self.entries(about)[0].clone()
    }

    fn entries(&self, about: &Value) -> Vec<Value> {
        let found = self.hub.get(&format!("/audit?subject_id={}", text(about)), &self.owner).data();
        found.as_array().unwrap().clone()
    }
}

#[test]
fn an_edit_tells_who_changed_which_field_from_what_to_what() {
    let desk = Desk::new();
    let path = format!("/sessions/{}", text(&desk.session["id"]));
    desk.edit("PATCH", &path, &json!({"title": "Opening at the quay", "track": "Main"}));
    let entries = desk.entries(&desk.session["id"]);
    for entry in &entries[..2] {
        assert_eq!(
            (&entry["action"], &entry["actor_name"]),
            (&json!("session.changed"), &json!("organiser"))
        );
    }
    let told = json!({"title": {"before": "Opening", "after": "Opening at the quay"}});
    let rest = json!({"track": {"before": null, "after": "Main"}});
    let details = [&entries[0]["details"], &entries[1]["details"]];
    assert!(
        details.contains(&&told) && details.contains(&&rest),
        "what its room was told, and the rest: {details:?}"
    );
    let so_far = desk.entries(&desk.session["id"]).len();
    desk.edit("PATCH", &path, &json!({"title": "Opening at the quay"}));
    assert_eq!(desk.entries(&desk.session["id"]).len(), so_far, "what changes nothing is no entry");
}

#[test]
fn conferences_places_and_people_are_written_down_when_made_and_when_changed() {
    let desk = Desk::new();
    let path = desk.conference_path();
    assert_eq!(desk.entries(&desk.conference["id"]).last().unwrap()["action"], "conference.made");
    desk.edit("PATCH", &path, &json!({"title": "Harbour Nights"}));
    let changed = json!({"title": {"before": "Harbour Days", "after": "Harbour Nights"}});
    assert_eq!(desk.newest(&desk.conference["id"])["details"], changed);
    for (kind, list, made, change) in [
        ("hall", "halls", json!({"name": "Deck"}), json!({"name": "Upper deck"})),
        ("venue", "venues", json!({"name": "Quay", "kind": "physical"}), json!({"name": "Pier"})),
        ("person", "people", json!({"name": "Noor"}), json!({"name": "Noor A."})),
    ] {
        let one = desk.edit("POST", &format!("{path}/{list}"), &made);
        desk.edit("PATCH", &format!("/{list}/{}", text(&one["id"])), &change);
        let entries = desk.entries(&one["id"]);
        let actions: Vec<&Value> = entries.iter().map(|entry| &entry["action"]).collect();
        assert_eq!(actions, [&json!(format!("{kind}.changed")), &json!(format!("{kind}.made"))]);
        assert_eq!(entries[0]["details"], json!({"name": {"before": made["name"], "after": change["name"]}}));
    }
}

#[test]
fn a_new_join_code_is_written_down_without_it() {
    let desk = Desk::new();
    let renewed = desk.edit("POST", &format!("{}/join-code", desk.conference_path()), &json!({}));
    let log = desk.hub.get("/audit?per_page=100", &desk.owner);
    assert!(log.text.contains("conference.code_renewed"), "{}", log.text);
    for code in [&desk.conference["join_code"], &renewed["join_code"]] {
        assert!(!log.text.contains(&text(code)), "a way in is in the log");
    }
}

#[test]
fn of_two_edits_of_a_person_from_one_version_the_second_is_refused() {
    let desk = Desk::new();
    let made = desk.edit("POST", &format!("{}/people", desk.conference_path()), &json!({"name": "Noor"}));
    let path = format!("/api/v1/people/{}", text(&made["id"]));
    let bearer = format!("Bearer {}", desk.organiser);
    let edit = |name: &str| {
        let headers =
            [("authorization", bearer.as_str()), ("if-match", "\"1\""), ("content-type", "application/json")];
        desk.hub.request("PATCH", &path, &headers, json!({"name": name}).to_string().as_bytes())
    };
    let first = edit("Noor A.");
    assert_eq!((first.status, first.header("etag")), (200, "\"2\""));
    let second = edit("Noor B.");
    assert_eq!((second.status, second.code().as_str()), (412, "VERSION_MISMATCH"));
}

#[test]
fn a_day_has_a_chair_of_its_own_programme() {
    let desk = Desk::new();
    let path = desk.conference_path();
    let noor = desk.edit("POST", &format!("{path}/people"), &json!({"name": "Noor"}));
    let days =
        |chair: &Value| json!({"days": [{"date": "2026-11-22", "chair_id": chair}, {"date": "2026-11-23"}]});
    let set = desk.edit("PUT", &format!("{path}/programs"), &days(&noor["id"]));
    assert_eq!((&set[0]["chair_name"], &set[1]["chair_id"]), (&json!("Noor"), &Value::Null));
    assert_eq!(desk.hub.get(&format!("{path}/programs"), &desk.organiser).data(), set);
    let stranger =
        desk.hub.call("PUT", &format!("{path}/programs"), &desk.organiser, Some(&days(&desk.session["id"])));
    assert!(stranger.status == 422 && stranger.text.contains("days[0].chair_id"), "{}", stranger.text);
    let clone = json!({"title": "Again", "starts_on": "2027-11-22"});
    let again = desk.edit("POST", &format!("{path}/clone"), &clone);
    let copied =
        desk.hub.get(&format!("/conferences/{}/programs", text(&again["id"])), &desk.organiser).data();
    assert_eq!(copied[0]["chair_name"], "Noor");
    assert_ne!(copied[0]["chair_id"], noor["id"], "a clone has people of its own");
}
