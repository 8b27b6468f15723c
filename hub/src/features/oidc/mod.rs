//! Signing in at a provider that the tenant names, by OpenID Connect.

mod finishing;
mod http;
mod types;

use axum::http::StatusCode;
use plenum_domain::access::Actions;
use plenum_domain::{Action, Id};
use plenum_persistence::store::SignInProvider;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::{KeptSecret, OidcClient, OidcError};
use crate::features::audit::{Subject, note};
use crate::features::people::{check_roles, outranks};
use crate::http::{Caller, Fault, Named, Wrongs};

pub use types::{BegunOut, Finish, ProviderOut, SetProvider, WayOut};

const NAME_CHARS_MAX: usize = 60;
const TEXT_BYTES_MAX: usize = 500;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::way))
        .routes(routes!(http::begin))
        .routes(routes!(http::finish))
        .routes(routes!(http::show, http::set, http::remove))
}

/// The page to which people come back.
fn back(app: &App) -> String {
    format!("{}/signed-in", app.public_url())
}

/// The named tenant's provider.
async fn of_named(app: &App, named: &Named) -> Result<Option<(Id, SignInProvider)>, Fault> {
    let Named::Tenant(tenant) = named else { return Ok(None) };
    let found = app.store.sign_in_provider(tenant.id).await?;
    Ok(found.map(|provider| (tenant.id, provider)))
}

async fn way(app: &App, named: &Named) -> Result<Option<WayOut>, Fault> {
    Ok(of_named(app, named).await?.map(|(_, provider)| WayOut { name: provider.name }))
}

async fn begin(app: &App, named: &Named) -> Result<BegunOut, Fault> {
    let (tenant, provider) =
        of_named(app, named).await?.ok_or_else(|| Fault::not_found("sign-in provider"))?;
    app.tenants.of(tenant).await?.ok_or_else(|| Fault::not_found("tenant"))?.is_open()?;
    let begun = app.auth.begin_oidc(tenant, &client(app, tenant, &provider), back(app)).await?;
    Ok(BegunOut { url: begun.url, handle: begun.handle })
}

fn client(app: &App, tenant: Id, provider: &SignInProvider) -> OidcClient {
    let SignInProvider { issuer, client_id, client_secret, .. } = provider.clone();
    let secret = client_secret.and_then(|kept| app.auth.opened_text(KeptSecret::SignIn, tenant, &kept));
    OidcClient { issuer, id: client_id, secret }
}

async fn show(app: &App, caller: &Caller) -> Result<Option<ProviderOut>, Fault> {
    caller.may(Action::ConfigureTenant)?;
    let found = app.store.sign_in_provider(caller.tenant()).await?;
    Ok(found.map(|provider| ProviderOut::new(provider, back(app))))
}

async fn set(app: &App, caller: &Caller, body: SetProvider) -> Result<(), Fault> {
    caller.may(Action::OwnTenant)?;
    let mut wrong = Wrongs::new();
    let name = wrong.text("name", &body.name, NAME_CHARS_MAX);
    for (field, text) in [("issuer", &body.issuer), ("client_id", &body.client_id)] {
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            wrong.add(field, format!("has 1 to {TEXT_BYTES_MAX} bytes"));
        }
    }
    let too_long = |secret: &String| secret.len() > TEXT_BYTES_MAX;
    if body.client_secret.as_ref().is_some_and(too_long) {
        wrong.add("client_secret", format!("has at most {TEXT_BYTES_MAX} bytes"));
    }
    if let Some(roles) = body.new_roles {
        check_roles(&mut wrong, roles);
    }
    wrong.done()?;
    outranks(caller, Actions::of_roles(body.new_roles.unwrap_or_default()), None)?;
    app.auth.try_provider(&body.issuer).await.map_err(|error| Fault::field("issuer", error.to_string()))?;
    let was = app.store.sign_in_provider(caller.tenant()).await?;
    let same = was.filter(|was| was.issuer == body.issuer && was.client_id == body.client_id);
    let sealed = |plain: String| app.auth.sealed_text(KeptSecret::SignIn, caller.tenant(), &plain);
    let client_secret = body.client_secret.map(sealed).or_else(|| same.and_then(|was| was.client_secret));
    let SetProvider { issuer, client_id, new_roles, .. } = body;
    let details = json!({"issuer": issuer, "client_id": client_id, "new_roles": new_roles});
    let note = note(app, caller, "tenant.sign_in", Subject("tenant", caller.tenant()), details);
    let provider = SignInProvider { name, issuer, client_id, client_secret, new_roles };
    Ok(app.store.set_sign_in_provider(&provider, &note).await?)
}

async fn remove(app: &App, caller: &Caller) -> Result<(), Fault> {
    caller.may(Action::OwnTenant)?;
    let details = json!({"issuer": null});
    let note = note(app, caller, "tenant.sign_in", Subject("tenant", caller.tenant()), details);
    if app.store.remove_sign_in_provider(&note).await? {
        Ok(())
    } else {
        Err(Fault::not_found("sign-in provider"))
    }
}

impl From<OidcError> for Fault {
    fn from(error: OidcError) -> Self {
        let words = error.to_string();
        match error {
            OidcError::Stale => Self::new(StatusCode::UNAUTHORIZED, "SIGN_IN_STALE", words),
            _ => {
                tracing::warn!(%error, "a sign-in provider failed");
                Self::new(StatusCode::BAD_GATEWAY, "PROVIDER_FAILED", words)
            }
        }
    }
}
