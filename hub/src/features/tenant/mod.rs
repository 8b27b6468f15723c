//! The caller's own tenant: its settings, look, features, limits and end.

mod changing;
mod http;
mod look;
mod picture;
mod types;

use plenum_domain::tenant::Limit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::{Caller, Fault};

pub(crate) use changing::{apply, spread};
pub use types::{
    BrandingOut, Gone, LogoFile, LookOut, PastOut, Pick, SetFeatures, TenantHistoryQuery, TenantOut,
    UsageOut, WantedBranding, WantedName,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::show, http::rename))
        .routes(routes!(http::remove))
        .routes(routes!(http::keep))
        .routes(routes!(http::set_profile))
        .routes(routes!(http::pick))
        .routes(routes!(http::history))
        .routes(routes!(http::set_branding, http::remove_branding))
        .routes(routes!(http::set_logo, http::remove_logo))
        .routes(routes!(http::set_features))
        .routes(routes!(http::usage))
        .routes(routes!(http::look))
        .routes(routes!(http::logo))
}

/// What is used of each limit. Reports are counted by those who make them.
async fn usage(app: &App, caller: &Caller) -> Result<Vec<UsageOut>, Fault> {
    let (tenant, limits) = (caller.tenant(), &caller.1.limits);
    let mut all = Vec::new();
    for limit in Limit::all() {
        let used = match limit {
            Limit::RequestsPerMin => app.tenants.requests(tenant),
            Limit::Participants => app.store.headcount(tenant, None).await?,
            Limit::Conferences => app.store.conferences_in_use(tenant).await?,
            Limit::StorageBytes => app.store.storage_bytes(tenant).await?,
            Limit::ReportsPerDay => 0,
        };
        all.push(UsageOut { limit: limit.name(), max: limits.of(limit), used });
    }
    Ok(all)
}
