//! The days of a conference's programme.

mod types;

use axum::extract::State;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use plenum_domain::conference::known_time_zone;
use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{Conference, ProgrammeDay};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::audit::{Subject, note};
use crate::features::conferences;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, At, Caller, Fault, Json, Wrongs};

pub use types::{DayOut, NewDay, SetDays};

/// More days than any conference has.
const DAYS_MAX: usize = 100;
const TITLE_CHARS_MAX: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, set))
}

/// List the days of a conference's programme
#[utoipa::path(get, path = "/conferences/{id}/programs", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")),
    responses((status = 200, description = "In their order", body = Success<Vec<DayOut>>)))]
async fn list(State(app): State<App>, caller: Caller, At(conference): At) -> Answered<Vec<DayOut>> {
    conferences::find(&app, &caller, conference).await?;
    let days = app.store.programme_days(caller.tenant(), conference).await?;
    Ok(Answer::ok(days.into_iter().map(DayOut::from).collect()))
}

/// Set the days of a conference's programme
///
/// All of them, in their order. Sessions stay where they are.
#[utoipa::path(put, path = "/conferences/{id}/programs", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference")), request_body = SetDays,
    responses((status = 200, description = "As they are now", body = Success<Vec<DayOut>>)))]
async fn set(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Json(body): Json<SetDays>,
) -> Answered<Vec<DayOut>> {
    let days = replace(&app, &caller, conference, body).await?;
    Ok(Answer::ok(days.into_iter().map(DayOut::from).collect()))
}

async fn replace(app: &App, caller: &Caller, id: Id, body: SetDays) -> Result<Vec<ProgrammeDay>, Fault> {
    let conference = conferences::to_change(app, caller, id, Action::EditProgramme).await?;
    if body.days.len() > DAYS_MAX {
        return Err(Fault::field("days", format!("has at most {DAYS_MAX} days")));
    }
    let mut wrong = Wrongs::new();
    let mut days: Vec<ProgrammeDay> =
        body.days.iter().enumerate().map(|(at, day)| checked(&mut wrong, &conference, at, day)).collect();
    for (at, chair) in body.days.iter().enumerate().filter_map(|(at, day)| Some((at, day.chair_id?))) {
        let found = app.store.person(caller.tenant(), chair).await?;
        if found.is_none_or(|(_, of)| of != id) {
            wrong.add(&format!("days[{at}].chair_id"), "is nobody of this conference's programme");
        }
    }
    wrong.done()?;
    days.sort_by_key(|day| day.starts);
    for (number, day) in (1..).zip(&mut days) {
        day.number = number;
    }
    let details = json!({"days": days.iter().map(|day| &day.date).collect::<Vec<_>>()});
    let note = note(app, caller, "programme.days_set", Subject("conference", id), details);
    app.store.replace_programme_days(id, &days, &note).await?;
    Ok(app.store.programme_days(caller.tenant(), id).await?)
}

/// A day, from midnight to midnight in the conference's zone where its hours are left out: 23 or 25 of them when the
/// clocks change.
fn checked(wrong: &mut Wrongs, conference: &Conference, at: usize, day: &NewDay) -> ProgrammeDay {
    let field = |name: &str| format!("days[{at}].{name}");
    let zone = known_time_zone(&conference.time_zone).unwrap_or(TimeZone::UTC);
    let date = wrong.day(&field("date"), &day.date);
    if !(conference.starts_on.clone()..=conference.ends_on.clone()).contains(&date.to_string()) {
        wrong.add(&field("date"), "is not a day of the conference");
    }
    let midnight = |date: jiff::civil::Date| {
        let zoned = date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp().as_millisecond());
        Timestamp::from_ms(zoned.unwrap_or_default())
    };
    let title = wrong.maybe_text(&field("title"), day.title.as_deref(), TITLE_CHARS_MAX);
    let given = |wrong: &mut Wrongs, name: &str, raw: &Option<String>| {
        raw.as_deref().map(|raw| wrong.moment(&field(name), raw))
    };
    let starts = given(wrong, "starts_at", &day.starts_at).unwrap_or_else(|| midnight(date));
    let ends = given(wrong, "ends_at", &day.ends_at);
    let ends = ends.unwrap_or_else(|| midnight(date.saturating_add(1.day())));
    if ends <= starts {
        wrong.add(&field("ends_at"), "is not after starts_at");
    }
    let (date, chair) = (date.to_string(), day.chair_id);
    ProgrammeDay { number: 0, date, title, starts, ends, chair, chair_name: None }
}
