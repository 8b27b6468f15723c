//! Whether the hub lives, whether it can do its work, and its figures.

mod figures;
mod http;
mod ready;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub use ready::{Condition, Part, Readiness};

/// `/livez`, `/readyz`, `/metrics`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/livez", get(http::livez))
        .route("/readyz", get(http::readyz))
        .route("/metrics", get(http::metrics))
}
