//! Accounts: invitations, new passwords, second factors, sign-ins, personal tokens.

use serde_json::{Value, json};

use crate::hub::{Hub, PASSWORD, Reply, text, wait_until};

const BETTER: &str = "a better horse battery";

/// What follows `#` in the newest mail to this address, once there are so many to it.
fn token_of_mail(hub: &Hub, to: &str, count: usize) -> String {
    let folder = hub.folder.path().join("data/mail");
    wait_until("the mail", || {
        let files = std::fs::read_dir(&folder).ok()?.filter_map(Result::ok);
        let mut mails: Vec<_> = files
            .filter(|file| file.path().extension().is_some_and(|ending| ending == "eml"))
            .filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, unfolded(&file.path())?)))
            .filter(|(_, text)| text.contains(&format!("<{to}>")) && text.contains('#'))
            .collect();
        mails.sort();
        let (_, newest) = mails.get(count - 1)?;
        let token = newest.split_once('#')?.1;
        Some(token.split_whitespace().next()?.to_owned())
    })
}

/// A mail's text as it was written: lines that end with `=` go on (quoted-printable).
fn unfolded(path: &std::path::Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.replace("=\r\n", "").replace("=3D", "="))
}

fn log_in(hub: &Hub, body: &Value) -> Reply {
    let headers = [("content-type", "application/json"), ("x-tenant-id", "acme")];
    hub.request("POST", "/api/v1/auth/login", &headers, body.to_string().as_bytes())
}

#[test]
fn an_invited_moderator_runs_only_what_she_may() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let (_, other_session) = hub.conference(&owner);
    let grant = json!({"role": "moderator", "conference_id": conference["id"]});
    let invite = json!({"email": "Mona@Example.org", "name": "Mona", "grants": [grant]});
    let invited = hub.post("/invitations", &owner, &invite);
    assert_eq!(invited.status, 201, "{}", invited.text);
    assert_eq!(hub.post("/invitations", &owner, &invite).code(), "TAKEN");
    let token = token_of_mail(&hub, "mona@example.org", 1);
    let shown = hub.post("/auth/invitation", "", &json!({"token": token})).data();
    assert_eq!((&shown["email"], &shown["tenant"]), (&json!("mona@example.org"), &json!("acme")));
    let weak = json!({"token": token, "password": "password123"});
    assert_eq!(hub.post("/auth/invitation/accept", "", &weak).code(), "VALIDATION_FAILED");
    let accept = json!({"token": token, "password": BETTER, "name": "Mona H."});
    let tokens = hub.post("/auth/invitation/accept", "", &accept).data();
    assert_eq!(hub.post("/auth/invitation/accept", "", &accept).status, 422, "the link is good once");
    let mona = text(&tokens["access_token"]);
    assert_eq!(hub.get("/participants/me", &mona).data()["name"], "Mona H.");
    let start =
        |session: &Value| hub.post(&format!("/sessions/{}/start", text(&session["id"])), &mona, &json!({}));
    assert_eq!(start(&session).status, 200);
    assert_eq!(start(&other_session).status, 404);
    assert_eq!(hub.get("/users", &mona).status, 403);
    assert_eq!(hub.get("/invitations", &owner).data(), json!([]));
    assert_eq!(log_in(&hub, &json!({"email": "mona@example.org", "password": BETTER})).status, 200);
}

#[test]
fn an_invitation_is_sent_again_or_taken_back_and_gives_no_more_than_its_giver_has() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.user("acme", "admin");
    let admin = hub.log_in("acme", "admin@acme.example");
    let ruler = json!({"email": "x@example.org", "roles": ["owner"]});
    assert_eq!(hub.post("/invitations", &admin, &ruler).status, 403);
    let taken = json!({"email": "owner@acme.example", "roles": ["organiser"]});
    assert_eq!(hub.post("/invitations", &admin, &taken).code(), "TAKEN");
    let invite = json!({"email": "x@example.org", "roles": ["organiser"]});
    let id = text(&hub.post("/invitations", &admin, &invite).data()["id"]);
    let first = token_of_mail(&hub, "x@example.org", 1);
    assert_eq!(hub.post(&format!("/invitations/{id}/resend"), &owner, &json!({})).status, 200);
    let second = token_of_mail(&hub, "x@example.org", 2);
    assert_ne!(first, second);
    assert_eq!(hub.post("/auth/invitation", "", &json!({"token": first})).status, 422);
    assert_eq!(hub.post("/auth/invitation", "", &json!({"token": second})).status, 200);
    assert_eq!(hub.call("DELETE", &format!("/invitations/{id}"), &admin, None).status, 200);
    assert_eq!(hub.post("/auth/invitation", "", &json!({"token": second})).status, 422);
}

#[test]
fn a_forgotten_password_is_replaced_by_a_mail_that_is_good_once() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let forgot = |email: &str| hub.post("/auth/password/forgot", "", &json!({"email": email}));
    assert_eq!(forgot("nobody@acme.example").json()["data"], forgot("owner@acme.example").json()["data"]);
    let token = token_of_mail(&hub, "owner@acme.example", 1);
    let reset =
        |password: &str| hub.post("/auth/password/reset", "", &json!({"token": token, "password": password}));
    assert_eq!(reset("owner@acme.example").code(), "VALIDATION_FAILED");
    assert_eq!(reset(BETTER).status, 200);
    assert_eq!(reset(BETTER).status, 422, "good once");
    assert_eq!(hub.get("/participants/me", &owner).status, 401, "signed out everywhere");
    let try_with =
        |password: &str| log_in(&hub, &json!({"email": "owner@acme.example", "password": password})).status;
    assert_eq!((try_with(PASSWORD), try_with(BETTER)), (401, 200));
}

#[test]
fn a_mail_is_in_the_language_of_whoever_reads_it() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let forgot = |email: &str, language: &str| {
        let headers = [("content-type", "application/json"), ("accept-language", language)];
        let body = json!({"email": email}).to_string();
        assert_eq!(
            hub.request("POST", "/api/v1/auth/password/forgot", &headers, body.as_bytes()).status,
            200
        );
    };
    let mails = || {
        let folder = std::fs::read_dir(hub.folder.path().join("data/mail")).ok();
        let files = folder.into_iter().flatten().filter_map(Result::ok).map(|file| file.path());
        files.filter_map(|file| unfolded(&file)).collect::<Vec<String>>()
    };
    forgot("owner@acme.example", "de-AT,en;q=0.5");
    wait_until("a German mail", || mails().iter().find(|mail| mail.contains("Guten Tag")).map(drop));
    let settings = json!({"default_language": "fr"});
    assert_eq!(hub.call("PUT", "/tenant/settings", &owner, Some(&settings)).status, 200);
    hub.post("/invitations", &owner, &json!({"email": "mona@example.org", "roles": ["organiser"]})).data();
    wait_until("a French mail", || mails().iter().find(|mail| mail.contains("vous invite")).map(drop));
}

#[test]
fn one_changes_the_password_and_is_signed_out_elsewhere_only() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let other = hub.log_in("acme", "owner@acme.example");
    let change =
        |current: &str| hub.post("/account/password", &owner, &json!({"current": current, "new": BETTER}));
    assert_eq!(change("wrong").json()["error"]["details"]["current"], json!(["is not the password"]));
    assert_eq!(change(PASSWORD).status, 200);
    assert_eq!(hub.get("/participants/me", &owner).status, 200);
    assert_eq!(hub.get("/participants/me", &other).status, 401);
}

/// The code that an app would show: RFC 6238 over the system's clock, by the package that the hub uses.
pub(crate) fn code(secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now).to_string()
}

#[test]
fn a_second_factor_is_asked_for_and_each_code_is_good_once() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let prepared = hub.post("/account/second-factor", &owner, &json!({})).data();
    assert!(text(&prepared["url"]).starts_with("otpauth://totp/acme:owner%40acme.example?secret="));
    let secret = text(&prepared["secret"]);
    let sign_in = |otp: Option<&str>| {
        log_in(&hub, &json!({"email": "owner@acme.example", "password": PASSWORD, "otp": otp}))
    };
    assert_eq!(sign_in(None).status, 200, "not before it is confirmed");
    let confirm = |otp: &str| hub.post("/account/second-factor/confirm", &owner, &json!({"otp": otp}));
    assert_eq!(confirm("000000x").status, 422);
    let used = code(&secret);
    let codes = confirm(&used).data()["recovery_codes"].clone();
    assert_eq!(codes.as_array().map(Vec::len), Some(10));
    assert_eq!(sign_in(None).code(), "OTP_REQUIRED");
    assert_eq!(sign_in(Some(&used)).code(), "OTP_WRONG", "it was used to confirm");
    let recovery = text(&codes[0]).to_uppercase();
    assert_eq!(sign_in(Some(&recovery)).status, 200);
    assert_eq!(sign_in(Some(&recovery)).code(), "OTP_WRONG", "each is good once");
    assert_eq!(hub.get("/account/second-factor", &owner).data()["recovery_codes_left"], 9);
    assert_eq!(hub.post("/account/second-factor", &owner, &json!({})).code(), "SECOND_FACTOR_EXISTS");
    let gone = json!({"otp": codes[1]});
    assert_eq!(hub.post("/account/second-factor/remove", &owner, &gone).status, 200);
    assert_eq!(sign_in(None).status, 200);
}

#[test]
fn a_lost_second_factor_is_taken_by_who_manages_people() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.user("acme", "moderator");
    let moderator = hub.log_in("acme", "moderator@acme.example");
    let secret = text(&hub.post("/account/second-factor", &moderator, &json!({})).data()["secret"]);
    hub.post("/account/second-factor/confirm", &moderator, &json!({"otp": code(&secret)})).data();
    let id = text(&hub.get("/participants/me", &moderator).data()["id"]);
    let path = format!("/users/{id}/second-factor");
    assert_eq!(hub.call("DELETE", &path, &moderator, None).status, 403);
    assert_eq!(hub.call("DELETE", &path, &owner, None).status, 200);
    assert_eq!(hub.get("/participants/me", &moderator).status, 401);
    assert!(!hub.log_in("acme", "moderator@acme.example").is_empty());
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_it() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let headers = [("content-type", "application/json"), ("x-tenant-id", "acme"), ("user-agent", "Phone/1")];
    let body = json!({"email": "owner@acme.example", "password": PASSWORD}).to_string();
    let phone = hub.request("POST", "/api/v1/auth/login", &headers, body.as_bytes()).data();
    let listed = hub.get("/account/sessions", &owner).data();
    let here: Vec<bool> = listed.as_array().unwrap().iter().map(|one| one["current"] == true).collect();
    assert_eq!(here.iter().filter(|here| **here).count(), 1);
    let other = listed.as_array().unwrap().iter().find(|one| one["device"] == "Phone/1").unwrap();
    let path = format!("/account/sessions/{}", text(&other["id"]));
    assert_eq!(hub.call("DELETE", &path, &owner, None).status, 200);
    assert_eq!(hub.get("/participants/me", &text(&phone["access_token"])).code(), "TOKEN_EXPIRED");
    assert_eq!(hub.post("/auth/refresh", "", &json!({"refresh_token": phone["refresh_token"]})).status, 401);
    assert_eq!(hub.get("/participants/me", &owner).status, 200);
    assert_eq!(hub.call("DELETE", &path, &owner, None).status, 404);
}

#[test]
fn nobody_is_locked_out_of_a_device_by_strangers() {
    let hub = Hub::start_with(&[("PLENUM__AUTH__FAILURES_BEFORE_DELAY", "0")]);
    hub.tenant("acme");
    let sign_in = |password: &str, device: &Value| {
        log_in(&hub, &json!({"email": "owner@acme.example", "password": password, "device_token": device}))
    };
    let device = sign_in(PASSWORD, &Value::Null).data()["device_token"].clone();
    assert_eq!(sign_in("wrong", &Value::Null).status, 401);
    assert_eq!(sign_in(PASSWORD, &Value::Null).code(), "ACCOUNT_LOCKED");
    assert_eq!(sign_in(PASSWORD, &json!("forged")).code(), "ACCOUNT_LOCKED");
    assert_eq!(sign_in(PASSWORD, &device).status, 200);
}

#[test]
fn personal_tokens_are_made_listed_and_revoked_but_make_none() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let new = json!({"name": "desk", "scopes": ["organise"], "expires_at": "2999-01-01T00:00:00Z"});
    let made = hub.post("/account/tokens", &owner, &new).data();
    let token = text(&made["token"]);
    assert_eq!(hub.get("/participants/me", &token).data()["roles"], json!(["organiser"]));
    assert_eq!(hub.post("/account/tokens", &token, &new).status, 403);
    let wrong = json!({"name": "x", "scopes": ["rule"], "expires_at": "2000-01-01T00:00:00Z"});
    let fields = hub.post("/account/tokens", &owner, &wrong).json()["error"]["details"].clone();
    assert!(fields["scopes"].is_array() && fields["expires_at"].is_array(), "{fields}");
    assert_eq!(hub.get("/account/tokens", &owner).data()[0]["name"], "desk");
    let path = format!("/account/tokens/{}", text(&made["about"]["id"]));
    assert_eq!(hub.call("DELETE", &path, &owner, None).status, 200);
    assert_eq!(hub.get("/participants/me", &token).status, 401);
}

/// The bytes that letters of RFC 4648's base 32 stand for.
fn of_base32(letters: &str) -> Vec<u8> {
    let digit = |letter: u8| if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
    let bits = letters.bytes().flat_map(|letter| (0..5).rev().map(move |bit| digit(letter) >> bit & 1));
    let bits: Vec<u8> = bits.collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect()
}

#[test]
fn a_copy_of_the_store_gives_nobody_a_second_factor() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let secret = text(&hub.post("/account/second-factor", &owner, &json!({})).data()["secret"]);
    let bytes = of_base32(&secret);
    assert_eq!(bytes.len(), 20, "{secret}");
    let files = std::fs::read_dir(hub.folder.path().join("data")).unwrap().map(|file| file.unwrap().path());
    for file in files.filter(|file| file.is_file()) {
        let kept = std::fs::read(&file).unwrap();
        assert!(!kept.windows(20).any(|part| part == bytes), "{} has it", file.display());
    }
}
