//! From what a provider says to an account.

use axum::http::StatusCode;
use plenum_domain::{Id, text};
use plenum_persistence::store::{NewUser, SignInProvider, User};
use serde_json::json;

use super::client;
use super::types::Finish;
use crate::app::App;
use crate::auth::{Device, OidcError, OidcKnown, Tokens};
use crate::features::audit::{Subject, nameless};
use crate::features::people::NAME_CHARS_MAX;
use crate::http::Fault;

/// Signs in whoever the provider names.
pub(super) async fn finish(app: &App, body: Finish, device: &Device) -> Result<Tokens, Fault> {
    let tenant = app.auth.begun_for(&body.handle)?;
    let standing = app.tenants.of(tenant).await?.ok_or(OidcError::Stale)?;
    standing.is_open()?;
    let provider = app.store.sign_in_provider(tenant).await?.ok_or(OidcError::Stale)?;
    let known =
        app.auth.finish_oidc(&client(app, tenant, &provider), &body.handle, &body.state, body.code).await?;
    let user = account(app, tenant, &provider, &known).await?;
    if user.disabled.is_some() {
        return Err(nobody());
    }
    Ok(app.auth.sign_in(tenant, user.id, device).await?)
}

fn nobody() -> Fault {
    let words = "you are signed in at the provider, but have no account here: ask for an invitation to the \
                 address that the provider knows, and has verified";
    Fault::new(StatusCode::FORBIDDEN, "NO_ACCOUNT", words)
}

/// The account that they used before, or the one with their verified address, or a new one where the tenant wants it.
async fn account(app: &App, tenant: Id, provider: &SignInProvider, known: &OidcKnown) -> Result<User, Fault> {
    if let Some(user) = app.store.linked_account(tenant, &provider.issuer, &known.subject).await? {
        return Ok(user);
    }
    let email = known.email.as_deref().ok_or_else(nobody)?;
    let user = match app.store.user_by_email(tenant, email).await? {
        Some(user) => user,
        None => made(app, tenant, provider, known, email).await?,
    };
    let details = json!({"issuer": provider.issuer, "email": email});
    let note = nameless(app, tenant, "sign_in.linked", Subject("user", user.id), details);
    app.store.link_account(&provider.issuer, &known.subject, &note).await?;
    Ok(user)
}

async fn made(
    app: &App,
    tenant: Id,
    provider: &SignInProvider,
    known: &OidcKnown,
    email: &str,
) -> Result<User, Fault> {
    let roles = provider.new_roles.ok_or_else(nobody)?;
    let own = email.split('@').next().unwrap_or_default();
    let name = known.name.as_deref().and_then(|name| text::clean(name, NAME_CHARS_MAX).ok());
    let name = name.unwrap_or_else(|| own.to_owned());
    let (id, created) = (app.clock.id(), app.clock.now());
    let new = NewUser { id, tenant, email: email.to_owned(), name, password_hash: None, roles, created };
    let mut edit = app.store.edit(tenant).await?;
    edit.create_user(&new).await?;
    let details = json!({"email": email, "roles": roles, "issuer": provider.issuer});
    edit.commit(&nameless(app, tenant, "user.made", Subject("user", id), details)).await?;
    app.store.user(tenant, id).await?.ok_or_else(Fault::internal)
}
