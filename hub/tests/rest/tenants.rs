//! Nothing of another tenant is ever visible: a foreign id is answered as a missing one.

use serde_json::{Value, json};

use crate::hub::{Hub, text};
use crate::openapi::{example_body, operations};

/// One thing of each sort, and the paths that lead to it.
struct Things {
    conference: String,
    session: String,
    poll: String,
    question: String,
    screen: String,
    user: String,
    grant: String,
    role: String,
    participant: String,
    invitation: String,
    token: String,
    sign_in: String,
    venue: String,
    hall: String,
    person: String,
}

fn things(hub: &Hub, owner: &str) -> Things {
    let (conference, session) = hub.conference(owner);
    let (conference_id, session_id) = (text(&conference["id"]), text(&session["id"]));
    let poll = json!({"session_id": session_id, "title": "x", "kind": "open"});
    let poll = hub.post(&format!("/conferences/{conference_id}/polls"), owner, &poll).data();
    let question =
        hub.post(&format!("/sessions/{session_id}/questions"), owner, &json!({"text": "x"})).data();
    let offer = hub.post("/auth/screens/pair", "", &json!({})).data();
    let pair = json!({"pairing_code": offer["pairing_code"]});
    let screen = hub.post(&format!("/conferences/{conference_id}/screens"), owner, &pair).data();
    let (poll, question, screen) = (text(&poll["id"]), text(&question["id"]), text(&screen["id"]));
    let participant = text(&hub.join(&conference)["participant"]["id"]);
    let user = text(&hub.get("/participants/me", owner).data()["id"]);
    let role = hub.post("/roles", owner, &json!({"name": "x", "actions": ["rooms.watch"]})).data();
    let grant = hub.post(&format!("/users/{user}/grants"), owner, &json!({"role_id": role["id"]})).data();
    let (grant, role) = (text(&grant["id"]), text(&role["id"]));
    let invite = json!({"email": "x@example.org", "roles": ["organiser"]});
    let invitation = text(&hub.post("/invitations", owner, &invite).data()["id"]);
    let token = json!({"name": "x", "scopes": ["watch"]});
    let token = text(&hub.post("/account/tokens", owner, &token).data()["about"]["id"]);
    let sign_in = text(&hub.get("/account/sessions", owner).data()[0]["id"]);
    let made = |of: &str, body: &Value| {
        text(&hub.post(&format!("/conferences/{conference_id}/{of}"), owner, body).data()["id"])
    };
    let venue = made("venues", &json!({"name": "x", "kind": "physical"}));
    let (hall, person) = (made("halls", &json!({"name": "x"})), made("people", &json!({"name": "x"})));
    Things {
        invitation,
        token,
        sign_in,
        venue,
        hall,
        person,
        conference: conference_id,
        session: session_id,
        poll,
        question,
        screen,
        user,
        grant,
        role,
        participant,
    }
}

/// The path with one id in the place of all its names.
fn with_id(path: &str, id: &str) -> String {
    let names = ["{id}", "{question}", "{grant}", "{person}", "{participant}"];
    names.iter().fold(path.replace("{act}", "approve").replace("{language}", "ar"), |path, name| {
        path.replace(name, id)
    })
}

impl Things {
    /// The path with this tenant's ids in the places of its names.
    fn fill(&self, path: &str) -> String {
        let names: Vec<&str> = path.split('/').skip(1).collect();
        let id = match names[0] {
            "conferences" => &self.conference,
            "sessions" => &self.session,
            "polls" => &self.poll,
            "screens" => &self.screen,
            "users" => &self.user,
            "roles" => &self.role,
            "participants" => &self.participant,
            "invitations" => &self.invitation,
            "account" if names[1] == "tokens" => &self.token,
            "account" if names[1] == "sessions" => &self.sign_in,
            "venues" => &self.venue,
            "halls" => &self.hall,
            "people" => &self.person,
            other => panic!("this test does not know what the id in /{other}/{{id}} is of"),
        };
        let path = path.replace("{id}", id).replace("{act}", "approve");
        let path = path.replace("{question}", &self.question).replace("{grant}", &self.grant);
        let path = path.replace("{person}", &self.person).replace("{participant}", &self.participant);
        path.replace("{language}", "ar")
    }
}

#[test]
fn a_foreign_id_is_answered_as_a_missing_one_by_every_route() {
    let hub = Hub::start();
    let (acme, other) = (hub.tenant("acme"), hub.tenant("other"));
    let theirs = things(&hub, &other);
    let nowhere = "01H5XNDY7S3C9QRG8T4V2M6B0F";
    let spec = hub.request("GET", "/api/v1/openapi.json", &[], b"").json();
    let mut tried = 0;
    let with_ids = operations(&spec).into_iter().filter(|(_, path, _)| path.contains('{'));
    let (known, open): (Vec<_>, Vec<_>) =
        with_ids.partition(|(.., operation)| operation["security"][0]["token"].is_array());
    for (_, path, operation) in open {
        let is_operators = operation["security"][0]["operator"].is_array();
        assert!(is_operators || path == "/logos/{hash}", "{path} asks for no token");
    }
    for (method, path, operation) in known {
        let body = example_body(&spec, operation);
        let foreign = hub.call(method, &theirs.fill(path), &acme, body.as_ref());
        let missing = hub.call(method, &with_id(path, nowhere), &acme, body.as_ref());
        let said = |reply: &crate::hub::Reply| {
            let error = reply.json()["error"].clone();
            (reply.status, error["code"].clone(), error["message"].to_string().replace(nowhere, "ID"))
        };
        assert_eq!(foreign.status, 404, "{method} {path}: {}", foreign.text);
        assert_eq!(said(&foreign).0, said(&missing).0, "{method} {path}");
        assert_eq!(said(&foreign).1, said(&missing).1, "{method} {path}");
        assert_eq!(said(&foreign).2, said(&missing).2, "{method} {path}");
        tried += 1;
    }
    assert!(tried > 20, "{tried} routes were tried");
}

#[test]
fn lists_hold_nothing_of_another_tenant() {
    let hub = Hub::start();
    let (acme, other) = (hub.tenant("acme"), hub.tenant("other"));
    things(&hub, &other);
    assert_eq!(hub.get("/conferences", &acme).data(), json!([]));
}

#[test]
fn tenants_that_disagree_are_refused() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.tenant("other");
    let bearer = format!("Bearer {owner}");
    let named = |name: &str, value: &str| {
        hub.request("GET", "/api/v1/conferences", &[("authorization", bearer.as_str()), (name, value)], b"")
    };
    assert_eq!(named("x-tenant-id", "acme").status, 200);
    assert_eq!(named("host", "acme.localhost").status, 200);
    for (name, value) in [("x-tenant-id", "other"), ("x-tenant-id", "nobody"), ("host", "other.localhost")] {
        let reply = named(name, value);
        assert_eq!((reply.status, reply.code().as_str()), (403, "TENANT_MISMATCH"), "{name}: {value}");
    }
}

#[test]
fn a_join_code_leads_to_its_own_tenant_only() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.tenant("other");
    let (conference, _) = hub.conference(&owner);
    let body = json!({"code": conference["join_code"]}).to_string();
    let join = |tenant: &str| {
        let headers = [("content-type", "application/json"), ("x-tenant-id", tenant)];
        hub.request("POST", "/api/v1/auth/join", &headers, body.as_bytes())
    };
    assert_eq!(join("acme").status, 200);
    assert_eq!(join("other").code(), "TENANT_MISMATCH");
}

#[test]
fn a_login_without_a_tenant_works_for_an_address_of_one_tenant() {
    let hub = Hub::start();
    hub.tenant("acme");
    hub.tenant("other");
    for tenant in ["acme", "other"] {
        let words = [
            "user",
            "create",
            "--tenant",
            tenant,
            "--email",
            "both@x.example",
            "--role",
            "chair",
            "--password-stdin",
        ];
        assert!(hub.command(&words, crate::hub::PASSWORD).status.success());
    }
    let log_in = |email: &str| {
        hub.post("/auth/login", "", &json!({"email": email, "password": crate::hub::PASSWORD})).status
    };
    assert_eq!(log_in("owner@acme.example"), 200);
    assert_eq!(log_in("both@x.example"), 401, "which of the two is not guessed");
    assert!(!hub.log_in("other", "both@x.example").is_empty());
    let stranger: Value = json!({"email": "owner@acme.example", "password": crate::hub::PASSWORD});
    let headers = [("content-type", "application/json"), ("x-tenant-id", "nobody")];
    let reply = hub.request("POST", "/api/v1/auth/login", &headers, stranger.to_string().as_bytes());
    assert_eq!(reply.code(), "INVALID_CREDENTIALS");
}
