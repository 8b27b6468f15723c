//! What people did, in numbers.

use serde_json::{Value, json};

use crate::hub::{Hub, printed, text};

struct Hall {
    hub: Hub,
    owner: String,
    conference: Value,
    conference_path: String,
    session_path: String,
    people: Vec<String>,
}

/// An ongoing conference with one session and so many people.
fn hall(people: usize) -> Hall {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let people = (0..people).map(|_| text(&hub.join(&conference)["access_token"])).collect();
    Hall {
        conference_path: format!("/conferences/{}", text(&conference["id"])),
        session_path: format!("/sessions/{}", text(&session["id"])),
        hub,
        owner,
        conference,
        people,
    }
}

impl Hall {
    fn poll(&self, anonymous: bool) -> String {
        let session = self.session_path.trim_start_matches("/sessions/");
        let body = json!({"session_id": session, "title": "Shall we?", "kind": "single", "anonymous": anonymous,
            "options": [{"id": "a", "label": "Yes"}, {"id": "b", "label": "No"}], "change_vote": true});
        let poll = self.hub.post(&format!("{}/polls", self.conference_path), &self.owner, &body).data();
        let path = format!("/polls/{}", text(&poll["id"]));
        assert_eq!(self.hub.post(&format!("{path}/open"), &self.owner, &json!({})).status, 200);
        path
    }

    fn vote(&self, poll: &str, person: usize, option: &str) {
        let voted =
            self.hub.post(&format!("{poll}/vote"), &self.people[person], &json!({"options": [option]}));
        assert!(voted.status < 300, "{}", voted.text);
    }

    fn ask(&self, person: usize) {
        let body = json!({"text": "Who pays?"});
        let asked = self.hub.post(&format!("{}/questions", self.session_path), &self.people[person], &body);
        assert!(asked.status < 300, "{}", asked.text);
    }

    fn of_conference(&self) -> Value {
        self.hub.get(&format!("{}/analytics", self.conference_path), &self.owner).data()
    }

    fn of_session(&self) -> Value {
        self.hub.get(&format!("{}/analytics", self.session_path), &self.owner).data()
    }
}

#[test]
fn what_people_did_is_told_by_days_and_sessions() {
    let hall = hall(6);
    let named = hall.poll(false);
    (0..5).for_each(|person| hall.vote(&named, person, "a"));
    hall.vote(&named, 0, "b");
    hall.ask(5);
    let figures = hall.of_conference();
    assert_eq!((&figures["participants"], &figures["time_zone"]), (&json!(6), &json!("Europe/Berlin")));
    let totals =
        json!({"active": 6, "votes": 6, "questions": 1, "supports": 0, "messages": 0, "reactions": 0});
    assert_eq!((&figures["totals"], &figures["polls"], &figures["ballots"]), (&totals, &json!(1), &json!(5)));
    let days = figures["days"].as_array().unwrap();
    let told: Vec<&Value> = days.iter().filter(|day| !day["figures"].is_null()).collect();
    assert_eq!(told.iter().map(|day| day["figures"]["votes"].as_u64().unwrap()).sum::<u64>(), 6);
    assert_eq!(figures["sessions"][0]["figures"], totals);
    assert_eq!(figures["sessions"][0]["title"], "Opening");
    let session = hall.of_session();
    assert_eq!((&session["totals"], &session["polls"][0]["voters"]), (&totals, &json!(5)));
    let quarters = session["quarters"].as_array().unwrap();
    assert_eq!(quarters.iter().map(|one| one["deeds"].as_u64().unwrap()).sum::<u64>(), 7);
}

#[test]
fn few_people_are_told_as_totals_only_and_secret_ones_as_nobody() {
    let hall = hall(6);
    let secret = hall.poll(true);
    (0..4).for_each(|person| hall.vote(&secret, person, "a"));
    ["b", "a", "b"].iter().for_each(|option| hall.vote(&secret, 0, option));
    let few = hall.of_conference();
    assert_eq!((&few["totals"]["votes"], &few["totals"]["active"]), (&json!(7), &json!(0)));
    assert_eq!((&few["sessions"], &few["together"]["sessions"]), (&json!([]), &json!(1)));
    assert!(few["days"].as_array().unwrap().iter().all(|day| day["figures"].is_null()), "{few}");
    assert_eq!(hall.of_session()["quarters"], json!([]));
    hall.vote(&secret, 4, "a");
    let enough = hall.of_conference();
    assert_eq!(enough["sessions"][0]["figures"]["votes"], 8, "five people voted, whoever they are");
    assert_eq!(enough["together"]["days"], 0);
}

#[test]
fn counting_anew_finds_the_same_by_rest_and_by_command() {
    let hall = hall(2);
    hall.ask(0);
    hall.ask(1);
    let path = format!("{}/analytics/recompute", hall.conference_path);
    let counted = hall.hub.post(&path, &hall.owner, &json!({})).data();
    assert_eq!((&counted["same"], &counted["after"]["questions"]), (&json!(true), &json!(2)));
    let words = ["analytics", "recompute", &text(&hall.conference["id"]), "--tenant", "acme", "--json"];
    let said = printed(&hall.hub.command(&words, ""));
    assert_eq!(said, json!({"same": true, "deeds": {"question": 2}}));
    let again = hall.hub.restart();
    let figures = again.get(&format!("{}/analytics", hall.conference_path), &hall.owner).data();
    assert_eq!(figures["totals"]["questions"], 2, "a kill counts nothing twice");
}

#[test]
fn figures_are_for_those_who_may_see_reports() {
    let hall = hall(1);
    hall.hub.user("acme", "moderator");
    let moderator = hall.hub.log_in("acme", "moderator@acme.example");
    for (path, token, status) in [
        (&hall.conference_path, &moderator, 403),
        (&hall.session_path, &moderator, 403),
        (&hall.conference_path, &hall.people[0], 403),
        (&hall.session_path, &hall.people[0], 403),
    ] {
        assert_eq!(hall.hub.get(&format!("{path}/analytics"), token).status, status, "{path}");
    }
    let recompute = format!("{}/analytics/recompute", hall.conference_path);
    assert_eq!(hall.hub.post(&recompute, &moderator, &json!({})).status, 403);
}
