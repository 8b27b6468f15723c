//! Handlers.

use axum::extract::State;

use super::types::{GrantOut, GrantRole, NewRole, RoleOut, SetRoles, Taken, WhyOut, WhyQuery};
use super::{grants as held, own_roles, why as reasons};
use crate::app::App;
use crate::features::participants::ParticipantOut;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, IfMatch, Json, Params};

/// List roles
///
/// Those that every tenant has, with what they allow, and then the tenant's own.
#[utoipa::path(get, path = "/roles", tag = "People", security(("token" = [])),
    responses((status = 200, description = "All of them", body = Success<Vec<RoleOut>>)))]
pub(super) async fn roles(State(app): State<App>, caller: Caller) -> Answered<Vec<RoleOut>> {
    own_roles::list(&app, &caller).await.map(Answer::ok)
}

/// Make a role
///
/// Needs `people.manage`; a role allows nothing that its maker may not do.
#[utoipa::path(post, path = "/roles", tag = "People", security(("token" = [])), request_body = NewRole,
    responses((status = 201, description = "Made", body = Success<RoleOut>),
        (status = 409, description = "`TAKEN`: another role has the name; `TOO_MANY`", body = Failure)))]
pub(super) async fn make_role(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<NewRole>,
) -> Answered<RoleOut> {
    let made = own_roles::make(&app, &caller, body).await?;
    let version = made.version;
    Ok(Answer::created(RoleOut::own(made)).at_version(version))
}

/// Show a role of the tenant's own
#[utoipa::path(get, path = "/roles/{id}", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The role")),
    responses((status = 200, description = "The role; `ETag` has its version", body = Success<RoleOut>)))]
pub(super) async fn role(State(app): State<App>, caller: Caller, At(id): At) -> Answered<RoleOut> {
    let found = own_roles::find(&app, &caller, id).await?;
    let version = found.version;
    Ok(Answer::ok(RoleOut::own(found)).at_version(version))
}

/// Change a role of the tenant's own
///
/// Holds at once for all who have it.
#[utoipa::path(put, path = "/roles/{id}", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The role"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = NewRole,
    responses((status = 200, description = "As it is now", body = Success<RoleOut>)))]
pub(super) async fn change_role(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<NewRole>,
) -> Answered<RoleOut> {
    let changed = own_roles::change(&app, &caller, id, &if_match, body).await?;
    let version = changed.version;
    Ok(Answer::ok(RoleOut::own(changed)).at_version(version))
}

/// Remove a role of the tenant's own
///
/// Also from those who hold it.
#[utoipa::path(delete, path = "/roles/{id}", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The role")),
    responses((status = 200, description = "It is gone", body = Success<Taken>)))]
pub(super) async fn remove_role(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Taken> {
    own_roles::remove(&app, &caller, id).await?;
    Ok(Answer::ok(Taken {}))
}

/// List an account's grants
///
/// What it holds besides its roles in the whole tenant.
#[utoipa::path(get, path = "/users/{id}/grants", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account")),
    responses((status = 200, description = "Oldest first", body = Success<Vec<GrantOut>>)))]
pub(super) async fn grants(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Vec<GrantOut>> {
    let found = held::of_user(&app, &caller, id).await?;
    Ok(Answer::ok(found.into_iter().map(GrantOut::from).collect()))
}

/// Grant a role
///
/// One of every tenant's for a single conference, or one of the tenant's own for a conference or for all. For the whole
/// tenant it needs `people.manage`, for a conference `conferences.organise` there; nobody gives what they may not do.
#[utoipa::path(post, path = "/users/{id}/grants", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account")), request_body = GrantRole,
    responses((status = 201, description = "Granted; it holds at once", body = Success<GrantOut>),
        (status = 409, description = "`TAKEN`: the account holds it already", body = Failure)))]
pub(super) async fn grant(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<GrantRole>,
) -> Answered<GrantOut> {
    held::give(&app, &caller, id, body).await.map(|grant| Answer::created(GrantOut::from(grant)))
}

/// Take a grant
///
/// Holds at once: sockets of the account are closed and may come back with what is left.
#[utoipa::path(delete, path = "/users/{id}/grants/{grant}", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account"), ("grant" = String, Path, description = "The grant")),
    responses((status = 200, description = "It is gone", body = Success<Taken>)))]
pub(super) async fn take(
    State(app): State<App>,
    caller: Caller,
    At((id, grant)): At<(plenum_domain::Id, plenum_domain::Id)>,
) -> Answered<Taken> {
    held::take(&app, &caller, id, grant).await?;
    Ok(Answer::ok(Taken {}))
}

/// List who holds what in a conference
///
/// Grants for this conference; roles in the whole tenant reach it too and are not listed. Needs `conferences.organise` here.
#[utoipa::path(get, path = "/conferences/{id}/grants", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "Oldest first", body = Success<Vec<GrantOut>>)))]
pub(super) async fn grants_in(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Vec<GrantOut>> {
    let found = held::in_conference(&app, &caller, id).await?;
    Ok(Answer::ok(found.into_iter().map(GrantOut::from).collect()))
}

/// Say what an account may do, and why
///
/// For the whole tenant or one conference, every action or a single one: allowed because of which role, held where and
/// granted by whom; or denied, and what would allow it. One's own, or with `people.see` anyone's.
#[utoipa::path(get, path = "/users/{id}/rights", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The account"), WhyQuery),
    responses((status = 200, description = "Each action with the reason", body = Success<WhyOut>)))]
pub(super) async fn why(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Params(query): Params<WhyQuery>,
) -> Answered<WhyOut> {
    reasons::why(&app, &caller, id, query).await.map(Answer::ok)
}

/// Give a participant other roles
///
/// In their conference. Their tokens of before end and their sockets close: they come back with the refresh token.
#[utoipa::path(patch, path = "/participants/{id}/roles", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant")), request_body = SetRoles,
    responses((status = 200, description = "As they are now", body = Success<ParticipantOut>)))]
pub(super) async fn set_roles(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<SetRoles>,
) -> Answered<ParticipantOut> {
    held::set_roles(&app, &caller, id, body).await.map(|person| Answer::ok(ParticipantOut::from(person)))
}
