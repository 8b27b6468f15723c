//! Handlers.

use std::net::IpAddr;

use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use plenum_domain::Action;

use super::form_types::{FormOut, SaveForm};
use super::open_types::{OpenForm, RegistrationQuery};
use super::types::{
    AddParticipant, ByReceipt, ByTicket, ChangeParticipant, ImportPeople, ImportedPeople, MoveParticipant,
    Register, Registered, TicketOut,
};
use super::{desk, form, joining, roll};
use crate::app::App;
use crate::features::join::Joined;
use crate::features::letters::Spoken;
use crate::features::participants::ParticipantOut;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Fault, IfMatch, Json, Named, Params};
use crate::socket::PeerAddress;

fn address(peer: Option<Extension<PeerAddress>>) -> Option<IpAddr> {
    peer.map(|Extension(PeerAddress(address))| address)
}

/// Show what one is asked
#[utoipa::path(get, path = "/registration", tag = "Participants",
    params(RegistrationQuery),
    responses((status = 200, description = "The form, and whether one can register at this moment", body = Success<OpenForm>),
        (status = 403, description = "`TENANT_MISMATCH`, or the tenant is not open", body = Failure),
        (status = 404, description = "No conference has this code, or no registration this receipt or ticket", body = Failure),
        (status = 409, description = "`CONFERENCE_OVER`", body = Failure),
        (status = 429, description = "Too often from one address", body = Failure)))]
pub(super) async fn open_form(
    State(app): State<App>,
    peer: Option<Extension<PeerAddress>>,
    named: Named,
    spoken: Spoken,
    Params(query): Params<RegistrationQuery>,
) -> Answered<OpenForm> {
    joining::form(&app, address(peer), (&named, spoken), &query).await.map(Answer::ok)
}

/// Register
///
/// Confirmed while there is a place, else waiting; pending where someone has to approve it. They are written to how it
/// stands, now and when that changes, unless the form says otherwise.
#[utoipa::path(post, path = "/registration", tag = "Participants", request_body = Register,
    responses((status = 201, description = "How it stands", body = Success<Registered>),
        (status = 409, description = "`REGISTRATION_CLOSED`, or `TAKEN`: the address is registered", body = Failure),
        (status = 403, description = "`TENANT_MISMATCH`, or the tenant is not open", body = Failure),
        (status = 404, description = "No conference has this code, or no registration this receipt or ticket", body = Failure)))]
pub(super) async fn register(
    State(app): State<App>,
    peer: Option<Extension<PeerAddress>>,
    named: Named,
    spoken: Spoken,
    Json(body): Json<Register>,
) -> Answered<Registered> {
    joining::register(&app, address(peer), (&named, spoken), body).await.map(Answer::created)
}

/// Show how a registration stands
#[utoipa::path(post, path = "/registration/status", tag = "Participants", request_body = ByReceipt,
    responses((status = 200, description = "How it stands", body = Success<Registered>),
        (status = 403, description = "`TENANT_MISMATCH`, or the tenant is not open", body = Failure),
        (status = 404, description = "No conference has this code, or no registration this receipt or ticket", body = Failure)))]
pub(super) async fn standing(
    State(app): State<App>,
    named: Named,
    Json(body): Json<ByReceipt>,
) -> Answered<Registered> {
    joining::standing(&app, &named, &body).await.map(Answer::ok)
}

/// Call a registration off
///
/// The place goes to whoever waits longest.
#[utoipa::path(post, path = "/registration/cancel", tag = "Participants", request_body = ByReceipt,
    responses((status = 200, description = "How it stands", body = Success<Registered>),
        (status = 403, description = "`TENANT_MISMATCH`, or the tenant is not open", body = Failure),
        (status = 404, description = "No conference has this code, or no registration this receipt or ticket", body = Failure)))]
pub(super) async fn cancel(
    State(app): State<App>,
    named: Named,
    Json(body): Json<ByReceipt>,
) -> Answered<Registered> {
    joining::cancel(&app, &named, &body).await.map(Answer::ok)
}

/// Come in with a ticket
///
/// As `POST /auth/join` does with a code, as the person who registered.
#[utoipa::path(post, path = "/auth/ticket", tag = "Participants", request_body = ByTicket,
    responses((status = 200, description = "Tokens, and what is open", body = Success<Joined>),
        (status = 409, description = "`NOT_CONFIRMED`: it waits, or was called off", body = Failure),
        (status = 403, description = "`TENANT_MISMATCH`, or the tenant is not open", body = Failure),
        (status = 404, description = "No conference has this code, or no registration this receipt or ticket", body = Failure)))]
pub(super) async fn enter(
    State(app): State<App>,
    peer: Option<Extension<PeerAddress>>,
    named: Named,
    Json(body): Json<ByTicket>,
) -> Answered<Joined> {
    joining::enter(&app, address(peer), &named, &body).await.map(Answer::ok)
}

/// Show a conference's form
#[utoipa::path(get, path = "/conferences/{id}/registration", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The form; `ETag` has its version", body = Success<FormOut>)))]
pub(super) async fn show_form(State(app): State<App>, caller: Caller, At(id): At) -> Answered<FormOut> {
    let form = form::show(&app, &caller, id).await?;
    let version = form.version;
    Ok(Answer::ok(form).at_version(version))
}

/// Say how one registers
///
/// All of it. More places go to those who wait at once.
#[utoipa::path(put, path = "/conferences/{id}/registration", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"1\"")), request_body = SaveForm,
    responses((status = 200, description = "As it is now", body = Success<FormOut>)))]
pub(super) async fn save_form(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<SaveForm>,
) -> Answered<FormOut> {
    let form = form::save(&app, &caller, id, &if_match, body).await?;
    let version = form.version;
    Ok(Answer::ok(form).at_version(version))
}

/// Register someone
///
/// From the desk: nothing has to be approved or answered.
#[utoipa::path(post, path = "/conferences/{id}/participants", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = AddParticipant,
    responses((status = 201, description = "Registered; `waiting` when it is full", body = Success<ParticipantOut>),
        (status = 409, description = "`TAKEN`: the address is registered", body = Failure)))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<AddParticipant>,
) -> Answered<ParticipantOut> {
    let person = desk::add(&app, &caller, id, body).await?;
    let version = person.version;
    Ok(Answer::created(ParticipantOut::from(person)).at_version(version))
}

/// Bring a list of people
///
/// As CSV. Lines that are wrong are left out and told. The same list again changes nothing.
#[utoipa::path(post, path = "/conferences/{id}/participants/import", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = ImportPeople,
    responses((status = 200, description = "What came of it", body = Success<ImportedPeople>)))]
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<ImportPeople>,
) -> Answered<ImportedPeople> {
    desk::import(&app, &caller, id, body).await.map(Answer::ok)
}

/// Show a participant
///
/// Oneself, or with `participants.see` anyone.
#[utoipa::path(get, path = "/participants/{id}", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant")),
    responses((status = 200, description = "The participant; `ETag` has the version", body = Success<ParticipantOut>)))]
pub(super) async fn show(State(app): State<App>, caller: Caller, At(id): At) -> Answered<ParticipantOut> {
    let person = desk::find(&app, &caller, id, Action::SeeParticipants).await?;
    let version = person.version;
    Ok(Answer::ok(ParticipantOut::from(person)).at_version(version))
}

/// Change a participant
#[utoipa::path(patch, path = "/participants/{id}", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"1\"")), request_body = ChangeParticipant,
    responses((status = 200, description = "As they are now", body = Success<ParticipantOut>)))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangeParticipant>,
) -> Answered<ParticipantOut> {
    let person = desk::change(&app, &caller, id, &if_match, body).await?;
    let version = person.version;
    Ok(Answer::ok(ParticipantOut::from(person)).at_version(version))
}

/// Approve, refuse or call off a registration
///
/// A place that is free goes to whoever waits longest; whoever has none any more is signed out.
#[utoipa::path(patch, path = "/participants/{id}/status", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"1\"")), request_body = MoveParticipant,
    responses((status = 200, description = "As they are now", body = Success<ParticipantOut>),
        (status = 409, description = "`INVALID_TRANSITION`: `details.allowed` has the moves that are", body = Failure)))]
pub(super) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<MoveParticipant>,
) -> Answered<ParticipantOut> {
    let person = desk::set_status(&app, &caller, id, &if_match, &body).await?;
    let version = person.version;
    Ok(Answer::ok(ParticipantOut::from(person)).at_version(version))
}

/// Show a participant's ticket
///
/// One's own, or with `participants.see` anyone's.
#[utoipa::path(get, path = "/participants/{id}/ticket", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The participant")),
    responses((status = 200, description = "What the QR code has, and its picture", body = Success<TicketOut>),
        (status = 409, description = "`NOT_CONFIRMED`: the registration waits, or has ended", body = Failure)))]
pub(super) async fn ticket(State(app): State<App>, caller: Caller, At(id): At) -> Answered<TicketOut> {
    desk::ticket(&app, &caller, id).await.map(Answer::ok)
}

/// Export a conference's participants
///
/// As CSV, with an `answers.` column for each field of the form and a `consents.` column for each consent; what it has can
/// be brought again.
#[utoipa::path(get, path = "/conferences/{id}/participants.csv", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv")))]
pub(super) async fn export(State(app): State<App>, caller: Caller, At(id): At) -> Result<Response, Fault> {
    let text = roll::csv(&app, &caller, id).await?;
    let name = "attachment; filename=\"participants.csv\"";
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, name)], text).into_response())
}
