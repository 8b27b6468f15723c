//! Handlers.

use axum::extract::State;

use super::types::{ChangeTenant, NewTenantBody, OperatedOut, OperatorQuery};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, IfMatch, Json, Operator, Pages, Params};

/// List all tenants
#[utoipa::path(get, path = "/operator/tenants", tag = "Operator", security(("operator" = [])), params(OperatorQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<OperatedOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    _operator: Operator,
    Params(query): Params<OperatorQuery>,
) -> Answered<Vec<OperatedOut>> {
    let (listed, page) = super::list(&app, query).await?;
    let items = listed.items.into_iter().map(OperatedOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// Make a tenant
///
/// Its first owner is made by `plenum user create`.
#[utoipa::path(post, path = "/operator/tenants", tag = "Operator", security(("operator" = [])), request_body = NewTenantBody,
    responses((status = 201, description = "Made", body = Success<OperatedOut>),
        (status = 409, description = "`TAKEN`: another tenant has the slug", body = Failure)))]
pub(super) async fn create(
    State(app): State<App>,
    _operator: Operator,
    Json(body): Json<NewTenantBody>,
) -> Answered<OperatedOut> {
    super::create(&app, body).await.map(|made| Answer::created(OperatedOut::from(made)))
}

/// Show a tenant
#[utoipa::path(get, path = "/operator/tenants/{id}", tag = "Operator", security(("operator" = [])),
    params(("id" = String, Path, description = "The tenant")),
    responses((status = 200, description = "The tenant; `ETag` has its version", body = Success<OperatedOut>)))]
pub(super) async fn show(State(app): State<App>, _operator: Operator, At(id): At) -> Answered<OperatedOut> {
    let found = super::find(&app, id).await?;
    let version = found.version;
    Ok(Answer::ok(OperatedOut::from(found)).at_version(version))
}

/// Change what a tenant booked, suspend it, open it again
///
/// Holds at once; the sockets of a suspended tenant are closed.
#[utoipa::path(patch, path = "/operator/tenants/{id}", tag = "Operator", security(("operator" = [])),
    params(("id" = String, Path, description = "The tenant"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = ChangeTenant,
    responses((status = 200, description = "As it is now", body = Success<OperatedOut>)))]
pub(super) async fn change(
    State(app): State<App>,
    _operator: Operator,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangeTenant>,
) -> Answered<OperatedOut> {
    let changed = super::change(&app, id, &if_match, body).await?;
    let version = changed.version;
    Ok(Answer::ok(OperatedOut::from(changed)).at_version(version))
}

/// Delete a tenant
///
/// Everybody is out at once; for 30 days the status `active` brings it back, then all that is its own is deleted.
#[utoipa::path(delete, path = "/operator/tenants/{id}", tag = "Operator", security(("operator" = [])),
    params(("id" = String, Path, description = "The tenant")),
    responses((status = 200, description = "Deleted; `delete_after` says until when it can come back", body = Success<OperatedOut>)))]
pub(super) async fn remove(State(app): State<App>, _operator: Operator, At(id): At) -> Answered<OperatedOut> {
    super::remove(&app, id).await.map(|gone| Answer::ok(OperatedOut::from(gone)))
}
