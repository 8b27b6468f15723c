//! The page that shows what the API can do. It reads `/api/v1/openapi.json` and needs nothing from elsewhere.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// `/docs/api` and its two files.
pub(crate) fn docs<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let html = ([(CONTENT_TYPE, "text/html; charset=utf-8")], include_str!("docs/page.html"));
    let script = ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("docs/page.js"));
    let style = ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("docs/page.css"));
    Router::new()
        .route("/docs/api", get(|| async move { html }))
        .route("/docs/api.js", get(|| async move { script }))
        .route("/docs/api.css", get(|| async move { style }))
}
