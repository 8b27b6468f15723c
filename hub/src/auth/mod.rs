//! Who is calling: access tokens, personal tokens, passwords, and sign-ins that renew themselves.

mod book;
mod cutoffs;
mod device;
mod identity;
mod jwt;
mod lockout;
mod oidc;
mod operator;
pub mod password;
mod percent;
pub mod policy;
pub(crate) mod second_factor;
mod secret;
mod sign_in;
mod ticket;
mod token;
mod vault;

use std::sync::Arc;

use plenum_domain::access::Rights;
use plenum_domain::{Id, Timestamp};
use plenum_persistence::store::{Cutoff, Store, StoreError};

use crate::clock::Clock;
use crate::config;
use crate::socket::{Identified, Identify, IdentifyError};
use crate::tenants::Tenants;
use identity::Person;

pub use device::Device;
pub use identity::Identity;
pub use oidc::{Begun as OidcBegun, Client as OidcClient, Known as OidcKnown, OidcError};
pub use operator::OperatorKey;
pub use plenum_domain::access::{Scope, UnknownScope};
pub use second_factor::Second;
pub use secret::{SecretError, installation_secret};
pub use sign_in::{Credentials, SignInError, Tokens};
pub use ticket::{Bearer, Paper, PublicKey};
pub use token::Token;
pub(crate) use vault::Secret as KeptSecret;

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

/// What a change of rights does to access tokens of before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldTokens {
    /// They have ended: new ones have to be fetched with the refresh token, if that is still good.
    End,
    /// They go on: what an account may do is looked up at each request.
    GoOn,
}

/// Signs people in and says who they are. Clones share everything.
#[derive(Clone)]
pub struct Auth(Arc<Parts>);

struct Parts {
    signer: jwt::Signer,
    tickets: ticket::Tickets,
    vault: vault::Vault,
    passwords: password::Passwords,
    lockout: lockout::Lockout,
    tenants: Tenants,
    providers: oidc::Providers,
    book: book::Book,
    cutoffs: cutoffs::Cutoffs,
    store: Store,
    clock: Clock,
    access_ttl_ms: i64,
    refresh_ttl_ms: i64,
}

/// A personal token without an end is looked up again after this, in milliseconds: a day.
const UNENDING_MS: i64 = 24 * 60 * 60 * 1_000;
/// How far back the hub looks for cutoffs that others wrote, in milliseconds: their clocks may be behind.
const FOLLOWED_MS: i64 = 60_000;

impl Auth {
    /// Reads the signing key, making it on the first start.
    ///
    /// # Errors
    /// The key's file cannot be used.
    pub fn open(
        settings: &config::Auth,
        store: Store,
        tenants: Tenants,
        clock: Clock,
    ) -> Result<Self, SecretError> {
        let ms = |seconds: u32| i64::from(seconds) * 1_000;
        let secret = secret::read_or_make(&settings.secret_file, &clock)?;
        Ok(Self(Arc::new(Parts {
            signer: jwt::Signer::new(&secret),
            tickets: ticket::Tickets::new(&secret),
            vault: vault::Vault::new(&secret),
            passwords: password::Passwords::new(settings.password_checks),
            lockout: lockout::Lockout::new(settings.failures_before_delay),
            tenants,
            providers: oidc::Providers::new(settings.private_providers),
            book: book::Book::default(),
            cutoffs: cutoffs::Cutoffs::default(),
            store,
            clock,
            access_ttl_ms: ms(settings.access_ttl_s),
            refresh_ttl_ms: ms(settings.refresh_ttl_s),
        })))
    }

    /// Says who is behind an access token or a personal token (looked up by its hash). What an account may do is
    /// looked up, what a participant or screen may do stands in its token.
    ///
    /// # Errors
    /// Nobody is.
    pub async fn identify(&self, token: &str) -> Result<Identity, AuthError> {
        match Token::read(token, token::PERSONAL) {
            Some(personal) => self.personal(&personal).await,
            None => self.signed(token).await,
        }
    }

    /// A ticket or receipt for someone.
    pub fn paper(&self, tenant: Id, paper: Paper, bearer: Bearer) -> String {
        self.0.tickets.sign(tenant, paper, bearer)
    }

    /// Whose a ticket or receipt is; none when it is no true one of this tenant.
    pub fn bearer(&self, tenant: Id, paper: Paper, text: &str) -> Option<Bearer> {
        self.0.tickets.read(tenant, paper, text)
    }

    /// Whose a ticket or receipt claims to be, for finding out the tenant whose key tells.
    pub fn claimed(&self, paper: Paper, text: &str) -> Option<Bearer> {
        ticket::claimed(paper, text)
    }

    /// What a device needs to tell a tenant's true tickets.
    pub fn ticket_key(&self, tenant: Id) -> PublicKey {
        self.0.tickets.public_key(tenant)
    }

    async fn signed(&self, token: &str) -> Result<Identity, AuthError> {
        let now = self.0.clock.now();
        let signed = self.0.signer.check(token, now)?;
        if self.0.cutoffs.ended(signed.subject, signed.session, signed.issued) {
            return Err(AuthError::Expired);
        }
        let person = match signed.conference {
            Some(conference) => {
                let rights = Rights::inside(signed.tenant, conference, signed.roles);
                Some(Person::new(signed.subject, &signed.name, rights))
            }
            None => self.holder(signed.tenant, signed.subject).await?,
        };
        let person = person.ok_or(AuthError::Invalid)?;
        Ok(person.identity(signed.session, signed.expires))
    }

    async fn personal(&self, token: &Token) -> Result<Identity, AuthError> {
        let now = self.0.clock.now();
        let found = self.0.store.api_token(&token.hash(), now).await.map_err(unavailable)?;
        let found = found.ok_or(AuthError::Invalid)?;
        let owner = self.holder(found.tenant, found.user).await?.ok_or(AuthError::Invalid)?;
        let scopes = found.scopes.iter().filter_map(|scope| scope.parse().ok()).collect();
        let rights = Rights { scopes: Some(scopes), ..(*owner.rights).clone() };
        let person = Person::new(found.user, &owner.actor.name, rights);
        Ok(person.identity(found.id, found.expires.unwrap_or(now.plus_ms(UNENDING_MS))))
    }

    async fn holder(&self, tenant: Id, id: Id) -> Result<Option<Person>, AuthError> {
        self.0.book.person(&self.0.store, tenant, id, self.0.clock.now()).await.map_err(unavailable)
    }

    /// All that an account holds, as it is now; none when it is disabled or gone.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn rights_of(&self, tenant: Id, user: Id) -> Result<Option<Arc<Rights>>, StoreError> {
        self.0.book.forget(user);
        let person = self.0.book.person(&self.0.store, tenant, user, self.0.clock.now()).await?;
        Ok(person.map(|person| person.rights))
    }

    /// What someone may do has changed. Other hubs on this store hear of it within some seconds.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn changed(&self, tenant: Id, subject: Id, old: OldTokens) -> Result<(), StoreError> {
        let at = self.0.clock.now();
        let cutoff = Cutoff { subject, at, tokens: (old == OldTokens::End).then_some(at) };
        self.0.book.forget(subject);
        self.0.cutoffs.learn(cutoff);
        self.0.store.cut(tenant, &cutoff).await
    }

    /// Reads which tokens ended before this hub started.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn recall_cutoffs(&self) -> Result<(), StoreError> {
        let since = self.0.clock.now().plus_ms(-cutoffs::REMEMBERED_MS);
        for cutoff in self.0.store.cutoffs_since(since).await? {
            self.0.cutoffs.learn(cutoff);
        }
        Ok(())
    }

    /// Those whose rights were changed by others on this store since this was last asked: their sockets have to close.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn changed_by_others(&self) -> Result<Vec<Id>, StoreError> {
        let since = self.0.clock.now().plus_ms(-FOLLOWED_MS);
        let mut news = self.0.store.cutoffs_since(since).await?;
        news.retain(|cutoff| self.0.cutoffs.learn(*cutoff));
        news.iter().for_each(|cutoff| self.0.book.forget(cutoff.subject));
        Ok(news.into_iter().map(|cutoff| cutoff.subject).collect())
    }

    /// Drops what no token can be as old as.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        self.0.cutoffs.sweep(now);
        self.0.store.sweep_cutoffs(now.plus_ms(-cutoffs::REMEMBERED_MS)).await.map(drop)
    }
}

fn unavailable(error: StoreError) -> AuthError {
    tracing::error!(%error, "who is behind a token cannot be looked up");
    AuthError::Unavailable
}

/// For sockets.
impl Identify for Auth {
    fn identify<'a>(&'a self, token: &'a str) -> Identified<'a> {
        Box::pin(async move {
            let identity = Self::identify(self, token).await.map_err(IdentifyError::from)?;
            let standing =
                self.0.tenants.of(identity.tenant).await.map_err(|_| IdentifyError::Unavailable)?;
            let open = standing.is_some_and(|standing| standing.is_open().is_ok());
            if open { Ok(identity.into()) } else { Err(IdentifyError::Invalid) }
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
