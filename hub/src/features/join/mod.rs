//! Coming in by the code on the slide.

mod http;
mod limit;
mod types;

use std::collections::BTreeSet;
use std::net::IpAddr;

use plenum_domain::tenant::Feature;
use plenum_domain::{Id, Role, Roles};
use plenum_persistence::store::{Conference, NewParticipant, Page, SessionFilter, Subject};
use plenum_rooms::engine::Actor;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::codes;
use crate::features::sessions::SessionRooms;
use crate::http::{Fault, Named, Wrongs};

pub(crate) use limit::JoinLimit;
pub use types::{Entered, Join, Joined, OpenSession, Place};

/// The longest name that others see, in characters.
pub(crate) const NAME_CHARS_MAX: usize = 60;

/// A session that began so long ago may still run, whatever its room says, in milliseconds: half a day.
const UNDER_WAY_MS: i64 = 12 * 60 * 60 * 1_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::join))
}

/// Lets someone in: a participant, tokens for this conference, and what is open.
async fn join(app: &App, from: Option<IpAddr>, named: Named, body: Join) -> Result<Joined, Fault> {
    app.joins.check(from)?;
    let conference = find(app, &body.code).await?;
    named.agrees_with(conference.tenant)?;
    let standing = app.tenants.of(conference.tenant).await?.ok_or_else(|| Fault::not_found("join code"))?;
    standing.is_open()?;
    standing.has(Feature::JoinByCode)?;
    let person = person(app, &conference, &body)?;
    app.tenants.let_in(&standing, conference.id).await?;
    let_in(app, &conference, &person).await
}

/// Lets someone into a conference's rooms.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn let_in(
    app: &App,
    conference: &Conference,
    person: &NewParticipant,
) -> Result<Joined, Fault> {
    let grant = app.auth.grant(conference.tenant, person.id, Subject::Participant, Some(conference.id));
    let actor = Actor { participant: person.id, name: person.display_name.clone(), roles: person.roles };
    let tokens = app.auth.join(person, &grant, actor).await?;
    metrics::counter!("plenum_joins_total").increment(1);
    Ok(Joined {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_in: tokens.expires_in,
        participant: Entered { id: person.id, name: person.display_name.clone() },
        sessions: open_sessions(app, conference).await?,
        conference: Place { id: conference.id, title: conference.title.clone() },
    })
}

/// The conference that a code lets into.
///
/// # Errors
/// 404, or 409 when it is over.
pub(crate) async fn find(app: &App, code: &str) -> Result<Conference, Fault> {
    let found = app.store.conference_by_join_code(&codes::normal(code)).await?;
    let conference = found.ok_or_else(|| Fault::not_found("join code"))?;
    match conference.status.as_str() {
        "completed" | "archived" => Err(Fault::conflict("CONFERENCE_OVER", "the conference is over")),
        _ => Ok(conference),
    }
}

fn person(app: &App, conference: &Conference, body: &Join) -> Result<NewParticipant, Fault> {
    let mut wrong = Wrongs::new();
    let name = wrong.maybe_text("display_name", body.display_name.as_deref(), NAME_CHARS_MAX);
    let email = body.email.as_deref().filter(|email| !email.trim().is_empty());
    let email = email.map(|email| wrong.email("email", email));
    wrong.done()?;
    let id = app.clock.id();
    Ok(NewParticipant {
        id,
        tenant: conference.tenant,
        conference: conference.id,
        display_name: name.unwrap_or_else(|| nameless(id)),
        email,
        roles: Roles::of(&[Role::Attendee]),
        joined: app.clock.now(),
    })
}

/// A name for those who give none: enough to tell two of them apart in a list.
fn nameless(id: Id) -> String {
    let text = id.to_string();
    format!("Guest {}", &text[text.len() - 4..])
}

/// The sessions that someone who comes in can go to: those with open rooms that are not over. A programme of more than
/// a page is cut to what runs, what comes next, and then the rest.
async fn open_sessions(app: &App, conference: &Conference) -> Result<Vec<OpenSession>, Fault> {
    let page = Page::new(1, Page::PER_PAGE_MAX);
    let list = async |filter| app.store.sessions(conference.tenant, conference.id, &filter, page).await;
    let all = list(SessionFilter::default()).await?;
    let mut found = Vec::new();
    if all.total > u64::from(Page::PER_PAGE_MAX) {
        let status = |name: &str| SessionFilter { status: Some(name.to_owned()), ..SessionFilter::default() };
        let from = Some(app.clock.now().plus_ms(-UNDER_WAY_MS));
        for filter in [status("live"), status("paused"), SessionFilter { from, ..SessionFilter::default() }] {
            found.extend(list(filter).await?.items);
        }
    }
    found.extend(all.items);
    let mut seen = BTreeSet::new();
    let mut open = Vec::new();
    for session in found.into_iter().filter(|one| one.status != "ended" && seen.insert(one.id)) {
        if open.len() < Page::PER_PAGE_MAX as usize
            && app.shards.scope(SessionRooms::session_of(session.id)).await.is_some()
        {
            open.push(OpenSession::from(session));
        }
    }
    Ok(open)
}
