//! `/api/v1/openapi.json`: made from the code, completed with what is the same for every operation.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

/// The description as it is served.
pub type Description = Value;

/// Faults that an operation may answer with, by what it has: status, code, words.
const FAULTS: [(&str, &str, &str, Has); 13] = [
    ("400", "BAD_REQUEST", "the body is not JSON", Has::Body),
    ("401", "UNAUTHENTICATED", "the token is missing, not valid, or has ended (`TOKEN_EXPIRED`)", Has::Token),
    (
        "403",
        "FORBIDDEN",
        "the roles do not allow it, or the tenants disagree (`TENANT_MISMATCH`)",
        Has::Token,
    ),
    ("404", "NOT_FOUND", "there is no such thing, or it is another tenant's", Has::Id),
    (
        "409",
        "CONFLICT",
        "it does not go together with how things are; or the Idempotency-Key was used with another request (`IDEMPOTENCY_CONFLICT`)",
        Has::Body,
    ),
    (
        "412",
        "VERSION_MISMATCH",
        "it was changed since the version that `If-Match` names; read it again",
        Has::Version,
    ),
    ("413", "BODY_TOO_LARGE", "a body has at most 1 MiB", Has::Body),
    ("415", "UNSUPPORTED_MEDIA_TYPE", "send the body as application/json", Has::Body),
    ("422", "VALIDATION_FAILED", "fields are wrong, missing or unknown; `details` names them", Has::Body),
    ("422", "VALIDATION_FAILED", "a parameter is wrong or unknown; `details` names it", Has::Query),
    (
        "429",
        "RATE_LIMITED",
        "too often; `Retry-After` says when to come back, `details.limit` which limit",
        Has::Body,
    ),
    ("500", "INTERNAL", "the hub failed; its log says more", Has::Anything),
    ("503", "BUSY", "not at this moment; `Retry-After` says when", Has::Anything),
];

/// What makes a fault possible.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Has {
    Anything,
    Token,
    Id,
    Query,
    Body,
    Version,
}

/// Adds the faults, the headers and the envelope that every operation shares.
///
/// # Panics
/// Never: the description is plain data.
pub(super) fn complete(described: OpenApi) -> Description {
    let mut whole = serde_json::to_value(described).expect("the description is plain data");
    whole["info"] = json!({
        "title": "Plenum",
        "version": env!("CARGO_PKG_VERSION"),
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        "description": "Conferences with live rooms. Every answer has the envelope of `Failure` or the `success` that its operation shows. A POST that changes a live room goes through that room: same rules, same journal, same answer as by the socket.",
    });
    whole["servers"] = json!([{"url": super::BASE}]);
    whole["components"]["securitySchemes"] = json!({
        "token": {"type": "http", "scheme": "bearer", "description": "An access token (JWT), or a personal access token (`plm_…`)."},
        "operator": {"type": "http", "scheme": "bearer", "description": "The token in `auth.operator_file` (`plo_…`)."},
    });
    whole["components"]["responses"] = shared_faults();
    if let Some(paths) = whole["paths"].as_object_mut() {
        for (path, item) in paths {
            let methods = item.as_object_mut().into_iter().flatten();
            methods.for_each(|(method, operation)| complete_operation(path, method, operation));
        }
    }
    whole
}

/// `post` and `/polls/{id}/vote` become `postPollsIdVote`: a name that no other operation has.
fn operation_id(path: &str, method: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |name, word| format!("{name}{}{}", word[..1].to_uppercase(), &word[1..]))
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    operation["operationId"] = json!(operation_id(path, method));
    let has_parameter = |field: &str, value: &str| {
        operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one[field] == value))
    };
    let (has_query, has_version) = (has_parameter("in", "query"), has_parameter("name", "If-Match"));
    let has = |what| match what {
        Has::Anything => true,
        Has::Token => operation["security"].is_array(),
        Has::Id => path.contains('{'),
        Has::Query => has_query,
        Has::Version => has_version,
        Has::Body => method != "get",
    };
    let possible: Vec<_> = FAULTS.iter().filter(|(.., what)| has(*what)).collect();
    for (status, code, ..) in possible {
        if operation["responses"].get(*status).is_none() {
            operation["responses"][*status] = json!({"$ref": format!("#/components/responses/{code}")});
        }
    }
    let mut parameters =
        vec![header("X-Request-Id", "Names the request in the answer and the hub's log.", "req_42")];
    parameters.push(header(
        "X-Tenant-ID",
        "The tenant, as slug or id, when neither the host nor the token names it.",
        "acme",
    ));
    if method == "post" {
        let words = "Your own id of the action, best a UUID: sent again within 24 h, it gets the same answer and changes nothing.";
        parameters.push(header("Idempotency-Key", words, "0198f3a0-5c1e-7000-8000-000000000001"));
    }
    match operation["parameters"].as_array_mut() {
        Some(all) => all.extend(parameters),
        None => operation["parameters"] = json!(parameters),
    }
}

fn header(name: &str, description: &str, example: &str) -> Value {
    json!({"name": name, "in": "header", "required": false, "description": description,
        "schema": {"type": "string"}, "example": example})
}

fn shared_faults() -> Value {
    let responses = FAULTS.iter().map(|(status, code, words, _)| {
        let example = json!({
            "success": false,
            "error": {"code": code, "message": words, "details": {}},
            "meta": {"request_id": "req_01H5XNDY7S3C9QRG8T4V2M6B0F", "timestamp": "2026-11-22T09:00:00.000Z"},
        });
        let schema = json!({"$ref": "#/components/schemas/Failure"});
        let body = json!({"description": words, "x-status": status,
            "content": {"application/json": {"schema": schema, "example": example}}});
        ((*code).to_owned(), body)
    });
    Value::Object(responses.collect())
}

/// Sends the description.
pub(super) async fn serve(description: Description) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    (headers, description.to_string()).into_response()
}

/// An answer: what an operation gives, in the envelope.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Success<T> {
    /// Always true.
    #[schema(example = true)]
    pub success: bool,
    /// What was asked for.
    pub data: T,
    /// About the answer.
    pub meta: Meta,
}

/// About an answer.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Meta {
    /// The request's name in the hub's log.
    #[schema(example = "req_01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub request_id: String,
    /// When it was answered, RFC 3339 in UTC.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub timestamp: String,
    /// For lists.
    pub pagination: Option<super::Pages>,
    /// For streams.
    pub cursor: Option<super::Cursor>,
}

/// A refusal.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Failure {
    /// Always false.
    #[schema(example = false)]
    pub success: bool,
    /// Why.
    pub error: Error,
    /// About the answer.
    pub meta: Meta,
}

/// Why a request was refused.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Error {
    /// Stable. Codes in lower case with a dot are a room's own, the same as on the socket.
    #[schema(example = "VALIDATION_FAILED")]
    pub code: String,
    /// For a person, in English.
    #[schema(example = "not valid: title")]
    pub message: String,
    /// Figures and names; for a body that is not valid: each field and what is wrong with it.
    #[schema(value_type = Object, example = json!({"title": ["the text is empty"]}))]
    pub details: serde_json::Map<String, Value>,
    /// When trying again may help, in milliseconds.
    #[schema(example = 1_000)]
    pub retry_ms: Option<u64>,
}
