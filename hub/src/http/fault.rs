//! Why a request was refused: one type from every handler to the envelope.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plenum_domain::Denied;
use plenum_rooms::engine::Refusal;
use serde_json::{Value, json};

use super::envelope::Outcome;

/// A refusal with a status, a stable code, and words for a person.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable; never changes its meaning.
    pub code: Cow<'static, str>,
    /// What is wrong and what to do, in English.
    pub message: String,
    /// Figures and names behind the message; for a body that is not valid: the field and what is wrong with it.
    pub details: BTreeMap<String, Value>,
    /// When trying again may help, in milliseconds.
    pub retry_ms: Option<u64>,
}

/// What a handler gives: an answer or a fault.
pub type Answered<T> = Result<super::Answer<T>, Fault>;

impl Fault {
    /// A fault without details.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), details: BTreeMap::new(), retry_ms: None }
    }

    /// The same fault, with one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// The same fault, with the time after which trying again may help.
    #[must_use]
    pub fn retry_after(mut self, ms: u64) -> Self {
        self.retry_ms = Some(ms);
        self
    }

    /// The request itself cannot be read.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// Nobody is signed in, or not validly.
    pub fn unauthenticated(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
    }

    /// The caller's roles do not allow it.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
    }

    /// There is no such thing, or it is another tenant's: nobody learns which.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("there is no such {what}"))
    }

    /// It does not go together with how things are.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// One field is wrong.
    pub fn field(name: &str, wrong: impl Into<String>) -> Self {
        Self::fields(BTreeMap::from([(name.to_owned(), vec![wrong.into()])]))
    }

    /// These fields are wrong.
    pub fn fields(wrong: BTreeMap<String, Vec<String>>) -> Self {
        let names = wrong.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let mut fault =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "VALIDATION_FAILED", format!("not valid: {names}"));
        fault.details = wrong.into_iter().map(|(name, wrong)| (name, json!(wrong))).collect();
        fault
    }

    /// The same fault of a body, whose fields are below `place`.
    #[must_use]
    pub fn under(mut self, place: &str) -> Self {
        if self.code == "VALIDATION_FAILED" {
            let below = |(name, wrong)| (format!("{place}.{name}"), wrong);
            self.details = std::mem::take(&mut self.details).into_iter().map(below).collect();
        }
        self
    }

    /// The wrong fields and what is wrong with them, for a line of text.
    pub fn in_words(&self) -> String {
        let wrong = |value: &Value| {
            let all = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            all.collect::<Vec<_>>().join(", ")
        };
        let fields = self.details.iter().map(|(name, value)| format!("{name}: {}", wrong(value)));
        fields.collect::<Vec<_>>().join("; ")
    }

    /// Our fault; the log has the rest.
    pub fn internal() -> Self {
        let words = "the hub failed at this request; nothing was half done";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", words)
    }

    /// Right, but not at this moment.
    pub fn busy(message: &str, retry_ms: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "BUSY", message).retry_after(retry_ms)
    }

    /// Too often.
    pub fn rate_limited(limit: &str, per_min: u32, retry_ms: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "too many requests; wait a little")
            .with("limit", limit)
            .with("per_min", per_min)
            .retry_after(retry_ms)
    }
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        Self::forbidden(denied.to_string()).with("needs", denied.needs)
    }
}

/// A room's refusal keeps its code; the status says what sort it is.
impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code {
            "hub.forbidden" => StatusCode::FORBIDDEN,
            "hub.not_found" => StatusCode::NOT_FOUND,
            "hub.busy" | "hub.moved" => StatusCode::SERVICE_UNAVAILABLE,
            "hub.rate_limited" => StatusCode::TOO_MANY_REQUESTS,
            "hub.too_large" => StatusCode::PAYLOAD_TOO_LARGE,
            "hub.internal" => StatusCode::INTERNAL_SERVER_ERROR,
            "hub.bad_frame" | "hub.unknown_op" => StatusCode::UNPROCESSABLE_ENTITY,
            code if says_not_found(code) => StatusCode::NOT_FOUND,
            code if is_about_values(code) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        };
        let details = match refusal.code {
            "hub.bad_frame" => field_details(&refusal),
            _ => refusal.details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        };
        Self {
            status,
            code: refusal.code.into(),
            message: refusal.message,
            details,
            retry_ms: refusal.retry_ms,
        }
    }
}

/// Kinds call a thing that is not there `<kind>.not_found`.
fn says_not_found(code: &str) -> bool {
    code.ends_with(".not_found")
}

/// Kinds call what is wrong with the sent values themselves `too_long`, `bad_…`, `unknown_…`, `wrong_kind` or `empty`.
fn is_about_values(code: &str) -> bool {
    let reason = code.split_once('.').map_or(code, |(_, reason)| reason);
    ["too_long", "too_many_choices", "too_many_words", "bad_", "unknown_", "wrong_kind", "empty"]
        .iter()
        .any(|start| reason.starts_with(start))
}

/// The field that a room says is wrong, in the form that REST has for all bodies.
fn field_details(refusal: &Refusal) -> BTreeMap<String, Value> {
    let told =
        refusal.details.iter().find(|(name, _)| *name == "field").and_then(|(_, field)| field.as_str());
    let quoted = || {
        ["unknown field `", "missing field `"].iter().find_map(|start| {
            let (_, rest) = refusal.message.split_once(start)?;
            rest.split('`').next()
        })
    };
    let field = told.or_else(quoted).unwrap_or("body");
    BTreeMap::from([(field.to_owned(), json!([refusal.message]))])
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(ms) = self.retry_ms {
            let seconds = ms.div_ceil(1_000).max(1);
            response.headers_mut().insert("retry-after", seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = axum::http::HeaderValue::from_static("Bearer");
            response.headers_mut().insert("www-authenticate", challenge);
        }
        response.extensions_mut().insert(Outcome::Fault(Box::new(self)));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rooms_refusal_keeps_its_code() {
        for (code, status) in [
            ("poll.closed", 409),
            ("qa.too_long", 422),
            ("hub.forbidden", 403),
            ("hub.busy", 503),
            ("poll.unknown_option", 422),
            ("qa.not_found", 404),
            ("hub.bad_frame", 422),
        ] {
            let fault = Fault::from(Refusal::new(code, "why"));
            assert_eq!((&*fault.code, fault.status.as_u16()), (code, status));
        }
    }

    #[test]
    fn a_rooms_word_about_a_field_names_the_field() {
        let names = |refusal| Fault::from(refusal).details.into_keys().collect::<Vec<_>>();
        assert_eq!(
            names(Refusal::bad_data("poll.create", "unknown field `titel`, expected `title`")),
            ["titel"]
        );
        assert_eq!(names(Refusal::new("hub.bad_frame", "why").with("field", "options")), ["options"]);
    }
}
