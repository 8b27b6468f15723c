//! Grants: a role for one conference, or a role of the tenant's own.

use plenum_domain::access::{Actions, Held, Over};
use plenum_domain::{Action, Id, Role, Roles};
use plenum_persistence::store::{GrantedRole, NewRoleGrant, Participant, RoleGrant};
use serde_json::json;

use super::own_roles;
use super::types::{GrantRole, SetRoles};
use crate::app::App;
use crate::auth::OldTokens;
use crate::features::audit::{Subject, note};
use crate::features::conferences;
use crate::features::people::{find as find_user, outranks};
use crate::http::{Caller, Fault};

/// What an account holds besides its roles in the whole tenant.
pub(super) async fn of_user(app: &App, caller: &Caller, user: Id) -> Result<Vec<RoleGrant>, Fault> {
    find_user(app, caller, user).await?;
    Ok(app.store.grants_of(caller.tenant(), user).await?)
}

/// What is held in a conference.
pub(super) async fn in_conference(
    app: &App,
    caller: &Caller,
    conference: Id,
) -> Result<Vec<RoleGrant>, Fault> {
    caller.may_in(Action::Organise, conference)?;
    conferences::find(app, caller, conference).await?;
    Ok(app.store.grants_in(caller.tenant(), conference).await?)
}

/// Who may give and take here: who manages people, and in a conference whoever organises it.
fn may_give(caller: &Caller, conference: Option<Id>) -> Result<(), Fault> {
    match conference {
        None => caller.may(Action::ManagePeople),
        Some(conference) => caller.may_in(Action::Organise, conference),
    }
}

/// Whether the caller may give this, and what it is.
///
/// # Errors
/// 403, or the fields that are wrong.
pub(crate) async fn check_grant(app: &App, caller: &Caller, grant: &GrantRole) -> Result<GrantedRole, Fault> {
    may_give(caller, grant.conference_id)?;
    if let Some(conference) = grant.conference_id {
        let found = conferences::find(app, caller, conference).await;
        found.map_err(|_| Fault::field("conference_id", "there is no such conference"))?;
    }
    let (role, held) = role_of(app, caller, grant).await?;
    let over = grant.conference_id.map_or(Over::Tenant, Over::Conference);
    outranks(caller, plenum_domain::access::Grant { held, over }.actions(), grant.conference_id)?;
    Ok(role)
}

pub(super) async fn give(app: &App, caller: &Caller, user: Id, body: GrantRole) -> Result<RoleGrant, Fault> {
    may_give(caller, body.conference_id)?;
    let tenant = caller.tenant();
    if app.store.account(tenant, user).await?.is_none() {
        return Err(Fault::not_found("user"));
    }
    let (id, role) = (app.clock.id(), check_grant(app, caller, &body).await?);
    let details =
        json!({"grant": id, "role": body.role, "role_id": body.role_id, "conference": body.conference_id});
    let note = note(app, caller, "grant.given", Subject("user", user), details);
    let new = NewRoleGrant { id, user, conference: body.conference_id, role };
    app.store.grant_role(&new, &note).await?;
    app.rights_changed(tenant, user, OldTokens::GoOn).await?;
    one(app, caller, user, id).await
}

async fn role_of(app: &App, caller: &Caller, body: &GrantRole) -> Result<(GrantedRole, Held), Fault> {
    match (&body.role, body.role_id) {
        (Some(name), None) => {
            let role: Role = name.parse().map_err(|error| Fault::field("role", format!("{error}")))?;
            match role {
                _ if body.conference_id.is_none() => Err(Fault::field(
                    "conference_id",
                    "roles in the whole tenant are changed with the account",
                )),
                Role::Owner | Role::Screen => Err(Fault::field("role", "is not held in one conference")),
                role => Ok((GrantedRole::Role(role), Held::Role(role))),
            }
        }
        (None, Some(id)) => {
            let found = own_roles::find(app, caller, id).await;
            let role = found.map_err(|_| Fault::field("role_id", "there is no such role"))?;
            Ok((GrantedRole::Custom(id), Held::Custom { name: role.name, actions: role.actions }))
        }
        _ => Err(Fault::field("role", "either role or role_id is given")),
    }
}

async fn one(app: &App, caller: &Caller, user: Id, id: Id) -> Result<RoleGrant, Fault> {
    let held = app.store.grants_of(caller.tenant(), user).await?;
    held.into_iter().find(|grant| grant.id == id).ok_or_else(|| Fault::not_found("grant"))
}

pub(super) async fn take(app: &App, caller: &Caller, user: Id, id: Id) -> Result<(), Fault> {
    let grant = one(app, caller, user, id).await?;
    may_give(caller, grant.conference)?;
    let actions = grant.held().map_or_else(Actions::default, |held| held.actions());
    outranks(caller, actions, grant.conference)?;
    let details = json!({"grant": id, "role": grant.role_name(), "conference": grant.conference});
    let note = note(app, caller, "grant.taken", Subject("user", user), details);
    if !app.store.take_role(user, id, &note).await? {
        return Err(Fault::not_found("grant"));
    }
    Ok(app.rights_changed(caller.tenant(), user, OldTokens::GoOn).await?)
}

/// Gives a participant other roles in their conference. Their tokens of before end: the roles stand in them.
pub(super) async fn set_roles(
    app: &App,
    caller: &Caller,
    id: Id,
    body: SetRoles,
) -> Result<Participant, Fault> {
    let tenant = caller.tenant();
    let missing = || Fault::not_found("participant");
    let was = app.store.participant(tenant, id).await?.ok_or_else(missing)?;
    caller.sees(was.conference).map_err(|_| missing())?;
    caller.may_in(Action::Organise, was.conference)?;
    if body.roles == Roles::default() || body.roles.has(Role::Screen) || body.roles.has(Role::Owner) {
        return Err(Fault::field("roles", "one or more of those that a participant can have"));
    }
    outranks(caller, inside(was.roles).and(inside(body.roles)), Some(was.conference))?;
    let details = json!({"conference": was.conference, "before": was.roles, "after": body.roles});
    let note = note(app, caller, "participant.roles", Subject("participant", id), details);
    if !app.store.change_participant_roles(body.roles, &note).await? {
        return Err(missing());
    }
    app.rights_changed(tenant, id, OldTokens::End).await?;
    app.store.participant(tenant, id).await?.ok_or_else(missing)
}

/// What roles allow in one conference.
fn inside(roles: Roles) -> Actions {
    let held =
        |role| plenum_domain::access::Grant { held: Held::Role(role), over: Over::Conference(Id::default()) };
    roles.iter().map(|role| held(role).actions()).fold(Actions::default(), Actions::and)
}
