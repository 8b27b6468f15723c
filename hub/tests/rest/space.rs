//! A journal that may not grow: it goes on by itself, also when the rooms themselves take more than it may have.

use serde_json::json;

use crate::hub::{Hub, text, wait_until};

/// What it may have besides the rooms' states.
const BOUND: u64 = 128 << 10;
/// Votes that go back and forth in every session: their records are several times what the journal may hold, and so are,
/// with the keys that they remember, the rooms after them.
const VOTES: usize = 350;
const SESSIONS: usize = 8;

#[test]
fn a_full_journal_makes_space_by_itself() {
    let hub = Hub::start_with(&[
        ("PLENUM__JOURNAL__SIZE_BYTES_MAX", &BOUND.to_string()),
        ("PLENUM__LIMITS__COMMANDS_PER_S", "0"),
    ]);
    let owner = hub.tenant("acme");
    let made = hub.conference(&owner);
    let sessions = format!("/conferences/{}/sessions", text(&made.0["id"]));
    let attendee = text(&hub.join(&made.0)["access_token"]);
    let body =
        json!({"title": "Talk", "starts_at": "2026-11-22T09:00:00Z", "ends_at": "2026-11-22T10:00:00Z"});
    for _ in 0..SESSIONS {
        let session = text(&hub.post(&sessions, &owner, &body).data()["id"]);
        let questions = format!("/sessions/{session}/questions");
        let asked = accepted(&hub, &questions, &owner, &json!({"text": "Why?"}));
        let vote = |act| format!("{questions}/{}/{act}", text(&asked["id"]));
        for n in 0..VOTES {
            accepted(&hub, &vote(["vote", "unvote"][n % 2]), &attendee, &json!({}));
        }
    }
    let size = std::fs::metadata(hub.folder.path().join("data/journal.db")).map_or(0, |file| file.len());
    assert!(size > BOUND && size <= BOUND * 4, "the journal has {size} bytes");
    let ready = hub.request("GET", "/readyz", &[], b"").json();
    assert_eq!(ready["journal"]["status"], "ok", "{ready}");
}

/// Sends it until the journal has space for it.
fn accepted(hub: &Hub, path: &str, token: &str, body: &serde_json::Value) -> serde_json::Value {
    let what = format!("{path} is accepted");
    wait_until(&what, || {
        let reply = hub.post(path, token, body);
        assert!(reply.status < 400 || reply.status == 503, "{}", reply.text);
        (reply.status < 400).then(|| reply.data())
    })
}
