//! A copy of all that there is, taken while the hub runs, and a hub that begins again from it.

use serde_json::{Value, json};

use crate::hub::{Hub, failure, run, text, wait_until};

/// How many voted for each option, by the ids of the options.
fn votes(hub: &Hub, poll: &str, token: &str) -> Vec<u64> {
    let results = hub.get(&format!("/polls/{poll}/results"), token).data();
    let options = results["options"].as_array().cloned().unwrap_or_default();
    options.iter().filter_map(|option| option["votes"].as_u64()).collect()
}

fn vote(hub: &Hub, conference: &Value, poll: &str, option: &str) {
    let token = text(&hub.join(conference)["access_token"]);
    let body = json!({"options": [option]});
    assert_eq!(hub.post(&format!("/polls/{poll}/vote"), &token, &body).status, 200);
}

#[test]
fn a_hub_begins_again_from_a_copy_that_was_taken_while_it_ran() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let poll = json!({"session_id": session["id"], "title": "Which one?", "kind": "single", "results": "always",
        "options": [{"id": "a", "label": "One"}, {"id": "b", "label": "Two"}]});
    let poll = hub.post(&format!("/conferences/{}/polls", text(&conference["id"])), &owner, &poll).data();
    let poll = text(&poll["id"]);
    assert_eq!(hub.post(&format!("/polls/{poll}/open"), &owner, &json!({})).status, 200);
    vote(&hub, &conference, &poll, "a");

    let made = hub.command(&["backup", "copy"], "");
    assert!(made.status.success(), "{made:?}");
    let again = failure(&hub.command(&["backup", "copy"], ""));
    assert!(again.starts_with("plenum: copy: "), "{again}");
    vote(&hub, &conference, &poll, "b");
    wait_until("the vote after the copy is shown", || (votes(&hub, &poll, &owner) == [1, 1]).then_some(()));

    let folder = tempfile::tempdir().unwrap();
    let copy = hub.folder.path().join("copy");
    let copy = copy.to_str().expect("temporary folders have plain names");
    let nothing = failure(&run(folder.path(), &["restore", "nothing"], ""));
    assert!(nothing.starts_with("plenum: nothing: is no backup"), "{nothing}");
    let restored = run(folder.path(), &["restore", copy], "");
    assert!(restored.status.success(), "{restored:?}");
    let twice = failure(&run(folder.path(), &["restore", copy], ""));
    assert!(twice.contains("there is a journal already"), "{twice}");

    let next = Hub::start_in(folder, &[]);
    let owner = next.log_in("acme", "owner@acme.example");
    assert_eq!(votes(&next, &poll, &owner), [1, 0], "what came after the copy is not there");
    vote(&next, &conference, &poll, "b");
    wait_until("the room goes on", || (votes(&next, &poll, &owner) == [1, 1]).then_some(()));
}
