//! Handlers.

use axum::extract::State;

use super::types::{ChangeUser, UserOut, UserQuery};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, IfMatch, Json, Pages, Params};

/// List accounts
///
/// Needs `people.see`.
#[utoipa::path(get, path = "/users", tag = "People", security(("token" = [])), params(UserQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<UserOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(query): Params<UserQuery>,
) -> Answered<Vec<UserOut>> {
    let (listed, page) = super::list(&app, &caller, query).await?;
    let items = listed.items.into_iter().map(UserOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// Show an account
///
/// One's own, or with `people.see` any.
#[utoipa::path(get, path = "/users/{id}", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account")),
    responses((status = 200, description = "The account; `ETag` has its version", body = Success<UserOut>)))]
pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At) -> Answered<UserOut> {
    let found = super::find(&app, &caller, id).await?;
    let version = found.version;
    Ok(Answer::ok(UserOut::from(found)).at_version(version))
}

/// Change an account
///
/// Its name, its roles in the whole tenant, whether it works. Needs `people.manage`, and nobody gives or takes what they
/// may not do themselves. It holds from the next request on; sockets of the account are closed and may come back.
#[utoipa::path(patch, path = "/users/{id}", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = ChangeUser,
    responses((status = 200, description = "As it is now", body = Success<UserOut>),
        (status = 409, description = "`LAST_OWNER`: a tenant keeps one owner", body = Failure)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangeUser>,
) -> Answered<UserOut> {
    let changed = super::change(&app, &caller, id, &if_match, body).await?;
    let version = changed.version;
    Ok(Answer::ok(UserOut::from(changed)).at_version(version))
}
