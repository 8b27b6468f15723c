//! Handlers.

use axum::extract::{Path, State};
use plenum_domain::Id;

use super::types::{
    AddSpeaker, ChangePerson, ChangeSpeaker, CreatePerson, PersonOut, SaveText, SeatOut, SeatQuery, TakeSeat,
    TextOut,
};
use super::{people, seats, texts};
use crate::app::App;
use crate::features::places::PlaceQuery;
use crate::features::removed::Removed;
use crate::features::sessions::SpeakerOut;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, At, Caller, Fault, IfMatch, Json, Pages, Params};

/// The id and the language of a path; what is no id is not found.
fn id_of(raw: &str) -> Result<Id, Fault> {
    raw.parse().map_err(|_| Fault::not_found("session"))
}

/// Add someone to a conference's programme
#[utoipa::path(post, path = "/conferences/{id}/people", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = CreatePerson,
    responses((status = 201, description = "Added", body = Success<PersonOut>)))]
pub(super) async fn create_person(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Json(body): Json<CreatePerson>,
) -> Answered<PersonOut> {
    let made = people::create(&app, &caller, conference, body).await?;
    let version = made.version;
    Ok(Answer::created(PersonOut::from(made)).at_version(version))
}

/// List the people of a conference's programme
///
/// Sorted by name or affiliation.
#[utoipa::path(get, path = "/conferences/{id}/people", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), PlaceQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<PersonOut>>)))]
pub(super) async fn list_people(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<PlaceQuery>,
) -> Answered<Vec<PersonOut>> {
    let (listed, page) = people::list(&app, &caller, conference, query).await?;
    let items = listed.items.into_iter().map(PersonOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// Show someone of a programme
#[utoipa::path(get, path = "/people/{id}", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, description = "The person; `ETag` has its version", body = Success<PersonOut>)))]
pub(super) async fn show_person(State(app): State<App>, caller: Caller, At(id): At) -> Answered<PersonOut> {
    let (person, _) = people::find(&app, &caller, id).await?;
    let version = person.version;
    Ok(Answer::ok(PersonOut::from(person)).at_version(version))
}

/// Change someone of a programme
#[utoipa::path(patch, path = "/people/{id}", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The person"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from", example = "\"3\"")),
    request_body = ChangePerson,
    responses((status = 200, description = "As they are now", body = Success<PersonOut>)))]
pub(super) async fn change_person(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    if_match: IfMatch,
    Json(body): Json<ChangePerson>,
) -> Answered<PersonOut> {
    let changed = people::change(&app, &caller, id, &if_match, body).await?;
    let version = changed.version;
    Ok(Answer::ok(PersonOut::from(changed)).at_version(version))
}

/// List a session's speakers
///
/// And chairs, panelists, hosts.
#[utoipa::path(get, path = "/sessions/{id}/speakers", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "In the programme's order", body = Success<Vec<SpeakerOut>>)))]
pub(super) async fn list_speakers(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
) -> Answered<Vec<SpeakerOut>> {
    let speakers = people::speakers(&app, &caller, id).await?;
    Ok(Answer::ok(speakers.into_iter().map(SpeakerOut::from).collect()))
}

/// Give someone a part in a session
///
/// One of the conference's people, or someone new by name.
#[utoipa::path(post, path = "/sessions/{id}/speakers", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The session")), request_body = AddSpeaker,
    responses((status = 201, description = "All who have a part, in their order", body = Success<Vec<SpeakerOut>>)))]
pub(super) async fn add_speaker(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<AddSpeaker>,
) -> Answered<Vec<SpeakerOut>> {
    let speakers = people::add(&app, &caller, id, body).await?;
    Ok(Answer::created(speakers.into_iter().map(SpeakerOut::from).collect()))
}

/// Change someone's part in a session
#[utoipa::path(patch, path = "/sessions/{id}/speakers/{person}", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), ("person" = String, Path, description = "The person")), request_body = ChangeSpeaker,
    responses((status = 200, description = "All who have a part, in their order", body = Success<Vec<SpeakerOut>>)))]
pub(super) async fn change_speaker(
    State(app): State<App>,
    caller: Caller,
    At(at): At<(Id, Id)>,
    Json(body): Json<ChangeSpeaker>,
) -> Answered<Vec<SpeakerOut>> {
    let speakers = people::change_part(&app, &caller, at, body).await?;
    Ok(Answer::ok(speakers.into_iter().map(SpeakerOut::from).collect()))
}

/// Take someone's part in a session away
#[utoipa::path(delete, path = "/sessions/{id}/speakers/{person}", tag = "Speakers", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), ("person" = String, Path, description = "The person")),
    responses((status = 200, description = "Gone", body = Success<Removed>)))]
pub(super) async fn remove_speaker(
    State(app): State<App>,
    caller: Caller,
    At(at): At<(Id, Id)>,
) -> Answered<Removed> {
    people::remove(&app, &caller, at).await?;
    Ok(Answer::ok(Removed {}))
}

/// List what a session is about in other languages
#[utoipa::path(get, path = "/sessions/{id}/texts", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 200, description = "By language", body = Success<Vec<TextOut>>)))]
pub(super) async fn list_texts(State(app): State<App>, caller: Caller, At(id): At) -> Answered<Vec<TextOut>> {
    let texts = texts::list(&app, &caller, id).await?;
    Ok(Answer::ok(texts.into_iter().map(TextOut::from).collect()))
}

/// Say what a session is about in a language
///
/// In place of what was said before.
#[utoipa::path(put, path = "/sessions/{id}/texts/{language}", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), ("language" = String, Path, description = "The language's code", example = "ar")), request_body = SaveText,
    responses((status = 200, description = "As it is now", body = Success<TextOut>)))]
pub(super) async fn save_text(
    State(app): State<App>,
    caller: Caller,
    Path((id, language)): Path<(String, String)>,
    Json(body): Json<SaveText>,
) -> Answered<TextOut> {
    let text = texts::save(&app, &caller, id_of(&id)?, &language, body).await?;
    Ok(Answer::ok(TextOut::from(text)))
}

/// Remove what was said in a language
#[utoipa::path(delete, path = "/sessions/{id}/texts/{language}", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), ("language" = String, Path, description = "The language's code", example = "ar")),
    responses((status = 200, description = "Gone", body = Success<Removed>)))]
pub(super) async fn remove_text(
    State(app): State<App>,
    caller: Caller,
    Path((id, language)): Path<(String, String)>,
) -> Answered<Removed> {
    texts::remove(&app, &caller, id_of(&id)?, &language).await?;
    Ok(Answer::ok(Removed {}))
}

/// List a session's seats
///
/// In the order in which people came. Needs `participants.see`.
#[utoipa::path(get, path = "/sessions/{id}/seats", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), SeatQuery),
    responses((status = 200, description = "A page of them", body = Success<Vec<SeatOut>>)))]
pub(super) async fn list_seats(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Params(query): Params<SeatQuery>,
) -> Answered<Vec<SeatOut>> {
    let (listed, page) = seats::list(&app, &caller, id, query).await?;
    let items = listed.items.into_iter().map(SeatOut::from).collect();
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

/// Take a seat in a session
///
/// When it is full, a place in the queue: `waits` is true until a seat is free. Who has one keeps it.
#[utoipa::path(post, path = "/sessions/{id}/seats", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The session")), request_body = TakeSeat,
    responses((status = 200, description = "The seat", body = Success<SeatOut>)))]
pub(super) async fn take_seat(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
    Json(body): Json<TakeSeat>,
) -> Answered<SeatOut> {
    seats::take(&app, &caller, id, body).await.map(|seat| Answer::ok(SeatOut::from(seat)))
}

/// Give a seat back
///
/// It goes to whoever waits longest.
#[utoipa::path(delete, path = "/sessions/{id}/seats/{participant}", tag = "Participants", security(("token" = [])),
    params(("id" = String, Path, description = "The session"), ("participant" = String, Path, description = "The participant")),
    responses((status = 200, description = "Gone", body = Success<Removed>)))]
pub(super) async fn leave_seat(
    State(app): State<App>,
    caller: Caller,
    At(at): At<(Id, Id)>,
) -> Answered<Removed> {
    seats::leave(&app, &caller, at).await?;
    Ok(Answer::ok(Removed {}))
}
