//! The desk: who registers people, approves them, calls them off and brings lists.

use std::collections::BTreeSet;

use plenum_domain::registration::{Notice, Status};
use plenum_domain::tenant::Limit;
use plenum_domain::{Action, Id};
use plenum_persistence::store::{By, Participant};
use qrcode::QrCode;
use qrcode::render::svg;
use serde_json::{Value, json};

use super::asked;
use super::form::of;
use super::people::{self, Said, checked, signed_out, told};
use super::types::{
    AddParticipant, ChangeParticipant, ImportLine, ImportPeople, ImportedPeople, MoveParticipant, TicketOut,
};
use crate::app::App;
use crate::features::audit::{Subject, done, note};
use crate::features::conferences;
use crate::features::join::NAME_CHARS_MAX;
use crate::features::programme::attendees;
use crate::http::{Caller, Fault, IfMatch, Wrongs, outdated};

/// The least side of a printed code, in the SVG's units.
const QR_SIDE_MIN: u32 = 200;

/// The participant: for oneself, and for those who may do `action`.
///
/// # Errors
/// 404, or 403 for those who may not.
pub(crate) async fn find(app: &App, caller: &Caller, id: Id, action: Action) -> Result<Participant, Fault> {
    let missing = || Fault::not_found("participant");
    let person = app.store.participant(caller.tenant(), id).await?.ok_or_else(missing)?;
    caller.sees(person.conference).map_err(|_| missing())?;
    if id != caller.id() || action != Action::SeeParticipants {
        caller.may_in(action, person.conference)?;
    }
    Ok(person)
}

pub(super) async fn add(
    app: &App,
    caller: &Caller,
    conference: Id,
    body: AddParticipant,
) -> Result<Participant, Fault> {
    conferences::to_change(app, caller, conference, Action::ManageParticipants).await?;
    let form = of(app, caller.tenant(), conference).await?;
    let said = Said {
        name: &body.name,
        email: body.email.as_deref(),
        answers: &body.answers,
        consents: None,
        language: body.language.as_deref(),
    };
    let mut new = checked(app, (caller.tenant(), conference), &form, &said)?;
    new.approval = false;
    app.tenants.let_in(&caller.1, conference).await?;
    let details = json!({"conference": conference});
    let note = note(app, caller, "participant.added", Subject("participant", new.person.id), details);
    app.store.register(&new, Some(&note)).await?;
    find(app, caller, new.person.id, Action::ManageParticipants).await
}

pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: ChangeParticipant,
) -> Result<Participant, Fault> {
    let was = find(app, caller, id, Action::ManageParticipants).await?;
    conferences::to_change(app, caller, was.conference, Action::ManageParticipants).await?;
    if_match.against(was.version)?;
    let form = of(app, was.tenant, was.conference).await?;
    let mut wrong = Wrongs::new();
    let name = wrong.text("name", body.name.as_deref().unwrap_or(&was.display_name), NAME_CHARS_MAX);
    let email = match body.email {
        None => was.email.clone(),
        Some(email) => email.map(|raw| wrong.email("email", &raw)),
    };
    let answers = body.answers.map(|raw| people::answers(&mut wrong, &form, &raw, false));
    wrong.done()?;
    let answers = answers.unwrap_or_else(|| was.answers.clone());
    let details = json!({"fields": changed_fields(&was, &name, email.as_deref(), &answers)});
    let note = note(app, caller, "participant.changed", Subject("participant", id), details);
    if !app.store.change_participant(&was, &name, email.as_deref(), &answers, &note).await? {
        return Err(outdated());
    }
    find(app, caller, id, Action::ManageParticipants).await
}

/// What was changed of someone. What it was and is stays out of the log: what people say of themselves is theirs, and goes
/// when they do.
fn changed_fields(was: &Participant, name: &str, email: Option<&str>, answers: &Value) -> Vec<String> {
    let mut changed = Vec::new();
    changed.extend((was.display_name != name).then(|| "name".to_owned()));
    changed.extend((was.email.as_deref() != email).then(|| "email".to_owned()));
    let answer = |of: &Value, field: &str| of.get(field).cloned().unwrap_or_default();
    let fields = [&was.answers, answers].into_iter().filter_map(Value::as_object).flat_map(|of| of.keys());
    let fields: BTreeSet<&String> = fields.collect();
    let differs = |field: &&&String| answer(&was.answers, field) != answer(answers, field);
    changed.extend(fields.iter().filter(differs).map(|field| format!("answers.{field}")));
    changed
}

pub(super) async fn set_status(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: &MoveParticipant,
) -> Result<Participant, Fault> {
    let was = find(app, caller, id, Action::ManageParticipants).await?;
    if_match.against(was.version)?;
    let (from, to) = (was.status.parse().unwrap_or(Status::Confirmed), body.status.status());
    if from == to {
        return Ok(was);
    }
    if !from.moves().contains(&to) {
        let words = format!("a registration that is {} cannot become {}", from.name(), to.name());
        let allowed: Vec<&str> = from.moves().iter().map(|status| status.name()).collect();
        return Err(Fault::conflict("INVALID_TRANSITION", words).with("allowed", allowed));
    }
    let details = json!({"conference": was.conference, "before": from, "after": to});
    let note = note(app, caller, "registration.moved", Subject("participant", id), details);
    app.store.move_registration(&was, to, By::Others, &note).await?.ok_or_else(outdated)?;
    if to != Status::Confirmed {
        signed_out(app, &was).await?;
    }
    find(app, caller, id, Action::ManageParticipants).await
}

pub(super) async fn ticket(app: &App, caller: &Caller, id: Id) -> Result<TicketOut, Fault> {
    let person = find(app, caller, id, Action::SeeParticipants).await?;
    let unconfirmed = || Fault::conflict("NOT_CONFIRMED", "this registration is not confirmed");
    let ticket = told(app, &person).ticket.ok_or_else(unconfirmed)?;
    let code = QrCode::new(&ticket).map_err(|_| Fault::internal())?;
    let svg = code.render::<svg::Color<'_>>().min_dimensions(QR_SIDE_MIN, QR_SIDE_MIN).build();
    Ok(TicketOut { ticket, svg })
}

/// Brings a list of people; lines that are wrong are left out and told.
pub(super) async fn import(
    app: &App,
    caller: &Caller,
    conference: Id,
    body: ImportPeople,
) -> Result<ImportedPeople, Fault> {
    let place = conferences::to_change(app, caller, conference, Action::ManageParticipants).await?;
    let (fields, _) = asked(&of(app, caller.tenant(), conference).await?);
    let lines = attendees::lines(&body.csv, &fields)
        .map_err(|(line, why)| Fault::field("csv", format!("line {line}: {why}")))?;
    let (mut people, mut wrong) = (Vec::new(), Vec::new());
    for (line, read) in lines {
        match read {
            Ok(attendee) => people.push(attendee),
            Err(reason) => wrong.push(ImportLine { line: line as u64, reason }),
        }
    }
    if caller.1.limits.of(Limit::Participants).is_some() {
        let used = app.store.headcount(caller.tenant(), Some(conference)).await?;
        caller.1.has_room(Limit::Participants, used, people.len() as u64)?;
    }
    if !body.dry_run.unwrap_or(false) {
        let notice = body.letters.unwrap_or(false).then_some(Notice::Confirmed);
        let mut edit = app.store.edit(caller.tenant()).await?;
        attendees::import(&mut edit, &app.clock, (&place, notice), &people).await?;
        let details = json!({"people": people.len(), "wrong": wrong.len(), "letters": notice.is_some()});
        let subject = Subject("conference", conference);
        done(app, caller, edit, "participants.imported", subject, details).await?;
    }
    Ok(ImportedPeople { people: people.len() as u64, wrong })
}
