//! The second factor of one's own account; and taking it from somebody whose phone and codes are lost.

use plenum_domain::access::Actions;
use plenum_domain::{Action, Id};
use serde_json::json;

use super::own;
use super::types::{FactorOut, PreparedFactor};
use crate::app::App;
use crate::auth::second_factor::{NewSecret, recovery_codes, step};
use crate::auth::{OldTokens, Second};
use crate::clock::rfc3339;
use crate::features::audit::{Subject, done, note};
use crate::features::people::{find as find_user, outranks};
use crate::http::{Caller, Fault};

pub(super) async fn show(app: &App, caller: &Caller) -> Result<FactorOut, Fault> {
    let user = own(app, caller).await?;
    let factor = app.store.second_factor(user.tenant, user.id).await?;
    let left = app.store.recovery_codes_left(user.tenant, user.id).await?;
    Ok(FactorOut { confirmed_at: factor.confirmed.map(rfc3339), recovery_codes_left: left })
}

/// A secret to scan. It is asked for only once a code of it was given.
pub(super) async fn prepare(app: &App, caller: &Caller) -> Result<PreparedFactor, Fault> {
    let user = own(app, caller).await?;
    let secret = NewSecret::new(&app.clock);
    if !app
        .store
        .prepare_second_factor(user.tenant, user.id, &app.auth.sealed_second_factor(user.id, &secret))
        .await?
    {
        let words = "the account has a second factor: take it away first";
        return Err(Fault::conflict("SECOND_FACTOR_EXISTS", words));
    }
    let url = secret.address(&caller.1.state.name, &user.email);
    Ok(PreparedFactor { secret: secret.in_letters(), url })
}

/// From now on the second factor is asked for. The recovery codes are shown once.
pub(super) async fn confirm(app: &App, caller: &Caller, code: &str) -> Result<Vec<String>, Fault> {
    let user = own(app, caller).await?;
    let factor = app.store.second_factor(user.tenant, user.id).await?;
    let secret = factor.secret.filter(|_| factor.confirmed.is_none());
    let secret = secret.ok_or_else(|| {
        Fault::conflict("NOTHING_TO_CONFIRM", "ask for a secret first: POST /account/second-factor")
    })?;
    let secret = app.auth.second_factor_secret(user.id, &secret);
    let step = secret.and_then(|secret| step(&secret, code, app.clock.now()));
    let step = step.ok_or_else(|| Fault::field("otp", "is not the code that the app shows now"))?;
    let (codes, hashes) = recovery_codes(&app.clock);
    let note = note(app, caller, "second_factor.confirmed", Subject("user", user.id), json!({}));
    if !app.store.confirm_second_factor(step, &hashes, &note).await? {
        return Err(Fault::conflict("NOTHING_TO_CONFIRM", "it was confirmed meanwhile"));
    }
    Ok(codes)
}

/// Takes one's own second factor away, with one of its codes or a recovery code.
pub(super) async fn remove(app: &App, caller: &Caller, code: &str) -> Result<(), Fault> {
    let user = own(app, caller).await?;
    match app.auth.second_guarded(&user, code).await? {
        Second::Right => {}
        Second::Missing | Second::Wrong => {
            return Err(Fault::field(
                "otp",
                "is neither the code that the app shows now nor a recovery code",
            ));
        }
    }
    let note = note(app, caller, "second_factor.removed", Subject("user", user.id), json!({}));
    app.store.remove_second_factor(&note).await?;
    Ok(())
}

/// Takes somebody's second factor away and signs them out, because their phone and codes are lost.
pub(super) async fn take(app: &App, caller: &Caller, id: Id) -> Result<(), Fault> {
    let account = manageable(app, caller, id).await?;
    let note = note(app, caller, "second_factor.taken", Subject("user", account), json!({}));
    app.store.remove_second_factor(&note).await?;
    sign_out(app, caller, account).await
}

/// Signs somebody out everywhere.
pub(super) async fn sign_out_user(app: &App, caller: &Caller, id: Id) -> Result<(), Fault> {
    let account = manageable(app, caller, id).await?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    edit.revoke_refresh_tokens_of(account, app.clock.now()).await?;
    done(app, caller, edit, "session.all_ended", Subject("user", account), json!({})).await?;
    Ok(app.rights_changed(caller.tenant(), account, OldTokens::End).await?)
}

async fn sign_out(app: &App, caller: &Caller, user: Id) -> Result<(), Fault> {
    app.store.revoke_refresh_tokens_of(caller.tenant(), user, app.clock.now()).await?;
    Ok(app.rights_changed(caller.tenant(), user, OldTokens::End).await?)
}

async fn manageable(app: &App, caller: &Caller, id: Id) -> Result<Id, Fault> {
    caller.may(Action::ManagePeople)?;
    let account = find_user(app, caller, id).await?;
    outranks(caller, Actions::of_roles(account.roles), None)?;
    Ok(account.id)
}
