//! A tenant's settings, look, features, limits and end; and who runs the installation.

use serde_json::{Value, json};

use crate::hub::{Hub, Reply, text, wait_until};

fn operator(hub: &Hub) -> String {
    std::fs::read_to_string(hub.folder.path().join("data/operator.token")).unwrap()
}

fn tenant_id(hub: &Hub, owner: &str) -> String {
    text(&hub.get("/tenant", owner).data()["id"])
}

fn operate(hub: &Hub, owner: &str, body: &Value) -> Reply {
    hub.call("PATCH", &format!("/operator/tenants/{}", tenant_id(hub, owner)), &operator(hub), Some(body))
}

#[test]
fn an_operator_makes_books_suspends_and_deletes_tenants() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let run = operator(&hub);
    let new = json!({"slug": "beta", "name": "Beta", "tier": "pro"});
    assert_eq!(hub.post("/operator/tenants", &owner, &new).status, 401);
    let made = hub.post("/operator/tenants", &run, &new).data();
    assert_eq!((&made["tier"], &made["status"]), (&json!("pro"), &json!("active")));
    assert_eq!(hub.post("/operator/tenants", &run, &new).code(), "TAKEN");
    assert_eq!(hub.get("/operator/tenants", &run).json()["meta"]["pagination"]["total"], 2);
    assert_eq!(operate(&hub, &owner, &json!({"status": "suspended"})).status, 200);
    assert_eq!(hub.get("/conferences", &owner).code(), "TENANT_SUSPENDED");
    let path = format!("/operator/tenants/{}", text(&made["id"]));
    let gone = hub.call("DELETE", &path, &run, None).data();
    assert!(gone["status"] == "deleted" && gone["delete_after"].is_string());
    assert_eq!(
        hub.call("PATCH", &path, &run, Some(&json!({"status": "active"}))).data()["delete_after"],
        Value::Null
    );
}

#[test]
fn an_owner_deletes_a_tenant_and_brings_it_back() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.user("acme", "admin");
    let admin = hub.log_in("acme", "admin@acme.example");
    let delete = |token: &str, slug: &str| hub.post("/tenant/delete", token, &json!({"confirm": slug}));
    assert_eq!(delete(&admin, "acme").status, 403);
    assert_eq!(delete(&owner, "acmee").status, 422);
    assert_eq!(delete(&owner, "acme").data()["status"], "deleted");
    assert_eq!(hub.get("/conferences", &owner).code(), "TENANT_DELETED");
    assert_eq!(hub.get("/tenant", &owner).data()["status"], "deleted");
    assert_eq!(hub.post("/tenant/keep", &admin, &json!({})).status, 403);
    assert_eq!(hub.post("/tenant/keep", &owner, &json!({})).data()["status"], "active");
    assert_eq!(hub.get("/conferences", &owner).status, 200);
}

#[test]
fn colours_that_cannot_be_read_are_refused_and_the_look_is_for_everyone() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let pale = json!({"background": "#ffffff", "text": "#cccccc", "primary": "#ffff00"});
    let refused = hub.call("PUT", "/tenant/branding", &owner, Some(&pale));
    let details = refused.json()["error"]["details"].clone();
    assert_eq!(details["text"], json!(["has a contrast of 1.6 with background; it needs 4.5"]));
    assert!(details["primary"].is_array());
    let good = json!({"name": "Harbour", "background": "#ffffff", "text": "#222222", "primary": "#7a1f5c"});
    assert_eq!(hub.call("PUT", "/tenant/branding", &owner, Some(&good)).status, 200);
    let logo = json!({"data": "iVBORw0KGgoAAAA="});
    assert_eq!(hub.call("PUT", "/tenant/logo", &owner, Some(&logo)).status, 200);
    assert_eq!(hub.call("PUT", "/tenant/logo", &owner, Some(&json!({"data": "PHN2Zz4="}))).status, 422);
    let look = hub.request("GET", "/api/v1/look", &[("x-tenant-id", "acme")], b"").data();
    assert_eq!(
        (&look["branding"]["name"], &look["branding"]["on_primary"]),
        (&json!("Harbour"), &json!("#ffffff"))
    );
    let logo = hub.request("GET", &text(&look["branding"]["logo_url"]), &[], b"");
    assert_eq!((logo.status, logo.header("content-type")), (200, "image/png"));
    assert_eq!(hub.request("GET", "/api/v1/look", &[], b"").data()["branding"]["name"], "Plenum");
}

#[test]
fn settings_have_a_history_and_can_be_taken_back() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let set = |zone: &str| hub.call("PUT", "/tenant/settings", &owner, Some(&json!({"time_zone": zone})));
    assert_eq!(set("Mars/Olympus").status, 422);
    let first = set("Europe/Berlin").data();
    assert_eq!(set("Asia/Riyadh").data()["settings"]["time_zone"], "Asia/Riyadh");
    let history = hub.get("/tenant/history?per_page=1", &owner);
    assert_eq!(history.data()[0]["settings"]["profile"]["time_zone"], "Asia/Riyadh");
    assert!(history.json()["meta"]["cursor"]["next"].is_string());
    let back = hub.post("/tenant/settings/restore", &owner, &json!({"version": first["version"]})).data();
    assert_eq!(back["settings"]["time_zone"], "Europe/Berlin");
    assert_eq!(hub.get("/tenant/history", &owner).data().as_array().map(Vec::len), Some(3));
}

#[test]
fn a_feature_that_is_off_says_its_name_and_comes_back() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let questions = format!("/sessions/{}/questions", text(&session["id"]));
    let switch = |on: bool| {
        let body = json!({"features": {"questions": on, "join_by_code": on}});
        assert_eq!(
            hub.call("PATCH", "/tenant/features", &owner, Some(&body)).data()["features"]["questions"],
            on
        );
    };
    let ask = || hub.post(&questions, &owner, &json!({"text": "Why?"}));
    switch(false);
    let refused = ask();
    assert_eq!((refused.status, refused.code().as_str()), (403, "FEATURE_OFF"));
    assert_eq!(refused.json()["error"]["details"]["feature"], "questions");
    let join = json!({"code": conference["join_code"]});
    assert_eq!(hub.post("/auth/join", "", &join).code(), "FEATURE_OFF");
    switch(true);
    assert_eq!(ask().status, 201);
    let unknown = json!({"features": {"fax": true}});
    assert_eq!(hub.call("PATCH", "/tenant/features", &owner, Some(&unknown)).status, 422);
}

#[test]
fn limits_refuse_clearly_and_usage_is_shown() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let limits = json!({"tier": "free", "limits": {"conferences": 1, "participants": 1}});
    assert_eq!(operate(&hub, &owner, &limits).status, 200);
    let body = json!({"title": "x", "time_zone": "UTC", "starts_on": "2026-11-22", "ends_on": "2026-11-22"});
    let refused = hub.post("/conferences", &owner, &body);
    assert_eq!((refused.status, refused.code().as_str()), (403, "LIMIT_REACHED"));
    assert_eq!(
        refused.json()["error"]["details"],
        json!({"limit": "conferences", "max": 1, "used": 1, "tier": "free"})
    );
    hub.join(&conference);
    let full = hub.post("/auth/join", "", &json!({"code": conference["join_code"]}));
    assert_eq!(full.json()["error"]["details"]["limit"], "participants");
    let usage = hub.get("/tenant/usage", &owner).data();
    let of = |name: &str| usage.as_array().unwrap().iter().find(|one| one["limit"] == name).unwrap().clone();
    assert_eq!((&of("conferences")["used"], &of("conferences")["max"]), (&json!(1), &json!(1)));
    assert_eq!((&of("participants")["used"], &of("requests_per_min")["max"]), (&json!(1), &json!(600)));
    assert_eq!(operate(&hub, &owner, &json!({"limits": {"requests_per_min": 1}})).status, 200);
    let [_, _, slowed] = [(); 3].map(|()| hub.get("/tenant", &owner));
    assert_eq!((slowed.status, slowed.code().as_str()), (429, "RATE_LIMITED"));
    assert_eq!(slowed.json()["error"]["details"]["limit"], "tenant.requests_per_min");
    let bearer = format!("Bearer {owner}");
    let headers = [("authorization", bearer.as_str()), ("x-tenant-id", "nobody"), ("idempotency-key", "k")];
    let asked = hub.request("POST", "/api/v1/conferences", &headers, b"{}");
    assert_eq!(asked.status, 429, "it is counted before anything that it names is looked up: {}", asked.text);
}

#[test]
fn the_command_line_books_and_suspends_under_a_running_hub() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let change = |words: &[&str]| hub.command(&[&["tenant", "change", "acme"], words].concat(), "");
    assert!(change(&["--tier", "pro", "--limit", "conferences=7"]).status.success());
    wait_until("the tier", || (hub.get("/tenant", &owner).data()["tier"] == "pro").then_some(()));
    let usage = hub.get("/tenant/usage", &owner).data();
    assert!(usage.as_array().unwrap().contains(&json!({"limit": "conferences", "max": 7, "used": 0})));
    assert!(!change(&["--limit", "fax=1"]).status.success());
    assert!(change(&["--status", "suspended"]).status.success());
    let shut = wait_until("the end", || Some(hub.get("/conferences", &owner)).filter(|it| it.status == 403));
    assert_eq!(shut.code(), "TENANT_SUSPENDED");
    assert!(change(&["--status", "active"]).status.success());
    wait_until("the return", || (hub.get("/conferences", &owner).status == 200).then_some(()));
    assert_eq!(hub.get("/audit", &owner).data()[0]["actor_name"], "operator");
}

#[test]
fn who_owns_the_tenant_names_its_sign_in_provider_and_none_inside() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.user("acme", "admin");
    let admin = hub.log_in("acme", "admin@acme.example");
    let provider = json!({"name": "Acme", "issuer": "https://127.0.0.1:1", "client_id": "plenum"});
    let set = |token: &str| hub.call("PUT", "/tenant/sign-in", token, Some(&provider));
    assert_eq!(set(&admin).status, 403);
    assert!(set(&owner).json()["error"]["details"]["issuer"].is_array(), "the hub asks nobody inside");
    assert_eq!(hub.get("/tenant/sign-in", &owner).data(), Value::Null);
    let named = [("content-type", "application/json"), ("x-tenant-id", "acme")];
    assert_eq!(hub.request("GET", "/api/v1/auth/oidc", &named, b"").data(), Value::Null);
    assert_eq!(hub.request("POST", "/api/v1/auth/oidc/begin", &named, b"{}").status, 404);
    let forged = json!({"handle": "forged", "state": "x", "code": "x"});
    assert_eq!(hub.post("/auth/oidc/finish", "", &forged).code(), "SIGN_IN_STALE");
}
