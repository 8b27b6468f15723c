//! Badges: a PDF to print, with everybody's name and the code of their ticket.

mod faces;
mod http;
mod letters;
mod sheet;
mod types;

use std::path::Path;

use plenum_domain::registration::{Status, to_cell};
use plenum_domain::{Action, Id, Role};
use plenum_persistence::store::Participant;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::{Bearer, Paper};
use crate::features::conferences;
use crate::features::registration::everyone;
use crate::http::{Caller, Fault};
use sheet::{Badge, Order, SheetFailure, Undrawable};

pub use types::{BadgeQuery, Language};

/// More take a hub too long for one answer: 63 sheets.
const BADGES_MAX: usize = 500;
/// So many are named in a sentence; all of them are in its details.
const NAMED_MAX: usize = 10;
/// Fields that usually ask for it.
const ORGANISATION: [&str; 6] =
    ["organisation", "organization", "company", "affiliation", "institution", "employer"];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::pdf))
}

async fn pdf(app: &App, caller: &Caller, conference: Id, query: BadgeQuery) -> Result<Vec<u8>, Fault> {
    caller.may_in(Action::SeeParticipants, conference)?;
    let place = conferences::find(app, caller, conference).await?;
    let people = chosen(app, caller, conference, &query).await?;
    if people.is_empty() {
        return Err(Fault::not_found("badge"));
    }
    let badge = |person: &Participant| badge(app, &query, person);
    let order = Order {
        title: place.title,
        badges: people.iter().map(badge).collect(),
        fonts: app.config.badges.fonts_folder.clone(),
        leaves_out: query.leave_out.unwrap_or(false),
    };
    let drawn = tokio::task::spawn_blocking(move || sheet::pdf(order)).await;
    drawn.map_err(|_| Fault::internal())?.map_err(|failure| match failure {
        SheetFailure::Letters(told) => undrawable(&told, &app.config.badges.fonts_folder),
        SheetFailure::Writer(error) => {
            tracing::error!(?error, "badges were not written");
            Fault::internal()
        }
    })
}

/// Says whose name cannot be drawn, and what to do about it.
fn undrawable(told: &Undrawable, folder: &Path) -> Fault {
    let names: Vec<&str> = told.people.iter().take(NAMED_MAX).map(|(_, name)| name.as_str()).collect();
    let whose = if names.is_empty() { "the conference's title".to_owned() } else { names.join(", ") };
    let more = told.people.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let words = format!(
        "no font has letters of {whose}{more}: whoever runs the hub installs one (Debian's package fonts-noto-cjk for \
         Chinese, Japanese and Korean) in badges.fonts_folder, which is {}",
        folder.display()
    );
    let people: Vec<Value> = told.people.iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
    let letters: String = told.letters.iter().collect();
    Fault::conflict("LETTERS_MISSING", words).with("participants", people).with("letters", letters)
}

/// Those who were named, in that order; otherwise a page of all who are confirmed, by name.
async fn chosen(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: &BadgeQuery,
) -> Result<Vec<Participant>, Fault> {
    let Some(named) = &query.participants else {
        let page = query.page.unwrap_or(1).max(1) as usize - 1;
        let people = everyone(&app.store, caller.tenant(), conference).await?;
        let confirmed = people.into_iter().filter(|person| person.status == Status::Confirmed.name());
        return Ok(confirmed.skip(page.saturating_mul(BADGES_MAX)).take(BADGES_MAX).collect());
    };
    let wrong = |_| Fault::field("participants", "has ids with commas between them");
    let ids: Vec<Id> = named.split(',').map(str::parse).collect::<Result<_, _>>().map_err(wrong)?;
    if ids.len() > BADGES_MAX {
        return Err(Fault::field("participants", format!("has at most {BADGES_MAX} ids")));
    }
    let mut people = Vec::with_capacity(ids.len());
    for id in ids {
        let person = app.store.participant(caller.tenant(), id).await?;
        let person = person.filter(|person| person.conference == conference);
        people.push(person.ok_or_else(|| Fault::not_found("participant"))?);
    }
    if let Some(person) = people.iter().find(|person| person.status != Status::Confirmed.name()) {
        let words = format!("the registration of {} is {}", person.display_name, person.status);
        return Err(Fault::conflict("NOT_CONFIRMED", words));
    }
    Ok(people)
}

fn badge(app: &App, query: &BadgeQuery, person: &Participant) -> Badge {
    let answer = |field: &str| person.answers.get(field).map(to_cell).filter(|text| !text.is_empty());
    let organisation = match &query.organisation {
        Some(field) => answer(field),
        None => ORGANISATION.into_iter().find_map(answer),
    };
    let role = person.roles.iter().find(|role| *role != Role::Attendee).unwrap_or(Role::Attendee);
    let bearer = Bearer { conference: person.conference, participant: person.id };
    Badge {
        participant: person.id,
        name: person.display_name.clone(),
        language: person.language.clone(),
        organisation: organisation.unwrap_or_default(),
        role: query.language.unwrap_or_default().word(role).to_owned(),
        ticket: app.auth.paper(person.tenant, Paper::Ticket, bearer),
    }
}
