//! Handlers. Files have no envelope.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use plenum_domain::Id;

use super::Format;
use crate::app::App;
use crate::features::conferences;
use crate::http::{At, Caller, Fault};

const XML: &str = "application/xml; charset=utf-8";
const JSON: &str = "application/json";
const ICS: &str = "text/calendar; charset=utf-8";

fn file(media_type: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, media_type)], text).into_response()
}

async fn whole(app: &App, caller: &Caller, id: Id, format: Format) -> Result<String, Fault> {
    let conference = conferences::find(app, caller, id).await?;
    Ok(super::written(&app.store, &conference, app.public_url(), format, app.clock.now()).await?)
}

/// Export a programme as XML
///
/// As frab and pretalx do, valid by the schema of the C3VOC; without drafts.
#[utoipa::path(get, path = "/conferences/{id}/schedule.xml", tag = "Exports", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The file", body = String, content_type = "application/xml")))]
pub(super) async fn xml(State(app): State<App>, caller: Caller, At(id): At) -> Result<Response, Fault> {
    Ok(file(XML, whole(&app, &caller, id, Format::Xml).await?))
}

/// Export a programme as JSON
///
/// As frab and pretalx do, valid by the schema of the C3VOC; without drafts and without the envelope.
#[utoipa::path(get, path = "/conferences/{id}/schedule.json", tag = "Exports", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The file", body = Object, content_type = "application/json")))]
pub(super) async fn json(State(app): State<App>, caller: Caller, At(id): At) -> Result<Response, Fault> {
    Ok(file(JSON, whole(&app, &caller, id, Format::Json).await?))
}

/// Export a conference's calendar
#[utoipa::path(get, path = "/conferences/{id}/calendar.ics", tag = "Exports", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "The file", body = String, content_type = "text/calendar")))]
pub(super) async fn of_conference(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
) -> Result<Response, Fault> {
    Ok(file(ICS, whole(&app, &caller, id, Format::Ics).await?))
}

/// Export a hall's calendar
#[utoipa::path(get, path = "/halls/{id}/calendar.ics", tag = "Exports", security(("token" = [])),
    params(("id" = String, Path, description = "The hall")),
    responses((status = 200, description = "The file", body = String, content_type = "text/calendar")))]
pub(super) async fn of_hall(State(app): State<App>, caller: Caller, At(id): At) -> Result<Response, Fault> {
    Ok(file(ICS, super::of_hall(&app, &caller, id).await?))
}

/// Export a participant's calendar
///
/// The sessions in which they have a seat. One's own, or with `participants.see` anyone's.
#[utoipa::path(get, path = "/participants/{id}/calendar.ics", tag = "Exports", security(("token" = [])),
    params(("id" = String, Path, description = "The participant")),
    responses((status = 200, description = "The file", body = String, content_type = "text/calendar")))]
pub(super) async fn of_participant(
    State(app): State<App>,
    caller: Caller,
    At(id): At,
) -> Result<Response, Fault> {
    Ok(file(ICS, super::of_participant(&app, &caller, id).await?))
}
