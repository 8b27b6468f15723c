//! Signing in, renewing, joining.

use serde_json::{Value, json};

use crate::hub::{Hub, PASSWORD, printed, text};

fn log_in(hub: &Hub, email: &str, password: &str) -> crate::hub::Reply {
    hub.post("/auth/login", "", &json!({"email": email, "password": password}))
}

fn refresh(hub: &Hub, token: &Value) -> crate::hub::Reply {
    hub.post("/auth/refresh", "", &json!({"refresh_token": token}))
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_told_the_same() {
    let hub = Hub::start();
    hub.tenant("acme");
    let good = log_in(&hub, "Owner@ACME.example", PASSWORD).data();
    assert_eq!(good["expires_in"], 900);
    let (wrong, unknown) =
        (log_in(&hub, "owner@acme.example", "wrong"), log_in(&hub, "nobody@acme.example", PASSWORD));
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!(wrong.json()["error"], unknown.json()["error"]);
    assert_eq!(wrong.code(), "INVALID_CREDENTIALS");
}

#[test]
fn an_account_under_attack_waits_and_others_do_not() {
    let hub = Hub::start_with(&[("PLENUM__AUTH__FAILURES_BEFORE_DELAY", "2")]);
    hub.tenant("acme");
    hub.user("acme", "moderator");
    for _ in 0..2 {
        assert_eq!(log_in(&hub, "owner@acme.example", "wrong").status, 401);
    }
    let locked = log_in(&hub, "owner@acme.example", PASSWORD);
    assert_eq!(
        (locked.status, locked.code().as_str(), locked.header("retry-after")),
        (429, "ACCOUNT_LOCKED", "1")
    );
    assert_eq!(log_in(&hub, "moderator@acme.example", PASSWORD).status, 200);
}

#[test]
fn a_refresh_token_works_once_and_a_copy_ends_the_sign_in() {
    let hub = Hub::start();
    hub.tenant("acme");
    let first = log_in(&hub, "owner@acme.example", PASSWORD).data();
    let second = refresh(&hub, &first["refresh_token"]).data();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(hub.get("/participants/me", &text(&second["access_token"])).status, 200);
    let reused = refresh(&hub, &first["refresh_token"]);
    assert_eq!((reused.status, reused.code().as_str()), (401, "REFRESH_TOKEN_REUSED"));
    let after = refresh(&hub, &second["refresh_token"]);
    assert_eq!((after.status, after.code().as_str()), (401, "REFRESH_TOKEN_INVALID"));
}

#[test]
fn signing_out_ends_the_sign_in() {
    let hub = Hub::start();
    hub.tenant("acme");
    let tokens = log_in(&hub, "owner@acme.example", PASSWORD).data();
    let body = json!({"refresh_token": tokens["refresh_token"]});
    assert_eq!(hub.post("/auth/logout", "", &body).status, 200);
    assert_eq!(hub.post("/auth/logout", "", &body).status, 200, "once more does no harm");
    assert_eq!(refresh(&hub, &tokens["refresh_token"]).status, 401);
}

#[test]
fn tokens_that_are_nobodys_are_refused() {
    let hub = Hub::start();
    for token in ["x", "plm_0000", "eyJhbGciOiJub25lIn0.e30."] {
        let reply = hub.get("/participants/me", token);
        assert_eq!((reply.status, reply.code().as_str()), (401, "UNAUTHENTICATED"));
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    assert_eq!(hub.get("/participants/me", "").status, 401);
}

#[test]
fn a_personal_token_acts_within_its_scopes() {
    let hub = Hub::start();
    hub.tenant("acme");
    let words = |scope| {
        ["token", "create", "--tenant", "acme", "--user", "owner@acme.example", "--scope", scope, "--json"]
    };
    let moderate = text(&printed(&hub.command(&words("moderate"), ""))["token"]);
    assert!(moderate.starts_with("plm_"));
    let me = hub.get("/participants/me", &moderate).data();
    assert_eq!(me["roles"], json!(["moderator"]));
    let body = json!({"title": "x", "time_zone": "UTC", "starts_on": "2026-11-22", "ends_on": "2026-11-22"});
    let refused = hub.post("/conferences", &moderate, &body);
    assert_eq!((refused.status, refused.code().as_str()), (403, "FORBIDDEN"));
    let organise = text(&printed(&hub.command(&words("organise"), ""))["token"]);
    assert_eq!(hub.post("/conferences", &organise, &body).status, 201);
}

#[test]
fn the_code_is_all_that_an_attendee_needs() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let code = text(&conference["join_code"]);
    let typed = format!(" {}-{} ", &code[..3].to_lowercase(), &code[3..]);
    let joined = hub.post("/auth/join", "", &json!({"code": typed})).data();
    assert!(text(&joined["participant"]["name"]).starts_with("Guest "));
    assert_eq!(joined["conference"], json!({"id": conference["id"], "title": "Harbour Days"}));
    assert_eq!(joined["sessions"][0]["id"], session["id"]);
    assert_eq!(joined["sessions"][0]["rooms"], session["rooms"]);
    let token = text(&joined["access_token"]);
    let me = hub.get("/participants/me", &token).data();
    assert_eq!((&me["roles"], &me["conference_id"]), (&json!(["attendee"]), &conference["id"]));
    let renewed = refresh(&hub, &joined["refresh_token"]).data();
    assert_eq!(hub.get("/participants/me", &text(&renewed["access_token"])).data(), me);
}

#[test]
fn an_attendee_sees_one_conference_and_manages_none() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let (other, other_session) = hub.conference(&owner);
    let token = text(&hub.join(&conference)["access_token"]);
    assert_eq!(hub.get("/conferences", &token).data().as_array().map(Vec::len), Some(1));
    assert_eq!(hub.get(&format!("/conferences/{}", text(&other["id"])), &token).status, 404);
    assert_eq!(hub.get(&format!("/sessions/{}", text(&other_session["id"])), &token).status, 404);
    assert_eq!(
        hub.get(&format!("/conferences/{}/participants", text(&conference["id"])), &token).status,
        403
    );
    let status = json!({"status": "completed"});
    let path = format!("/conferences/{}/status", text(&conference["id"]));
    assert_eq!(hub.call("PATCH", &path, &token, Some(&status)).status, 403);
}

#[test]
fn codes_that_do_not_let_in() {
    let hub = Hub::start_with(&[("PLENUM__LIMITS__JOINS_PER_ADDRESS_PER_MIN", "4")]);
    let owner = hub.tenant("acme");
    let (conference, _) = hub.conference(&owner);
    let path = format!("/conferences/{}", text(&conference["id"]));
    let join = |code: &Value| hub.post("/auth/join", "", &json!({"code": code}));
    let renewed = hub.post(&format!("{path}/join-code"), &owner, &json!({})).data();
    assert_eq!(join(&conference["join_code"]).status, 404, "the old code");
    assert_eq!(join(&renewed["join_code"]).status, 200);
    let over = json!({"status": "completed"});
    assert_eq!(hub.call("PATCH", &format!("{path}/status"), &owner, Some(&over)).status, 200);
    assert_eq!(join(&renewed["join_code"]).code(), "CONFERENCE_OVER");
    assert_eq!(join(&json!("")).status, 404);
    let limited = join(&renewed["join_code"]);
    assert_eq!((limited.status, limited.code().as_str()), (429, "RATE_LIMITED"));
    assert_eq!(limited.json()["error"]["details"]["limit"], "limits.joins_per_address_per_min");
    assert!(!limited.header("retry-after").is_empty());
}
