//! Handlers.

use axum::extract::State;

use super::types::{ChangeHall, ChangeVenue, CreateHall, CreateVenue, HallOut, PlaceQuery, VenueOut};
use super::{halls, venues};
use crate::app::App;
use crate::features::listing;
use crate::features::removed::Removed;
use crate::http::openapi::{Failure, Success};
use crate::http::{Answer, Answered, At, Caller, Fault, IfMatch, Json, Page, Pages, Params};

/// List a conference's venues
#[utoipa::path(get, path = "/conferences/{id}/venues", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), PlaceQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<VenueOut>>)))]
pub(super) async fn list_venues(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<PlaceQuery>,
) -> Answered<Vec<VenueOut>> {
    let (listed, page) = venues::list(&app, &caller, conference, query).await?;
    let items = listed.items.into_iter().map(VenueOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// List a conference's halls
#[utoipa::path(get, path = "/conferences/{id}/halls", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), PlaceQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<HallOut>>)))]
pub(super) async fn list_halls(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<PlaceQuery>,
) -> Answered<Vec<HallOut>> {
    let page = Page::of(query.page, query.per_page)?;
    let mut halls = halls::list(&app, &caller, conference).await?;
    match query.sort.as_deref() {
        None | Some("position") => {}
        Some("-position") => halls.reverse(),
        Some("name") => halls.sort_by(|one, other| one.name.cmp(&other.name)),
        Some("-name") => halls.sort_by(|one, other| other.name.cmp(&one.name)),
        Some(asked) => {
            let words = format!("cannot sort by {asked:?}; known are position, name");
            return Err(Fault::field("sort", words));
        }
    }
    let (halls, total) = listing::page(halls, page);
    let items = halls.into_iter().map(HallOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, total)))
}

/// Show a venue
#[utoipa::path(get, path = "/venues/{id}", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The venue")),
    responses((status = 200, description = "The venue; `ETag` has its version", body = Success<VenueOut>)))]
pub(super) async fn show_venue(State(app): State<App>, caller: Caller, At(id): At) -> Answered<VenueOut> {
    let found = venues::find(&app, &caller, id).await?;
    let version = found.version;
    Ok(Answer::ok(VenueOut::from(found)).at_version(version))
}

/// Make a venue
///
/// A building, an address on the web, or both.
#[utoipa::path(post, path = "/conferences/{id}/venues", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = CreateVenue,
    responses((status = 201, description = "Made", body = Success<VenueOut>),
        (status = 409, description = "`TAKEN`: the conference has one with the name", body = Failure)))]
pub(super) async fn create_venue(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Json(body): Json<CreateVenue>,
) -> Answered<VenueOut> {
    let made = venues::create(&app, &caller, conference, body).await?;
    let version = made.version;
    Ok(Answer::created(VenueOut::from(made)).at_version(version))
}

/// Change a venue
#[utoipa::path(patch, path = "/venues/{id}", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The venue"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"1\"")),
    request_body = ChangeVenue,
    responses((status = 200, description = "As it is now", body = Success<VenueOut>),
        (status = 409, description = "`TAKEN`: the conference has another one with the name", body = Failure)))]
pub(super) async fn change_venue(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangeVenue>,
) -> Answered<VenueOut> {
    let changed = venues::change(&app, &caller, id, &if_match, body).await?;
    let version = changed.version;
    Ok(Answer::ok(VenueOut::from(changed)).at_version(version))
}

/// Show a hall
#[utoipa::path(get, path = "/halls/{id}", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The hall")),
    responses((status = 200, description = "The hall; `ETag` has its version", body = Success<HallOut>)))]
pub(super) async fn show_hall(State(app): State<App>, caller: Caller, At(id): At) -> Answered<HallOut> {
    let found = halls::find(&app, &caller, id).await?;
    let version = found.version;
    Ok(Answer::ok(HallOut::from(found)).at_version(version))
}

/// Make a hall
///
/// Naming a new hall in a session makes one as well.
#[utoipa::path(post, path = "/conferences/{id}/halls", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = CreateHall,
    responses((status = 201, description = "Made", body = Success<HallOut>),
        (status = 409, description = "`TAKEN`: the conference has one with the name", body = Failure)))]
pub(super) async fn create_hall(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Json(body): Json<CreateHall>,
) -> Answered<HallOut> {
    let made = halls::create(&app, &caller, conference, body).await?;
    let version = made.version;
    Ok(Answer::created(HallOut::from(made)).at_version(version))
}

/// Change a hall
#[utoipa::path(patch, path = "/halls/{id}", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The hall"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"1\"")),
    request_body = ChangeHall,
    responses((status = 200, description = "As it is now", body = Success<HallOut>),
        (status = 409, description = "`TAKEN`: the conference has another one with the name", body = Failure)))]
pub(super) async fn change_hall(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangeHall>,
) -> Answered<HallOut> {
    let changed = halls::change(&app, &caller, id, &if_match, body).await?;
    let version = changed.version;
    Ok(Answer::ok(HallOut::from(changed)).at_version(version))
}

/// Delete a venue
///
/// Its halls stay, and belong to none.
#[utoipa::path(delete, path = "/venues/{id}", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The venue"),
        ("If-Match" = Option<String>, Header, description = "The ETag that it was read with", example = "\"1\"")),
    responses((status = 200, description = "Gone", body = Success<Removed>)))]
pub(super) async fn remove_venue(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
) -> Answered<Removed> {
    venues::remove(&app, &caller, id, &if_match).await?;
    Ok(Answer::ok(Removed {}))
}

/// Delete a hall
///
/// Its sessions stay, and are in none.
#[utoipa::path(delete, path = "/halls/{id}", tag = "Places", security(("token" = [])),
    params(("id" = String, Path, description = "The hall"),
        ("If-Match" = Option<String>, Header, description = "The ETag that it was read with", example = "\"1\"")),
    responses((status = 200, description = "Gone", body = Success<Removed>)))]
pub(super) async fn remove_hall(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
) -> Answered<Removed> {
    halls::remove(&app, &caller, id, &if_match).await?;
    Ok(Answer::ok(Removed {}))
}
