//! A new password for who forgot theirs, by a link in a mail that is good once.

mod http;
mod types;

use plenum_domain::Id;
use plenum_persistence::store::{Reset, StoreError};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::{OldTokens, Token, password, policy};
use crate::features::audit::{Subject, nameless};
use crate::features::letters::{self, Address, Spoken};
use crate::http::{Fault, Named};

pub use types::{Asked, Done, Forgot, NewPassword};

/// What tokens in links for a new password begin with.
const RESET: &str = "plw_";
/// How long a link is good, in milliseconds: an hour.
const RESET_TTL_MS: i64 = 60 * 60 * 1_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::forgot)).routes(routes!(http::reset))
}

/// Writes to the account with this address, when there is one. Nobody is told whether there is, nor learns it from the
/// time that it takes.
fn forgot(app: &App, named: &Named, spoken: Spoken, email: &str) {
    let tenant = match named {
        Named::Nobody => None,
        Named::Tenant(tenant) => Some(tenant.id),
        Named::Stranger => Some(Id::default()),
    };
    let (app, email) = (app.clone(), email.trim().to_lowercase());
    if app.auth.may_ask_again(tenant, &email) {
        tokio::spawn(async move {
            if let Err(error) = write_to(&app, tenant, spoken, &email).await {
                tracing::error!(%error, "a new password was asked for in vain");
            }
        });
    }
}

async fn write_to(app: &App, tenant: Option<Id>, spoken: Spoken, email: &str) -> Result<(), StoreError> {
    let found = app.auth.account_by_email(tenant, email).await?;
    let Some(user) = found.filter(|user| user.disabled.is_none()) else { return Ok(()) };
    let Some(standing) = app.tenants.of(user.tenant).await? else { return Ok(()) };
    let token = Token::new(RESET, &app.clock);
    let expires = app.clock.now().plus_ms(RESET_TTL_MS);
    app.store.begin_reset(Reset { tenant: user.tenant, user: user.id }, &token.hash(), expires).await?;
    // After the #, so that it stands in no log on the way.
    let link = format!("{}/reset#{}", app.public_url(), token.reveal());
    let (name, email, tenant) = (&*user.name, &*user.email, &*standing.state.name);
    let to = Address { name, email, tenant, language: spoken.own(&standing) };
    letters::send(app, letters::reset(to, &link, RESET_TTL_MS / 60_000));
    Ok(())
}

/// Changes the password and signs out everywhere. The second factor stays.
async fn reset(app: &App, spoken: Spoken, body: NewPassword) -> Result<(), Fault> {
    let used = || Fault::field("token", "was used, or has ended: ask for another mail");
    let hash = Token::read(&body.token, RESET).ok_or_else(used)?.hash();
    let Reset { tenant, user } = app.store.reset(&hash, app.clock.now()).await?.ok_or_else(used)?;
    let account = app.store.account(tenant, user).await?.ok_or_else(used)?;
    if let Some(fault) = policy::fault(&body.password, &account.email) {
        return Err(Fault::field("password", fault));
    }
    let password_hash = password::hash_aside(body.password).await;
    let note = nameless(app, tenant, "password.reset", Subject("user", user), json!({}));
    if !app.store.change_password(&password_hash, Some(&hash), None, &note).await? {
        return Err(used());
    }
    app.rights_changed(tenant, user, OldTokens::End).await?;
    if let Some(standing) = app.tenants.of(tenant).await? {
        let (name, email, tenant) = (&*account.name, &*account.email, &*standing.state.name);
        let to = Address { name, email, tenant, language: spoken.own(&standing) };
        letters::send(app, letters::changed(to));
    }
    Ok(())
}
