//! Roles: those that every tenant has, and those of the tenant's own.

use plenum_domain::access::Actions;
use plenum_domain::tenant::Feature;
use plenum_domain::{Action, Id, Role};
use plenum_persistence::store::CustomRole;
use serde_json::json;

use super::types::{NewRole, RoleOut};
use crate::app::App;
use crate::auth::OldTokens;
use crate::features::audit::{Subject, note};
use crate::features::people::outranks;
use crate::http::{Caller, Fault, IfMatch, Wrongs, outdated};

const NAME_CHARS_MAX: usize = 60;
/// Roles of its own that a tenant may have.
const ROLES_MAX: usize = 50;

/// Every role, those of all tenants first.
pub(super) async fn list(app: &App, caller: &Caller) -> Result<Vec<RoleOut>, Fault> {
    let own = app.store.custom_roles(caller.tenant()).await?;
    Ok(Role::all().map(RoleOut::built_in).chain(own.into_iter().map(RoleOut::own)).collect())
}

pub(super) async fn find(app: &App, caller: &Caller, id: Id) -> Result<CustomRole, Fault> {
    app.store.custom_role(caller.tenant(), id).await?.ok_or_else(|| Fault::not_found("role"))
}

pub(super) async fn make(app: &App, caller: &Caller, body: NewRole) -> Result<CustomRole, Fault> {
    caller.may(Action::ManagePeople)?;
    caller.has(Feature::OwnRoles)?;
    let name = checked(caller, &body)?;
    if app.store.custom_roles(caller.tenant()).await?.len() >= ROLES_MAX {
        let words = format!("a tenant has at most {ROLES_MAX} roles of its own");
        return Err(Fault::conflict("TOO_MANY", words).with("max", ROLES_MAX));
    }
    let id = app.clock.id();
    let details = json!({"name": name, "actions": body.actions});
    let note = note(app, caller, "role.made", Subject("role", id), details);
    app.store.create_custom_role(&name, body.actions, &note).await?;
    find(app, caller, id).await
}

pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: NewRole,
) -> Result<CustomRole, Fault> {
    caller.may(Action::ManagePeople)?;
    let was = find(app, caller, id).await?;
    let version = if_match.against(was.version)?;
    let name = checked(caller, &body)?;
    outranks(caller, was.actions, None)?;
    let details = json!({
        "before": {"name": was.name, "actions": was.actions},
        "after": {"name": name, "actions": body.actions},
    });
    let note = note(app, caller, "role.changed", Subject("role", id), details);
    if !app.store.change_custom_role(&name, body.actions, version, &note).await? {
        return Err(outdated());
    }
    tell_holders(app, caller, app.store.holders_of(caller.tenant(), id).await?).await?;
    find(app, caller, id).await
}

/// Removes a role, also from those who hold it.
pub(super) async fn remove(app: &App, caller: &Caller, id: Id) -> Result<(), Fault> {
    caller.may(Action::ManagePeople)?;
    let was = find(app, caller, id).await?;
    outranks(caller, was.actions, None)?;
    let holders = app.store.holders_of(caller.tenant(), id).await?;
    let details = json!({"name": was.name, "actions": was.actions, "held_by": holders});
    let note = note(app, caller, "role.removed", Subject("role", id), details);
    if !app.store.remove_custom_role(&note).await? {
        return Err(Fault::not_found("role"));
    }
    tell_holders(app, caller, holders).await
}

async fn tell_holders(app: &App, caller: &Caller, holders: Vec<Id>) -> Result<(), Fault> {
    for holder in holders {
        app.rights_changed(caller.tenant(), holder, OldTokens::GoOn).await?;
    }
    Ok(())
}

fn checked(caller: &Caller, body: &NewRole) -> Result<String, Fault> {
    let mut wrong = Wrongs::new();
    let name = wrong.text("name", &body.name, NAME_CHARS_MAX);
    if name.to_lowercase().parse::<Role>().is_ok() {
        wrong.add("name", "every tenant has a role of this name");
    }
    if body.actions == Actions::default() {
        wrong.add("actions", "a role allows something");
    }
    wrong.done()?;
    outranks(caller, body.actions, None)?;
    Ok(name)
}
