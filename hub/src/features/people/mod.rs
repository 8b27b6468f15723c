//! The tenant's accounts: found, renamed, given other roles, disabled.

mod http;
mod types;

use plenum_domain::access::Actions;
use plenum_domain::{Action, Id, Role, Roles};
use plenum_persistence::store::{Account, AccountChange, AccountFilter, Listed, Page as StorePage};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::OldTokens;
use crate::features::audit::{Subject, note};
use crate::http::{Caller, Fault, IfMatch, Page, Wrongs, outdated};

pub use types::{ChangeUser, UserOut, UserQuery};

/// The longest name, in characters.
pub(crate) const NAME_CHARS_MAX: usize = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::list)).routes(routes!(http::show, http::change))
}

/// The account, for those who may see accounts, and for itself.
///
/// # Errors
/// 403, or 404.
pub(crate) async fn find(app: &App, caller: &Caller, id: Id) -> Result<Account, Fault> {
    if id != caller.id() {
        caller.may(Action::SeePeople)?;
    }
    app.store.account(caller.tenant(), id).await?.ok_or_else(|| Fault::not_found("user"))
}

/// Refuses to give or take what the caller does not hold.
///
/// # Errors
/// 403 `FORBIDDEN` with the actions that the caller lacks.
pub(crate) fn outranks(caller: &Caller, actions: Actions, conference: Option<Id>) -> Result<(), Fault> {
    let lacking: Vec<&str> = {
        let own = caller.actions(conference);
        actions.iter().filter(|action| !own.has(*action)).map(Action::name).collect()
    };
    if lacking.is_empty() {
        return Ok(());
    }
    let words = "nobody gives or takes what they may not do themselves";
    Err(Fault::forbidden(words).with("lacking", lacking))
}

/// Checks roles for a whole tenant.
pub(crate) fn check_roles(wrong: &mut Wrongs, roles: Roles) {
    if roles.has(Role::Attendee) || roles.has(Role::Screen) {
        wrong.add("roles", "attendees join by code and screens are paired: neither needs an account");
    }
}

async fn list(app: &App, caller: &Caller, query: UserQuery) -> Result<(Listed<Account>, Page), Fault> {
    caller.may(Action::SeePeople)?;
    let page = Page::of(query.page, query.per_page)?;
    let order = query.sort.as_deref().map(Account::order).transpose()?;
    let unknown = |error: plenum_domain::access::UnknownRole| Fault::field("role", error.to_string());
    let role = query.role.map(|role| role.parse()).transpose().map_err(unknown)?;
    let search = query.search.filter(|text| !text.trim().is_empty());
    let filter = AccountFilter { search, role, order };
    let asked = StorePage::new(page.number, page.size);
    Ok((app.store.accounts(caller.tenant(), &filter, asked).await?, page))
}

async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: ChangeUser,
) -> Result<Account, Fault> {
    caller.may(Action::ManagePeople)?;
    let was = find(app, caller, id).await?;
    if_match.against(was.version)?;
    let change = changed(app, &was, &body)?;
    outranks(caller, Actions::of_roles(was.roles).and(Actions::of_roles(change.roles)), None)?;
    let details = json!({
        "email": was.email,
        "before": {"name": was.name, "roles": was.roles, "disabled": was.disabled.is_some()},
        "after": {"name": change.name, "roles": change.roles, "disabled": change.disabled.is_some()},
    });
    let note = note(app, caller, "user.changed", Subject("user", id), details);
    if !app.store.change_account(&was, &change, &note).await? {
        return Err(unchanged(app, caller, &was).await);
    }
    takes_effect(app, caller, &was, &change).await?;
    find(app, caller, id).await
}

fn changed(app: &App, was: &Account, body: &ChangeUser) -> Result<AccountChange, Fault> {
    let mut wrong = Wrongs::new();
    let name = body.name.as_deref().map(|name| wrong.text("name", name, NAME_CHARS_MAX));
    let roles = body.roles.unwrap_or(was.roles);
    check_roles(&mut wrong, roles);
    wrong.done()?;
    let disabled = match body.disabled {
        None => was.disabled,
        Some(false) => None,
        Some(true) => was.disabled.or_else(|| Some(app.clock.now())),
    };
    Ok(AccountChange { name: name.unwrap_or_else(|| was.name.clone()), roles, disabled })
}

/// Why the store did not change an account.
async fn unchanged(app: &App, caller: &Caller, was: &Account) -> Fault {
    match app.store.account(caller.tenant(), was.id).await {
        Ok(Some(now)) if now.version == was.version => {
            let words = "a tenant needs an owner: make somebody else one first";
            Fault::conflict("LAST_OWNER", words)
        }
        Ok(_) => outdated(),
        Err(error) => error.into(),
    }
}

/// Whoever was disabled is signed out; whoever has other roles has them from now on.
async fn takes_effect(app: &App, caller: &Caller, was: &Account, now: &AccountChange) -> Result<(), Fault> {
    if now.disabled.is_some() && was.disabled.is_none() {
        app.store.revoke_refresh_tokens_of(caller.tenant(), was.id, app.clock.now()).await?;
        app.rights_changed(caller.tenant(), was.id, OldTokens::End).await?;
    } else {
        app.rights_changed(caller.tenant(), was.id, OldTokens::GoOn).await?;
    }
    Ok(())
}
