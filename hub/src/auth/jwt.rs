//! Access tokens: JWT, HS256, checked without a look into the store.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use plenum_domain::{Id, Roles, Timestamp};
use plenum_rooms::engine::Actor;
use serde::{Deserialize, Serialize};

use super::{AuthError, Identity};

/// What an access token says. The names are the outside's.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    tenant: Id,
    sub: Id,
    name: String,
    roles: Roles,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    conference: Option<Id>,
    /// The sign-in that the token belongs to.
    sid: Id,
    /// Seconds since 1970.
    iat: i64,
    /// Seconds since 1970.
    exp: i64,
}

/// Signs and checks access tokens.
pub(super) struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Signer {
    pub(super) fn new(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The hub's own clock decides, in `check`: one clock for tokens, sockets and tests.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let (encoding, decoding) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Self { encoding, decoding, validation }
    }

    pub(super) fn sign(&self, identity: &Identity, now: Timestamp) -> String {
        let claims = Claims {
            tenant: identity.tenant,
            sub: identity.actor.participant,
            name: identity.actor.name.clone(),
            roles: identity.actor.roles,
            conference: identity.conference,
            sid: identity.session,
            iat: now.ms() / 1_000,
            exp: identity.expires.ms() / 1_000,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .expect("the claims are plain data and the key is a shared secret")
    }

    /// # Errors
    /// Not ours, changed, or over.
    pub(super) fn check(&self, token: &str, now: Timestamp) -> Result<Identity, AuthError> {
        let read = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation);
        let claims = read.map_err(|_| AuthError::Invalid)?.claims;
        let expires = Timestamp::from_ms(claims.exp.saturating_mul(1_000));
        if expires <= now {
            return Err(AuthError::Expired);
        }
        let actor = Actor { participant: claims.sub, name: claims.name, roles: claims.roles };
        Ok(Identity {
            tenant: claims.tenant,
            actor: Arc::new(actor),
            conference: claims.conference,
            session: claims.sid,
            expires,
        })
    }
}

#[cfg(test)]
mod tests {
    use plenum_domain::Role;

    use super::*;

    fn identity() -> Identity {
        let actor =
            Actor { participant: Id::from_bits(2), name: "Noor".into(), roles: Roles::of(&[Role::Attendee]) };
        Identity {
            tenant: Id::from_bits(1),
            actor: Arc::new(actor),
            conference: Some(Id::from_bits(3)),
            session: Id::from_bits(4),
            expires: Timestamp::from_ms(900_000),
        }
    }

    #[test]
    fn a_token_says_who_it_is_until_it_ends() {
        let signer = Signer::new(&[7; 32]);
        let token = signer.sign(&identity(), Timestamp::from_ms(0));
        assert_eq!(signer.check(&token, Timestamp::from_ms(899_999)), Ok(identity()));
        assert_eq!(signer.check(&token, Timestamp::from_ms(900_000)), Err(AuthError::Expired));
    }

    #[test]
    fn a_token_of_another_key_or_without_a_signature_is_nobodys() {
        let now = Timestamp::from_ms(0);
        let token = Signer::new(&[8; 32]).sign(&identity(), now);
        let ours = Signer::new(&[7; 32]);
        assert_eq!(ours.check(&token, now), Err(AuthError::Invalid));
        let (head, rest) = token.split_once('.').unwrap();
        let claims = rest.split('.').next().unwrap();
        // {"alg":"none"}
        assert_eq!(ours.check(&format!("eyJhbGciOiJub25lIn0.{claims}."), now), Err(AuthError::Invalid));
        assert_eq!(ours.check(&format!("{head}.{claims}."), now), Err(AuthError::Invalid));
        assert_eq!(ours.check("", now), Err(AuthError::Invalid));
    }
}
