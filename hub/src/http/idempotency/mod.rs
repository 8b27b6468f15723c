//! `Idempotency-Key`: the same POST again gets the same answer for a day, and nothing happens twice.

mod known;
mod recent;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use plenum_domain::Id;
use sha2::{Digest as _, Sha256};

use super::extract::read_body;
use super::fault::Fault;
use super::tenancy;
use crate::app::App;

pub(crate) use recent::Recent;

const KEY: &str = "idempotency-key";
const KEY_LEN_MAX: usize = 200;
/// Without a token a key is all that tells one sender from another: shorter ones are too easily another's, and not heeded.
const NAMELESS_KEY_LEN_MIN: usize = 16;
/// How long an answer is kept, in milliseconds: a day.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// The key of a command to a room: the request's own when it is an id, so that a repetition after a crash is found in
/// the journal too, else a new one.
#[derive(Clone, Copy, Debug)]
pub(super) struct CommandKey(pub Id);

impl FromRequestParts<App> for CommandKey {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let own = key(&parts.headers)?.and_then(|key| key.parse().ok());
        Ok(Self(own.unwrap_or_else(|| app.clock.id())))
    }
}

/// A POST with a key: answered from what is kept, or handled and kept.
pub(super) async fn answer_once(State(app): State<App>, request: Request, next: Next) -> Response {
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    match key(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => once(&app, key, request, next).await.unwrap_or_else(Fault::into_response),
        Err(fault) => fault.into_response(),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| !text.is_empty() && text.len() <= KEY_LEN_MAX);
    let wrong =
        || Fault::field("Idempotency-Key", format!("has 1 to {KEY_LEN_MAX} printable ASCII characters"));
    text.map(|text| Some(text.to_owned())).ok_or_else(wrong)
}

async fn once(app: &App, key: String, mut request: Request, next: Next) -> Result<Response, Fault> {
    let identity = match tenancy::bearer(request.headers()) {
        Ok(token) => app.auth.identify(token).await.ok(),
        Err(_) => None,
    };
    match &identity {
        Some(identity) => drop(tenancy::counted(request.extensions_mut(), app, identity.tenant).await?),
        None if key.len() < NAMELESS_KEY_LEN_MIN => return Ok(next.run(request).await),
        None => {}
    }
    let (parts, body) = request.into_parts();
    let body = read_body(body).await?;
    let hash = request_hash(&parts, &body);
    let request = Request::from_parts(parts, Body::from(body));
    match identity {
        Some(identity) => known::answer(app, &identity, key, hash, request, next).await,
        None => Ok(recent::answer(app, &key, hash, request, next).await?),
    }
}

/// All that makes the request: method, path, query and body.
fn request_hash(parts: &Parts, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update([0]);
    hash.update(parts.uri.path_and_query().map_or("", |whole| whole.as_str()));
    hash.update([0]);
    hash.update(body);
    hash.finalize().into()
}

/// The key belongs to another request.
fn other_request() -> Fault {
    Fault::conflict("IDEMPOTENCY_CONFLICT", "this Idempotency-Key was used with another request")
}

/// The same request is being answered.
fn under_way() -> Fault {
    Fault::conflict("IDEMPOTENCY_UNDER_WAY", "the same request is being answered right now")
        .retry_after(1_000)
}

/// What is kept: answers that changed something, and conflicts with how things were. Other refusals changed nothing, and
/// a corrected request may carry the same key.
fn is_kept(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::CONFLICT
}

fn replayed(mut response: Response) -> Response {
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
