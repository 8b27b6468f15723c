//! The same key, the same answer.

use serde_json::{Value, json};

use crate::hub::{Hub, Reply, text};

const KEY: &str = "0198f3a0-5c1e-7000-8000-000000000001";

fn post(hub: &Hub, path: &str, token: &str, key: &str, body: &Value) -> Reply {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", "application/json"), ("idempotency-key", key)];
    if !token.is_empty() {
        headers.push(("authorization", bearer.as_str()));
    }
    hub.request("POST", &format!("/api/v1{path}"), &headers, body.to_string().as_bytes())
}

fn conference(title: &str) -> Value {
    json!({"title": title, "time_zone": "UTC", "starts_on": "2026-11-22", "ends_on": "2026-11-22"})
}

#[test]
fn the_same_request_again_is_answered_again_and_done_once() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let first = post(&hub, "/conferences", &owner, KEY, &conference("x"));
    let again = post(&hub, "/conferences", &owner, KEY, &conference("x"));
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.data(), again.data());
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    let other = post(&hub, "/conferences", &owner, KEY, &conference("y"));
    assert_eq!((other.status, other.code().as_str()), (409, "IDEMPOTENCY_CONFLICT"));
    assert_eq!(hub.get("/conferences", &owner).json()["meta"]["pagination"]["total"], 1);
}

#[test]
fn a_key_is_its_senders_own() {
    let hub = Hub::start();
    let (acme, other) = (hub.tenant("acme"), hub.tenant("other"));
    let first = post(&hub, "/conferences", &acme, KEY, &conference("x")).data();
    let second = post(&hub, "/conferences", &other, KEY, &conference("x")).data();
    assert_ne!(first["id"], second["id"]);
}

#[test]
fn a_corrected_request_may_keep_its_key() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    assert_eq!(post(&hub, "/conferences", &owner, KEY, &json!({"title": "x"})).status, 422);
    assert_eq!(post(&hub, "/conferences", &owner, KEY, &conference("x")).status, 201);
}

#[test]
fn joining_twice_with_one_key_makes_one_participant() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (made, _) = hub.conference(&owner);
    let body = json!({"code": made["join_code"]});
    let first = post(&hub, "/auth/join", "", KEY, &body).data();
    let again = post(&hub, "/auth/join", "", KEY, &body).data();
    assert_eq!(first, again);
    let count = format!("/conferences/{}/participants/count", text(&made["id"]));
    assert_eq!(hub.get(&count, &owner).data()["participants"], 1);
}

#[test]
fn a_vote_is_counted_once_with_or_without_the_hubs_memory_of_the_request() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (made, session) = hub.conference(&owner);
    let poll = json!({"session_id": session["id"], "title": "Tea?", "kind": "single", "options": [{"label": "Yes"}, {"label": "No"}]});
    let poll = hub.post(&format!("/conferences/{}/polls", text(&made["id"])), &owner, &poll).data();
    let path = format!("/polls/{}", text(&poll["id"]));
    assert_eq!(hub.post(&format!("{path}/open"), &owner, &json!({})).status, 200);
    let attendee = text(&hub.join(&made)["access_token"]);
    let vote = json!({"options": ["a"]});
    let first = post(&hub, &format!("{path}/vote"), &attendee, KEY, &vote).data();
    assert_eq!(post(&hub, &format!("{path}/vote"), &attendee, KEY, &vote).data(), first);
    assert_eq!(hub.get(&format!("{path}/results"), &attendee).data()["voters"], 1);
}

#[test]
fn a_key_that_cannot_be_one_is_refused() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let reply = post(&hub, "/conferences", &owner, &"x".repeat(201), &conference("x"));
    assert_eq!((reply.status, reply.code().as_str()), (422, "VALIDATION_FAILED"));
}
