//! What a participant did, and who came to a session: nothing that is secret.

use serde_json::{Value, json};

use crate::hub::{Hub, text};

struct Hall {
    hub: Hub,
    owner: String,
    conference: Value,
    session: String,
}

fn hall() -> Hall {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let session = text(&session["id"]);
    Hall { hub, owner, conference, session }
}

impl Hall {
    fn of_conference(&self, path: &str) -> String {
        format!("/conferences/{}/{path}", text(&self.conference["id"]))
    }

    /// A poll that is open, and in which someone voted.
    fn voted(&self, token: &str, title: &str, anonymous: bool) {
        let options = json!([{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]);
        let poll = json!({"session_id": self.session, "title": title, "kind": "single", "options": options,
            "anonymous": anonymous});
        let poll = text(&self.hub.post(&self.of_conference("polls"), &self.owner, &poll).data()["id"]);
        self.hub.post(&format!("/polls/{poll}/open"), &self.owner, &json!({})).data();
        self.hub.post(&format!("/polls/{poll}/vote"), token, &json!({"options": ["a"]})).data();
    }

    /// Someone who came to the session's door, voted openly and in secret, and asked.
    fn someone(&self) -> (String, String) {
        let joined = self.hub.join(&self.conference);
        let (id, token) = (text(&joined["participant"]["id"]), text(&joined["access_token"]));
        let scan = json!({"participant_id": id, "session_id": self.session});
        self.hub.post(&self.of_conference("check-ins"), &self.owner, &scan).data();
        self.voted(&token, "Sail or oars?", false);
        self.voted(&token, "Whom do you trust?", true);
        let ask = json!({"text": "Who pays?"});
        self.hub.post(&format!("/sessions/{}/questions", self.session), &token, &ask).data();
        (id, token)
    }
}

#[test]
fn what_someone_did_is_told_and_nothing_that_is_secret() {
    let hall = hall();
    let (id, token) = hall.someone();
    let path = format!("/participants/{id}/activity");
    let seen = hall.hub.get(&path, &hall.owner);
    let all = seen.data();
    let what: Vec<&str> = all.as_array().unwrap().iter().filter_map(|line| line["what"].as_str()).collect();
    assert_eq!(what, ["question", "vote", "checked_in", "joined"], "the latest first: {}", seen.text);
    assert_eq!((&all[1]["title"], &all[1]["session_id"]), (&json!("Sail or oars?"), &json!(hall.session)));
    assert!(!seen.text.contains("trust") && !seen.text.contains("options"), "{}", seen.text);
    assert_eq!(hall.hub.get(&path, &token).data(), all, "one sees one's own");
    let other = text(&hall.hub.join(&hall.conference)["access_token"]);
    assert_eq!(hall.hub.get(&path, &other).status, 403);
    assert_eq!(hall.hub.get(&format!("{path}?cursor=x"), &hall.owner).status, 422);
}

#[test]
fn activity_is_read_piece_by_piece() {
    let hall = hall();
    let (id, _) = hall.someone();
    let path = format!("/participants/{id}/activity?per_page=1");
    let (mut what, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let more = cursor.as_str().map(|next| format!("&cursor={next}")).unwrap_or_default();
        let piece = hall.hub.get(&format!("{path}{more}"), &hall.owner);
        what.push(text(&piece.data()[0]["what"]));
        cursor = piece.json()["meta"]["cursor"]["next"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(what, ["question", "vote", "checked_in", "joined"]);
}

#[test]
fn who_came_to_a_session_is_listed_from_the_first_sign_to_the_last() {
    let hall = hall();
    let path = format!("/sessions/{}/attendance", hall.session);
    assert_eq!(hall.hub.get(&path, &hall.owner).data(), json!([]));
    let (id, token) = hall.someone();
    hall.hub.join(&hall.conference);
    let came = hall.hub.get(&path, &hall.owner);
    assert_eq!(came.json()["meta"]["pagination"]["total"], 1, "who only joined was not seen there");
    let line = &came.data()[0];
    assert_eq!((&line["participant_id"], &line["in_at"]), (&json!(id), &line["from"]));
    assert!(text(&line["until"]) >= text(&line["from"]));
    assert_eq!(hall.hub.get(&format!("{path}?sort=-name"), &hall.owner).status, 200);
    assert_eq!(hall.hub.get(&path, &token).status, 403, "attendees do not see who came");
}
