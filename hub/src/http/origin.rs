//! Pages of other origins (CORS): refused by the browser unless `web.allowed_origins` names them.

use axum::extract::{Request, State};
use axum::http::header::{HeaderMap, HeaderValue, ORIGIN, VARY};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, idempotency-key, if-match, x-request-id, x-tenant-id",
);
const EXPOSED: HeaderValue = HeaderValue::from_static("etag, x-request-id, retry-after");
/// How long a browser may remember the answer, in seconds.
const MAX_AGE_S: HeaderValue = HeaderValue::from_static("600");

/// Answers preflights, and names the origin that may read an answer.
pub(super) async fn share(State(app): State<App>, request: Request, next: Next) -> Response {
    let allowed = allowed(request.headers(), &app.config.web.allowed_origins);
    let preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key("access-control-request-method");
    let Some(origin) = allowed else { return next.run(request).await };
    let mut response = match preflight {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert("access-control-allow-origin", origin);
    headers.insert("access-control-expose-headers", EXPOSED);
    headers.append(VARY, HeaderValue::from_static("origin"));
    if preflight {
        headers.insert("access-control-allow-methods", METHODS);
        headers.insert("access-control-allow-headers", HEADERS);
        headers.insert("access-control-max-age", MAX_AGE_S);
    }
    response
}

fn allowed(headers: &HeaderMap, origins: &[String]) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let text = origin.to_str().ok()?;
    origins.iter().any(|known| known.trim_end_matches('/') == text).then(|| origin.clone())
}
