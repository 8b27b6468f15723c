//! Handlers.

use axum::extract::State;

use super::types::{Headcount, Me, ParticipantOut, ParticipantQuery};
use crate::app::App;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, At, Caller, Pages, Params};

/// Show who is behind the token
#[utoipa::path(get, path = "/participants/me", tag = "Participants", security(("token" = [])),
    responses((status = 200, description = "The caller", body = Success<Me>)))]
pub(super) async fn me(caller: Caller) -> Answered<Me> {
    let (identity, actor) = (&caller.0, &caller.0.actor);
    Ok(Answer::ok(Me {
        id: actor.participant,
        name: actor.name.clone(),
        roles: actor.roles,
        actions: caller.actions(identity.conference),
        elsewhere: super::elsewhere(&caller),
        tenant_id: identity.tenant,
        conference_id: identity.conference,
    }))
}

/// List a conference's participants
///
/// For moderators.
#[utoipa::path(get, path = "/conferences/{id}/participants", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), ParticipantQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<ParticipantOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<ParticipantQuery>,
) -> Answered<Vec<ParticipantOut>> {
    let (listed, page) = super::list(&app, &caller, conference, query).await?;
    let items = listed.items.into_iter().map(ParticipantOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// Count a conference's participants
#[utoipa::path(get, path = "/conferences/{id}/participants/count", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "How many have joined", body = Success<Headcount>)))]
pub(super) async fn count(State(app): State<App>, caller: Caller, At(conference): At) -> Answered<Headcount> {
    super::count(&app, &caller, conference).await.map(Answer::ok)
}
