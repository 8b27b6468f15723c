//! Invitations: accounts are made by those who are invited, with the rights that whoever invites them has to give.

mod accepting;
mod http;
mod types;

use plenum_domain::access::Actions;
use plenum_domain::{Action, Id};
use plenum_persistence::store::{Invitation, Note};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Token;
use crate::features::audit::{Subject, note};
use crate::features::letters::{self, Address, Spoken};
use crate::features::people;
use crate::features::people::{NAME_CHARS_MAX, check_roles, outranks};
use crate::features::rights::{GrantRole, check_grant};
use crate::http::{Caller, Fault, Wrongs};

pub use types::{Accept, InvitationOut, Invite, Invited, ShowInvitation, TakenBack};

/// What tokens in links of invitations begin with.
const INVITATION: &str = "pli_";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// How long an invitation can be accepted, in milliseconds: a week.
const INVITATION_TTL_MS: i64 = 7 * DAY_MS;
/// Grants that one invitation may have.
const GRANTS_MAX: usize = 20;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::list, http::invite))
        .routes(routes!(http::take_back))
        .routes(routes!(http::resend))
        .routes(routes!(http::show))
        .routes(routes!(http::accept))
}

/// Whoever manages people invites anyone; whoever organises a conference invites for it.
async fn may_invite(app: &App, caller: &Caller, body: &Invite) -> Result<(), Fault> {
    let only_conferences = body.roles.iter().next().is_none()
        && !body.grants.is_empty()
        && body.grants.iter().all(|grant| grant.conference_id.is_some());
    if !only_conferences {
        caller.may(Action::ManagePeople)?;
    }
    outranks(caller, Actions::of_roles(body.roles), None)?;
    for (place, grant) in body.grants.iter().enumerate() {
        check_grant(app, caller, grant).await.map_err(|fault| fault.under(&format!("grants[{place}]")))?;
    }
    Ok(())
}

async fn invite(app: &App, caller: &Caller, spoken: Spoken, body: Invite) -> Result<Invitation, Fault> {
    may_invite(app, caller, &body).await?;
    let mut wrong = Wrongs::new();
    let email = wrong.email("email", &body.email);
    let own = email.split('@').next().unwrap_or_default().to_owned();
    let name = wrong.maybe_text("name", body.name.as_deref(), NAME_CHARS_MAX).unwrap_or(own);
    check_roles(&mut wrong, body.roles);
    if body.grants.len() > GRANTS_MAX {
        wrong.add("grants", format!("are at most {GRANTS_MAX}"));
    }
    wrong.done()?;
    if app.store.user_by_email(caller.tenant(), &email).await?.is_some() {
        return Err(Fault::conflict("TAKEN", "this address has an account").with("field", "email"));
    }
    let (id, created) = (app.clock.id(), app.clock.now());
    let new = Invitation {
        id,
        tenant: caller.tenant(),
        email,
        name,
        roles: body.roles,
        grants: json!(body.grants),
        invited_by: Some(caller.id()),
        created,
        expires: created.plus_ms(INVITATION_TTL_MS),
    };
    let token = Token::new(INVITATION, &app.clock);
    let note = about(app, caller, "invitation.made", &new);
    app.store.invite(&new, &token.hash(), &note).await?;
    write_to(app, caller, spoken, &new, &token);
    Ok(new)
}

fn about(app: &App, caller: &Caller, action: &'static str, invitation: &Invitation) -> Note {
    let Invitation { id, email, roles, grants, .. } = invitation;
    note(
        app,
        caller,
        action,
        Subject("invitation", *id),
        json!({"email": email, "roles": roles, "grants": grants}),
    )
}

fn write_to(app: &App, caller: &Caller, spoken: Spoken, to: &Invitation, token: &Token) {
    // After the #, so that it stands in no log on the way.
    let link = format!("{}/invitation#{}", app.public_url(), token.reveal());
    let (name, email, tenant) = (&*to.name, &*to.email, &*caller.1.state.name);
    let to = Address { name, email, tenant, language: spoken.others(&caller.1) };
    letters::send(app, letters::invitation(to, &caller.0.actor.name, &link, INVITATION_TTL_MS / DAY_MS));
}

async fn list(app: &App, caller: &Caller) -> Result<Vec<Invitation>, Fault> {
    caller.may(Action::SeePeople)?;
    Ok(app.store.invitations(caller.tenant()).await?)
}

/// An invitation that the caller may take back or send again: their own, or any for who manages people.
async fn find(app: &App, caller: &Caller, id: Id) -> Result<Invitation, Fault> {
    let found = app.store.invitation(caller.tenant(), id).await?;
    let found = found.ok_or_else(|| Fault::not_found("invitation"))?;
    if found.invited_by != Some(caller.id()) {
        caller.may(Action::ManagePeople)?;
    }
    Ok(found)
}

async fn resend(app: &App, caller: &Caller, spoken: Spoken, id: Id) -> Result<Invitation, Fault> {
    let was = find(app, caller, id).await?;
    people::outranks(caller, Actions::of_roles(was.roles), None)?;
    let token = Token::new(INVITATION, &app.clock);
    let expires = app.clock.now().plus_ms(INVITATION_TTL_MS);
    let note = about(app, caller, "invitation.sent_again", &was);
    if !app.store.renew_invitation(&token.hash(), expires, &note).await? {
        return Err(Fault::not_found("invitation"));
    }
    write_to(app, caller, spoken, &was, &token);
    Ok(Invitation { expires, ..was })
}

async fn take_back(app: &App, caller: &Caller, id: Id) -> Result<(), Fault> {
    let was = find(app, caller, id).await?;
    let note = about(app, caller, "invitation.taken_back", &was);
    if app.store.take_invitation_back(&note).await? { Ok(()) } else { Err(Fault::not_found("invitation")) }
}

/// The grants of an invitation, as they were written down.
fn grants(invitation: &Invitation) -> Vec<GrantRole> {
    serde_json::from_value(invitation.grants.clone()).unwrap_or_default()
}
