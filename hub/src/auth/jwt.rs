//! Access tokens: JWT, HS256, checked without a look into the store.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use plenum_domain::{Id, Roles, Timestamp};
use serde::{Deserialize, Serialize};

use super::AuthError;

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
    /// Milliseconds since 1970: whether the token is older than a change of rights is a matter of less than a second.
    #[serde(default)]
    iat_ms: i64,
    /// Seconds since 1970.
    exp: i64,
}

/// What a token that was checked says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    /// The tenant.
    pub(super) tenant: Id,
    /// The account, participant or screen.
    pub(super) subject: Id,
    /// The name that others see.
    pub(super) name: String,
    /// The roles when it was signed.
    pub(super) roles: Roles,
    /// The only conference that it is for; none for accounts.
    pub(super) conference: Option<Id>,
    /// The sign-in that it belongs to.
    pub(super) session: Id,
    /// When it was signed.
    pub(super) issued: Timestamp,
    /// When it ends.
    pub(super) expires: Timestamp,
}

/// What a device's token says: it signed in to this account before. It opens nothing.
#[derive(Debug, Serialize, Deserialize)]
struct DeviceClaims {
    tenant: Id,
    sub: Id,
    device: Id,
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

    pub(super) fn sign(&self, signed: Signed) -> String {
        let claims = Claims {
            tenant: signed.tenant,
            sub: signed.subject,
            name: signed.name,
            roles: signed.roles,
            conference: signed.conference,
            sid: signed.session,
            iat: signed.issued.ms() / 1_000,
            iat_ms: signed.issued.ms(),
            exp: signed.expires.ms() / 1_000,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .expect("the claims are plain data and the key is a shared secret")
    }

    /// A token by which a device is known again when it signs in to the account.
    pub(super) fn sign_device(&self, tenant: Id, sub: Id, device: Id) -> String {
        let claims = DeviceClaims { tenant, sub, device };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .expect("the claims are plain data and the key is a shared secret")
    }

    /// The device, when the token is one of this account.
    pub(super) fn device(&self, token: &str, tenant: Id, sub: Id) -> Option<Id> {
        let read = jsonwebtoken::decode::<DeviceClaims>(token, &self.decoding, &self.validation);
        let claims = read.ok()?.claims;
        (claims.tenant == tenant && claims.sub == sub).then_some(claims.device)
    }

    /// Signs what the hub gives away to have it back. It has to look like no other token of the hub.
    pub(super) fn sign_plain<T: Serialize>(&self, of: &T) -> String {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), of, &self.encoding)
            .expect("it is plain data and the key is a shared secret")
    }

    /// What was given away; none when it is not ours, or something else.
    pub(super) fn read_plain<T: serde::de::DeserializeOwned>(&self, token: &str) -> Option<T> {
        Some(jsonwebtoken::decode::<T>(token, &self.decoding, &self.validation).ok()?.claims)
    }

    /// # Errors
    /// Not ours, changed, or over.
    pub(super) fn check(&self, token: &str, now: Timestamp) -> Result<Signed, AuthError> {
        let read = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation);
        let claims = read.map_err(|_| AuthError::Invalid)?.claims;
        let expires = Timestamp::from_ms(claims.exp.saturating_mul(1_000));
        if expires <= now {
            return Err(AuthError::Expired);
        }
        Ok(Signed {
            tenant: claims.tenant,
            subject: claims.sub,
            name: claims.name,
            roles: claims.roles,
            conference: claims.conference,
            session: claims.sid,
            issued: Timestamp::from_ms(claims.iat_ms.max(claims.iat.saturating_mul(1_000))),
            expires,
        })
    }
}

#[cfg(test)]
mod tests {
    use plenum_domain::Role;

    use super::*;

    fn signed() -> Signed {
        Signed {
            tenant: Id::from_bits(1),
            subject: Id::from_bits(2),
            name: "Noor".into(),
            roles: Roles::of(&[Role::Attendee]),
            conference: Some(Id::from_bits(3)),
            session: Id::from_bits(4),
            issued: Timestamp::from_ms(7),
            expires: Timestamp::from_ms(900_000),
        }
    }

    #[test]
    fn a_token_says_who_it_is_until_it_ends() {
        let signer = Signer::new(&[7; 32]);
        let token = signer.sign(signed());
        assert_eq!(signer.check(&token, Timestamp::from_ms(899_999)), Ok(signed()));
        assert_eq!(signer.check(&token, Timestamp::from_ms(900_000)), Err(AuthError::Expired));
    }

    #[test]
    fn a_device_is_known_to_its_account_only_and_opens_nothing() {
        let signer = Signer::new(&[7; 32]);
        let [tenant, user, device] = [1, 2, 3].map(Id::from_bits);
        let token = signer.sign_device(tenant, user, device);
        assert_eq!(signer.device(&token, tenant, user), Some(device));
        assert_eq!(signer.device(&token, tenant, device), None);
        assert_eq!(signer.device(&signer.sign(signed()), tenant, user), None);
        assert_eq!(signer.check(&token, Timestamp::from_ms(0)), Err(AuthError::Invalid));
    }

    #[test]
    fn a_token_of_another_key_or_without_a_signature_is_nobodys() {
        let now = Timestamp::from_ms(0);
        let token = Signer::new(&[8; 32]).sign(signed());
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
