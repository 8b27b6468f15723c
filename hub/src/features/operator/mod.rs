//! Whoever runs the installation: tenants made, booked, suspended, deleted. Their token is in `auth.operator_file`.

mod http;
mod types;

use plenum_domain::Id;
use plenum_domain::tenant::Tier;
use plenum_persistence::store::{Listed, Note, Page as StorePage, TenantState};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::cli::{SLUG_RULE, is_slug};
use crate::clock::rfc3339;
use crate::features::audit::{Subject, by_operator};
use crate::features::tenant::{apply, spread};
use crate::http::{Fault, IfMatch, Page, Wrongs};

pub use types::{ChangeTenant, NewTenantBody, OperatedOut, OperatorQuery};

const NAME_CHARS_MAX: usize = 200;
/// How long a deleted tenant can be brought back, in milliseconds: 30 days.
const GRACE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::list, http::create)).routes(routes!(
        http::show,
        http::change,
        http::remove
    ))
}

fn noted(app: &App, tenant: Id, action: &'static str, details: Value) -> Note {
    by_operator(&app.clock, tenant, action, Subject("tenant", tenant), details)
}

async fn find(app: &App, id: Id) -> Result<TenantState, Fault> {
    app.store.tenant_state(id).await?.ok_or_else(|| Fault::not_found("tenant"))
}

async fn list(app: &App, query: OperatorQuery) -> Result<(Listed<TenantState>, Page), Fault> {
    let page = Page::of(query.page, query.per_page)?;
    Ok((app.store.tenant_states(StorePage::new(page.number, page.size)).await?, page))
}

async fn create(app: &App, body: NewTenantBody) -> Result<TenantState, Fault> {
    let mut wrong = Wrongs::new();
    let name = wrong.text("name", &body.name, NAME_CHARS_MAX);
    if !is_slug(&body.slug) {
        wrong.add("slug", SLUG_RULE);
    }
    wrong.done()?;
    let (id, tier) = (app.clock.id(), body.tier.unwrap_or(Tier::Free));
    let details = json!({"slug": body.slug, "name": name, "tier": tier});
    let note = noted(app, id, "tenant.made", details);
    app.store.found_tenant(&body.slug, &name, tier.name(), &note).await?;
    find(app, id).await
}

async fn change(app: &App, id: Id, if_match: &IfMatch, body: ChangeTenant) -> Result<TenantState, Fault> {
    let was = find(app, id).await?;
    if_match.against(was.version)?;
    let mut to = was.clone();
    let mut wrong = Wrongs::new();
    if let Some(name) = &body.name {
        to.name = wrong.text("name", name, NAME_CHARS_MAX);
    }
    wrong.done()?;
    if let Some(tier) = body.tier {
        tier.name().clone_into(&mut to.tier);
    }
    if let Some(agreed) = &body.limits {
        to.agreed = json!(agreed);
    }
    if let Some(status) = body.status {
        (to.status, to.delete_after) = (status.name().to_owned(), None);
    }
    let seen = |state: &TenantState| json!({"name": state.name, "tier": state.tier, "limits": state.agreed, "status": state.status});
    let note = noted(app, id, "tenant.changed", json!({"before": seen(&was), "after": seen(&to)}));
    apply(app, &to, None, &note).await?;
    close_when_shut(app, &to);
    find(app, id).await
}

/// Closes a tenant; until its grace is over, `active` opens it again.
async fn remove(app: &App, id: Id) -> Result<TenantState, Fault> {
    let mut to = find(app, id).await?;
    let delete_after = app.clock.now().plus_ms(GRACE_MS);
    (to.status, to.delete_after) = ("deleted".to_owned(), Some(delete_after));
    let note = noted(app, id, "tenant.deleted", json!({"delete_after": rfc3339(delete_after)}));
    apply(app, &to, None, &note).await?;
    spread(app, id).await?;
    close_when_shut(app, &to);
    find(app, id).await
}

fn close_when_shut(app: &App, state: &TenantState) {
    if state.status != "active" {
        app.shards.close_participant(state.id);
    }
}
