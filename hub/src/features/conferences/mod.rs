//! Conferences: making, listing and changing them, and where they are in their life.

mod checks;
mod cloning;
mod http;
mod lifecycle;
mod types;

use jiff::civil::Date;
use plenum_domain::tenant::Limit;
use plenum_domain::{Action, Id};
use plenum_persistence::store::{
    Conference, ConferenceChange, ConferenceFilter, Edit, Listed, NewConference, Page as StorePage,
    SessionFilter, StoreError,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::audit::{Subject, done, edited, made, note};
use crate::features::codes;
use crate::features::sessions::{open_rooms, open_sessions};
use crate::http::{Caller, Fault, IfMatch, Page, Wrongs, outdated};

pub(crate) use checks::{check_languages, language};
pub use lifecycle::Status;
pub(crate) use lifecycle::not_archived;
pub use types::{
    ChangeConference, CloneConference, ConferenceOut, ConferenceQuery, CreateConference, SetStatus,
};

/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;
/// The longest description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 10_000;
/// Two codes are the same once in hundreds of millions; more than a few in a row mean that something is wrong.
const CODE_TRIES: usize = 8;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::create, http::list))
        .routes(routes!(http::show, http::change, http::remove))
        .routes(routes!(http::clone))
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

/// The conference, for someone who may do `action` in it, when it may still be changed.
///
/// # Errors
/// 404, 403, or 409 `CONFERENCE_ARCHIVED`.
pub(crate) async fn to_change(
    app: &App,
    caller: &Caller,
    id: Id,
    action: Action,
) -> Result<Conference, Fault> {
    caller.may_in(action, id)?;
    let conference = find(app, caller, id).await?;
    not_archived(&conference.status)?;
    Ok(conference)
}

/// Refuses one more conference than the tenant may have.
async fn has_room(app: &App, caller: &Caller) -> Result<(), Fault> {
    if caller.1.limits.of(Limit::Conferences).is_none() {
        return Ok(());
    }
    let used = app.store.conferences_in_use(caller.tenant()).await?;
    caller.1.has_room(Limit::Conferences, used, 1)
}

async fn create(app: &App, caller: &Caller, body: CreateConference) -> Result<Conference, Fault> {
    caller.may(Action::Organise)?;
    has_room(app, caller).await?;
    let mut wrong = Wrongs::new();
    let title = wrong.text("title", &body.title, TITLE_CHARS_MAX);
    let time_zone = wrong.time_zone("time_zone", &body.time_zone);
    let (first, last) = (wrong.day("starts_on", &body.starts_on), wrong.day("ends_on", &body.ends_on));
    if last < first {
        wrong.add("ends_on", "is before starts_on");
    }
    let series = wrong.maybe_text("series", body.series.as_deref(), TITLE_CHARS_MAX);
    let description = wrong.maybe_text("description", body.description.as_deref(), DESCRIPTION_CHARS_MAX);
    let languages = body.languages.map(|all| check_languages(&mut wrong, "languages", all));
    wrong.done()?;
    let (mut edit, id) = make(app, caller, title, time_zone, (first, last)).await?;
    let series = series.map(Some);
    let more = ConferenceChange { series, description, languages, ..ConferenceChange::default() };
    if more.series.is_some() || more.description.is_some() || more.languages.is_some() {
        edit.change_conference(id, &more, app.clock.now()).await?;
    }
    let conference = as_it_is(&mut edit, id).await?;
    made(app, caller, edit, "conference.made", Subject("conference", id), &seen(app, &conference)).await?;
    Ok(conference)
}

/// The conference, as an edit has made it.
async fn as_it_is(edit: &mut Edit, id: Id) -> Result<Conference, Fault> {
    edit.conference(id).await?.ok_or_else(|| Fault::not_found("conference"))
}

/// A conference as the audit log tells of it.
fn seen(app: &App, conference: &Conference) -> ConferenceOut {
    ConferenceOut::new(conference.clone(), app.public_url())
}

/// Begins an edit that makes a draft with a join code of its own.
async fn make(
    app: &App,
    caller: &Caller,
    title: String,
    time_zone: String,
    (first, last): (Date, Date),
) -> Result<(Edit, Id), Fault> {
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
        let mut edit = app.store.edit(caller.tenant()).await?;
        match edit.create_conference(&new).await {
            Err(StoreError::Taken(_)) => {}
            done => {
                done?;
                return Ok((edit, id));
            }
        }
    }
    Err(no_code_free())
}

fn no_code_free() -> Fault {
    Fault::busy("no join code was free", 1_000)
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
    let filter = ConferenceFilter { status, order, series: query.series };
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

async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: ChangeConference,
) -> Result<Conference, Fault> {
    let now = to_change(app, caller, id, Action::Organise).await?;
    let version = if_match.against(now.version)?;
    let mut wrong = Wrongs::new();
    let title = body.title.map(|title| wrong.text("title", &title, TITLE_CHARS_MAX));
    let time_zone = body.time_zone.map(|zone| wrong.time_zone("time_zone", &zone));
    let starts_on = body.starts_on.map(|day| wrong.day("starts_on", &day).to_string());
    let ends_on = body.ends_on.map(|day| wrong.day("ends_on", &day).to_string());
    // Days in this form sort like dates.
    if ends_on.as_ref().unwrap_or(&now.ends_on) < starts_on.as_ref().unwrap_or(&now.starts_on) {
        wrong.add("ends_on", "is before starts_on");
    }
    let series = body.series.map(|series| wrong.maybe_text("series", series.as_deref(), TITLE_CHARS_MAX));
    let description = body
        .description
        .map(|text| wrong.maybe_text("description", Some(&text), DESCRIPTION_CHARS_MAX).unwrap_or_default());
    let languages = body.languages.map(|all| check_languages(&mut wrong, "languages", all));
    wrong.done()?;
    let change = ConferenceChange {
        title,
        time_zone,
        starts_on,
        ends_on,
        series,
        description,
        languages,
        version,
        status: None,
    };
    let mut edit = app.store.edit(caller.tenant()).await?;
    let was = as_it_is(&mut edit, id).await?;
    if !edit.change_conference(id, &change, app.clock.now()).await? {
        return Err(outdated());
    }
    let changed = as_it_is(&mut edit, id).await?;
    let (subject, seen) = (Subject("conference", id), (&seen(app, &was), &seen(app, &changed)));
    edited(app, caller, edit, "conference.changed", subject, seen).await?;
    Ok(changed)
}

/// Removes a draft that nobody can be in.
async fn remove(app: &App, caller: &Caller, id: Id, if_match: &IfMatch) -> Result<(), Fault> {
    caller.may_in(Action::Organise, id)?;
    let conference = find(app, caller, id).await?;
    if_match.against(conference.version)?;
    let has_rooms = !open_sessions(app, caller, id, None).await?.is_empty();
    if conference.status != Status::Draft.name() || has_rooms {
        let words = "only a draft whose rooms are closed can be deleted; archive it instead";
        return Err(Fault::conflict("IN_USE", words));
    }
    let details = serde_json::json!({"title": conference.title});
    let note = note(app, caller, "conference.deleted", Subject("conference", id), details);
    if app.store.remove_conference(&conference, &note).await? { Ok(()) } else { Err(outdated()) }
}

/// Moves a conference on. Publishing it opens the rooms of all of its sessions.
async fn set_status(app: &App, caller: &Caller, id: Id, to: Status) -> Result<Conference, Fault> {
    caller.may_in(Action::Organise, id)?;
    find(app, caller, id).await?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    let was = as_it_is(&mut edit, id).await?;
    lifecycle::may_move(was.status.parse().unwrap_or(Status::Draft), to)?;
    let status = Some(to.name().to_owned());
    let change = ConferenceChange { status, version: Some(was.version), ..ConferenceChange::default() };
    if !edit.change_conference(id, &change, app.clock.now()).await? {
        return Err(outdated());
    }
    let details = serde_json::json!({"before": was.status, "after": to.name()});
    done(app, caller, edit, "conference.moved", Subject("conference", id), details).await?;
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
        for session in listed.items.iter().filter(|session| session.published) {
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
        let mut edit = app.store.edit(caller.tenant()).await?;
        match edit.renew_join_code(id, &code, app.clock.now()).await {
            Err(StoreError::Taken(_)) => {}
            renewed => {
                renewed?;
                let subject = Subject("conference", id);
                done(app, caller, edit, "conference.code_renewed", subject, serde_json::json!({})).await?;
                return find(app, caller, id).await;
            }
        }
    }
    Err(no_code_free())
}
