//! Badges: a PDF to print, with everybody's name and the code of their ticket.

mod http;
mod letters;
mod sheet;
mod types;

use plenum_domain::registration::{Status, to_cell};
use plenum_domain::{Action, Id, Role};
use plenum_persistence::store::Participant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::{Bearer, Paper};
use crate::features::conferences;
use crate::features::registration::everyone;
use crate::http::{Caller, Fault};
use sheet::Badge;

pub use types::{BadgeQuery, Language};

/// More take a hub too long for one answer: 63 sheets.
const BADGES_MAX: usize = 500;
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
    let badges: Vec<Badge> = people.iter().map(badge).collect();
    let drawn = tokio::task::spawn_blocking(move || sheet::pdf(&place.title, &badges)).await;
    drawn.map_err(|_| Fault::internal())?.map_err(|error| {
        tracing::error!(?error, "badges were not written");
        Fault::internal()
    })
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
        name: person.display_name.clone(),
        organisation: organisation.unwrap_or_default(),
        role: query.language.unwrap_or_default().word(role).to_owned(),
        ticket: app.auth.paper(person.tenant, Paper::Ticket, bearer),
    }
}
