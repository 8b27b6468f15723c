//! Every route that changes something leaves its entry in the audit log, or is on a list that says why it does not.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::hub::{Hub, PASSWORD, text};
use crate::openapi::operations;

/// Why a route leaves no entry.
const WITHOUT: &[(&str, &[&str])] = &[
    (
        "signs in or out, or asks for a way to: nothing of the tenant changes (sign-ins are listed for their owner)",
        &[
            "POST /auth/login",
            "POST /auth/logout",
            "POST /auth/refresh",
            "POST /auth/join",
            "POST /auth/ticket",
            "POST /auth/invitation",
            "POST /auth/password/forgot",
            "POST /auth/oidc/begin",
            "POST /auth/screens/pair",
            "POST /auth/screens/token",
        ],
    ),
    ("nothing holds until it is confirmed", &["POST /account/second-factor"]),
    (
        "what people do for themselves is in their own activity",
        &["POST /registration", "POST /registration/status"],
    ),
    (
        "scans are a log of their own, each with who scanned",
        &["POST /conferences/{id}/check-ins", "POST /conferences/{id}/check-ins/sync"],
    ),
    (
        "a room's journal and archive have each act with who did it and when",
        &[
            "POST /conferences/{id}/polls",
            "PATCH /polls/{id}",
            "DELETE /polls/{id}",
            "POST /polls/{id}/open",
            "POST /polls/{id}/close",
            "POST /polls/{id}/reopen",
            "POST /polls/{id}/reset",
            "POST /polls/{id}/reveal",
            "POST /polls/{id}/vote",
            "POST /conferences/{id}/questions",
            "POST /sessions/{id}/questions",
            "POST /sessions/{id}/questions/{question}/{act}",
            "POST /sessions/{id}/messages",
            "POST /sessions/{id}/open",
            "POST /sessions/{id}/start",
            "POST /sessions/{id}/pause",
            "POST /sessions/{id}/end",
        ],
    ),
    (
        "needs a provider or a mail, which the tests of these have: the store's function takes the entry",
        &[
            "PUT /tenant/sign-in",
            "DELETE /tenant/sign-in",
            "POST /auth/oidc/finish",
            "POST /auth/invitation/accept",
            "POST /auth/password/reset",
        ],
    ),
];

/// A hub, and the routes that were tried so far.
struct Walk {
    hub: Hub,
    owner: String,
    tried: RefCell<BTreeSet<String>>,
}

impl Walk {
    fn start() -> Self {
        let hub = Hub::start();
        let owner = hub.tenant("acme");
        Self { hub, owner, tried: RefCell::default() }
    }

    fn count(&self, action: &str) -> usize {
        let found = self.hub.get(&format!("/audit?per_page=100&action={action}"), &self.owner).data();
        found.as_array().map(Vec::len).expect("it is a list")
    }

    /// Does what a route does, and looks for the one entry that it leaves. The route is the path with its ids left out.
    fn leaves(&self, action: &str, method: &str, (route, ids): (&str, &[&str]), body: Value) -> Value {
        let before = self.count(action);
        let done = self.call(method, (route, ids), &self.owner, body);
        assert_eq!(self.count(action), before + 1, "{method} {route} leaves {action}");
        done
    }

    fn call(&self, method: &str, (route, ids): (&str, &[&str]), token: &str, body: Value) -> Value {
        let mut ids = ids.iter().copied();
        let filled: Vec<&str> = route
            .split('/')
            .map(|part| if part.starts_with('{') { ids.next().expect("each id is given") } else { part })
            .collect();
        let body = Some(body).filter(|body| !body.is_null());
        let reply = self.hub.call(method, &filled.join("/"), token, body.as_ref());
        assert!(reply.status < 300, "{method} {route}: {}", reply.text);
        self.tried.borrow_mut().insert(format!("{method} {route}"));
        reply.data()
    }

    fn make(&self, action: &str, route: &str, ids: &[&str], body: Value) -> String {
        text(&self.leaves(action, "POST", (route, ids), body)["id"])
    }
}

#[test]
fn every_route_that_changes_something_leaves_its_entry_or_is_excused() {
    let walk = Walk::start();
    let conference = of_conferences(&walk);
    let session = of_sessions(&walk, &conference);
    of_places_and_people(&walk, &conference, &session);
    of_participants(&walk, &conference, &session);
    of_screens(&walk, &conference, &session);
    of_rights(&walk, &conference);
    of_accounts(&walk);
    of_the_tenant(&walk);
    let spec = walk.hub.request("GET", "/api/v1/openapi.json", &[], b"").json();
    let changing = operations(&spec).into_iter().filter(|(method, _, _)| *method != "GET");
    let changing: BTreeSet<String> = changing.map(|(method, path, _)| format!("{method} {path}")).collect();
    let excused: BTreeSet<String> =
        WITHOUT.iter().flat_map(|(_, routes)| routes.iter()).map(|route| (*route).to_owned()).collect();
    let tried = walk.tried.borrow();
    assert_eq!(
        tried.intersection(&excused).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "excused for nothing"
    );
    let known: BTreeSet<String> = tried.union(&excused).cloned().collect();
    assert_eq!(known, changing, "each route is tried, or excused by name");
}

fn of_conferences(walk: &Walk) -> String {
    let new = |title: &str| {
        json!({"title": title, "time_zone": "Europe/Berlin", "starts_on": "2026-11-22",
            "ends_on": "2026-11-24", "series": "Days"})
    };
    let conference = walk.make("conference.made", "/conferences", &[], new("Harbour Days"));
    let id: &[&str] = &[&conference];
    walk.leaves("conference.changed", "PATCH", ("/conferences/{id}", id), json!({"title": "Nights"}));
    walk.leaves(
        "conference.moved",
        "PATCH",
        ("/conferences/{id}/status", id),
        json!({"status": "published"}),
    );
    walk.leaves("conference.code_renewed", "POST", ("/conferences/{id}/join-code", id), json!({}));
    let again = json!({"title": "Again", "starts_on": "2027-11-22"});
    let clone = walk.make("conference.cloned", "/conferences/{id}/clone", id, again);
    walk.leaves("conference.deleted", "DELETE", ("/conferences/{id}", &[&clone]), Value::Null);
    let days = json!({"days": [{"date": "2026-11-22"}]});
    walk.leaves("programme.days_set", "PUT", ("/conferences/{id}/programs", id), days);
    let recompute = ("/conferences/{id}/analytics/recompute", id);
    walk.leaves("analytics.recomputed", "POST", recompute, json!({}));
    let form = json!({"open": true, "fields": [], "consents": []});
    walk.leaves("registration.configured", "PUT", ("/conferences/{id}/registration", id), form);
    conference
}

/// Two sessions: the rooms of the one that is answered are open, those of the other are not.
fn of_sessions(walk: &Walk, conference: &str) -> String {
    let new = |published: bool| {
        json!({"title": "Opening", "starts_at": "2026-11-22T09:00:00Z", "ends_at": "2026-11-22T10:00:00Z",
            "hall": "Main", "published": published})
    };
    let route = "/conferences/{id}/sessions";
    let open = walk.make("session.made", route, &[conference], new(true));
    let closed = walk.make("session.made", route, &[conference], new(false));
    for session in [&open, &closed] {
        let at: (&str, &[&str]) = ("/sessions/{id}", &[session]);
        walk.leaves("session.changed", "PATCH", at, json!({"title": "At the quay"}));
        walk.leaves("session.changed", "PATCH", at, json!({"track": "Main"}));
        let text: (&str, &[&str]) = ("/sessions/{id}/texts/{language}", &[session, "ar"]);
        walk.leaves("session.text_saved", "PUT", text, json!({"title": "x"}));
        walk.leaves("session.text_removed", "DELETE", text, Value::Null);
    }
    let both = json!({"title": "On the pier", "subtitle": "And back"});
    let before = walk.count("session.changed");
    walk.call("PATCH", ("/sessions/{id}", &[&open]), &walk.owner, both);
    assert_eq!(
        walk.count("session.changed"),
        before + 2,
        "one with the details, one with what the room was told"
    );
    walk.leaves("session.delayed", "POST", ("/sessions/{id}/delay", &[&open]), json!({"minutes": 15}));
    walk.leaves("session.delayed", "POST", ("/sessions/{id}/delay", &[&closed]), json!({"minutes": 15}));
    walk.leaves("session.deleted", "DELETE", ("/sessions/{id}", &[&closed]), Value::Null);
    open
}

fn of_places_and_people(walk: &Walk, conference: &str, session: &str) {
    for (kind, list, new) in [
        ("venue", "venues", json!({"name": "Quay", "kind": "physical"})),
        ("hall", "halls", json!({"name": "Deck"})),
    ] {
        let made =
            walk.make(&format!("{kind}.made"), &format!("/conferences/{{id}}/{list}"), &[conference], new);
        let route = format!("/{list}/{{id}}");
        let changed = json!({"name": "Pier"});
        walk.leaves(&format!("{kind}.changed"), "PATCH", (&route, &[&made]), changed);
        walk.leaves(&format!("{kind}.deleted"), "DELETE", (&route, &[&made]), Value::Null);
    }
    let noor = walk.make("person.made", "/conferences/{id}/people", &[conference], json!({"name": "Noor"}));
    walk.leaves("person.changed", "PATCH", ("/people/{id}", &[&noor]), json!({"name": "Noor A."}));
    let part: (&str, &[&str]) = ("/sessions/{id}/speakers", &[session]);
    walk.leaves("session.speaker_added", "POST", part, json!({"person_id": noor}));
    let new = walk.count("person.made");
    walk.leaves("session.speaker_added", "POST", part, json!({"name": "Ada"}));
    assert_eq!(walk.count("person.made"), new + 1, "someone new is an entry of its own");
    let part: (&str, &[&str]) = ("/sessions/{id}/speakers/{person}", &[session, &noor]);
    walk.leaves("session.speaker_changed", "PATCH", part, json!({"role": "chair"}));
    walk.leaves("session.speaker_removed", "DELETE", part, Value::Null);
}

fn of_participants(walk: &Walk, conference: &str, session: &str) {
    let added = json!({"name": "Sam", "email": "sam@x.example", "answers": {}});
    let sam = walk.make("participant.added", "/conferences/{id}/participants", &[conference], added);
    let id: &[&str] = &[&sam];
    walk.leaves("participant.changed", "PATCH", ("/participants/{id}", id), json!({"name": "Samira"}));
    let roles = json!({"roles": ["attendee", "moderator"]});
    walk.leaves("participant.roles", "PATCH", ("/participants/{id}/roles", id), roles);
    let list = json!({"csv": "name,email\nA,a@x.example\n"});
    let import = ("/conferences/{id}/participants/import", [conference]);
    walk.leaves("participants.imported", "POST", (import.0, &import.1), list);
    // Nobody has written to whoever came by a list.
    let everyone = walk.hub.get(&format!("/conferences/{conference}/participants"), &walk.owner).data();
    let listed = everyone.as_array().into_iter().flatten().find(|one| one["email"] == "a@x.example");
    let listed = text(&listed.expect("the list was imported")["id"]);
    let letters = ("/participants/{id}/letters", [&*listed]);
    walk.leaves("registration.letter_asked", "POST", (letters.0, &letters.1), json!({}));
    walk.leaves("seat.given", "POST", ("/sessions/{id}/seats", &[session]), json!({"participant_id": sam}));
    let seat: (&str, &[&str]) = ("/sessions/{id}/seats/{participant}", &[session, &sam]);
    walk.leaves("seat.taken_back", "DELETE", seat, Value::Null);
    walk.leaves(
        "registration.moved",
        "PATCH",
        ("/participants/{id}/status", id),
        json!({"status": "cancelled"}),
    );
    let code = walk.hub.get(&format!("/conferences/{conference}"), &walk.owner).data()["join_code"].clone();
    let register =
        json!({"code": code, "name": "Noor", "email": "noor@x.example", "answers": {}, "consents": []});
    let receipt = walk.hub.post("/registration", "", &register).data()["receipt"].clone();
    walk.leaves("registration.cancelled", "POST", ("/registration/cancel", &[]), json!({"receipt": receipt}));
}

fn of_screens(walk: &Walk, conference: &str, session: &str) {
    let offer = walk.hub.post("/auth/screens/pair", "", &json!({})).data();
    let pair = json!({"pairing_code": offer["pairing_code"]});
    let screen = walk.make("screen.paired", "/conferences/{id}/screens", &[conference], pair);
    walk.leaves("screen.placed", "PATCH", ("/screens/{id}", &[&screen]), json!({"session_id": session}));
    walk.leaves("screen.removed", "DELETE", ("/screens/{id}", &[&screen]), Value::Null);
}

fn of_rights(walk: &Walk, conference: &str) {
    let role = walk.make("role.made", "/roles", &[], json!({"name": "Door", "actions": ["rooms.watch"]}));
    let changed = json!({"name": "Doors", "actions": ["rooms.watch"]});
    walk.leaves("role.changed", "PUT", ("/roles/{id}", &[&role]), changed);
    walk.hub.user("acme", "organiser");
    let organiser = walk.hub.log_in("acme", "organiser@acme.example");
    let user = text(&walk.hub.get("/participants/me", &organiser).data()["id"]);
    let grant = json!({"role": "moderator", "conference_id": conference});
    let grant = walk.make("grant.given", "/users/{id}/grants", &[&user], grant);
    walk.leaves("grant.taken", "DELETE", ("/users/{id}/grants/{grant}", &[&user, &grant]), Value::Null);
    walk.leaves("role.removed", "DELETE", ("/roles/{id}", &[&role]), Value::Null);
    walk.leaves("user.changed", "PATCH", ("/users/{id}", &[&user]), json!({"name": "Mona"}));
    let factor = walk.hub.post("/account/second-factor", &organiser, &json!({})).data();
    let otp = json!({"otp": crate::accounts::code(&text(&factor["secret"]))});
    walk.hub.post("/account/second-factor/confirm", &organiser, &otp).data();
    walk.leaves("second_factor.taken", "DELETE", ("/users/{id}/second-factor", &[&user]), Value::Null);
    walk.leaves("session.all_ended", "DELETE", ("/users/{id}/sessions", &[&user]), Value::Null);
    let invite = json!({"email": "x@example.org", "roles": ["organiser"]});
    let invitation = walk.make("invitation.made", "/invitations", &[], invite);
    let again = ("/invitations/{id}/resend", [invitation.as_str()]);
    walk.leaves("invitation.sent_again", "POST", (again.0, &again.1), json!({}));
    walk.leaves("invitation.taken_back", "DELETE", ("/invitations/{id}", &[&invitation]), Value::Null);
}

fn of_accounts(walk: &Walk) {
    let new = json!({"name": "x", "scopes": ["watch"]});
    let token = walk.leaves("token.made", "POST", ("/account/tokens", &[]), new);
    let id = text(&token["about"]["id"]);
    walk.leaves("token.revoked", "DELETE", ("/account/tokens/{id}", &[&id]), Value::Null);
    walk.hub.log_in("acme", "owner@acme.example");
    let sign_ins = walk.hub.get("/account/sessions", &walk.owner).data();
    let other = sign_ins.as_array().and_then(|all| all.iter().find(|one| one["current"] == false));
    let other = text(&other.expect("there are two")["id"]);
    walk.leaves("session.ended", "DELETE", ("/account/sessions/{id}", &[&other]), Value::Null);
    let factor = walk.hub.post("/account/second-factor", &walk.owner, &json!({})).data();
    let otp = json!({"otp": crate::accounts::code(&text(&factor["secret"]))});
    let confirm = ("/account/second-factor/confirm", [].as_slice());
    let codes = walk.leaves("second_factor.confirmed", "POST", confirm, otp);
    let gone = json!({"otp": codes["recovery_codes"][0]});
    walk.leaves("second_factor.removed", "POST", ("/account/second-factor/remove", &[]), gone);
    let password = json!({"current": PASSWORD, "new": "a better horse battery"});
    walk.leaves("password.changed", "POST", ("/account/password", &[]), password);
}

fn of_the_tenant(walk: &Walk) {
    walk.leaves("tenant.renamed", "PATCH", ("/tenant", &[]), json!({"name": "Acme & Sons"}));
    let look = json!({"background": "#ffffff", "text": "#222222", "primary": "#7a1f5c"});
    let first = walk.leaves("tenant.settings", "PUT", ("/tenant/branding", &[]), look);
    walk.leaves("tenant.settings", "DELETE", ("/tenant/branding", &[]), Value::Null);
    let features = json!({"features": {"chat": false}});
    walk.leaves("tenant.settings", "PATCH", ("/tenant/features", &[]), features);
    walk.leaves("tenant.settings", "PUT", ("/tenant/settings", &[]), json!({"time_zone": "Asia/Riyadh"}));
    let back = json!({"version": first["version"]});
    walk.leaves("tenant.settings", "POST", ("/tenant/settings/restore", &[]), back);
    walk.leaves("tenant.logo", "PUT", ("/tenant/logo", &[]), json!({"data": "iVBORw0KGgoAAAA="}));
    walk.leaves("tenant.logo_removed", "DELETE", ("/tenant/logo", &[]), Value::Null);
    // A tenant that is closed shows no log: it is read when the tenant is back.
    let before = ["tenant.deleted", "tenant.kept", "tenant.changed"].map(|action| walk.count(action));
    walk.call("POST", ("/tenant/delete", &[]), &walk.owner, json!({"confirm": "acme"}));
    walk.call("POST", ("/tenant/keep", &[]), &walk.owner, json!({}));
    let operator = std::fs::read_to_string(walk.hub.folder.path().join("data/operator.token")).unwrap();
    let id = text(&walk.hub.get("/tenant", &walk.owner).data()["id"]);
    let tenant: (&str, &[&str]) = ("/operator/tenants/{id}", &[&id]);
    walk.call("DELETE", tenant, &operator, Value::Null);
    walk.call("PATCH", tenant, &operator, json!({"status": "active"}));
    let after = ["tenant.deleted", "tenant.kept", "tenant.changed"].map(|action| walk.count(action));
    assert_eq!(after, [before[0] + 2, before[1] + 1, before[2] + 1]);
    let new = json!({"slug": "beta", "name": "Beta"});
    walk.call("POST", ("/operator/tenants", &[]), &operator, new);
    walk.hub.user("beta", "owner");
    let owner = walk.hub.log_in("beta", "owner@beta.example");
    let log = walk.hub.get("/audit?action=tenant.made", &owner).data();
    assert_eq!(log.as_array().map(Vec::len), Some(1), "{log}");
}
