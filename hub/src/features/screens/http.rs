//! Handlers.

use axum::Extension;
use axum::extract::State;

use super::types::{Claim, Claimed, Offer, Pair, PlaceScreen, ScreenOut, ScreenQuery};
use crate::app::App;
use crate::features::listing;
use crate::features::removed::Removed;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Empty, Json, Page, Pages, Params, Sent};
use crate::socket::PeerAddress;

/// Offer a code on a screen
///
/// The screen shows the code and asks `POST /auth/screens/token` every few seconds until a moderator confirms it.
#[utoipa::path(post, path = "/auth/screens/pair", tag = "Screens", request_body = Empty,
    responses((status = 201, description = "A code that is good for ten minutes", body = Success<Offer>)))]
pub(super) async fn offer(
    State(app): State<App>,
    peer: Option<Extension<PeerAddress>>,
    Json(Empty {}): Json<Empty>,
) -> Answered<Offer> {
    let from = peer.map(|Extension(PeerAddress(address))| address);
    super::offer(&app, from).await.map(Answer::created)
}

/// Ask whether a screen's code was confirmed
///
/// The tokens are given once: a screen that loses them offers a new code.
#[utoipa::path(post, path = "/auth/screens/token", tag = "Screens", request_body = Claim,
    responses((status = 200, description = "`waiting`, or the screen's tokens", body = Success<Claimed>),
        (status = 404, description = "The code is no longer good: offer a new one", body = Failure)))]
pub(super) async fn claim(State(app): State<App>, Json(body): Json<Claim>) -> Answered<Claimed> {
    super::claim(&app, body).await.map(Answer::ok)
}

/// Pair a screen
///
/// Confirms the six characters that it shows.
#[utoipa::path(post, path = "/conferences/{id}/screens", tag = "Screens", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = Pair,
    responses((status = 201, description = "Paired", body = Success<ScreenOut>),
        (status = 404, description = "No screen shows this code", body = Failure)))]
pub(super) async fn pair(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Json(body): Json<Pair>,
) -> Answered<ScreenOut> {
    let screen = super::pair(&app, &caller, conference, body).await?;
    Ok(Answer::created(screen.into()))
}

/// List a conference's screens
#[utoipa::path(get, path = "/conferences/{id}/screens", tag = "Screens", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), ScreenQuery),
    responses((status = 200, description = "A page of them, by name", body = Success<Vec<ScreenOut>>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<ScreenQuery>,
) -> Answered<Vec<ScreenOut>> {
    let page = Page::of(query.page, query.per_page)?;
    let (screens, total) = listing::page(super::list(&app, &caller, conference).await?, page);
    let screens = screens.into_iter().map(ScreenOut::from).collect();
    Ok(Answer::page(screens, Pages::of(page.number, page.size, total)))
}

/// Send a screen to another session
#[utoipa::path(patch, path = "/screens/{id}", tag = "Screens", security(("token" = [])),
    params(("id" = String, Path, description = "The screen")), request_body = PlaceScreen,
    responses((status = 200, description = "As it is now", body = Success<ScreenOut>)))]
pub(super) async fn place(sent: Sent, Json(body): Json<PlaceScreen>) -> Answered<ScreenOut> {
    let screen = super::place(&sent, body.session_id).await?;
    Ok(Answer::ok(screen.into()))
}

/// Remove a screen
///
/// Its tokens end and its sockets close.
#[utoipa::path(delete, path = "/screens/{id}", tag = "Screens", security(("token" = [])),
    params(("id" = String, Path, description = "The screen")),
    responses((status = 200, description = "Gone", body = Success<Removed>)))]
pub(super) async fn remove(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Removed> {
    super::remove(&app, &caller, id).await.map(Answer::ok)
}
