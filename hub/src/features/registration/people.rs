//! People who register, checked; and what they are given.

use plenum_domain::registration::{checked_answers, checked_consents};
use plenum_domain::{Id, Role, Roles};
use plenum_persistence::store::{NewParticipant, NewRegistration, Participant, RegistrationForm};
use serde_json::{Map, Value};

use super::asked;
use super::types::Registered;
use crate::app::App;
use crate::auth::{Bearer, OldTokens, Paper};
use crate::clock::rfc3339;
use crate::features::conferences::language;
use crate::features::join::NAME_CHARS_MAX;
use crate::http::{Fault, Wrongs};

/// What someone says of themselves.
pub(super) struct Said<'a> {
    pub(super) name: &'a str,
    pub(super) email: Option<&'a str>,
    pub(super) answers: &'a Map<String, Value>,
    /// None when the desk fills it in: nobody agrees for others, and what has to be answered may be missing.
    pub(super) consents: Option<&'a [String]>,
    /// What they read best.
    pub(super) language: Option<&'a str>,
}

/// Someone who registers, checked against the form.
pub(super) fn checked(
    app: &App,
    (tenant, conference): (Id, Id),
    form: &RegistrationForm,
    said: &Said<'_>,
) -> Result<NewRegistration, Fault> {
    let mut wrong = Wrongs::new();
    let display_name = wrong.text("name", said.name, NAME_CHARS_MAX);
    let email = said.email.filter(|raw| !raw.trim().is_empty()).map(|raw| wrong.email("email", raw));
    let answers = answers(&mut wrong, form, said.answers, said.consents.is_some());
    let consents = match said.consents.map(|given| checked_consents(&asked(form).1, given)) {
        None => Vec::new(),
        Some(Ok(kept)) => kept,
        Some(Err(all)) => {
            all.into_iter().for_each(|(name, why)| wrong.add(&format!("consents.{name}"), why));
            Vec::new()
        }
    };
    let language = said.language.map(|raw| language(&mut wrong, "language", raw));
    wrong.done()?;
    let now = app.clock.now();
    let person = NewParticipant {
        id: app.clock.id(),
        tenant,
        conference,
        display_name,
        email,
        roles: Roles::of(&[Role::Attendee]),
        joined: now,
    };
    let consents = consents.into_iter().map(|name| (name, Value::from(rfc3339(now)))).collect();
    let (consents, approval) = (Value::Object(consents), form.approval);
    Ok(NewRegistration { person, answers, consents, approval, language })
}

/// Answers, cleaned; from the desk, what has to be answered may be missing.
pub(super) fn answers(
    wrong: &mut Wrongs,
    form: &RegistrationForm,
    raw: &Map<String, Value>,
    is_strict: bool,
) -> Value {
    let (mut fields, _) = asked(form);
    fields.iter_mut().for_each(|field| field.required &= is_strict);
    match checked_answers(&fields, raw) {
        Ok(kept) => Value::Object(kept),
        Err(all) => {
            all.into_iter().for_each(|(name, why)| wrong.add(&format!("answers.{name}"), why));
            Value::Null
        }
    }
}

/// How a registration stands, with the papers that go with it.
pub(super) fn told(app: &App, person: &Participant) -> Registered {
    let bearer = Bearer { conference: person.conference, participant: person.id };
    let paper = |paper| app.auth.paper(person.tenant, paper, bearer);
    Registered {
        participant_id: person.id,
        name: person.display_name.clone(),
        receipt: paper(Paper::Receipt),
        ticket: (person.status == "confirmed").then(|| paper(Paper::Ticket)),
        status: person.status.clone(),
    }
}

/// Whoever is not confirmed any more is signed out.
pub(super) async fn signed_out(app: &App, person: &Participant) -> Result<(), Fault> {
    app.store.revoke_refresh_tokens_of(person.tenant, person.id, app.clock.now()).await?;
    app.rights_changed(person.tenant, person.id, OldTokens::End).await?;
    Ok(())
}
