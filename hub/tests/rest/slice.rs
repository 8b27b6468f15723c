//! A session from making it to its end, over REST alone.

use serde_json::{Value, json};

use crate::hub::{Hub, text};

fn ids(made: &(Value, Value)) -> (String, String) {
    (text(&made.0["id"]), text(&made.1["id"]))
}

#[test]
fn a_poll_is_made_run_voted_in_and_revealed() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let (conference, session) = ids(&made);
    let body = json!({"session_id": session, "title": "Tea or coffee?", "kind": "single", "results": "after_close",
        "options": [{"label": "Tea"}, {"id": "c", "label": "Coffee"}]});
    let polls = format!("/conferences/{conference}/polls");
    let poll = hub.post(&polls, &owner, &body).data();
    assert_eq!(
        (&poll["status"], &poll["options"][1]),
        (&json!("draft"), &json!({"id": "c", "label": "Coffee"}))
    );
    assert_eq!(text(&poll["room"]), format!("poll:{}", text(&poll["id"])));
    let path = format!("/polls/{}", text(&poll["id"]));
    let step = |name: &str| hub.post(&format!("{path}/{name}"), &owner, &json!({}));
    let attendee = text(&hub.join(&made.0)["access_token"]);
    let vote = |body| hub.post(&format!("{path}/vote"), &attendee, &body);
    assert_eq!(vote(json!({"options": ["c"]})).code(), "poll.not_open");
    assert_eq!(step("open").data()["status"], "open");
    assert_eq!(vote(json!({"options": ["zz"]})).status, 422);
    assert_eq!(
        vote(json!({"option": "c"})).json()["error"]["details"]
            .as_object()
            .map(|all| all.contains_key("option")),
        Some(true)
    );
    assert!(vote(json!({"options": ["c"]})).data()["seq"].is_u64());
    assert_eq!(vote(json!({"options": ["c"]})).code(), "poll.already_voted");
    assert_eq!(hub.get(&format!("{path}/results"), &attendee).code(), "poll.results_hidden");
    assert_eq!(hub.get(&format!("{path}/results"), &owner).data()["voters"], 1);
    assert_eq!(step("close").data()["status"], "closed");
    let results = hub.get(&format!("{path}/results"), &attendee).data();
    assert_eq!(
        (&results["status"], &results["options"][1]),
        (&json!("closed"), &json!({"id": "c", "votes": 1}))
    );
    assert_eq!(step("reveal").data()["status"], "revealed");
    assert_eq!(step("reset").data()["round"], 2);
    assert_eq!(hub.get(&polls, &attendee).data().as_array().map(Vec::len), Some(1));
    assert_eq!(hub.post(&format!("{path}/open"), &attendee, &json!({})).code(), "hub.forbidden");
}

#[test]
fn a_poll_whose_settings_cannot_work_is_refused_with_the_reason() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let (conference, session) = ids(&made);
    let make = |body| hub.post(&format!("/conferences/{conference}/polls"), &owner, &body);
    let none = make(json!({"session_id": session, "title": "x", "kind": "single", "options": []}));
    assert_eq!(none.status, 422, "{}", none.text);
    let unknown = make(json!({"session_id": session, "title": "x", "kind": "guess"}));
    assert_eq!((unknown.status, unknown.code().as_str()), (422, "VALIDATION_FAILED"));
    let elsewhere = make(json!({"session_id": conference, "title": "x", "kind": "open"}));
    assert!(elsewhere.json()["error"]["details"]["session_id"].is_array());
}

#[test]
fn a_question_is_asked_supported_and_answered() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let (conference, session) = ids(&made);
    let asker = text(&hub.join(&made.0)["access_token"]);
    let other = text(&hub.join(&made.0)["access_token"]);
    let asked =
        hub.post(&format!("/sessions/{session}/questions"), &asker, &json!({"text": " Why? "})).data();
    assert_eq!((&asked["text"], &asked["author"]["name"]), (&json!("Why?"), &json!("Noor")));
    let act = |name: &str, token: &str, body| {
        hub.post(&format!("/sessions/{session}/questions/{}/{name}", text(&asked["id"])), token, &body)
    };
    assert_eq!(act("vote", &other, json!({})).data()["votes"], 1);
    assert_eq!(act("vote", &asker, json!({})).code(), "qa.own_question");
    assert_eq!(act("reject", &other, json!({})).code(), "hub.forbidden");
    assert_eq!(act("answered", &owner, json!({})).data()["status"], "answered");
    assert_eq!(act("juggle", &owner, json!({})).status, 404);
    let listed = |query: &str, token: &str| {
        hub.get(&format!("/conferences/{conference}/questions?status={query}"), token).data()
    };
    assert_eq!(listed("answered", &other)[0]["id"], asked["id"]);
    assert_eq!(listed("live", &other), json!([]));
}

#[test]
fn a_chat_is_read_back_by_cursor() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let path = format!("/sessions/{}/messages", ids(&made).1);
    let attendee = text(&hub.join(&made.0)["access_token"]);
    for line in ["one", "two", "three"] {
        assert_eq!(hub.post(&path, &attendee, &json!({"text": line})).status, 201);
    }
    let newest = hub.get(&format!("{path}?per_page=2"), &owner);
    let texts =
        |data: Value| data.as_array().unwrap().iter().map(|one| text(&one["text"])).collect::<Vec<_>>();
    assert_eq!(texts(newest.data()), ["three", "two"]);
    let cursor = text(&newest.json()["meta"]["cursor"]["next"]);
    let older = hub.get(&format!("{path}?per_page=2&cursor={cursor}"), &owner);
    assert_eq!(texts(older.data()), ["one"]);
    assert_eq!(older.json()["meta"]["cursor"]["next"], Value::Null);
    assert_eq!(hub.get(&format!("{path}?cursor=x"), &owner).status, 422);
}

#[test]
fn a_session_starts_pauses_and_ends() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let path = format!("/sessions/{}", ids(&made).1);
    for (step, status) in [("start", "live"), ("pause", "paused"), ("start", "live"), ("end", "ended")] {
        assert_eq!(hub.post(&format!("{path}/{step}"), &owner, &json!({})).data()["status"], status);
    }
    crate::hub::wait_until("the store hears of the end", || {
        (hub.get(&path, &owner).data()["status"] == "ended").then_some(())
    });
}

#[test]
fn a_screen_is_paired_placed_and_removed() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let (conference, session) = ids(&made);
    let offer = hub.post("/auth/screens/pair", "", &json!({})).data();
    let claim = || hub.post("/auth/screens/token", "", &json!({"poll_token": offer["poll_token"]}));
    assert_eq!(claim().data(), json!({"status": "waiting"}));
    let pair = json!({"pairing_code": offer["pairing_code"], "session_id": session, "name": "Foyer"});
    let attendee = text(&hub.join(&made.0)["access_token"]);
    assert_eq!(hub.post(&format!("/conferences/{conference}/screens"), &attendee, &pair).status, 403);
    let screen = hub.post(&format!("/conferences/{conference}/screens"), &owner, &pair).data();
    let paired = claim().data();
    assert_eq!((&paired["screen"], &paired["conference"]), (&screen["id"], &made.0["id"]));
    assert_eq!(claim().status, 404, "the tokens are given once");
    assert_eq!(
        hub.post(&format!("/conferences/{conference}/screens"), &owner, &pair).status,
        404,
        "a code pairs once"
    );
    let token = text(&paired["access_token"]);
    assert_eq!(hub.get("/participants/me", &token).data()["roles"], json!(["screen"]));
    assert_eq!(
        hub.get(&format!("/conferences/{conference}"), &token).data()["join_code"],
        made.0["join_code"]
    );
    let path = format!("/screens/{}", text(&screen["id"]));
    let placed = hub.call("PATCH", &path, &owner, Some(&json!({"session_id": null}))).data();
    assert_eq!(placed["session_id"], Value::Null);
    assert_eq!(hub.call("DELETE", &path, &owner, None).status, 200);
    let refresh = json!({"refresh_token": paired["refresh_token"]});
    assert_eq!(hub.post("/auth/refresh", "", &refresh).status, 401);
}

#[test]
fn a_conference_goes_through_its_life() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let path = format!("/conferences/{}", text(&conference["id"]));
    let back = hub.call("PATCH", &format!("{path}/status"), &owner, Some(&json!({"status": "draft"})));
    assert_eq!((back.status, back.code().as_str()), (409, "INVALID_TRANSITION"));
    let unknown = hub.call("PATCH", &format!("{path}/status"), &owner, Some(&json!({"status": "asleep"})));
    assert!(unknown.json()["error"]["details"]["status"].is_array());
    let renamed = hub.call("PATCH", &path, &owner, Some(&json!({"title": "Harbour Nights"}))).data();
    assert_eq!(
        (&renamed["title"], &renamed["time_zone"]),
        (&json!("Harbour Nights"), &json!("Europe/Berlin"))
    );
    let wrong = hub.call("PATCH", &path, &owner, Some(&json!({"ends_on": "2020-01-01"})));
    assert_eq!(wrong.status, 422);
}
