//! Sign-ins: a password or a code becomes a short access token and a refresh token that is good once.

use plenum_domain::{Id, Role, Roles, Timestamp};
use plenum_persistence::store::{
    Grant, NewParticipant, NewRefreshToken, Rotation, StoreError, Subject, User,
};
use plenum_rooms::engine::Actor;
use serde::Serialize;

use super::Auth;
use super::jwt::Signed;
use super::token::{REFRESH, Token};

/// What someone who signed in gets.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Tokens {
    /// For `Authorization: Bearer` and the socket's hello.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnQiOiIwMSJ9.c2ln")]
    pub access_token: String,
    /// For `POST /auth/refresh`, once.
    #[schema(example = "plr_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    pub refresh_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 900)]
    pub expires_in: u32,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong address or password; which of them is not told.
    #[error(
        "the address or the password is wrong; if your organisation has an address or name of its own, use it"
    )]
    Wrong,
    /// Too many wrong passwords for this account.
    #[error("too many wrong passwords for this account; wait")]
    Locked {
        /// How long.
        wait_ms: u64,
    },
    /// The refresh token is not valid any more.
    #[error("the refresh token is not valid: sign in again")]
    Ended,
    /// The refresh token was used twice: someone copied it, so its whole sign-in has ended.
    #[error("the refresh token was used before, so this sign-in has ended: sign in again")]
    Copied {
        /// Whose it was.
        subject: Id,
    },
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Auth {
    /// Signs an account in by its password. Without a tenant the address has to be one tenant's only.
    ///
    /// # Errors
    /// Wrong, or locked for a while.
    pub async fn log_in(
        &self,
        tenant: Option<Id>,
        email: &str,
        password: String,
    ) -> Result<Tokens, SignInError> {
        let (email, now) = (email.trim().to_lowercase(), self.0.clock.now());
        let wait_ms = self.0.lockout.wait_ms(tenant, &email, now);
        if wait_ms > 0 {
            return Err(SignInError::Locked { wait_ms: wait_ms.unsigned_abs() });
        }
        // Counted before it is known to be wrong: a thousand guesses at once are not one guess.
        self.0.lockout.failed(tenant, &email, now);
        let user = self.account(tenant, &email).await?.filter(|user| user.disabled.is_none());
        let hash = user.as_ref().and_then(|user| user.password_hash.clone());
        let right = self.0.passwords.check(password, hash).await;
        let user = user.filter(|_| right).ok_or(SignInError::Wrong)?;
        self.0.lockout.succeeded(tenant, &email);
        let grant = self.grant(user.tenant, user.id, Subject::User, None);
        self.issue(&grant, user_actor(user)).await
    }

    async fn account(&self, tenant: Option<Id>, email: &str) -> Result<Option<User>, StoreError> {
        if let Some(tenant) = tenant {
            return self.0.store.user_by_email(tenant, email).await;
        }
        let mut found = self.0.store.users_by_email(email).await?;
        Ok(if found.len() == 1 { found.pop() } else { None })
    }

    /// A new sign-in of a user, participant or screen.
    pub fn grant(&self, tenant: Id, subject: Id, subject_is: Subject, conference: Option<Id>) -> Grant {
        Grant { family: self.0.clock.id(), tenant, subject, subject_is, conference }
    }

    /// The first tokens of a sign-in.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn issue(&self, grant: &Grant, actor: Actor) -> Result<Tokens, SignInError> {
        let refresh = Token::refresh(&self.0.clock);
        self.0.store.issue_refresh_token(grant, &self.kept(&refresh)).await?;
        Ok(self.tokens(grant, actor, &refresh))
    }

    /// The first tokens of someone who joins, in one step with the participant.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn join(
        &self,
        new: &NewParticipant,
        grant: &Grant,
        actor: Actor,
    ) -> Result<Tokens, SignInError> {
        let refresh = Token::refresh(&self.0.clock);
        self.0.store.join(new, grant, &self.kept(&refresh)).await?;
        Ok(self.tokens(grant, actor, &refresh))
    }

    /// Uses a refresh token up for new tokens. Roles and names are read anew.
    ///
    /// # Errors
    /// The sign-in has ended.
    pub async fn renew(&self, old: &str) -> Result<Tokens, SignInError> {
        let old = Token::read(old, REFRESH).ok_or(SignInError::Ended)?;
        let new = Token::refresh(&self.0.clock);
        let grant = match self.0.store.rotate_refresh_token(&old.hash(), &self.kept(&new)).await? {
            Rotation::Rotated(grant) => grant,
            Rotation::Reused(grant) => return Err(SignInError::Copied { subject: grant.subject }),
            Rotation::Unknown => return Err(SignInError::Ended),
        };
        let actor = self.actor_of(&grant).await?.ok_or(SignInError::Ended)?;
        Ok(self.tokens(&grant, actor, &new))
    }

    /// Ends the sign-in of a refresh token; says whose it was.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn end(&self, refresh: &str) -> Result<Option<Id>, SignInError> {
        let Some(token) = Token::read(refresh, REFRESH) else { return Ok(None) };
        let grant = self.0.store.revoke_refresh_token(&token.hash(), self.0.clock.now()).await?;
        Ok(grant.map(|grant| grant.subject))
    }

    async fn actor_of(&self, grant: &Grant) -> Result<Option<Actor>, StoreError> {
        let (store, tenant, subject) = (&self.0.store, grant.tenant, grant.subject);
        Ok(match grant.subject_is {
            Subject::User => {
                let user = store.user(tenant, subject).await?;
                user.filter(|user| user.disabled.is_none()).map(user_actor)
            }
            Subject::Participant => store.participant(tenant, subject).await?.map(|person| Actor {
                participant: person.id,
                name: person.display_name,
                roles: person.roles,
            }),
            Subject::Screen => store.screen(tenant, subject).await?.map(|screen| Actor {
                participant: screen.id,
                name: screen.name,
                roles: Roles::of(&[Role::Screen]),
            }),
        })
    }

    fn kept(&self, token: &Token) -> NewRefreshToken {
        let issued = self.0.clock.now();
        NewRefreshToken { hash: token.hash(), issued, expires: issued.plus_ms(self.0.refresh_ttl_ms) }
    }

    fn tokens(&self, grant: &Grant, actor: Actor, refresh: &Token) -> Tokens {
        let now: Timestamp = self.0.clock.now();
        let signed = Signed {
            tenant: grant.tenant,
            subject: actor.participant,
            name: actor.name,
            roles: actor.roles,
            conference: grant.conference,
            session: grant.family,
            issued: now,
            expires: now.plus_ms(self.0.access_ttl_ms),
        };
        Tokens {
            access_token: self.0.signer.sign(signed),
            refresh_token: refresh.reveal().to_owned(),
            expires_in: u32::try_from(self.0.access_ttl_ms / 1_000).unwrap_or(u32::MAX),
        }
    }
}

fn user_actor(user: User) -> Actor {
    Actor { participant: user.id, name: user.name, roles: user.roles }
}
