//! Handlers.

use axum::extract::State;

use super::accepting;
use super::types::{Accept, InvitationOut, Invite, Invited, ShowInvitation, TakenBack};
use crate::app::App;
use crate::auth::{Device, Tokens};
use crate::features::letters::Spoken;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Json};

/// Invite someone
///
/// A mail with the link `/invitation#TOKEN` goes to the address; it is good once and for a week. Needs `people.manage`;
/// whoever organises a conference may invite for that conference. Nobody gives what they may not do.
#[utoipa::path(post, path = "/invitations", tag = "People", security(("token" = [])), request_body = Invite,
    responses((status = 201, description = "Invited", body = Success<InvitationOut>),
        (status = 409, description = "`TAKEN`: the address has an account, or is invited already", body = Failure)))]
pub(super) async fn invite(
    State(app): State<App>,
    caller: Caller,
    spoken: Spoken,
    Json(body): Json<Invite>,
) -> Answered<InvitationOut> {
    super::invite(&app, &caller, spoken, body).await.map(|made| Answer::created(InvitationOut::from(made)))
}

/// List open invitations
///
/// Newest first; one that has ended stays until it is sent again or taken back. Needs `people.see`.
#[utoipa::path(get, path = "/invitations", tag = "People", security(("token" = [])),
    responses((status = 200, description = "All of them", body = Success<Vec<InvitationOut>>)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answered<Vec<InvitationOut>> {
    let found = super::list(&app, &caller).await?;
    Ok(Answer::ok(found.into_iter().map(InvitationOut::from).collect()))
}

/// Send an invitation again
///
/// With another link and another week; the old link is no longer good.
#[utoipa::path(post, path = "/invitations/{id}/resend", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The invitation")),
    responses((status = 200, description = "On its way", body = Success<InvitationOut>)))]
pub(super) async fn resend(
    State(app): State<App>,
    caller: Caller,
    spoken: Spoken,
    At(id): At,
) -> Answered<InvitationOut> {
    super::resend(&app, &caller, spoken, id).await.map(|sent| Answer::ok(InvitationOut::from(sent)))
}

/// Take an invitation back
#[utoipa::path(delete, path = "/invitations/{id}", tag = "People", security(("token" = [])),
    params(("id" = String, Path, description = "The invitation")),
    responses((status = 200, description = "Its link is no longer good", body = Success<TakenBack>)))]
pub(super) async fn take_back(State(app): State<App>, caller: Caller, At(id): At) -> Answered<TakenBack> {
    super::take_back(&app, &caller, id).await?;
    Ok(Answer::ok(TakenBack {}))
}

/// Look at one's invitation
///
/// For the page behind the link, before a password is chosen.
#[utoipa::path(post, path = "/auth/invitation", tag = "Signing in", request_body = ShowInvitation,
    responses((status = 200, description = "Whom it is for", body = Success<Invited>)))]
pub(super) async fn show(State(app): State<App>, Json(body): Json<ShowInvitation>) -> Answered<Invited> {
    accepting::show(&app, &body.token).await.map(Answer::ok)
}

/// Accept an invitation
///
/// Makes the account with this password and signs it in.
#[utoipa::path(post, path = "/auth/invitation/accept", tag = "Signing in", request_body = Accept,
    responses((status = 201, description = "The account is made and signed in", body = Success<Tokens>),
        (status = 409, description = "`INVITATION_STALE`, or `TAKEN`: the address got an account meanwhile", body = Failure)))]
pub(super) async fn accept(
    State(app): State<App>,
    device: Device,
    Json(body): Json<Accept>,
) -> Answered<Tokens> {
    accepting::accept(&app, body, &device).await.map(Answer::created)
}
