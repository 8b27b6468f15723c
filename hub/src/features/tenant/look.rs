//! How a tenant looks and what it has switched on, for pages before anybody signed in.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::app::App;
use crate::http::{Fault, Named, bearer};
use crate::tenants::Standing;

/// The tenant that the token, the host or the header names; none when nothing does, or there is none.
pub(super) struct Seen(pub(super) Option<Arc<Standing>>);

impl FromRequestParts<App> for Seen {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let named = Named::from_request_parts(parts, app).await?;
        let by_token = match bearer(&parts.headers) {
            Ok(token) => app.auth.identify(token).await.ok().map(|identity| identity.tenant),
            Err(_) => None,
        };
        let tenant = match named {
            Named::Tenant(tenant) => Some(tenant.id),
            Named::Nobody | Named::Stranger => by_token,
        };
        match tenant {
            Some(tenant) => Ok(Self(app.tenants.of(tenant).await?)),
            None => Ok(Self(None)),
        }
    }
}
