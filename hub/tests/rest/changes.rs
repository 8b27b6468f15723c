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

/// A poll of the session, as it was made.
fn poll(hub: &Hub, owner: &str, made: &(Value, Value), body: &Value) -> Value {
    let mut whole =
        json!({"session_id": made.1["id"], "kind": "single", "options": [{"label": "A"}, {"label": "B"}]});
    whole.as_object_mut().expect("it is one").extend(body.as_object().expect("it is one").clone());
    hub.post(&format!("/conferences/{}/polls", text(&made.0["id"])), owner, &whole).data()
}

#[test]
fn a_draft_is_changed_an_open_poll_is_not_and_a_closed_one_goes_on() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let path = format!("/polls/{}", text(&poll(&hub, &owner, &made, &json!({"title": "Tea?"}))["id"]));
    let body = json!({"title": "Tea or coffee?", "options": [{"label": "Tea"}, {"label": "Coffee"}, {"label": "Water"}]});
    let changed = patch(&hub, &path, &owner, &body).data();
    assert_eq!((&changed["title"], &changed["kind"]), (&json!("Tea or coffee?"), &json!("single")));
    assert_eq!(changed["options"].as_array().map(Vec::len), Some(3));
    let wrong = patch(&hub, &path, &owner, &json!({"options": []}));
    assert_eq!((wrong.status, wrong.code().as_str()), (422, "poll.bad_settings"));
    assert_eq!(patch(&hub, &path, &owner, &json!({"titel": "x"})).status, 422);
    let attendee = text(&hub.join(&made.0)["access_token"]);
    assert_eq!(patch(&hub, &path, &attendee, &json!({"title": "Mine"})).status, 403);
    let step = |name: &str| hub.post(&format!("{path}/{name}"), &owner, &json!({})).data()["status"].clone();
    assert_eq!(step("open"), "open");
    assert_eq!(patch(&hub, &path, &owner, &json!({"title": "x"})).status, 409);
    assert_eq!((step("close"), step("reopen")), (json!("closed"), json!("open")));
}

#[test]
fn a_poll_is_taken_off_the_run_of_show_and_found_by_its_status() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let [tea, bread] = ["Tea?", "Bread?"].map(|title| poll(&hub, &owner, &made, &json!({"title": title})));
    hub.post(&format!("/polls/{}/open", text(&tea["id"])), &owner, &json!({}));
    let polls = format!("/conferences/{}/polls", text(&made.0["id"]));
    let titles = |query: &str| -> Vec<String> {
        let listed = hub.get(&format!("{polls}?{query}"), &owner).data();
        listed.as_array().expect("a list").iter().map(|one| text(&one["title"])).collect()
    };
    assert_eq!(titles(""), ["Tea?", "Bread?"]);
    assert_eq!(titles("sort=title"), ["Bread?", "Tea?"]);
    assert_eq!((titles("status=open"), titles("kind=rating")), (vec!["Tea?".to_owned()], Vec::new()));
    assert_eq!(titles("sort=-title&per_page=1&page=2"), ["Bread?"]);
    for query in ["status=asleep", "kind=guess", "sort=colour"] {
        assert_eq!(hub.get(&format!("{polls}?{query}"), &owner).status, 422, "{query}");
    }
    let attendee = text(&hub.join(&made.0)["access_token"]);
    let path = format!("/polls/{}", text(&bread["id"]));
    assert_eq!(hub.call("DELETE", &path, &attendee, None).code(), "hub.forbidden");
    assert_eq!(hub.call("DELETE", &path, &owner, None).status, 200);
    assert_eq!(titles(""), ["Tea?"]);
    assert_eq!(hub.call("DELETE", &path, &owner, None).code(), "session.unknown_poll");
}

#[test]
fn questions_are_sorted_merged_and_taken_apart() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let of_session = format!("/sessions/{}/questions", text(&made.1["id"]));
    let [asker, other] = [(); 2].map(|()| text(&hub.join(&made.0)["access_token"]));
    let [one, two] =
        ["Why?", "How?"].map(|text| hub.post(&of_session, &asker, &json!({"text": text})).data());
    let act = |question: &Value, name: &str, token: &str, body: Value| {
        hub.post(&format!("{of_session}/{}/{name}", text(&question["id"])), token, &body)
    };
    assert_eq!(act(&two, "vote", &other, json!({})).status, 200);
    let listed =
        |query: &str| hub.get(&format!("/conferences/{}/questions?{query}", text(&made.0["id"])), &owner);
    assert_eq!(listed("sort=-votes").data()[0]["text"], "How?");
    assert_eq!(listed("sort=asked_ms&per_page=1").data()[0]["text"], "Why?");
    assert_eq!((listed("status=asleep").status, listed("sort=colour").status), (422, 422));
    let merged = act(&one, "merge", &owner, json!({"questions": [two["id"]]})).data();
    assert_eq!(merged["votes"], 1, "the vote counts for the whole");
    assert_eq!(listed("status=merged").data()[0]["id"], two["id"]);
    assert_eq!(act(&two, "unmerge", &owner, json!({})).data()["status"], "live");
    assert_eq!(act(&one, "merge", &owner, json!({})).code(), "qa.bad_merge");
}

#[test]
fn lists_know_their_filters_and_pages() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let conference = format!("/conferences/{}", text(&made.0["id"]));
    let status = |path: &str| hub.get(&format!("{conference}/{path}"), &owner).status;
    assert_eq!((status("sessions?status=scheduled"), status("sessions?status=asleep")), (200, 422));
    assert_eq!((status("screens?per_page=0"), status("screens?colour=red")), (422, 422));
    let screens = hub.get(&format!("{conference}/screens"), &owner).json();
    assert_eq!(screens["meta"]["pagination"]["total"], 0);
}

#[test]
fn a_text_that_shows_nothing_is_none() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let body = json!({"code": made.0["join_code"], "display_name": "\u{200B}\u{2060}"});
    let joined = hub.post("/auth/join", "", &body);
    assert!(joined.status == 422 || text(&joined.data()["participant"]["name"]).starts_with("Guest"));
    let attendee = text(&hub.join(&made.0)["access_token"]);
    let path = format!("/sessions/{}/messages", text(&made.1["id"]));
    assert_eq!(hub.post(&path, &attendee, &json!({"text": "\u{3164}"})).code(), "messaging.empty");
}
