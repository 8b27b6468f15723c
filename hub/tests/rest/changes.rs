//! What was made can be put right, and those who watch hear of it.

use serde_json::{Value, json};

use crate::hub::{Hub, text};

fn patch(hub: &Hub, path: &str, token: &str, body: &Value) -> crate::hub::Reply {
    hub.call("PATCH", path, token, Some(body))
}

#[test]
fn a_session_is_renamed_moved_and_taken_out_of_its_hall_through_its_room() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let path = format!("/sessions/{}", text(&made.1["id"]));
    let body =
        json!({"title": " Opening keynote ", "starts_at": "2026-11-22T10:15:00+01:00", "hall": "Dock"});
    let changed = patch(&hub, &path, &owner, &body).data();
    assert_eq!(
        (&changed["title"], &changed["starts_at"], &changed["ends_at"], &changed["hall"]),
        (
            &json!("Opening keynote"),
            &json!("2026-11-22T09:15:00.000Z"),
            &json!("2026-11-22T10:00:00.000Z"),
            &json!("Dock")
        )
    );
    assert_eq!(patch(&hub, &path, &owner, &json!({"summary": "Welcome."})).data()["hall"], "Dock");
    assert_eq!(patch(&hub, &path, &owner, &json!({"hall": null})).data()["hall"], Value::Null);
    assert_eq!(patch(&hub, &path, &owner, &json!({})).data()["title"], "Opening keynote");
    let hub = hub.restart();
    let owner = hub.log_in("acme", "owner@acme.example");
    let kept = hub.get(&path, &owner).data();
    assert_eq!((&kept["title"], &kept["summary"]), (&json!("Opening keynote"), &json!("Welcome.")));
    let joined = hub.join(&made.0);
    assert_eq!(joined["sessions"][0]["title"], "Opening keynote", "attendees are told the same");
}

#[test]
fn a_session_that_is_not_open_yet_is_changed_in_the_programme_and_opens_so() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let programme = json!({"schedule": {"version": "1", "conference": {"acronym": "hd", "title": "Harbour Days",
        "start": "2026-11-22", "end": "2026-11-22", "daysCount": 1, "timeslot_duration": "00:05",
        "time_zone_name": "Europe/Berlin", "days": [{"index": 1, "date": "2026-11-22",
        "day_start": "2026-11-22T08:00:00+01:00", "day_end": "2026-11-22T20:00:00+01:00", "rooms": {"Main": [
        {"guid": "7e5a2a3c-0000-4000-8000-000000000001", "id": 1, "date": "2026-11-22T10:00:00+01:00",
        "start": "10:00", "duration": "01:00", "room": "Main", "slug": "a", "title": "Tides", "subtitle": "",
        "track": "", "type": "talk", "language": "en", "abstract": "", "description": "", "persons": [],
        "links": []}]}}]}}});
    let file = hub.folder.path().join("schedule.json");
    std::fs::write(&file, programme.to_string()).unwrap();
    let imported = hub.command(&["import", file.to_str().unwrap(), "--tenant", "acme"], "");
    assert!(imported.status.success(), "{imported:?}");
    let conference = hub.get("/conferences", &owner).data()[0].clone();
    let conference = format!("/conferences/{}", text(&conference["id"]));
    let session = hub.get(&format!("{conference}/sessions"), &owner).data()[0].clone();
    assert_eq!((&session["open"], &session["hall"]), (&json!(false), &json!("Main")));
    let path = format!("/sessions/{}", text(&session["id"]));
    let changed = patch(&hub, &path, &owner, &json!({"title": "Tides and time", "hall": "Dock"})).data();
    assert_eq!((&changed["title"], &changed["hall"]), (&json!("Tides and time"), &json!("Dock")));
    assert_eq!(hub.post(&format!("{path}/open"), &owner, &json!({})).data()["title"], "Tides and time");
}

#[test]
fn a_change_that_cannot_be_is_refused_with_its_fields() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let path = format!("/sessions/{}", text(&made.1["id"]));
    for (body, field) in [
        (json!({"title": " "}), "title"),
        (json!({"title": null, "hall": "x".repeat(101)}), "hall"),
        (json!({"starts_at": "tomorrow"}), "starts_at"),
        (json!({"ends_at": "2026-11-22T08:59:59Z"}), "ends_at"),
        (json!({"starts_at": "2026-11-22T10:00:01Z"}), "ends_at"),
        (json!({"titel": "x"}), "titel"),
    ] {
        let reply = patch(&hub, &path, &owner, &body);
        assert_eq!(reply.status, 422, "{body}: {}", reply.text);
        assert!(reply.json()["error"]["details"][field].is_array(), "{body}: {}", reply.text);
    }
    let attendee = text(&hub.join(&made.0)["access_token"]);
    assert_eq!(patch(&hub, &path, &attendee, &json!({"title": "Mine"})).status, 403);
    let other = hub.tenant("other");
    assert_eq!(patch(&hub, &path, &other, &json!({"title": "Mine"})).status, 404);
    assert_eq!(hub.get(&path, &owner).data()["title"], "Opening");
}
