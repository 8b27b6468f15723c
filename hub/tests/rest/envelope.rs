//! The envelope, whatever goes wrong.

use serde_json::json;

use crate::hub::{Hub, text};

#[test]
fn every_kind_of_fault_comes_in_the_envelope() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let bearer = format!("Bearer {owner}");
    let json_type = ("content-type", "application/json");
    let send = |method, path: &str, headers: &[(&str, &str)], body: &[u8]| {
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        hub.request(method, &format!("/api/v1{path}"), &all, body)
    };
    let large = vec![b' '; 1024 * 1024 + 1];
    for (reply, status, code) in [
        (send("GET", "/nowhere", &[], b""), 404, "NOT_FOUND"),
        (send("DELETE", "/conferences", &[], b""), 405, "METHOD_NOT_ALLOWED"),
        (send("GET", "/conferences/x", &[], b""), 404, "NOT_FOUND"),
        (send("POST", "/conferences", &[json_type], b"{"), 400, "BAD_REQUEST"),
        (send("POST", "/conferences", &[json_type], b"[]"), 422, "VALIDATION_FAILED"),
        (
            send("POST", "/conferences", &[("content-type", "text/plain")], b"{}"),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        (send("POST", "/conferences", &[json_type], &large), 413, "BODY_TOO_LARGE"),
        (send("GET", "/conferences?page=0", &[], b""), 422, "VALIDATION_FAILED"),
        (send("GET", "/conferences?pages=1", &[], b""), 422, "VALIDATION_FAILED"),
        (send("GET", "/conferences?sort=colour", &[], b""), 422, "VALIDATION_FAILED"),
        (send("GET", "/conferences", &[("x-tenant-id", "other")], b""), 403, "TENANT_MISMATCH"),
    ] {
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{}", reply.text);
        let whole = reply.json();
        assert!(whole["error"]["message"].is_string() && whole["error"]["details"].is_object());
        assert_eq!(text(&whole["meta"]["request_id"]), reply.header("x-request-id"));
        assert!(text(&whole["meta"]["timestamp"]).ends_with('Z'));
        assert_eq!(reply.header("content-type"), "application/json");
    }
}

#[test]
fn wrong_missing_and_unknown_fields_are_named() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let fields = |body| {
        let reply = hub.post("/conferences", &owner, &body);
        assert_eq!((reply.status, reply.code().as_str()), (422, "VALIDATION_FAILED"), "{}", reply.text);
        let details = reply.json()["error"]["details"].clone();
        details.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let good = json!({"title": "x", "time_zone": "UTC", "starts_on": "2026-11-22", "ends_on": "2026-11-22"});
    let with = |name: &str, value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    assert_eq!(fields(with("colour", json!("red"))), ["colour"]);
    assert_eq!(fields(with("title", json!(7))), ["title"]);
    assert_eq!(fields(json!({"title": "x"})), ["time_zone"]);
    assert_eq!(fields(with("ends_on", json!("2026-11-21"))), ["ends_on"]);
    let all = json!({"title": " ", "time_zone": "Mars", "starts_on": "soon", "ends_on": "later"});
    assert_eq!(fields(all), ["ends_on", "starts_on", "time_zone", "title"]);
}

#[test]
fn a_request_keeps_the_name_that_its_sender_gave_it() {
    let hub = Hub::start();
    let named = |id| hub.request("GET", "/api/v1/nowhere", &[("x-request-id", id)], b"");
    assert_eq!(named("mine-42").header("x-request-id"), "mine-42");
    assert_eq!(named("mine-42").json()["meta"]["request_id"], "mine-42");
    let too_long = "x".repeat(65);
    for unfit in ["two words", too_long.as_str()] {
        assert!(named(unfit).header("x-request-id").starts_with("req_"));
    }
}

#[test]
fn a_method_that_is_not_there_is_told_which_are() {
    let hub = Hub::start();
    let reply = hub.request("PUT", "/api/v1/auth/login", &[], b"{}");
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
}

#[test]
fn lists_have_pages() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    for title in ["c", "a", "b"] {
        let body =
            json!({"title": title, "time_zone": "UTC", "starts_on": "2026-11-22", "ends_on": "2026-11-22"});
        assert_eq!(hub.post("/conferences", &owner, &body).status, 201);
    }
    let page = hub.get("/conferences?per_page=2&page=2&sort=-title", &owner);
    assert_eq!(page.data()[0]["title"], "a");
    let expected = json!({"current_page": 2, "per_page": 2, "total": 3, "last_page": 2});
    assert_eq!(page.json()["meta"]["pagination"], expected);
    assert_eq!(hub.get("/conferences?status=ongoing", &owner).data(), json!([]));
}

#[test]
fn a_refusal_that_came_before_the_body_says_that_its_connection_ends() {
    use std::io::{BufRead as _, Write as _};
    let hub = Hub::start();
    let address = hub.url.strip_prefix("http://").expect("the hub speaks HTTP");
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(crate::hub::DEADLINE)).unwrap();
    let head = "POST /api/v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let lines = std::io::BufReader::new(stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    assert!(head[0].contains("404") && head.iter().any(|line| line == "connection: close"), "{head:?}");

    let owner = hub.tenant("acme");
    let read = hub.post("/conferences", &owner, &json!({"title": "x"}));
    assert_eq!((read.status, read.headers.get("connection")), (422, None));
}
