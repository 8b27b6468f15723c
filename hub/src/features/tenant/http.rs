//! Handlers.

use axum::extract::{Path, State};
use axum::response::Response;

use super::look::Seen;
use super::types::{
    Gone, LogoFile, LookOut, PastOut, Pick, SetFeatures, TenantHistoryQuery, TenantOut, UsageOut,
    WantedBranding, WantedName,
};
use super::{changing, picture};
use crate::app::App;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, AnyCaller, Caller, Fault, IfMatch, Json, Page, Params, cut};
use crate::tenants::Profile;

async fn now(app: &App, tenant: plenum_domain::Id) -> Answered<TenantOut> {
    let standing = changing::standing(app, tenant).await?;
    Ok(Answer::ok(TenantOut::from(&*standing)).at_version(standing.state.version))
}

/// Show the tenant
#[utoipa::path(get, path = "/tenant", tag = "Tenant", security(("token" = [])),
    responses((status = 200, description = "The token's tenant; `ETag` has its version", body = Success<TenantOut>)))]
pub(super) async fn show(State(app): State<App>, AnyCaller(caller): AnyCaller) -> Answered<TenantOut> {
    now(&app, caller.tenant()).await
}

/// Rename the tenant
///
/// Needs `tenant.configure`.
#[utoipa::path(patch, path = "/tenant", tag = "Tenant", security(("token" = [])),
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = WantedName,
    responses((status = 200, description = "As it is now", body = Success<TenantOut>)))]
pub(super) async fn rename(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
    Json(body): Json<WantedName>,
) -> Answered<TenantOut> {
    changing::rename(&app, &caller, &if_match, &body.name).await?;
    now(&app, caller.tenant()).await
}

/// Delete the tenant
///
/// Needs `tenant.own`. Everybody is out at once; for 30 days an owner can bring it back, then all that is its own is deleted.
#[utoipa::path(post, path = "/tenant/delete", tag = "Tenant", security(("token" = [])), request_body = Gone,
    responses((status = 200, description = "Deleted; `delete_after` says until when it can come back", body = Success<TenantOut>)))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<Gone>,
) -> Answered<TenantOut> {
    changing::remove(&app, &caller, &body.confirm).await?;
    now(&app, caller.tenant()).await
}

/// Bring a deleted tenant back
///
/// Needs `tenant.own`.
#[utoipa::path(post, path = "/tenant/keep", tag = "Tenant", security(("token" = [])),
    responses((status = 200, description = "It is open again", body = Success<TenantOut>),
        (status = 409, description = "`NOT_DELETED`", body = Failure)))]
pub(super) async fn keep(State(app): State<App>, AnyCaller(caller): AnyCaller) -> Answered<TenantOut> {
    changing::keep(&app, &caller).await?;
    now(&app, caller.tenant()).await
}

/// Change facts about the tenant
///
/// All of them: what is left out is empty afterwards. Needs `tenant.configure`.
#[utoipa::path(put, path = "/tenant/settings", tag = "Tenant", security(("token" = [])),
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = Profile,
    responses((status = 200, description = "As it is now", body = Success<TenantOut>)))]
pub(super) async fn set_profile(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
    Json(body): Json<Profile>,
) -> Answered<TenantOut> {
    changing::set_profile(&app, &caller, &if_match, body).await?;
    now(&app, caller.tenant()).await
}

/// Go back to earlier settings
///
/// Settings, branding and features as they were at a version of the history; itself a change that can be taken back.
#[utoipa::path(post, path = "/tenant/settings/restore", tag = "Tenant", security(("token" = [])),
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = Pick,
    responses((status = 200, description = "As it is now", body = Success<TenantOut>)))]
pub(super) async fn pick(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
    Json(body): Json<Pick>,
) -> Answered<TenantOut> {
    changing::pick(&app, &caller, &if_match, body.version).await?;
    now(&app, caller.tenant()).await
}

/// List earlier settings
///
/// Newest first. Needs `tenant.configure`.
#[utoipa::path(get, path = "/tenant/history", tag = "Tenant", security(("token" = [])), params(TenantHistoryQuery),
    responses((status = 200, description = "Versions, and where they go on", body = Success<Vec<PastOut>>)))]
pub(super) async fn history(
    State(app): State<App>,
    caller: Caller,
    Params(query): Params<TenantHistoryQuery>,
) -> Answered<Vec<PastOut>> {
    caller.may(plenum_domain::Action::ConfigureTenant)?;
    let size = Page::of(None, query.per_page)?.size;
    let wrong = |_| Fault::field("cursor", "is not one that was given out");
    let before = query.cursor.map(|text| text.parse()).transpose().map_err(wrong)?;
    let found = app.store.tenant_history(caller.tenant(), before, size + 1).await?;
    let (found, next) = cut(found, size, |last| last.version.to_string());
    Ok(Answer::piece(found.into_iter().map(PastOut::from).collect(), next))
}

/// Set the tenant's name and colours for pages
///
/// Colours that people with weak sight could not make out are refused with their figures (WCAG 2.2).
#[utoipa::path(put, path = "/tenant/branding", tag = "Tenant", security(("token" = [])),
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = WantedBranding,
    responses((status = 200, description = "As it is now", body = Success<TenantOut>)))]
pub(super) async fn set_branding(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
    Json(body): Json<WantedBranding>,
) -> Answered<TenantOut> {
    changing::set_branding(&app, &caller, &if_match, body).await?;
    now(&app, caller.tenant()).await
}

/// Give the tenant the hub's look back
#[utoipa::path(delete, path = "/tenant/branding", tag = "Tenant", security(("token" = [])),
    responses((status = 200, description = "As it is now", body = Success<TenantOut>)))]
pub(super) async fn remove_branding(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
) -> Answered<TenantOut> {
    changing::remove_branding(&app, &caller, &if_match).await?;
    now(&app, caller.tenant()).await
}

/// Set the tenant's logo
#[utoipa::path(put, path = "/tenant/logo", tag = "Tenant", security(("token" = [])), request_body = LogoFile,
    responses((status = 200, description = "As it is now", body = Success<TenantOut>),
        (status = 403, description = "`LIMIT_REACHED`: there is no room for it; or not allowed", body = Failure)))]
pub(super) async fn set_logo(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<LogoFile>,
) -> Answered<TenantOut> {
    picture::set(&app, &caller, &body).await?;
    now(&app, caller.tenant()).await
}

/// Take the tenant's logo away
#[utoipa::path(delete, path = "/tenant/logo", tag = "Tenant", security(("token" = [])),
    responses((status = 200, description = "As it is now", body = Success<TenantOut>)))]
pub(super) async fn remove_logo(State(app): State<App>, caller: Caller) -> Answered<TenantOut> {
    picture::remove(&app, &caller).await?;
    now(&app, caller.tenant()).await
}

/// Switch features on and off
///
/// Holds at once: what is off answers 403 `FEATURE_OFF` with its name, on the socket `hub.forbidden`.
#[utoipa::path(patch, path = "/tenant/features", tag = "Tenant", security(("token" = [])),
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = SetFeatures,
    responses((status = 200, description = "As it is now", body = Success<TenantOut>)))]
pub(super) async fn set_features(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
    Json(body): Json<SetFeatures>,
) -> Answered<TenantOut> {
    changing::set_features(&app, &caller, &if_match, body).await?;
    now(&app, caller.tenant()).await
}

/// Show the tenant's limits and what is used of them
#[utoipa::path(get, path = "/tenant/usage", tag = "Tenant", security(("token" = [])),
    responses((status = 200, description = "Each limit", body = Success<Vec<UsageOut>>)))]
pub(super) async fn usage(State(app): State<App>, caller: Caller) -> Answered<Vec<UsageOut>> {
    caller.may(plenum_domain::Action::SeePeople)?;
    super::usage(&app, &caller).await.map(Answer::ok)
}

/// Show how pages look
///
/// For everyone: the look and the features of the tenant that the host, `X-Tenant-ID` or a token names; the hub's own when none does.
#[utoipa::path(get, path = "/look", tag = "Tenant",
    responses((status = 200, description = "Name, colours, logo, features", body = Success<LookOut>)))]
pub(super) async fn look(Seen(standing): Seen) -> Answered<LookOut> {
    Ok(Answer::ok(LookOut::of(standing.as_deref())))
}

/// Fetch a logo
///
/// The picture itself, without the envelope; for everyone.
#[utoipa::path(get, path = "/logos/{hash}", tag = "Tenant",
    params(("hash" = String, Path, description = "What it looks like; from `logo_url`")),
    responses((status = 200, description = "A PNG, JPEG or WebP picture", content_type = "image/png")))]
pub(super) async fn logo(State(app): State<App>, Path(hash): Path<String>) -> Result<Response, Fault> {
    picture::send(&app, &hash).await
}
