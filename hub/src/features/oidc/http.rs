//! Handlers.

use axum::extract::State;

use super::types::{BegunOut, Finish, ProviderOut, SetProvider, WayOut};
use crate::app::App;
use crate::auth::{Device, Tokens};
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, Caller, Empty, Json, Named};

/// Say how one may sign in besides by password
///
/// For everyone: the provider of the tenant that the host or `X-Tenant-ID` names; null when it has none.
#[utoipa::path(get, path = "/auth/oidc", tag = "Signing in",
    responses((status = 200, description = "What stands on the button, or null", body = Success<Option<WayOut>>)))]
pub(super) async fn way(State(app): State<App>, named: Named) -> Answered<Option<WayOut>> {
    super::way(&app, &named).await.map(Answer::ok)
}

/// Begin to sign in at the tenant's provider
///
/// OpenID Connect, by code with PKCE. The browser keeps `handle` and goes to `url`; it comes back to `/signed-in`.
#[utoipa::path(post, path = "/auth/oidc/begin", tag = "Signing in", request_body = Empty,
    responses((status = 200, description = "Where to go", body = Success<BegunOut>),
        (status = 404, description = "The organisation has no sign-in provider", body = Failure),
        (status = 502, description = "`PROVIDER_FAILED`: the provider does not answer as it should", body = Failure)))]
pub(super) async fn begin(
    State(app): State<App>,
    named: Named,
    Json(Empty {}): Json<Empty>,
) -> Answered<BegunOut> {
    super::begin(&app, &named).await.map(|begun| Answer::ok(begun).shown_once())
}

/// Finish signing in at the tenant's provider
///
/// Whoever the provider names is signed in to the account that they used before, or to the one with their verified
/// address; where the tenant wants it, to a new one.
#[utoipa::path(post, path = "/auth/oidc/finish", tag = "Signing in", request_body = Finish,
    responses((status = 200, description = "Signed in", body = Success<Tokens>),
        (status = 401, description = "`SIGN_IN_STALE`: begin again", body = Failure),
        (status = 403, description = "`NO_ACCOUNT`: nobody here has the address that the provider names", body = Failure),
        (status = 502, description = "`PROVIDER_FAILED`", body = Failure)))]
pub(super) async fn finish(
    State(app): State<App>,
    device: Device,
    Json(body): Json<Finish>,
) -> Answered<Tokens> {
    super::finishing::finish(&app, body, &device).await.map(|tokens| Answer::ok(tokens).shown_once())
}

/// Show the tenant's sign-in provider
#[utoipa::path(get, path = "/tenant/sign-in", tag = "Tenant", security(("token" = [])),
    responses((status = 200, description = "The provider without its secret, or null", body = Success<Option<ProviderOut>>)))]
pub(super) async fn show(State(app): State<App>, caller: Caller) -> Answered<Option<ProviderOut>> {
    super::show(&app, &caller).await.map(Answer::ok)
}

/// Set the tenant's sign-in provider
///
/// Any that speaks OpenID Connect. It is asked before it is kept. Needs `tenant.own`: whoever names the provider names
/// who everybody is.
#[utoipa::path(put, path = "/tenant/sign-in", tag = "Tenant", security(("token" = [])), request_body = SetProvider,
    responses((status = 200, description = "As it is now", body = Success<Option<ProviderOut>>)))]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<SetProvider>,
) -> Answered<Option<ProviderOut>> {
    super::set(&app, &caller, body).await?;
    super::show(&app, &caller).await.map(Answer::ok)
}

/// Forget the tenant's sign-in provider
///
/// Who is signed in stays so.
#[utoipa::path(delete, path = "/tenant/sign-in", tag = "Tenant", security(("token" = [])),
    responses((status = 200, description = "There is none", body = Success<Option<ProviderOut>>)))]
pub(super) async fn remove(State(app): State<App>, caller: Caller) -> Answered<Option<ProviderOut>> {
    super::remove(&app, &caller).await?;
    Ok(Answer::ok(None))
}
