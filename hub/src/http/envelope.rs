//! The envelope: every answer of the API gets it in one place, faults of the framework included.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::{Cursor, Pages, Part};
use super::fault::Fault;
use crate::app::App;
use crate::clock::{Clock, rfc3339};

/// What a handler said, before the envelope is around it.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Data, written as JSON already.
    Data {
        /// The data.
        data: Arc<RawValue>,
        /// Which part of something longer it is.
        part: Option<Part>,
    },
    /// A fault.
    Fault(Box<Fault>),
}

/// The name of one request in answers and logs.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

const REQUEST_ID: &str = "x-request-id";
/// A longer id of a client is not echoed: it would fill the logs.
const REQUEST_ID_LEN_MAX: usize = 64;

impl RequestId {
    /// The client's own id when it is fit to be logged, else a new one.
    fn of(headers: &HeaderMap, clock: &Clock) -> Self {
        let fit = |text: &&str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
            !text.is_empty() && text.len() <= REQUEST_ID_LEN_MAX && text.bytes().all(plain)
        };
        let theirs = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(fit);
        Self(theirs.map_or_else(|| format!("req_{}", clock.id()).into(), Into::into))
    }
}

#[derive(Serialize)]
struct Meta<'a> {
    request_id: &'a str,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination: Option<Pages>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a Cursor>,
}

#[derive(Serialize)]
struct Success<'a> {
    success: bool,
    data: &'a RawValue,
    meta: Meta<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    success: bool,
    error: Error<'a>,
    meta: Meta<'a>,
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
    details: &'a std::collections::BTreeMap<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_ms: Option<u64>,
}

/// The outermost layer: names the request, and puts the envelope around what came of it.
pub(super) async fn seal(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers(), &app.clock);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Some(outcome) = response.extensions_mut().remove::<Outcome>() {
        let timestamp = rfc3339(app.clock.now());
        *response.body_mut() = Body::from(write(&outcome, &id.0, timestamp));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().remove("content-length");
        response.headers_mut().insert(CONTENT_TYPE, json);
    }
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn write(outcome: &Outcome, request_id: &str, timestamp: String) -> Vec<u8> {
    let written = match outcome {
        Outcome::Data { data, part } => {
            let (pagination, cursor) = match part {
                None => (None, None),
                Some(Part::Pages(pages)) => (Some(*pages), None),
                Some(Part::Cursor(cursor)) => (None, Some(cursor)),
            };
            let meta = Meta { request_id, timestamp, pagination, cursor };
            serde_json::to_vec(&Success { success: true, data, meta })
        }
        Outcome::Fault(fault) => {
            let meta = Meta { request_id, timestamp, pagination: None, cursor: None };
            let Fault { code, message, details, retry_ms, .. } = &**fault;
            let error = Error { code, message, details, retry_ms: *retry_ms };
            serde_json::to_vec(&Failure { success: false, error, meta })
        }
    };
    written.expect("the envelope is plain data with string keys")
}
