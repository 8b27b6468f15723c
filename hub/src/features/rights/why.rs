//! "Why may she?", for one action or all.

use plenum_domain::access::{Grant, Thing, Verdict, Why, can};
use plenum_domain::{Action, Id};
use plenum_persistence::store::RoleGrant;

use super::types::{ActionOut, Because, WhyOut, WhyQuery};
use crate::app::App;
use crate::clock::rfc3339;
use crate::features::{conferences, people};
use crate::http::{Caller, Fault};

pub(super) async fn why(app: &App, caller: &Caller, user: Id, query: WhyQuery) -> Result<WhyOut, Fault> {
    let account = people::find(app, caller, user).await?;
    if let Some(conference) = query.conference_id {
        let found = conferences::find(app, caller, conference).await;
        found.map_err(|_| Fault::field("conference_id", "there is no such conference"))?;
    }
    let unknown = |error: plenum_domain::access::UnknownAction| Fault::field("action", error.to_string());
    let only: Option<Action> = query.action.map(|name| name.parse()).transpose().map_err(unknown)?;
    let rights = app.auth.rights_of(caller.tenant(), user).await?.unwrap_or_default();
    let grants = app.store.grants_of(caller.tenant(), user).await?;
    let thing = Thing { tenant: caller.tenant(), conference: query.conference_id };
    let wanted = Action::all().filter(|action| only.is_none_or(|only| only == *action));
    let actions = wanted.map(|action| answer(action, &can(&rights, action, thing), &grants)).collect();
    let disabled = account.disabled.is_some();
    Ok(WhyOut { user_id: user, conference_id: query.conference_id, disabled, actions })
}

fn answer(action: Action, verdict: &Verdict<'_>, grants: &[RoleGrant]) -> ActionOut {
    let (because, denied) = match verdict {
        Verdict::Allow(grant) => (Some(because(grant, grants)), None),
        Verdict::Deny(Why::NoRole { needs }) => {
            (None, Some(format!("none of the roles that allow it: {needs}")))
        }
        Verdict::Deny(Why::NotThere) => {
            (None, Some("holds nothing here: it does not exist for them".to_owned()))
        }
        Verdict::Deny(Why::OutsideScopes) => (None, Some("the token's scopes do not allow it".to_owned())),
    };
    ActionOut { action: action.name(), allowed: because.is_some(), because, denied }
}

fn because(grant: &Grant, grants: &[RoleGrant]) -> Because {
    let stored = grants.iter().find(|stored| stored.held().as_ref() == Some(grant));
    Because {
        role: match &grant.held {
            plenum_domain::access::Held::Role(role) => role.name().to_owned(),
            plenum_domain::access::Held::Custom { name, .. } => name.clone(),
        },
        conference_id: grant.over.conference(),
        grant_id: stored.map(|stored| stored.id),
        granted_by: stored.and_then(|stored| stored.granted_by),
        granted_at: stored.map(|stored| rfc3339(stored.granted)),
    }
}
