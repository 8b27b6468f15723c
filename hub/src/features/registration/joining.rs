//! People who register by themselves, without a token: the join code, the receipt and the ticket are what they have.

use std::net::IpAddr;
use std::sync::Arc;

use plenum_domain::Id;
use plenum_domain::registration::Status;
use plenum_persistence::store::{By, Conference, NewParticipant, Participant};
use serde_json::json;

use super::asked;
use super::form::{is_open, of};
use super::open_types::{AgreedOut, AskedOut, OpenForm, RegistrationQuery};
use super::people::{Said, checked, signed_out, told};
use super::types::{ByReceipt, ByTicket, Register, Registered};
use crate::app::App;
use crate::auth::{Bearer, Paper};
use crate::clock::rfc3339;
use crate::features::audit::{Subject, nameless};
use crate::features::join::{self, Joined};
use crate::features::letters::Spoken;
use crate::http::{Fault, Named, outdated};
use crate::tenants::Standing;

pub(super) async fn form(
    app: &App,
    from: Option<IpAddr>,
    (named, spoken): (&Named, Spoken),
    query: &RegistrationQuery,
) -> Result<OpenForm, Fault> {
    app.joins.check(from)?;
    let conference = join::find(app, &query.code).await?;
    named.agrees_with(conference.tenant)?;
    let form = of(app, conference.tenant, conference.id).await?;
    let (fields, consents) = asked(&form);
    let language = query.language.as_deref().or_else(|| spoken.code());
    Ok(OpenForm {
        title: conference.title,
        tenant_id: conference.tenant,
        open: is_open(&form, app.clock.now()),
        opens_at: form.opens.map(rfc3339),
        closes_at: form.closes.map(rfc3339),
        approval: form.approval,
        letters: form.letters,
        full: app.store.is_full(conference.tenant, &form).await?,
        fields: fields.iter().map(|field| AskedOut::of(field, language)).collect(),
        consents: consents.iter().map(|consent| AgreedOut::of(consent, language)).collect(),
    })
}

pub(super) async fn register(
    app: &App,
    from: Option<IpAddr>,
    (named, spoken): (&Named, Spoken),
    body: Register,
) -> Result<Registered, Fault> {
    app.joins.check(from)?;
    let conference = join::find(app, &body.code).await?;
    named.agrees_with(conference.tenant)?;
    let standing = open_tenant(app, conference.tenant).await?;
    let form = of(app, conference.tenant, conference.id).await?;
    if !is_open(&form, app.clock.now()) {
        return Err(Fault::conflict("REGISTRATION_CLOSED", "one cannot register at the moment"));
    }
    let said = Said {
        name: &body.name,
        email: Some(&body.email),
        answers: &body.answers,
        consents: Some(&body.consents),
        language: body.language.as_deref().or_else(|| spoken.code()),
    };
    let new = checked(app, (conference.tenant, conference.id), &form, &said)?;
    if new.person.email.is_none() {
        return Err(Fault::field("email", "is an e-mail address"));
    }
    app.tenants.let_in(&standing, conference.id).await?;
    app.store.register(&new, None).await?;
    let person = app.store.participant(conference.tenant, new.person.id).await?;
    Ok(told(app, &person.ok_or_else(|| Fault::not_found("registration"))?))
}

pub(super) async fn standing(app: &App, named: &Named, body: &ByReceipt) -> Result<Registered, Fault> {
    let (person, _) = whose(app, named, Paper::Receipt, &body.receipt).await?;
    Ok(told(app, &person))
}

pub(super) async fn cancel(app: &App, named: &Named, body: &ByReceipt) -> Result<Registered, Fault> {
    let (person, _) = whose(app, named, Paper::Receipt, &body.receipt).await?;
    let status = person.status.parse().unwrap_or(Status::Confirmed);
    if status == Status::Cancelled {
        return Ok(told(app, &person));
    }
    let details = json!({"before": status, "after": Status::Cancelled});
    let subject = Subject("participant", person.id);
    let note = nameless(app, person.tenant, "registration.cancelled", subject, details);
    let moved = app.store.move_registration(&person, Status::Cancelled, By::Themselves, &note).await?;
    moved.ok_or_else(outdated)?;
    signed_out(app, &person).await?;
    standing(app, named, body).await
}

/// Lets someone who registered into the rooms, by the ticket.
pub(super) async fn enter(
    app: &App,
    from: Option<IpAddr>,
    named: &Named,
    body: &ByTicket,
) -> Result<Joined, Fault> {
    app.joins.check(from)?;
    let (person, conference) = whose(app, named, Paper::Ticket, &body.ticket).await?;
    if person.status != Status::Confirmed.name() {
        return Err(Fault::conflict("NOT_CONFIRMED", "this registration is not confirmed"));
    }
    let known = NewParticipant {
        id: person.id,
        tenant: person.tenant,
        conference: person.conference,
        display_name: person.display_name,
        email: person.email,
        roles: person.roles,
        joined: person.joined,
    };
    join::let_in(app, &conference, &known).await
}

/// The tenant, when it is open to people.
async fn open_tenant(app: &App, tenant: Id) -> Result<Arc<Standing>, Fault> {
    let standing = app.tenants.of(tenant).await?.ok_or_else(|| Fault::not_found("registration"))?;
    standing.is_open()?;
    Ok(standing)
}

/// Whose a paper is; what is no true one is not found.
async fn whose(
    app: &App,
    named: &Named,
    paper: Paper,
    text: &str,
) -> Result<(Participant, Conference), Fault> {
    let missing = || Fault::not_found("registration");
    let claimed = app.auth.claimed(paper, text).ok_or_else(missing)?;
    let conference = app.store.conference_of_anyone(claimed.conference).await?.ok_or_else(missing)?;
    named.agrees_with(conference.tenant)?;
    open_tenant(app, conference.tenant).await?;
    let Bearer { participant, .. } = app.auth.bearer(conference.tenant, paper, text).ok_or_else(missing)?;
    let person = app.store.participant(conference.tenant, participant).await?.ok_or_else(missing)?;
    Ok((person, conference))
}
