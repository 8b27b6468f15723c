//! Who is in a conference.

mod http;
mod types;

use std::sync::Arc;

use plenum_domain::{Action, Id};
use plenum_persistence::store::{Listed, Page as StorePage, Participant, ParticipantFilter};
use plenum_rooms::engine::Actor;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::conferences;
use crate::features::rights::HeldOut;
use crate::http::{Caller, Fault, Page};

pub use types::{Headcount, Me, ParticipantOut, ParticipantQuery, RegistrationStatus};

/// The longest search, in characters.
const SEARCH_CHARS_MAX: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::me)).routes(routes!(http::list)).routes(routes!(http::count))
}

/// What the caller holds in single conferences.
fn elsewhere(caller: &Caller) -> Vec<HeldOut> {
    let held = caller.0.elsewhere.iter();
    let out = |(id, actor): (&Id, &Arc<Actor>)| HeldOut {
        conference_id: *id,
        roles: actor.roles,
        actions: caller.actions(Some(*id)),
    };
    held.map(out).collect()
}

async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: ParticipantQuery,
) -> Result<(Listed<Participant>, Page), Fault> {
    caller.may_in(Action::SeeParticipants, conference)?;
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let order = query.sort.as_deref().map(Participant::order).transpose()?;
    if query.search.as_ref().is_some_and(|search| search.chars().count() > SEARCH_CHARS_MAX) {
        return Err(Fault::field("search", format!("has at most {SEARCH_CHARS_MAX} characters")));
    }
    let asked = StorePage::new(page.number, page.size);
    let status = query.status.map(|status| status.name().to_owned());
    let filter = ParticipantFilter { search: query.search, status, arrived: query.arrived, order };
    Ok((app.store.participants(caller.tenant(), conference, &filter, asked).await?, page))
}

async fn count(app: &App, caller: &Caller, conference: Id) -> Result<Headcount, Fault> {
    conferences::find(app, caller, conference).await?;
    let one = StorePage::new(1, 1);
    let listed =
        app.store.participants(caller.tenant(), conference, &ParticipantFilter::default(), one).await?;
    Ok(Headcount { participants: listed.total })
}
