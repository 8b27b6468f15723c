//! The commands, through the binary, also while a hub runs on the same store.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::hub::{Hub, Stopped, failure, printed, run, run_with, text};

#[test]
fn bootstrap_works_while_a_hub_runs() {
    let hub = Hub::start();
    let tenant = printed(&hub.command(&["tenant", "create", "acme", "--name", "ACME", "--json"], ""));
    assert_eq!((&tenant["slug"], &tenant["name"]), (&json!("acme"), &json!("ACME")));
    let words = [
        "user",
        "create",
        "--tenant",
        "acme",
        "--email",
        "A@acme.example",
        "--role",
        "admin",
        "--role",
        "chair",
        "--json",
    ];
    let user = printed(&hub.command(&words, ""));
    assert_eq!((&user["tenant"], &user["roles"]), (&tenant["id"], &json!(["admin", "chair"])));
    let body = json!({"email": "a@acme.example", "password": user["password"]});
    assert_eq!(hub.post("/auth/login", "", &body).status, 200, "the one-time password works");
}

#[test]
fn the_log_begins_with_who_made_the_tenant() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let made = hub.get("/audit?action=tenant.made", &owner).data();
    assert_eq!(
        (made.as_array().map(Vec::len), &made[0]["actor_name"]),
        (Some(1), &json!("operator")),
        "{made}"
    );
    assert_eq!(made[0]["details"]["slug"], "acme");
}

#[test]
fn what_is_printed_without_json_is_for_people() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), &["tenant", "create", "acme", "--name", "ACME"], "");
    assert!(String::from_utf8(out.stdout).unwrap().starts_with("tenant acme (01"));
    let out = run(
        folder.path(),
        &["user", "create", "--tenant", "acme", "--email", "a@acme.example", "--role", "owner"],
        "",
    );
    assert!(String::from_utf8(out.stdout).unwrap().contains("\npassword "));
    let out = run(folder.path(), &["migrate"], "");
    assert!(String::from_utf8(out.stdout).unwrap().contains("up to date"));
}

#[test]
fn every_failure_is_one_line_that_names_the_argument() {
    let folder = tempfile::tempdir().unwrap();
    let fail = |words: &[&str], input: &str| failure(&run(folder.path(), words, input));
    assert!(run(folder.path(), &["tenant", "create", "acme", "--name", "ACME"], "").status.success());
    let user = |role, email| {
        ["user", "create", "--tenant", "acme", "--email", email, "--role", role, "--password-stdin"]
    };
    for (said, expected) in [
        (fail(&["tenant", "create", "acme", "--name", "x"], ""), "the slug acme is taken"),
        (fail(&["tenant", "create", "Acme!", "--name", "x"], ""), "SLUG: \"Acme!\""),
        (fail(&["tenant", "create", "other", "--name", " "], ""), "--name: the text is empty"),
        (fail(&user("king", "a@x.example"), "long enough"), "--role: no role is called \"king\""),
        (fail(&user("attendee", "a@x.example"), "long enough"), "--role: attendee needs no account"),
        (fail(&user("owner", "nobody"), "long enough"), "--email: \"nobody\""),
        (fail(&user("owner", "a@x.example"), "short"), "--password-stdin: the password has 5 characters"),
        (
            fail(&["user", "create", "--tenant", "none", "--email", "a@x.example", "--role", "owner"], ""),
            "--tenant: there is no tenant none",
        ),
        (
            fail(&["token", "create", "--tenant", "acme", "--user", "a@x.example", "--scope", "all"], ""),
            "--scope: no scope is called \"all\"",
        ),
        (
            fail(&["token", "create", "--tenant", "acme", "--user", "a@x.example", "--scope", "watch"], ""),
            "--user: acme has no account",
        ),
        (fail(&["--config", "none.toml", "serve"], ""), "none.toml: "),
        (fail(&["import", "none.xml", "--tenant", "acme"], ""), "none.xml: "),
    ] {
        assert!(said.starts_with(&format!("plenum: {expected}")), "{said}");
    }
}

#[test]
fn the_effective_configuration_says_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hub.toml"), "[server]\nshards = 3\n[node]\nid = \"file\"\n").unwrap();
    let words = ["check-config", "--config", "hub.toml"];
    let out = run_with(folder.path(), &words, "", &[("PLENUM__NODE__ID", "variable")]);
    let text = String::from_utf8(out.stdout).unwrap();
    for line in [
        "shards = 3  # hub.toml",
        "id = \"variable\"  # environment PLENUM__NODE__ID",
        "listen = \"127.0.0.1:8080\"  # default",
    ] {
        assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_configuration_that_cannot_work_is_refused_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hub.toml"), "[server]\nport = 80\n").unwrap();
    let said = failure(&run(folder.path(), &["check-config", "--config", "hub.toml"], ""));
    assert!(said.starts_with("plenum: hub.toml:2: unknown field `port`"), "{said}");
    let with = |name, value| failure(&run_with(folder.path(), &["check-config"], "", &[(name, value)]));
    let said = with("PLENUM__SERVER__LISTENS", "x");
    assert!(
        said.contains("PLENUM__SERVER__LISTENS") && said.contains("did you mean PLENUM__SERVER__LISTEN?"),
        "{said}"
    );
    let said = with("PLENUM__SERVER__SHARDS", "many");
    assert!(said.contains("PLENUM__SERVER__SHARDS"), "{said}");
    let said = with("PLENUM__STORE__URL", "mysql://root:secret@db");
    assert!(said.contains("store.url") && !said.contains("secret"), "{said}");
}

#[test]
fn sigterm_ends_the_hub_soon_and_without_fault() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.conference(&owner);
    let start = Instant::now();
    assert!(hub.stop().status.success());
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_hub_can_be_asked_how_it_does() {
    let hub = Hub::start();
    let address = hub.url.strip_prefix("http://").expect("the hub speaks HTTP").to_owned();
    let ask = |folder: &std::path::Path, words: &[&str]| {
        run_with(folder, words, "", &[("PLENUM__SERVER__LISTEN", &address)])
    };
    assert_eq!(ask(hub.folder.path(), &["health", "--live"]).stdout, b"ok\n");
    let ready = ask(hub.folder.path(), &["health"]);
    assert!(
        ready.status.success() && String::from_utf8_lossy(&ready.stdout).contains("\"journal\""),
        "{ready:?}"
    );
    let stopped = hub.stop();
    let said = failure(&ask(stopped.folder.path(), &["health"]));
    assert!(said.starts_with(&format!("plenum: {address}/readyz: ")), "{said}");
}

#[test]
fn what_was_made_is_there_after_a_restart() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let (conference, session) = hub.conference(&owner);
    let poll = json!({"session_id": session["id"], "title": "x", "kind": "single", "options": [{"label": "a"}, {"label": "b"}]});
    let poll = hub.post(&format!("/conferences/{}/polls", text(&conference["id"])), &owner, &poll).data();
    let path = format!("/polls/{}", text(&poll["id"]));
    assert_eq!(hub.post(&format!("{path}/open"), &owner, &json!({})).status, 200);
    let hub = hub.restart();
    assert_eq!(
        hub.get(&path, &owner).data()["poll"]["status"],
        "open",
        "the token and the room are good as before"
    );
}

#[test]
fn the_demo_is_alive_and_says_how_to_get_there() {
    let (hub, code) = Hub::demo("20");
    let joined = hub.post("/auth/join", "", &json!({"code": code})).data();
    let attendee = text(&joined["access_token"]);
    let conference = format!("/conferences/{}", text(&joined["conference"]["id"]));
    let poll = text(&hub.get(&format!("{conference}/polls"), &attendee).data()[0]["id"]);
    crate::hub::wait_until("people in the demo vote", || {
        let results = hub.get(&format!("/polls/{poll}/results"), &attendee).data();
        results["voters"].as_u64().filter(|voters| *voters > 1)
    });
    let Stopped { status, lines, folder } = hub.stop();
    assert!(status.success());
    let moderator = lines.iter().find(|line| line.contains("/moderate")).unwrap();
    let words: Vec<&str> = moderator.split_whitespace().collect();
    let hub = Hub::start_in(folder, &[]);
    let body = json!({"email": words[2], "password": words[3]});
    assert_eq!(hub.post("/auth/login", "", &body).status, 200);
}
