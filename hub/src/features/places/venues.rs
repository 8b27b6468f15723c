//! Venues: making, changing, removing them.

use plenum_domain::country::Country;
use plenum_domain::{Action, Id};
use plenum_persistence::store::{AboutVenue, Listed, Page as StorePage, Venue};
use serde_json::json;

use super::NAME_CHARS_MAX;
use super::types::{ChangeVenue, CreateVenue, PlaceQuery, VenueOut};
use crate::app::App;
use crate::features::audit::{Subject, edited, made, note};
use crate::features::conferences;
use crate::http::{Caller, Fault, IfMatch, Page, Wrongs, outdated};

const ADDRESS_CHARS_MAX: usize = 500;

pub(super) async fn find(app: &App, caller: &Caller, id: Id) -> Result<Venue, Fault> {
    let found = app.store.venue(caller.tenant(), id).await?;
    let venue = found.ok_or_else(|| Fault::not_found("venue"))?;
    caller.sees(venue.conference).map_err(|_| Fault::not_found("venue"))?;
    Ok(venue)
}

pub(super) async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: PlaceQuery,
) -> Result<(Listed<Venue>, Page), Fault> {
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let order = query.sort.as_deref().map(Venue::order).transpose()?;
    let asked = StorePage::new(page.number, page.size);
    Ok((app.store.venues(caller.tenant(), conference, order, asked).await?, page))
}

pub(super) async fn create(
    app: &App,
    caller: &Caller,
    conference: Id,
    body: CreateVenue,
) -> Result<Venue, Fault> {
    conferences::to_change(app, caller, conference, Action::EditProgramme).await?;
    let about = AboutVenue {
        name: body.name,
        kind: body.kind.name().to_owned(),
        address: body.address.unwrap_or_default(),
        city: body.city,
        country: body.country,
        url: body.url,
        capacity: body.capacity,
    };
    let about = checked(about)?;
    let venue = Venue { id: app.clock.id(), tenant: caller.tenant(), conference, about, version: 1 };
    let mut edit = app.store.edit(caller.tenant()).await?;
    edit.create_venue(&venue).await?;
    let subject = Subject("venue", venue.id);
    made(app, caller, edit, "venue.made", subject, &VenueOut::from(venue.clone())).await?;
    Ok(venue)
}

pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: ChangeVenue,
) -> Result<Venue, Fault> {
    let was = find(app, caller, id).await?;
    conferences::to_change(app, caller, was.conference, Action::EditProgramme).await?;
    if_match.against(was.version)?;
    let now = was.about.clone();
    let about = AboutVenue {
        name: body.name.unwrap_or(now.name),
        kind: body.kind.map_or(now.kind, |kind| kind.name().to_owned()),
        address: body.address.unwrap_or(now.address),
        city: body.city.unwrap_or(now.city),
        country: body.country.unwrap_or(now.country),
        url: body.url.unwrap_or(now.url),
        capacity: body.capacity.unwrap_or(now.capacity),
    };
    let about = checked(about)?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    if !edit.change_venue(&was, &about).await? {
        return Err(outdated());
    }
    let venue = edit.venue(id).await?.ok_or_else(outdated)?;
    let seen = (&VenueOut::from(was), &VenueOut::from(venue.clone()));
    edited(app, caller, edit, "venue.changed", Subject("venue", id), seen).await?;
    Ok(venue)
}

pub(super) async fn remove(app: &App, caller: &Caller, id: Id, if_match: &IfMatch) -> Result<(), Fault> {
    let venue = find(app, caller, id).await?;
    conferences::to_change(app, caller, venue.conference, Action::EditProgramme).await?;
    if_match.against(venue.version)?;
    let note = note(app, caller, "venue.deleted", Subject("venue", id), json!({"name": venue.about.name}));
    app.store.remove_venue(id, &note).await?;
    Ok(())
}

/// All about a venue, cleaned.
fn checked(about: AboutVenue) -> Result<AboutVenue, Fault> {
    let mut wrong = Wrongs::new();
    let checked = AboutVenue {
        name: wrong.text("name", &about.name, NAME_CHARS_MAX),
        address: wrong.maybe_text("address", Some(&about.address), ADDRESS_CHARS_MAX).unwrap_or_default(),
        city: wrong.maybe_text("city", about.city.as_deref(), NAME_CHARS_MAX),
        country: about.country.map(|code| code.to_uppercase()),
        url: about.url.map(|url| wrong.web_address("url", &url)),
        capacity: wrong.capacity("capacity", about.capacity),
        kind: about.kind,
    };
    if checked.country.as_deref().is_some_and(|code| Country::of_code(code).is_none()) {
        wrong.add("country", "is the code of a country such as DE; GET /countries has them");
    }
    if checked.kind != "physical" && checked.url.is_none() {
        wrong.add("url", "a virtual or hybrid venue says where it is on the web");
    }
    wrong.done()?;
    Ok(checked)
}
