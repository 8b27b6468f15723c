//! Who is calling: access tokens, personal tokens, passwords, and sign-ins that renew themselves.

mod jwt;
mod lockout;
pub mod password;
mod scopes;
mod secret;
mod sign_in;
mod token;

use std::sync::Arc;

use plenum_domain::{Id, Timestamp};
use plenum_persistence::store::{Store, StoreError};
use plenum_rooms::engine::Actor;

use crate::clock::Clock;
use crate::config;
use crate::socket::{self, Identified, Identify, IdentifyError};

pub use scopes::{Scope, UnknownScope};
pub use secret::SecretError;
pub use sign_in::{SignInError, Tokens};
pub use token::Token;

/// Who is behind a token, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The tenant; nothing of another one is visible.
    pub tenant: Id,
    /// The person or screen, with its roles.
    pub actor: Arc<Actor>,
    /// The only conference that the token is for, when it is for one.
    pub conference: Option<Id>,
    /// The sign-in that the token belongs to; a personal token's own id.
    pub session: Id,
    /// When the token ends.
    pub expires: Timestamp,
}

/// Why a token is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Not a token of this hub, or changed, or revoked.
    #[error("the token is not valid")]
    Invalid,
    /// It was valid once.
    #[error("the token has ended")]
    Expired,
    /// Whether it is valid cannot be found out now.
    #[error("the token cannot be checked at the moment")]
    Unavailable,
}

/// Signs people in and says who they are. Clones share everything.
#[derive(Clone)]
pub struct Auth(Arc<Parts>);

struct Parts {
    signer: jwt::Signer,
    passwords: password::Passwords,
    lockout: lockout::Lockout,
    store: Store,
    clock: Clock,
    access_ttl_ms: i64,
    refresh_ttl_ms: i64,
}

/// A personal token without an end is looked up again after this, in milliseconds: a day.
const UNENDING_MS: i64 = 24 * 60 * 60 * 1_000;

impl Auth {
    /// Reads the signing key, making it on the first start.
    ///
    /// # Errors
    /// The key's file cannot be used.
    pub fn open(settings: &config::Auth, store: Store, clock: Clock) -> Result<Self, SecretError> {
        let signer = jwt::Signer::new(&secret::read_or_make(&settings.secret_file, &clock)?);
        let passwords = password::Passwords::new(settings.password_checks);
        let lockout = lockout::Lockout::new(settings.failures_before_delay);
        let ms = |seconds: u32| i64::from(seconds) * 1_000;
        let (access_ttl_ms, refresh_ttl_ms) = (ms(settings.access_ttl_s), ms(settings.refresh_ttl_s));
        Ok(Self(Arc::new(Parts { signer, passwords, lockout, store, clock, access_ttl_ms, refresh_ttl_ms })))
    }

    /// Says who is behind an access token (no look into the store) or a personal token (looked up by its hash).
    ///
    /// # Errors
    /// Nobody is.
    pub async fn identify(&self, token: &str) -> Result<Identity, AuthError> {
        match Token::read(token, token::PERSONAL) {
            Some(personal) => self.personal(&personal).await,
            None => self.0.signer.check(token, self.0.clock.now()),
        }
    }

    async fn personal(&self, token: &Token) -> Result<Identity, AuthError> {
        let now = self.0.clock.now();
        let unavailable = |error: StoreError| {
            tracing::error!(%error, "a personal token cannot be looked up");
            AuthError::Unavailable
        };
        let found = self.0.store.api_token(&token.hash(), now).await.map_err(unavailable)?;
        let found = found.ok_or(AuthError::Invalid)?;
        let user = self.0.store.user(found.tenant, found.user).await.map_err(unavailable)?;
        let user = user.filter(|user| user.disabled.is_none()).ok_or(AuthError::Invalid)?;
        let roles = scopes::narrow(user.roles, &found.scopes);
        Ok(Identity {
            tenant: found.tenant,
            actor: Arc::new(Actor { participant: user.id, name: user.name, roles }),
            conference: None,
            session: found.id,
            expires: found.expires.unwrap_or(now.plus_ms(UNENDING_MS)),
        })
    }
}

/// For sockets.
impl Identify for Auth {
    fn identify<'a>(&'a self, token: &'a str) -> Identified<'a> {
        Box::pin(async move {
            let identity = Self::identify(self, token).await.map_err(IdentifyError::from)?;
            let Identity { tenant, actor, conference, expires, .. } = identity;
            Ok(socket::Identity { tenant, actor, conference, expires })
        })
    }
}

impl From<AuthError> for IdentifyError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Invalid => Self::Invalid,
            AuthError::Expired => Self::Expired,
            AuthError::Unavailable => Self::Unavailable,
        }
    }
}
