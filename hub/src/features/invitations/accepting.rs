//! From an invitation to an account.

use plenum_domain::Id;
use plenum_persistence::store::{Accepted, GrantedRole, Invitation, StoreError};
use serde_json::json;

use super::types::{Accept, Invited};
use super::{INVITATION, grants};
use crate::app::App;
use crate::auth::{Device, Token, Tokens, password, policy};
use crate::clock::rfc3339;
use crate::features::audit::{Subject, nameless};
use crate::features::people::NAME_CHARS_MAX;
use crate::features::rights::GrantRole;
use crate::http::{Fault, Wrongs};

fn over() -> Fault {
    Fault::field("token", "was used or taken back, or has ended: ask for another invitation")
}

async fn find(app: &App, token: &str) -> Result<(Invitation, [u8; 32]), Fault> {
    let hash = Token::read(token, INVITATION).ok_or_else(over)?.hash();
    let found = app.store.invitation_by_token(&hash, app.clock.now()).await?;
    Ok((found.ok_or_else(over)?, hash))
}

/// What the page shows before a password is chosen.
pub(super) async fn show(app: &App, token: &str) -> Result<Invited, Fault> {
    let (invitation, _) = find(app, token).await?;
    let standing = app.tenants.of(invitation.tenant).await?.ok_or_else(over)?;
    let (email, name) = (invitation.email, invitation.name);
    let expires_at = rfc3339(invitation.expires);
    Ok(Invited {
        email,
        name,
        tenant: standing.state.name.clone(),
        slug: standing.state.slug.clone(),
        expires_at,
    })
}

/// Makes the account and signs it in.
pub(super) async fn accept(app: &App, body: Accept, device: &Device) -> Result<Tokens, Fault> {
    let (invitation, hash) = find(app, &body.token).await?;
    let standing = app.tenants.of(invitation.tenant).await?.ok_or_else(over)?;
    standing.is_open()?;
    let mut wrong = Wrongs::new();
    let name = wrong.maybe_text("name", body.name.as_deref(), NAME_CHARS_MAX);
    if let Some(fault) = policy::fault(&body.password, &invitation.email) {
        wrong.add("password", fault);
    }
    wrong.done()?;
    let (user, name) = (app.clock.id(), name.unwrap_or_else(|| invitation.name.clone()));
    let granted = |grant: GrantRole| Some((app.clock.id(), role(&grant)?, grant.conference_id));
    let grants = grants(&invitation).into_iter().filter_map(granted).collect();
    let password_hash = password::hash_aside(body.password).await;
    let accepted = Accepted { user, name, password_hash, grants };
    let details = json!({"invitation": invitation.id, "email": invitation.email, "roles": invitation.roles, "grants": invitation.grants});
    let note = nameless(app, invitation.tenant, "invitation.accepted", Subject("user", user), details);
    match app.store.accept_invitation(&invitation, &hash, &accepted, &note).await {
        Ok(true) => Ok(app.auth.sign_in(invitation.tenant, user, device).await?),
        Ok(false) => Err(over()),
        Err(StoreError::Dangling) => {
            let words = "a conference or role that this invitation is for is gone: ask for another";
            Err(Fault::conflict("INVITATION_STALE", words))
        }
        Err(error) => Err(error.into()),
    }
}

fn role(grant: &GrantRole) -> Option<GrantedRole> {
    match (&grant.role, grant.role_id) {
        (Some(name), _) => name.parse().ok().map(GrantedRole::Role),
        (None, id) => id.map(|id: Id| GrantedRole::Custom(id)),
    }
}
