//! One's own account: password, second factor, where one is signed in, personal tokens.

mod http;
mod own_tokens;
mod second;
mod types;

use plenum_domain::Id;
use plenum_persistence::store::{SignIn, User};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::{OldTokens, SignInError, password, policy};
use crate::features::audit::{Subject, note};
use crate::features::letters::{self, Address, Spoken};
use crate::http::{Caller, Fault};

pub use types::{
    ChangePassword, Ended, FactorOut, GiveCode, NewToken, PreparedFactor, RecoveryCodes, SignInOut,
    TokenMade, TokenOut,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::change_password))
        .routes(routes!(http::factor, http::prepare_factor))
        .routes(routes!(http::remove_factor))
        .routes(routes!(http::confirm_factor))
        .routes(routes!(http::sign_ins))
        .routes(routes!(http::end_sign_in))
        .routes(routes!(http::tokens, http::make_token))
        .routes(routes!(http::revoke_token))
        .routes(routes!(http::take_factor))
        .routes(routes!(http::sign_out_user))
}

/// The caller's account. Attendees and screens have none, and a personal token must not change what guards the account.
async fn own(app: &App, caller: &Caller) -> Result<User, Fault> {
    if caller.0.rights.scopes.is_some() {
        return Err(Fault::forbidden("a personal token may not do this: sign in"));
    }
    let found = match caller.0.conference {
        Some(_) => None,
        None => app.store.user(caller.tenant(), caller.id()).await?,
    };
    found.ok_or_else(|| Fault::forbidden("this needs an account: attendees and screens have none"))
}

/// Changes the password by the old one. Sign-ins elsewhere end.
async fn change_password(
    app: &App,
    caller: &Caller,
    spoken: Spoken,
    body: ChangePassword,
) -> Result<(), Fault> {
    let user = own(app, caller).await?;
    app.auth.confirm_password(&user, body.current).await.map_err(|error| match error {
        SignInError::Wrong => Fault::field("current", "is not the password"),
        other => other.into(),
    })?;
    if let Some(fault) = policy::fault(&body.new, &user.email) {
        return Err(Fault::field("new", fault));
    }
    let password_hash = password::hash_aside(body.new).await;
    let others: Vec<Id> = others(app, caller).await?;
    let note = note(app, caller, "password.changed", Subject("user", user.id), json!({}));
    app.store.change_password(&password_hash, None, Some(caller.0.session), &note).await?;
    for family in others {
        app.rights_changed(caller.tenant(), family, OldTokens::End).await?;
    }
    let (name, email, tenant) = (&*user.name, &*user.email, &*caller.1.state.name);
    let to = Address { name, email, tenant, language: spoken.own(&caller.1) };
    letters::send(app, letters::changed(to));
    Ok(())
}

/// The caller's other sign-ins.
async fn others(app: &App, caller: &Caller) -> Result<Vec<Id>, Fault> {
    let all = app.store.sign_ins(caller.tenant(), caller.id(), app.clock.now()).await?;
    Ok(all.into_iter().map(|one| one.family).filter(|one| *one != caller.0.session).collect())
}

async fn sign_ins(app: &App, caller: &Caller) -> Result<Vec<SignIn>, Fault> {
    Ok(app.store.sign_ins(caller.tenant(), caller.id(), app.clock.now()).await?)
}

/// Ends one of the caller's sign-ins: its tokens end and its sockets close at once.
async fn end_sign_in(app: &App, caller: &Caller, family: Id) -> Result<(), Fault> {
    let note = note(app, caller, "session.ended", Subject("session", family), json!({}));
    if !app.store.end_sign_in(caller.id(), family, &note).await? {
        return Err(Fault::not_found("session"));
    }
    Ok(app.rights_changed(caller.tenant(), family, OldTokens::End).await?)
}
