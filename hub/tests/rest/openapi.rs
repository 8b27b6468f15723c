//! The description of the API is whole: paths, bodies, answers, faults, examples.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::hub::Hub;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every operation: method, path, description.
pub(crate) fn operations(spec: &Value) -> Vec<(&'static str, &str, &Value)> {
    let mut found = Vec::new();
    for (path, item) in spec["paths"].as_object().expect("there are paths") {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                found.push((upper(method), path.as_str(), operation));
            }
        }
    }
    found
}

fn upper(method: &str) -> &'static str {
    match method {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        _ => "DELETE",
    }
}

/// The body that an operation's examples make; none when it takes none.
pub(crate) fn example_body(spec: &Value, operation: &Value) -> Option<Value> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    schema.is_object().then(|| example(spec, schema))
}

fn resolve<'a>(spec: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        None => schema,
        Some(reference) => {
            spec.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
    }
}

fn example(spec: &Value, schema: &Value) -> Value {
    let it = resolve(spec, schema);
    if let Some(example) = it.get("example") {
        return example.clone();
    }
    let either = ["oneOf", "anyOf", "allOf"].iter().find_map(|word| it[*word].as_array());
    if let Some(either) = either {
        let one = either.iter().find(|one| one["type"] != "null").unwrap_or(&either[0]);
        return example(spec, one);
    }
    if let Some(values) = it["enum"].as_array() {
        return values[0].clone();
    }
    let types = [&it["type"]].into_iter().chain(it["type"].as_array().into_iter().flatten());
    let kind = types.filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("object");
    match kind {
        "array" => json!([example(spec, &it["items"])]),
        "object" => {
            let parts = it["properties"].as_object().into_iter().flatten();
            Value::Object(parts.map(|(name, part)| (name.clone(), example(spec, part))).collect())
        }
        other => panic!("a {other} without an example: {it}"),
    }
}

fn spec(hub: &Hub) -> Value {
    hub.request("GET", "/api/v1/openapi.json", &[], b"").json()
}

#[test]
fn the_first_slice_is_described() {
    let hub = Hub::start();
    let spec = spec(&hub);
    let known: BTreeSet<String> =
        operations(&spec).into_iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    for expected in [
        "POST /auth/login",
        "POST /auth/refresh",
        "POST /auth/logout",
        "POST /auth/join",
        "POST /auth/screens/pair",
        "POST /auth/screens/token",
        "POST /conferences",
        "GET /conferences",
        "GET /conferences/{id}",
        "PATCH /conferences/{id}",
        "PATCH /conferences/{id}/status",
        "POST /conferences/{id}/sessions",
        "GET /conferences/{id}/sessions",
        "GET /conferences/{id}/participants",
        "POST /conferences/{id}/polls",
        "GET /conferences/{id}/polls",
        "GET /conferences/{id}/questions",
        "POST /conferences/{id}/screens",
        "GET /sessions/{id}",
        "GET /sessions/{id}/speakers",
        "GET /sessions/{id}/messages",
        "GET /polls/{id}",
        "PATCH /polls/{id}",
        "PATCH /sessions/{id}",
        "POST /polls/{id}/open",
        "POST /polls/{id}/close",
        "POST /polls/{id}/reveal",
        "POST /polls/{id}/reset",
        "POST /polls/{id}/vote",
        "GET /polls/{id}/results",
    ] {
        assert!(known.contains(expected), "{expected} is not described");
    }
}

#[test]
fn every_operation_is_whole() {
    let hub = Hub::start();
    let spec = spec(&hub);
    assert_eq!(spec["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&spec) {
        let here = format!("{method} {path}");
        assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{here}");
        assert!(names.insert(operation["operationId"].to_string()), "{here}: its operationId is another's");
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{here}: no success");
        assert!(answers.contains_key("500") && answers.contains_key("503"), "{here}: no faults");
        for answer in answers.values() {
            let answer = resolve(&spec, answer);
            assert!(answer["description"].is_string(), "{here}");
            example(&spec, &answer["content"]["application/json"]["schema"]);
        }
        example_body(&spec, operation);
        let described: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["in"] == "path")
            .filter_map(|one| one["name"].as_str())
            .collect();
        let named: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(described, named, "{here}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let hub = Hub::start();
    let spec = spec(&hub);
    let mut waiting = vec![&spec];
    while let Some(value) = waiting.pop() {
        if value["$ref"].is_string() {
            resolve(&spec, value);
        }
        match value {
            Value::Object(parts) => waiting.extend(parts.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

#[test]
fn every_described_route_is_there_and_asks_for_a_token_as_described() {
    let hub = Hub::start();
    let spec = spec(&hub);
    for (method, path, operation) in operations(&spec) {
        let filled = path
            .replace("{id}", "01H5XNDY7S3C9QRG8T4V2M6B0F")
            .replace("{question}", "01H5XNDY7S3C9QRG8T4V2M6B0F")
            .replace("{act}", "vote")
            .replace("{grant}", "01H5XNDY7S3C9QRG8T4V2M6B0F")
            .replace("{hash}", "0af3b2c4d5e6f708192a3b4c5d6e7f80")
            .replace("{person}", "01H5XNDY7S3C9QRG8T4V2M6B0F")
            .replace("{participant}", "01H5XNDY7S3C9QRG8T4V2M6B0F")
            .replace("{language}", "ar");
        let reply = hub.call(method, &filled, "", example_body(&spec, operation).as_ref());
        assert_ne!(reply.status, 405, "{method} {path}");
        let closed = reply.status == 401 && reply.code() == "UNAUTHENTICATED";
        assert_eq!(closed, operation["security"].is_array(), "{method} {path}: {}", reply.text);
    }
}
