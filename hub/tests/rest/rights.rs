//! Rights: grants, roles of the tenant's own, the reasons, the audit log, and that changes hold at once.

use serde_json::{Value, json};

use crate::hub::{Hub, Reply, failure, printed, text, wait_until};

struct People {
    hub: Hub,
    owner: String,
    /// The id of an account without roles, and its token.
    mona: String,
    token: String,
    conference: String,
    session: String,
}

/// A tenant with an owner, a conference, and someone who holds nothing yet.
fn people() -> People {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.user("acme", "speaker");
    let token = hub.log_in("acme", "speaker@acme.example");
    let mona = text(&hub.get("/participants/me", &token).data()["id"]);
    let none = json!({"roles": [], "name": "Mona"});
    assert_eq!(hub.call("PATCH", &format!("/users/{mona}"), &owner, Some(&none)).status, 200);
    let (conference, session) = hub.conference(&owner);
    let (conference, session) = (text(&conference["id"]), text(&session["id"]));
    People { hub, owner, mona, token, conference, session }
}

impl People {
    fn grant(&self, body: &Value) -> Reply {
        self.hub.post(&format!("/users/{}/grants", self.mona), &self.owner, body)
    }

    fn start_session(&self) -> Reply {
        self.hub.post(&format!("/sessions/{}/start", self.session), &self.token, &json!({}))
    }

    fn why(&self, action: &str) -> Value {
        let path = format!("/users/{}/rights?conference_id={}&action={action}", self.mona, self.conference);
        self.hub.get(&path, &self.owner).data()["actions"][0].clone()
    }
}

#[test]
fn a_role_in_one_conference_holds_there_at_once_and_nowhere_else() {
    let people = people();
    let path = format!("/conferences/{}", people.conference);
    assert_eq!(people.hub.get(&path, &people.token).status, 404, "who holds nothing sees nothing");
    assert_eq!(people.hub.get("/conferences", &people.token).data(), json!([]));
    let granted = people.grant(&json!({"role": "moderator", "conference_id": people.conference}));
    assert_eq!(granted.status, 201, "{}", granted.text);
    assert_eq!(people.hub.get(&path, &people.token).status, 200);
    assert_eq!(people.hub.get("/conferences", &people.token).data().as_array().map(Vec::len), Some(1));
    assert_eq!(people.start_session().status, 200);
    let (other, _) = people.hub.conference(&people.owner);
    assert_eq!(people.hub.get(&format!("/conferences/{}", text(&other["id"])), &people.token).status, 404);
    let change = json!({"title": "Mine"});
    assert_eq!(people.hub.call("PATCH", &path, &people.token, Some(&change)).code(), "FORBIDDEN");
    let me = people.hub.get("/participants/me", &people.token).data();
    assert_eq!((&me["roles"], &me["elsewhere"][0]["roles"]), (&json!([]), &json!(["moderator"])));
    let gone = format!("/users/{}/grants/{}", people.mona, text(&granted.data()["id"]));
    assert_eq!(people.hub.call("DELETE", &gone, &people.owner, None).status, 200);
    assert_eq!(people.start_session().status, 404);
}

#[test]
fn why_she_may_is_answered_by_one_call() {
    let people = people();
    let denied = people.why("rooms.moderate");
    assert_eq!((&denied["allowed"], &denied["because"]), (&json!(false), &Value::Null));
    let granted = people.grant(&json!({"role": "chair", "conference_id": people.conference})).data();
    let because = people.why("rooms.moderate")["because"].clone();
    assert_eq!((&because["role"], &because["grant_id"]), (&json!("chair"), &granted["id"]));
    assert_eq!(because["conference_id"], json!(people.conference));
    let owner = people.hub.get("/participants/me", &people.owner).data();
    assert_eq!(because["granted_by"], owner["id"]);
    let all = people.hub.get(&format!("/users/{}/rights", text(&owner["id"])), &people.owner).data();
    let allowed = all["actions"].as_array().unwrap().iter().filter(|one| one["allowed"] == true).count();
    assert_eq!((allowed, all["actions"].as_array().map(Vec::len)), (14, Some(14)));
    assert_eq!(
        people.hub.get("/roles", &people.token).data()[0]["actions"].as_array().map(Vec::len),
        Some(14)
    );
}

#[test]
fn a_role_of_the_tenants_own_allows_what_it_says_and_changes_for_all_who_hold_it() {
    let people = people();
    let body = json!({"name": "Door", "actions": ["rooms.watch", "participants.see"]});
    let role = people.hub.post("/roles", &people.owner, &body);
    assert_eq!((role.status, role.header("etag")), (201, "\"1\""));
    let path = format!("/roles/{}", text(&role.data()["id"]));
    let grant = json!({"role_id": role.data()["id"], "conference_id": people.conference});
    assert_eq!(people.grant(&grant).status, 201);
    assert_eq!(people.grant(&grant).code(), "TAKEN");
    let list = format!("/conferences/{}/participants", people.conference);
    assert_eq!(people.hub.get(&list, &people.token).status, 200);
    assert_eq!(people.start_session().code(), "FORBIDDEN");
    let more = json!({"name": "Door", "actions": ["rooms.watch", "rooms.moderate"]});
    assert_eq!(people.hub.call("PUT", &path, &people.owner, Some(&more)).status, 200);
    assert_eq!(people.start_session().status, 200);
    assert_eq!(people.hub.get(&list, &people.token).code(), "FORBIDDEN");
    let bearer = format!("Bearer {}", people.owner);
    let headers =
        [("authorization", bearer.as_str()), ("if-match", "\"1\""), ("content-type", "application/json")];
    let late = people.hub.request("PUT", &format!("/api/v1{path}"), &headers, body.to_string().as_bytes());
    assert_eq!((late.status, late.code().as_str()), (412, "VERSION_MISMATCH"));
    assert_eq!(people.hub.call("DELETE", &path, &people.owner, None).status, 200);
    assert_eq!(people.start_session().status, 404);
}

#[test]
fn nobody_gives_or_takes_what_they_may_not_do() {
    let people = people();
    people.hub.user("acme", "admin");
    people.hub.user("acme", "organiser");
    let (admin, organiser) = (
        people.hub.log_in("acme", "admin@acme.example"),
        people.hub.log_in("acme", "organiser@acme.example"),
    );
    let path = format!("/users/{}", people.mona);
    let owner = json!({"roles": ["owner"]});
    let refused = people.hub.call("PATCH", &path, &admin, Some(&owner));
    assert_eq!((refused.status, refused.code().as_str()), (403, "FORBIDDEN"));
    assert_eq!(refused.json()["error"]["details"]["lacking"], json!(["tenant.own"]));
    assert_eq!(people.hub.call("PATCH", &path, &organiser, Some(&json!({"name": "x"}))).status, 403);
    let rule = json!({"name": "Rulers", "actions": ["tenant.own"]});
    assert_eq!(people.hub.post("/roles", &admin, &rule).status, 403);
    let grants = format!("{path}/grants");
    let moderator = json!({"role": "moderator", "conference_id": people.conference});
    assert_eq!(people.hub.post(&grants, &organiser, &moderator).status, 201, "whoever organises appoints");
    let me = text(&people.hub.get("/participants/me", &people.owner).data()["id"]);
    let down =
        people.hub.call("PATCH", &format!("/users/{me}"), &people.owner, Some(&json!({"roles": ["admin"]})));
    assert_eq!((down.status, down.code().as_str()), (409, "LAST_OWNER"));
    assert_eq!(people.hub.call("PATCH", &path, &people.owner, Some(&owner)).status, 200);
    let off = json!({"disabled": true});
    assert_eq!(people.hub.call("PATCH", &format!("/users/{me}"), &people.token, Some(&off)).status, 200);
    assert_eq!(
        people.hub.get("/participants/me", &people.owner).status,
        401,
        "a disabled account is signed out"
    );
}

#[test]
fn every_change_of_rights_is_in_the_audit_log() {
    let people = people();
    let grant = people.grant(&json!({"role": "moderator", "conference_id": people.conference})).data();
    let gone = format!("/users/{}/grants/{}", people.mona, text(&grant["id"]));
    people.hub.call("DELETE", &gone, &people.owner, None);
    let path = format!("/audit?subject_id={}&per_page=2", people.mona);
    let first = people.hub.get(&path, &people.owner);
    let actions = |reply: &Reply| {
        let entries = reply.data();
        entries.as_array().unwrap().iter().map(|one| text(&one["action"])).collect::<Vec<_>>()
    };
    assert_eq!(actions(&first), ["grant.taken", "grant.given"]);
    assert_eq!(first.data()[0]["actor_name"], "owner");
    let cursor = text(&first.json()["meta"]["cursor"]["next"]);
    let rest = people.hub.get(&format!("{path}&cursor={cursor}"), &people.owner);
    assert_eq!(actions(&rest), ["user.changed", "user.made"]);
    assert_eq!(rest.json()["meta"]["cursor"]["next"], Value::Null);
    assert_eq!(people.hub.get("/audit", &people.token).status, 403);
}

#[test]
fn a_participant_with_another_role_comes_back_with_it() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let joined = hub.join(&conference);
    let token = text(&joined["access_token"]);
    let start = format!("/sessions/{}/start", text(&session["id"]));
    assert_eq!(hub.post(&start, &token, &json!({})).status, 403);
    let path = format!("/participants/{}/roles", text(&joined["participant"]["id"]));
    let roles = json!({"roles": ["attendee", "moderator"]});
    assert_eq!(hub.call("PATCH", &path, &token, Some(&roles)).status, 403);
    assert_eq!(
        hub.call("PATCH", &path, &owner, Some(&roles)).data()["roles"],
        json!(["moderator", "attendee"])
    );
    assert_eq!(hub.post(&start, &token, &json!({})).code(), "TOKEN_EXPIRED");
    let renewed = hub.post("/auth/refresh", "", &json!({"refresh_token": joined["refresh_token"]})).data();
    assert_eq!(hub.post(&start, &text(&renewed["access_token"]), &json!({})).status, 200);
}

#[test]
fn of_two_edits_from_one_version_the_second_is_refused() {
    let people = people();
    let path = format!("/users/{}", people.mona);
    let tag = people.hub.get(&path, &people.owner).header("etag").to_owned();
    let bearer = format!("Bearer {}", people.owner);
    let edit = |name: &str| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-match", tag.as_str()),
            ("content-type", "application/json"),
        ];
        people.hub.request(
            "PATCH",
            &format!("/api/v1{path}"),
            &headers,
            json!({"name": name}).to_string().as_bytes(),
        )
    };
    assert_eq!(edit("First").status, 200);
    assert_eq!(edit("Second").code(), "VERSION_MISMATCH");
    assert_eq!(people.hub.get(&path, &people.owner).data()["name"], "First");
    let found = people.hub.get("/users?search=FIR&sort=-name&role=owner", &people.owner);
    assert_eq!(found.data(), json!([]));
    assert_eq!(people.hub.get("/users?search=FIR", &people.owner).json()["meta"]["pagination"]["total"], 1);
}

#[test]
fn the_command_line_gives_and_takes_roles_under_a_running_hub() {
    let people = people();
    let who = ["--tenant", "acme", "--user", "speaker@acme.example", "--json"];
    let run = |words: &[&str]| people.hub.command(&[words, &who].concat(), "");
    let moderator = ["--role", "moderator", "--conference", &people.conference];
    let given = printed(&run(&[&["grant", "give"], &moderator[..]].concat()));
    assert_eq!(
        (&given[0]["role"], &given[0]["conference"]),
        (&json!("moderator"), &json!(people.conference))
    );
    let answers = |status| {
        wait_until("the hub hears of it", || (people.start_session().status == status).then_some(()));
    };
    answers(200);
    assert!(failure(&run(&[&["grant", "give"], &moderator[..]].concat())).contains("holds it already"));
    assert!(failure(&run(&["grant", "give", "--role", "moderator"])).contains("--conference"));
    assert!(failure(&run(&["grant", "give", "--role", "king"])).contains("--role"));
    assert_eq!(printed(&run(&["grant", "list"])), given);
    assert_eq!(printed(&run(&[&["grant", "take"], &moderator[..]].concat())), json!([]));
    answers(404);
    let audit = people.hub.get(&format!("/audit?subject_id={}", people.mona), &people.owner).data();
    assert_eq!((&audit[0]["action"], &audit[0]["actor_name"]), (&json!("grant.taken"), &json!("operator")));
}
