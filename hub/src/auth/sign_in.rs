//! Sign-ins: a password or a code becomes a short access token and a refresh token that is good once.

use plenum_domain::{Id, Role, Roles, Timestamp};
use plenum_persistence::store::{
    Grant, NewParticipant, NewRefreshToken, Rotation, SignIn, StoreError, Subject, User,
};
use plenum_rooms::engine::Actor;
use serde::Serialize;

use super::jwt::Signed;
use super::lockout::Source;
use super::token::{REFRESH, Token};
use super::{Auth, Device, Second};

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
    /// After a password: keep it, and send it with the next one (`device_token` of `/auth/login`). By it the device is
    /// known again, and does not wait when strangers guess at the account. It opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJkZXZpY2UiOiIwMSJ9.c2ln")]
    pub device_token: Option<String>,
}

/// What somebody signs in by.
pub struct Credentials {
    /// The tenant, when one is named.
    pub tenant: Option<Id>,
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// A code of the second factor.
    pub otp: Option<String>,
    /// What the device got when it signed in before.
    pub device_token: Option<String>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong address or password; which of them is not told.
    #[error(
        "the address or the password is wrong; if your organisation has an address or name of its own, use it"
    )]
    Wrong,
    /// The password is right, and the account has a second factor.
    #[error("send a code of the second factor as otp")]
    SecondMissing,
    /// The password is right, the second factor is not.
    #[error("the code is wrong, over, or was used before")]
    SecondWrong,
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
        /// The tenant.
        tenant: Id,
        /// The sign-in.
        session: Id,
    },
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Auth {
    /// Signs an account in by its password, and by its second factor when it has one. Without a tenant the address has
    /// to be one tenant's only.
    ///
    /// # Errors
    /// Wrong, or not yet enough, or locked for a while.
    pub async fn log_in(&self, who: Credentials, device: &Device) -> Result<Tokens, SignInError> {
        let (tenant, email, now) = (who.tenant, who.email.trim().to_lowercase(), self.0.clock.now());
        let user = self.account_by_email(tenant, &email).await?.filter(|user| user.disabled.is_none());
        let known = user.as_ref().zip(who.device_token.as_deref());
        let known = known.and_then(|(user, token)| self.0.signer.device(token, user.tenant, user.id));
        let sources = known.map_or_else(|| strangers(device), |known| vec![Source::Device(known)]);
        let account = (tenant, &*email);
        let wait_ms = sources.iter().map(|from| self.0.lockout.wait_ms(account, *from, now)).max();
        if let Some(wait_ms @ 1..) = wait_ms {
            return Err(SignInError::Locked { wait_ms: wait_ms.unsigned_abs() });
        }
        // Counted before it is known to be wrong: a thousand guesses at once are not one guess.
        sources.iter().for_each(|from| self.0.lockout.failed(account, *from, now));
        let hash = user.as_ref().and_then(|user| user.password_hash.clone());
        let right = self.0.passwords.check(who.password, hash).await;
        let user = user.filter(|_| right).ok_or(SignInError::Wrong)?;
        match self.second(user.tenant, user.id, who.otp.as_deref()).await? {
            Second::Right => {}
            Second::Missing => return Err(SignInError::SecondMissing),
            Second::Wrong => return Err(SignInError::SecondWrong),
        }
        sources.iter().for_each(|from| self.0.lockout.succeeded(account, *from));
        let device_token =
            self.0.signer.sign_device(user.tenant, user.id, known.unwrap_or_else(|| self.0.clock.id()));
        let tokens = self.enter(user, device).await?;
        Ok(Tokens { device_token: Some(device_token), ..tokens })
    }

    /// Signs in an account that has just proved itself in another way.
    ///
    /// # Errors
    /// There is no such account, or the store cannot answer.
    pub async fn sign_in(&self, tenant: Id, user: Id, device: &Device) -> Result<Tokens, SignInError> {
        let user = self.0.store.user(tenant, user).await?.ok_or(SignInError::Ended)?;
        self.enter(user, device).await
    }

    async fn enter(&self, user: User, device: &Device) -> Result<Tokens, SignInError> {
        let grant = self.grant(user.tenant, user.id, Subject::User, None);
        let (now, name) = (self.0.clock.now(), device.name.clone());
        let sign_in = SignIn { family: grant.family, device: name, started: now, seen: now };
        self.0.store.remember_sign_in(user.tenant, user.id, &sign_in).await?;
        self.issue(&grant, user_actor(user)).await
    }

    /// Whether this is the account's password. Guesses are slowed down.
    ///
    /// # Errors
    /// Wrong, or locked for a while.
    pub async fn confirm_password(&self, user: &User, password: String) -> Result<(), SignInError> {
        let account = self.guard(user)?;
        let right = self.0.passwords.check(password, user.password_hash.clone()).await;
        if !right {
            return Err(SignInError::Wrong);
        }
        self.0.lockout.succeeded(account, Source::Inside);
        Ok(())
    }

    /// Uses a second factor of somebody who is signed in. Guesses are slowed down.
    ///
    /// # Errors
    /// Locked for a while.
    pub async fn second_guarded(&self, user: &User, code: &str) -> Result<Second, SignInError> {
        let account = self.guard(user)?;
        let second = self.second(user.tenant, user.id, Some(code)).await?;
        if second == Second::Right {
            self.0.lockout.succeeded(account, Source::Inside);
        }
        Ok(second)
    }

    fn guard<'a>(&self, user: &'a User) -> Result<(Option<Id>, &'a str), SignInError> {
        let (account, now) = ((Some(user.tenant), &*user.email), self.0.clock.now());
        let wait_ms = self.0.lockout.wait_ms(account, Source::Inside, now);
        if wait_ms > 0 {
            return Err(SignInError::Locked { wait_ms: wait_ms.unsigned_abs() });
        }
        self.0.lockout.failed(account, Source::Inside, now);
        Ok(account)
    }

    /// Whether another mail may be asked for an address: a few at once, then ever more slowly.
    pub fn may_ask_again(&self, tenant: Option<Id>, email: &str) -> bool {
        let (asked, now) = (format!("mail to {email}"), self.0.clock.now());
        let may = self.0.lockout.wait_ms((tenant, &asked), Source::Inside, now) <= 0;
        self.0.lockout.failed((tenant, &asked), Source::Inside, now);
        may
    }

    /// The account with this address; without a tenant only when it is one tenant's only.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn account_by_email(
        &self,
        tenant: Option<Id>,
        email: &str,
    ) -> Result<Option<User>, StoreError> {
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
            Rotation::Reused(Grant { tenant, family, .. }) => {
                return Err(SignInError::Copied { tenant, session: family });
            }
            Rotation::Unknown => return Err(SignInError::Ended),
        };
        let actor = self.actor_of(&grant).await?.ok_or(SignInError::Ended)?;
        Ok(self.tokens(&grant, actor, &new))
    }

    /// Ends the sign-in of a refresh token; says which it was.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn end(&self, refresh: &str) -> Result<Option<Grant>, SignInError> {
        let Some(token) = Token::read(refresh, REFRESH) else { return Ok(None) };
        Ok(self.0.store.revoke_refresh_token(&token.hash(), self.0.clock.now()).await?)
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
            device_token: None,
        }
    }
}

/// Where an unknown device's tries are counted.
fn strangers(device: &Device) -> Vec<Source> {
    vec![Source::Address(device.address), Source::Strangers]
}

fn user_actor(user: User) -> Actor {
    Actor { participant: user.id, name: user.name, roles: user.roles }
}
