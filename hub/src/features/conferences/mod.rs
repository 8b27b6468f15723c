//! Conferences: making, listing and changing them, and where they are in their life.

mod http;
mod lifecycle;
mod types;

use plenum_domain::tenant::Limit;
use plenum_domain::{Action, Id};
use plenum_persistence::store::{
    Conference, ConferenceChange, ConferenceFilter, Listed, NewConference, Page as StorePage, SessionFilter,
    StoreError,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::codes;
use crate::features::sessions::open_rooms;
use crate::http::{Caller, Fault, Page, Wrongs};

pub use lifecycle::Status;
pub use types::{ChangeConference, ConferenceOut, ConferenceQuery, CreateConference, SetStatus};

/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;
/// Two codes are the same once in hundreds of millions; more than a few in a row mean that something is wrong.
const CODE_TRIES: usize = 8;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::create, http::list))
        .routes(routes!(http::show, http::change))
        .routes(routes!(http::set_status))
        .routes(routes!(http::renew_code))
}

/// The conference, when the caller may know of it.
///
/// # Errors
/// 404 for everyone else.
pub(crate) async fn find(app: &App, caller: &Caller, id: Id) -> Result<Conference, Fault> {
    caller.sees(id)?;
    app.store.conference(caller.tenant(), id).await?.ok_or_else(|| Fault::not_found("conference"))
}

async fn create(app: &App, caller: &Caller, body: CreateConference) -> Result<Conference, Fault> {
    caller.may(Action::Organise)?;
    if caller.1.limits.of(Limit::Conferences).is_some() {
        let used = app.store.conferences_in_use(caller.tenant()).await?;
        caller.1.has_room(Limit::Conferences, used, 1)?;
    }
    let mut wrong = Wrongs::new();
    let title = wrong.text("title", &body.title, TITLE_CHARS_MAX);
    let time_zone = wrong.time_zone("time_zone", &body.time_zone);
    let (first, last) = (wrong.day("starts_on", &body.starts_on), wrong.day("ends_on", &body.ends_on));
    if last < first {
        wrong.add("ends_on", "is before starts_on");
    }
    wrong.done()?;
    let id = app.clock.id();
    let mut new = NewConference {
        id,
        tenant: caller.tenant(),
        slug: slug(&title, id),
        title,
        acronym: None,
        time_zone,
        starts_on: first.to_string(),
        ends_on: last.to_string(),
        status: Status::Draft.name().to_owned(),
        join_code: String::new(),
        created: app.clock.now(),
    };
    for _ in 0..CODE_TRIES {
        new.join_code = codes::new(&app.clock);
        match app.store.create_conference(&new).await {
            Err(StoreError::Taken(_)) => {}
            done => {
                done?;
                break;
            }
        }
    }
    find(app, caller, id).await
}

/// A name for addresses: the title's letters and digits, and enough of the id that no two are the same.
fn slug(title: &str, id: Id) -> String {
    let words = title.to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words.take(8).collect::<Vec<_>>().join("-");
    let text = id.to_string().to_lowercase();
    format!("{name}-{}", &text[text.len() - 8..]).trim_start_matches('-').to_owned()
}

async fn list(
    app: &App,
    caller: &Caller,
    query: ConferenceQuery,
) -> Result<(Listed<Conference>, Page), Fault> {
    let page = Page::of(query.page, query.per_page)?;
    if let Some(only) = caller.conferences() {
        return Ok((some(app, caller, &only, page).await?, page));
    }
    let status = query.status.map(|status| status.name().to_owned());
    let order = query.sort.as_deref().map(Conference::order).transpose()?;
    let filter = ConferenceFilter { status, order };
    let listed =
        app.store.conferences(caller.tenant(), &filter, StorePage::new(page.number, page.size)).await?;
    Ok((listed, page))
}

/// A page of these conferences: those of someone who holds nothing in the whole tenant are few.
async fn some(app: &App, caller: &Caller, ids: &[Id], page: Page) -> Result<Listed<Conference>, Fault> {
    let (start, size) = (usize::try_from(page.offset()).unwrap_or(usize::MAX), page.size as usize);
    let mut items = Vec::new();
    for id in ids.iter().skip(start).take(size) {
        items.push(find(app, caller, *id).await?);
    }
    Ok(Listed { total: ids.len() as u64, items })
}

async fn change(app: &App, caller: &Caller, id: Id, body: ChangeConference) -> Result<Conference, Fault> {
    caller.may_in(Action::Organise, id)?;
    let now = find(app, caller, id).await?;
    let mut wrong = Wrongs::new();
    let title = body.title.map(|title| wrong.text("title", &title, TITLE_CHARS_MAX));
    let time_zone = body.time_zone.map(|zone| wrong.time_zone("time_zone", &zone));
    let starts_on = body.starts_on.map(|day| wrong.day("starts_on", &day).to_string());
    let ends_on = body.ends_on.map(|day| wrong.day("ends_on", &day).to_string());
    // Days in this form sort like dates.
    if ends_on.as_ref().unwrap_or(&now.ends_on) < starts_on.as_ref().unwrap_or(&now.starts_on) {
        wrong.add("ends_on", "is before starts_on");
    }
    wrong.done()?;
    let change = ConferenceChange { title, time_zone, starts_on, ends_on, status: None };
    app.store.change_conference(caller.tenant(), id, &change, app.clock.now()).await?;
    find(app, caller, id).await
}

/// Moves a conference on. Publishing it opens the rooms of all of its sessions.
async fn set_status(app: &App, caller: &Caller, id: Id, to: Status) -> Result<Conference, Fault> {
    caller.may_in(Action::Organise, id)?;
    let conference = find(app, caller, id).await?;
    let from = conference.status.parse().unwrap_or(Status::Draft);
    lifecycle::may_move(from, to)?;
    let change = ConferenceChange { status: Some(to.name().to_owned()), ..ConferenceChange::default() };
    app.store.change_conference(caller.tenant(), id, &change, app.clock.now()).await?;
    if matches!(to, Status::Published | Status::Ongoing) {
        open_all(app, caller, id).await?;
    }
    find(app, caller, id).await
}

/// Opens the rooms of every session; those that are open stay as they are.
async fn open_all(app: &App, caller: &Caller, id: Id) -> Result<(), Fault> {
    for number in 1.. {
        let page = StorePage::new(number, StorePage::PER_PAGE_MAX);
        let listed = app.store.sessions(caller.tenant(), id, &SessionFilter::default(), page).await?;
        for session in &listed.items {
            open_rooms(app, caller.id(), session).await?;
        }
        if u64::from(number) * u64::from(StorePage::PER_PAGE_MAX) >= listed.total {
            break;
        }
    }
    Ok(())
}

/// Gives a conference another join code: the old one lets nobody in any more.
async fn renew_code(app: &App, caller: &Caller, id: Id) -> Result<Conference, Fault> {
    caller.may_in(Action::Organise, id)?;
    find(app, caller, id).await?;
    for _ in 0..CODE_TRIES {
        let code = codes::new(&app.clock);
        match app.store.renew_join_code(caller.tenant(), id, &code, app.clock.now()).await {
            Err(StoreError::Taken(_)) => {}
            done => {
                done?;
                break;
            }
        }
    }
    find(app, caller, id).await
}
