//! Personal access tokens of one's own account.

use plenum_domain::Id;
use plenum_domain::tenant::Feature;
use plenum_persistence::store::{ApiToken, NewApiToken};
use serde_json::json;

use super::own;
use super::types::{NewToken, TokenMade, TokenOut};
use crate::app::App;
use crate::auth::{OldTokens, Scope, Token};
use crate::features::audit::{Subject, done};
use crate::http::{Caller, Fault, Wrongs};

const NAME_CHARS_MAX: usize = 60;
/// Tokens that one account may have at a time.
const TOKENS_MAX: usize = 50;

pub(super) async fn list(app: &App, caller: &Caller) -> Result<Vec<ApiToken>, Fault> {
    let user = own(app, caller).await?;
    Ok(app.store.api_tokens(user.tenant, user.id).await?)
}

pub(super) async fn make(app: &App, caller: &Caller, body: NewToken) -> Result<TokenMade, Fault> {
    caller.1.has(Feature::PersonalTokens)?;
    let user = own(app, caller).await?;
    let (now, mut wrong) = (app.clock.now(), Wrongs::new());
    let name = wrong.text("name", &body.name, NAME_CHARS_MAX);
    let expires = body.expires_at.as_deref().map(|at| wrong.moment("expires_at", at));
    if expires.is_some_and(|expires| expires <= now) {
        wrong.add("expires_at", "is over");
    }
    let scopes: Vec<Result<Scope, _>> = body.scopes.iter().map(|scope| scope.parse()).collect();
    scopes
        .iter()
        .filter_map(|scope| scope.as_ref().err())
        .for_each(|error: &crate::auth::UnknownScope| wrong.add("scopes", error.to_string()));
    if scopes.is_empty() {
        wrong.add("scopes", "are one or more of watch, moderate, organise, admin");
    }
    wrong.done()?;
    if app.store.api_tokens(user.tenant, user.id).await?.len() >= TOKENS_MAX {
        let words = format!("an account has at most {TOKENS_MAX} tokens");
        return Err(Fault::conflict("TOO_MANY", words).with("max", TOKENS_MAX));
    }
    let (id, token) = (app.clock.id(), Token::personal(&app.clock));
    let scopes = scopes.into_iter().flatten().map(|scope| scope.name().to_owned()).collect();
    let new = NewApiToken {
        id,
        tenant: user.tenant,
        user: user.id,
        name,
        hash: token.hash(),
        scopes,
        created: now,
        expires,
    };
    let mut edit = app.store.edit(user.tenant).await?;
    edit.create_api_token(&new).await?;
    let details = json!({"name": new.name, "scopes": new.scopes});
    done(app, caller, edit, "token.made", Subject("token", id), details).await?;
    let made = app.store.api_tokens(user.tenant, user.id).await?.into_iter().find(|one| one.id == id);
    let about = TokenOut::from(made.ok_or_else(Fault::internal)?);
    Ok(TokenMade { token: token.reveal().to_owned(), about })
}

pub(super) async fn revoke(app: &App, caller: &Caller, id: Id) -> Result<(), Fault> {
    let user = own(app, caller).await?;
    let own = app.store.api_tokens(user.tenant, user.id).await?.into_iter().find(|token| token.id == id);
    let token = own.ok_or_else(|| Fault::not_found("token"))?;
    let mut edit = app.store.edit(user.tenant).await?;
    if !edit.revoke_api_token(token.id, app.clock.now()).await? {
        return Err(Fault::not_found("token"));
    }
    let details = json!({"name": token.name});
    done(app, caller, edit, "token.revoked", Subject("token", id), details).await?;
    // Sockets that were opened with it.
    Ok(app.rights_changed(user.tenant, id, OldTokens::End).await?)
}
