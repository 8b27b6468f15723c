//! REST: one router, one envelope, typed parts of requests, and one sort of fault.

mod answer;
mod envelope;
mod extract;
mod fault;
mod guard;
mod idempotency;
pub mod openapi;
mod origin;
mod sent;
mod store_fault;
mod tenancy;
mod unread;
mod validate;
mod version;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::{features, telemetry, web};

pub use answer::{Answer, Cursor, Pages, cut};
pub use envelope::RequestId;
pub use extract::{At, Empty, Json, Page, Params, given};
pub use fault::{Answered, Fault};
pub(crate) use idempotency::Recent;
pub use sent::Sent;
pub(crate) use tenancy::bearer;
pub use tenancy::{AnyCaller, Caller, Named, Operator};
pub use validate::Wrongs;
pub use version::{IfMatch, outdated};

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Everything that is not the socket: the API, health, metrics, the page about the API, and the web client.
pub fn router(app: App) -> Router {
    let (api, description) = features::routes().split_for_parts();
    let description = openapi::complete(description);
    let api = api
        .route("/openapi.json", get(move || openapi::serve(description.clone())))
        .fallback(guard::no_route)
        .method_not_allowed_fallback(guard::no_method)
        .layer(from_fn_with_state(app.clone(), idempotency::answer_once))
        .layer(from_fn_with_state(app.clone(), guard::in_time))
        .layer(CatchPanicLayer::custom(guard::Panicked))
        .layer(from_fn_with_state(app.clone(), origin::share));
    Router::new()
        .nest(BASE, api)
        .merge(features::health::routes())
        .merge(web::docs())
        .fallback(web::serve)
        .layer(from_fn_with_state(app.clone(), telemetry::watch))
        .layer(from_fn_with_state(app.clone(), envelope::seal))
        .layer(from_fn_with_state(app.clone(), web::protect))
        .layer(from_fn(unread::say_so))
        .with_state(app)
}
