//! What no request may do to the hub: take for ever, or bring a handler down unanswered.

use std::any::Any;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::ResponseForPanic;

use super::fault::Fault;
use crate::app::App;

/// Answers a request that takes longer than `server.request_timeout_ms`.
pub(super) async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let limit_ms = app.config.server.request_timeout_ms;
    match tokio::time::timeout(Duration::from_millis(limit_ms), next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let words = "the hub did not manage this in time; whether it was done can be found out by sending it again with the same Idempotency-Key";
            Fault::new(StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT", words).retry_after(1_000).into_response()
        }
    }
}

/// A handler that panics is a bug of ours: logged, and answered like every other fault.
#[derive(Clone, Copy)]
pub(super) struct Panicked;

impl ResponseForPanic for Panicked {
    type ResponseBody = Body;

    fn response_for_panic(&mut self, panic: Box<dyn Any + Send + 'static>) -> Response {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words");
        tracing::error!(panic = text, "a handler panicked");
        metrics::counter!("plenum_http_panics_total").increment(1);
        Fault::internal().into_response()
    }
}

/// No route has this path.
pub(super) async fn no_route() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is no such path; /docs/api shows those that are")
}

/// The path exists, the method does not.
pub(super) async fn no_method() -> Fault {
    let words = "this path does not take this method; the Allow header names those that it takes";
    Fault::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", words)
}
