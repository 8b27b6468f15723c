//! What browsers get: health, metrics, the page about the API, the client, and the headers that guard them.

use crate::hub::Hub;

#[test]
fn a_hub_that_runs_says_so() {
    let hub = Hub::start();
    let get = |path| hub.request("GET", path, &[], b"");
    assert_eq!((get("/livez").status, get("/livez").text.as_str()), (200, "ok\n"));
    let ready = get("/readyz");
    assert_eq!((ready.status, &ready.json()["status"]), (200, &"ok".into()));
    for part in ["database", "journal", "bus", "fan_out_lag", "save_lag"] {
        assert_eq!(ready.json()[part]["status"], "ok", "{part}");
        assert!(ready.json()[part]["reason"].is_string());
    }
    let metrics = get("/metrics");
    assert!(metrics.text.contains("plenum_http_requests_total{"), "{}", metrics.text);
}

#[test]
fn metrics_can_be_switched_off() {
    let hub = Hub::start_with(&[("PLENUM__TELEMETRY__METRICS", "false")]);
    assert_eq!(hub.request("GET", "/metrics", &[], b"").status, 404);
}

#[test]
fn the_page_about_the_api_needs_nothing_from_elsewhere() {
    let hub = Hub::start();
    let page = hub.request("GET", "/docs/api", &[], b"");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for part in ["/docs/api.js", "/docs/api.css"] {
        assert!(page.text.contains(part));
        let reply = hub.request("GET", part, &[], b"");
        assert_eq!(reply.status, 200);
        assert!(!reply.text.contains("https://"), "{part} fetches from elsewhere");
    }
    assert!(!page.text.contains("https://"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("object-src 'none'"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
}

#[test]
fn every_path_of_the_app_leads_to_a_page() {
    let hub = Hub::start();
    for path in ["/", "/moderate", "/j/K7MQ2X"] {
        let reply = hub.request("GET", path, &[], b"");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        // Without the client's build the page says how to make it, with 404.
        assert!(matches!(reply.status, 200 | 404), "{path}");
    }
    let file = hub.request("GET", "/_app/immutable/none.js", &[], b"");
    assert_eq!(file.status, 404);
    assert!(!file.header("content-type").starts_with("text/html"));
    assert_eq!(hub.request("POST", "/moderate", &[], b"").status, 405);
}

#[test]
fn other_origins_are_let_in_by_name_only() {
    let origin = "https://www.example.org";
    let ask = |hub: &Hub| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        hub.request("OPTIONS", "/api/v1/auth/login", &headers, b"")
    };
    let closed = Hub::start();
    assert_eq!(ask(&closed).header("access-control-allow-origin"), "");
    let open = Hub::start_with(&[("PLENUM__WEB__ALLOWED_ORIGINS", "https://www.example.org")]);
    let preflight = ask(&open);
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, origin));
    assert!(preflight.header("access-control-allow-headers").contains("idempotency-key"));
    let reply = open.request("GET", "/api/v1/nowhere", &[("origin", origin)], b"");
    assert_eq!(reply.header("access-control-allow-origin"), origin);
}
