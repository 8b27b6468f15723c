//! One line of the log and two metrics a request: its route as the code has it, never its address or query.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::clock::Stopwatch;
use crate::http::RequestId;

pub(crate) async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let id = request.extensions().get::<RequestId>().map_or("", |id| &id.0).to_owned();
    let watch = Stopwatch::start(&app.clock);
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), watch.elapsed());
    tracing::info!(%id, %method, %route, status, took_us = took.as_micros() as u64, "request");
    let labels = [("method", method), ("route", route), ("status", status.to_string())];
    metrics::counter!("plenum_http_requests_total", &labels).increment(1);
    metrics::histogram!("plenum_http_request_seconds", &labels[..2]).record(took.as_secs_f64());
    response
}
