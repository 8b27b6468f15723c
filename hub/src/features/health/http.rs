//! Handlers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::ready::{Condition, readiness};
use crate::app::App;

/// The process runs: it answers.
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// The parts that the hub needs; 503 when one of them is down.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let readiness = readiness(&app).await;
    let status = match readiness.status {
        Condition::Down => StatusCode::SERVICE_UNAVAILABLE,
        Condition::Ok | Condition::Degraded => StatusCode::OK,
    };
    (status, Json(readiness)).into_response()
}

/// Figures for Prometheus.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    match &app.metrics {
        Some(metrics) => {
            super::figures::refresh(&app).await;
            ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "telemetry.metrics is false\n").into_response(),
    }
}
