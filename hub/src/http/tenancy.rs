//! Which tenant a request is for, and who sends it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, HOST, HeaderMap};
use axum::http::request::Parts;
use axum::http::{Extensions, StatusCode};
use plenum_domain::access::{Actions, Thing, Verdict, Why, can};
use plenum_domain::tenant::Feature;
use plenum_domain::{Action, Denied, Id};
use plenum_persistence::store::{Tenant, TenantState};
use plenum_rooms::engine::Actor;

use super::fault::Fault;
use crate::app::App;
use crate::auth::{AuthError, Identity};
use crate::tenants::Standing;

const TENANT: &str = "x-tenant-id";

/// A request with a valid token, for the token's own tenant.
#[derive(Clone, Debug)]
pub struct Caller(pub Identity, pub Arc<Standing>);

/// The same, also while its tenant is closed: for bringing it back.
#[derive(Clone, Debug)]
pub struct AnyCaller(pub Caller);

/// Whoever runs the installation.
#[derive(Clone, Copy, Debug)]
pub struct Operator;

/// The tenant that the host or the header names, for requests without a token.
#[derive(Clone, Debug)]
pub enum Named {
    /// None is named.
    Nobody,
    /// This one.
    Tenant(Box<Tenant>),
    /// One that does not exist.
    Stranger,
}

impl Caller {
    /// The tenant.
    pub fn tenant(&self) -> Id {
        self.0.tenant
    }

    /// The person or screen.
    pub fn id(&self) -> Id {
        self.0.actor.participant
    }

    /// As whom the caller acts in a conference.
    pub fn actor_in(&self, conference: Id) -> Arc<Actor> {
        self.0.actor_in(conference)
    }

    /// Refuses who may not do `action` in the whole tenant.
    ///
    /// # Errors
    /// 403 with the roles that are missing.
    pub fn may(&self, action: Action) -> Result<(), Fault> {
        self.judge(action, None)
    }

    /// Refuses who may not do `action` in a conference. Roles of the whole tenant reach all of them.
    ///
    /// # Errors
    /// 404 when the conference is not there for the caller, 403 with the roles that are missing.
    pub fn may_in(&self, action: Action, conference: Id) -> Result<(), Fault> {
        self.judge(action, Some(conference))
    }

    fn judge(&self, action: Action, conference: Option<Id>) -> Result<(), Fault> {
        match can(&self.0.rights, action, Thing { tenant: self.tenant(), conference }) {
            Verdict::Allow(_) => Ok(()),
            Verdict::Deny(Why::NotThere) => Err(Fault::not_found("conference")),
            Verdict::Deny(Why::NoRole { needs }) => Err(Denied { needs }.into()),
            Verdict::Deny(Why::OutsideScopes) => {
                let words = "you may do this, but this token's scopes do not allow it";
                Err(Fault::forbidden(words).with("action", action.name()))
            }
        }
    }

    /// Refuses what the tenant has switched off.
    ///
    /// # Errors
    /// 403 `FEATURE_OFF` with its name.
    pub fn has(&self, feature: Feature) -> Result<(), Fault> {
        self.1.has(feature)
    }

    /// All that the caller may do, in the whole tenant or in a conference.
    pub fn actions(&self, conference: Option<Id>) -> Actions {
        self.0.rights.actions(Thing { tenant: self.tenant(), conference })
    }

    /// Refuses a conference in which the caller holds nothing, or that the token is not for; to them it does not exist.
    ///
    /// # Errors
    /// 404.
    pub fn sees(&self, conference: Id) -> Result<(), Fault> {
        if self.0.sees(conference) { Ok(()) } else { Err(Fault::not_found("conference")) }
    }

    /// The conferences that the caller may know of; none when it is all of the tenant's.
    pub fn conferences(&self) -> Option<Vec<Id>> {
        let rights = &self.0.rights;
        match rights.only {
            Some(only) => Some(vec![only]),
            None if rights.reach_everywhere() => None,
            None => Some(rights.conferences().collect()),
        }
    }
}

impl Named {
    /// Refuses a request for a tenant other than `tenant`.
    ///
    /// # Errors
    /// 403 `TENANT_MISMATCH`.
    pub fn agrees_with(&self, tenant: Id) -> Result<(), Fault> {
        match self {
            Self::Nobody => Ok(()),
            Self::Tenant(named) if named.id == tenant => Ok(()),
            Self::Tenant(_) | Self::Stranger => Err(mismatch()),
        }
    }
}

impl FromRequestParts<App> for AnyCaller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let token = bearer(&parts.headers)?;
        let identity = app.auth.identify(token).await.map_err(token_fault)?;
        let standing = counted(&mut parts.extensions, app, identity.tenant).await?;
        if !names_only(parts, app, &standing.state) {
            Named::from_request_parts(parts, app).await?.agrees_with(identity.tenant)?;
        }
        if identity.rights.scopes.is_some() {
            standing.has(Feature::PersonalTokens)?;
        }
        Ok(Self(Caller(identity, standing)))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let AnyCaller(caller) = AnyCaller::from_request_parts(parts, app).await?;
        caller.1.is_open()?;
        Ok(caller)
    }
}

impl FromRequestParts<App> for Operator {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let token = bearer(&parts.headers)?;
        if app.operator.is(token) {
            Ok(Self)
        } else {
            Err(Fault::unauthenticated("this is not the operator's token"))
        }
    }
}

impl FromRequestParts<App> for Named {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let by_header = match parts.headers.get(TENANT).map(|value| value.to_str()) {
            None => Self::Nobody,
            Some(Ok(text)) => named(app, text).await?,
            Some(Err(_)) => Self::Stranger,
        };
        let host = parts.headers.get(HOST).and_then(|value| value.to_str().ok());
        let by_host = match host.and_then(|host| subdomain(host, app.public_url())) {
            None => return Ok(by_header),
            Some(slug) => named(app, slug).await?,
        };
        match (&by_header, &by_host) {
            (Self::Nobody, _) => Ok(by_host),
            (Self::Tenant(one), Self::Tenant(other)) if one.id == other.id => Ok(by_host),
            _ => Err(mismatch()),
        }
    }
}

/// A request that is counted, and how its tenant stood then.
#[derive(Clone)]
struct Counted(Arc<Standing>);

/// Counts a request for the tenant of its token, once. Nothing that costs more comes before it: a tenant that asks too
/// often is refused before the store is asked or a body is read.
///
/// # Errors
/// 429 when the tenant had too many in this minute, 401 when it is gone.
pub(super) async fn counted(
    extensions: &mut Extensions,
    app: &App,
    tenant: Id,
) -> Result<Arc<Standing>, Fault> {
    if let Some(Counted(standing)) = extensions.get() {
        return Ok(Arc::clone(standing));
    }
    let standing = app.tenants.of(tenant).await?.ok_or_else(|| token_fault(AuthError::Invalid))?;
    app.tenants.count_request(&standing)?;
    extensions.insert(Counted(Arc::clone(&standing)));
    Ok(standing)
}

/// Whether the header and the host name this tenant, or none: for that nobody has to look tenants up.
fn names_only(parts: &Parts, app: &App, tenant: &TenantState) -> bool {
    let is_it = |text: &str| text.eq_ignore_ascii_case(&tenant.slug) || text.parse() == Ok(tenant.id);
    let header = parts.headers.get(TENANT);
    let host = parts.headers.get(HOST).and_then(|value| value.to_str().ok());
    header.is_none_or(|value| value.to_str().is_ok_and(is_it))
        && host.and_then(|host| subdomain(host, app.public_url())).is_none_or(is_it)
}

pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Fault> {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token =
        value.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")));
    token
        .map(str::trim)
        .ok_or_else(|| Fault::unauthenticated("sign in: send Authorization: Bearer with a token"))
}

fn token_fault(error: AuthError) -> Fault {
    match error {
        AuthError::Invalid => Fault::unauthenticated("the token is not valid"),
        AuthError::Expired => Fault::new(
            StatusCode::UNAUTHORIZED,
            "TOKEN_EXPIRED",
            "the token has ended: renew it, or sign in again",
        ),
        AuthError::Unavailable => Fault::busy("the token cannot be checked at the moment", 1_000),
    }
}

fn mismatch() -> Fault {
    let words = "the address, X-Tenant-ID and the token name different tenants";
    Fault::new(StatusCode::FORBIDDEN, "TENANT_MISMATCH", words)
}

async fn named(app: &App, text: &str) -> Result<Named, Fault> {
    let found = match text.parse::<Id>() {
        Ok(id) => app.store.tenant(id).await?,
        Err(_) => app.store.tenant_by_slug(&text.to_lowercase()).await?,
    };
    Ok(found.map_or(Named::Stranger, |tenant| Named::Tenant(Box::new(tenant))))
}

/// The label before the public host; also before `localhost`, which browsers resolve below it without a name server.
fn subdomain<'a>(host: &'a str, public_url: &str) -> Option<&'a str> {
    let without_port = |text: &'a str| text.rsplit_once(':').map_or(text, |(name, _)| name);
    let name = without_port(host);
    let public = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let public = public.split([':', '/']).next().unwrap_or_default();
    let label = [public, "localhost"].iter().find_map(|base| name.strip_suffix(base)?.strip_suffix('.'))?;
    (!label.is_empty() && !label.contains('.')).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::subdomain;

    #[test]
    fn one_label_below_the_public_host_is_a_tenant() {
        let of = |host| subdomain(host, "https://plenum.example.org");
        assert_eq!(of("acme.plenum.example.org"), Some("acme"));
        assert_eq!(of("acme.plenum.example.org:443"), Some("acme"));
        assert_eq!(of("plenum.example.org"), None);
        assert_eq!(of("a.b.plenum.example.org"), None);
        assert_eq!(of("evilplenum.example.org"), None);
        assert_eq!(subdomain("acme.localhost:8080", "http://127.0.0.1:8080"), Some("acme"));
        assert_eq!(subdomain("127.0.0.1:8080", "http://127.0.0.1:8080"), None);
        assert_eq!(subdomain("[::1]:8080", "http://[::1]:8080"), None);
    }
}
