//! What a provider says of somebody, and whether it may be believed (OpenID Connect Core 1.0, section 3.1.3.7).

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use plenum_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::OidcError;

/// How far a provider's clock may be away from ours, in seconds.
const CLOCKS_APART_S: i64 = 60;
/// How providers may sign: with a key that only they have. Not with a shared secret, and not at all not.
const SIGNED: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What has to stand in an ID token.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
}

/// What an ID token says. Names are the provider's.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    /// A text, or a list of them.
    aud: Value,
    #[serde(default)]
    azp: Option<String>,
    /// Seconds since 1970.
    exp: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    #[serde(default)]
    name: Option<String>,
}

/// What the userinfo endpoint says.
#[derive(Debug, Deserialize)]
pub(super) struct UserInfo {
    pub(super) sub: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    #[serde(default)]
    name: Option<String>,
}

/// Somebody whom a provider knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What the provider knows them by, always the same.
    pub subject: String,
    /// Their address, when the provider has verified it, in small letters.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

impl UserInfo {
    pub(super) fn known(self) -> Known {
        let email = verified(self.email, &self.email_verified);
        Known { subject: self.sub, email, name: self.name }
    }
}

/// Some providers say it as a text.
fn verified(email: Option<String>, verified: &Value) -> Option<String> {
    let yes = verified.as_bool().unwrap_or_else(|| verified.as_str() == Some("true"));
    email.filter(|_| yes).map(|email| email.trim().to_lowercase())
}

/// The key that signed a token; none when the set does not have it.
pub(super) fn key<'a>(token: &str, keys: &'a JwkSet) -> Result<Option<&'a Jwk>, OidcError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| OidcError::Token("is no JWT"))?;
    if !SIGNED.contains(&header.alg) {
        return Err(OidcError::Token("is not signed with a key of the provider's own"));
    }
    Ok(match &header.kid {
        Some(kid) => keys.find(kid),
        // Without a name there must be no choice.
        None => keys.keys.first().filter(|_| keys.keys.len() == 1),
    })
}

/// Checks an ID token.
pub(super) fn check(
    token: &str,
    key: &Jwk,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Known, OidcError> {
    let wrong = |words| Err(OidcError::Token(words));
    let Ok(decoding) = DecodingKey::from_jwk(key) else { return wrong("has a key of an unknown kind") };
    let header = jsonwebtoken::decode_header(token).map_err(|_| OidcError::Token("is no JWT"))?;
    let mut validation = Validation::new(header.alg);
    // All of it is checked below, by the hub's own clock.
    (validation.validate_exp, validation.validate_aud) = (false, false);
    validation.required_spec_claims.clear();
    let Ok(read) = jsonwebtoken::decode::<Claims>(token, &decoding, &validation) else {
        return wrong("is not signed by the provider");
    };
    let claims = read.claims;
    let audience: Vec<&str> = match &claims.aud {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    match () {
        () if claims.iss != expected.issuer => wrong("is from another issuer"),
        () if !audience.contains(&expected.client) => wrong("is for another client"),
        () if audience.len() > 1 && claims.azp.as_deref() != Some(expected.client) => {
            wrong("was asked for by another client")
        }
        () if claims.azp.as_deref().is_some_and(|azp| azp != expected.client) => {
            wrong("was asked for by another client")
        }
        () if claims.exp.saturating_add(CLOCKS_APART_S) <= now.ms() / 1_000 => wrong("is over"),
        () if claims.nonce.as_deref() != Some(expected.nonce) => wrong("is not the one that was asked for"),
        () if claims.sub.is_empty() || claims.sub.len() > 255 => wrong("names nobody"),
        () => {
            let email = verified(claims.email, &claims.email_verified);
            Ok(Known { subject: claims.sub, email, name: claims.name })
        }
    }
}

#[cfg(test)]
mod tests;
