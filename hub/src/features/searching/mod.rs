//! Searching a conference's programme.

use axum::extract::State;
use plenum_domain::Id;
use plenum_persistence::store::{Listed, Page as StorePage, Search, Session};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::conferences;
use crate::features::sessions::{SessionOut, edits, out};
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, At, Caller, Fault, Page, Pages, Params};

/// The longest query, in characters.
const QUERY_CHARS_MAX: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What is searched for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// All of these words; the last one may be the beginning of a word. Case, accents and vowel signs do not matter.
    /// Nothing is found without one.
    #[param(max_length = 200, example = "harbour")]
    pub q: Option<String>,
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
}

/// Search a conference's programme
///
/// In titles, speakers' names and texts, in every language that they are there in; the best first: a title counts more
/// than a name, a name more than a text.
#[utoipa::path(get, path = "/conferences/{id}/search", tag = "Sessions", security(("token" = [])),
    params(("id" = String, Path, description = "The conference"), SearchQuery),
    responses((status = 200, description = "A page of sessions", body = Success<Vec<SessionOut>>)))]
async fn search(
    State(app): State<App>,
    caller: Caller,
    At(conference): At,
    Params(query): Params<SearchQuery>,
) -> Answered<Vec<SessionOut>> {
    let (listed, page) = found(&app, &caller, conference, query).await?;
    let mut items = Vec::with_capacity(listed.items.len());
    for session in listed.items {
        items.push(out(&app, session).await);
    }
    Ok(Answer::page(items, Pages::of(page.number, page.size, listed.total)))
}

async fn found(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: SearchQuery,
) -> Result<(Listed<Session>, Page), Fault> {
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let words = query.q.unwrap_or_default();
    if words.chars().count() > QUERY_CHARS_MAX {
        return Err(Fault::field("q", format!("has at most {QUERY_CHARS_MAX} characters")));
    }
    let search = Search { conference, words: &words, drafts: edits(caller, conference) };
    let asked = StorePage::new(page.number, page.size);
    Ok((app.store.search_sessions(caller.tenant(), &search, asked).await?, page))
}
