//! Who is in a conference.

mod http;
mod types;

use plenum_domain::{Action, Id};
use plenum_persistence::store::{Listed, Page as StorePage, Participant};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::conferences;
use crate::http::{Caller, Fault, Page};

pub use types::{Headcount, Me, ParticipantOut, ParticipantQuery};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::me)).routes(routes!(http::list)).routes(routes!(http::count))
}

async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: ParticipantQuery,
) -> Result<(Listed<Participant>, Page), Fault> {
    caller.may(Action::Moderate)?;
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let order = query.sort.as_deref().map(Participant::order).transpose()?;
    let asked = StorePage::new(page.number, page.size);
    let search = query.search.as_deref();
    Ok((app.store.participants(caller.tenant(), conference, search, order, asked).await?, page))
}

async fn count(app: &App, caller: &Caller, conference: Id) -> Result<Headcount, Fault> {
    conferences::find(app, caller, conference).await?;
    let one = StorePage::new(1, 1);
    let listed = app.store.participants(caller.tenant(), conference, None, None, one).await?;
    Ok(Headcount { participants: listed.total })
}
