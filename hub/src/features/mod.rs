//! What the hub can do, a folder each: `http.rs` has the handlers, `types.rs` what they take and give.

pub mod access;
pub mod account;
pub mod analytics;
pub mod audit;
pub mod badges;
pub mod codes;
pub mod conferences;
pub mod countries;
pub mod days;
pub mod deeds;
pub mod doors;
pub mod exports;
pub mod health;
pub mod invitations;
pub mod join;
pub(crate) mod letters;
pub(crate) mod listing;
pub mod messages;
pub mod notices;
pub mod oidc;
pub mod operator;
pub mod participants;
pub mod people;
pub mod places;
pub mod polls;
pub mod programme;
pub mod questions;
pub mod recovery;
pub mod registration;
pub mod removed;
pub mod rights;
pub(crate) mod rooms;
pub mod screens;
pub mod searching;
pub mod sessions;
pub mod speakers;
pub mod tenant;

use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(crate::http::openapi::Failure, questions::Act)))]
struct Description;

/// Every route of the API, with its description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(access::routes())
        .merge(join::routes())
        .merge(conferences::routes())
        .merge(places::routes())
        .merge(days::routes())
        .merge(sessions::routes())
        .merge(speakers::routes())
        .merge(searching::routes())
        .merge(countries::routes())
        .merge(polls::routes())
        .merge(questions::routes())
        .merge(messages::routes())
        .merge(participants::routes())
        .merge(registration::routes())
        .merge(notices::routes())
        .merge(doors::routes())
        .merge(deeds::routes())
        .merge(badges::routes())
        .merge(exports::routes())
        .merge(analytics::routes())
        .merge(screens::routes())
        .merge(people::routes())
        .merge(rights::routes())
        .merge(audit::routes())
        .merge(invitations::routes())
        .merge(account::routes())
        .merge(recovery::routes())
        .merge(oidc::routes())
        .merge(tenant::routes())
        .merge(operator::routes())
}
