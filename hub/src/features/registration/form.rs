//! The form: what is asked, from when, until when, and how many have a place.

use plenum_domain::registration::{Consent, Field, check_form};
use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::RegistrationForm;
use serde_json::{Value, json};

use super::asked;
use super::form_types::{ConsentOut, FieldOut, FormOut, SaveForm};
use crate::app::App;
use crate::clock::rfc3339;
use crate::features::audit::{Subject, note};
use crate::features::conferences;
use crate::http::{Caller, Fault, IfMatch, Wrongs, outdated};

/// The form of a conference; closed and empty while nobody said otherwise.
pub(super) async fn of(app: &App, tenant: Id, conference: Id) -> Result<RegistrationForm, Fault> {
    let nothing = || Value::Array(Vec::new());
    let unsaid = || RegistrationForm {
        conference,
        open: false,
        opens: None,
        closes: None,
        capacity: None,
        approval: false,
        fields: nothing(),
        consents: nothing(),
        letters: true,
        version: 0,
    };
    Ok(app.store.registration_form(tenant, conference).await?.unwrap_or_else(unsaid))
}

/// Whether one can register at a moment.
pub(super) fn is_open(form: &RegistrationForm, now: Timestamp) -> bool {
    form.open && form.opens.is_none_or(|at| at <= now) && form.closes.is_none_or(|at| now < at)
}

pub(super) async fn show(app: &App, caller: &Caller, conference: Id) -> Result<FormOut, Fault> {
    caller.may_in(Action::ManageParticipants, conference)?;
    conferences::find(app, caller, conference).await?;
    Ok(out(&of(app, caller.tenant(), conference).await?))
}

pub(super) async fn save(
    app: &App,
    caller: &Caller,
    conference: Id,
    if_match: &IfMatch,
    body: SaveForm,
) -> Result<FormOut, Fault> {
    let place = conferences::to_change(app, caller, conference, Action::ManageParticipants).await?;
    let was = of(app, caller.tenant(), conference).await?;
    if_match.against(was.version)?;
    let mut wrong = Wrongs::new();
    let moment = |wrong: &mut Wrongs, field, raw: Option<String>| raw.map(|raw| wrong.moment(field, &raw));
    let (opens, closes) =
        (moment(&mut wrong, "opens_at", body.opens_at), moment(&mut wrong, "closes_at", body.closes_at));
    if opens.is_some_and(|opens| closes.is_some_and(|closes| closes <= opens)) {
        wrong.add("closes_at", "is not after opens_at");
    }
    let capacity = wrong.capacity("capacity", body.capacity);
    let fields: Vec<Field> = body.fields.into_iter().map(Field::from).collect();
    let consents: Vec<Consent> = body.consents.into_iter().map(Consent::from).collect();
    check_form(&fields, &consents, &place.languages)
        .into_iter()
        .for_each(|(place, why)| wrong.add(&place, why));
    wrong.done()?;
    let (fields, consents) = (json!(fields), json!(consents));
    let SaveForm { open, approval, letters, .. } = body;
    let form = RegistrationForm {
        conference,
        open,
        opens,
        closes,
        capacity,
        approval,
        fields,
        consents,
        letters,
        version: was.version,
    };
    let details = json!({"open": open, "capacity": capacity, "approval": approval, "letters": letters});
    let note = note(app, caller, "registration.configured", Subject("conference", conference), details);
    if !app.store.save_registration_form(&form, &note).await? {
        return Err(outdated());
    }
    Ok(out(&of(app, caller.tenant(), conference).await?))
}

fn out(form: &RegistrationForm) -> FormOut {
    let (fields, consents) = asked(form);
    FormOut {
        open: form.open,
        opens_at: form.opens.map(rfc3339),
        closes_at: form.closes.map(rfc3339),
        capacity: form.capacity,
        approval: form.approval,
        letters: form.letters,
        fields: fields.into_iter().map(FieldOut::from).collect(),
        consents: consents.into_iter().map(ConsentOut::from).collect(),
        version: form.version,
    }
}
