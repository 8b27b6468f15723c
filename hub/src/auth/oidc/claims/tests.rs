use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;

use super::*;

const NOW: Timestamp = Timestamp::from_ms(1_800_000_000_000);
const EXPECTED: Expected<'static> =
    Expected { issuer: "https://id.example.org", client: "plenum", nonce: "n-1" };

/// A key of Ed25519 from its seed, as PKCS #8 (RFC 8410, section 7).
fn signing(seed: u8) -> EncodingKey {
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    EncodingKey::from_ed_der(&[&head[..], &[seed; 32]].concat())
}

fn public(seed: u8, name: &str) -> Jwk {
    let mut key = Jwk::from_encoding_key(&signing(seed), Algorithm::EdDSA).unwrap();
    key.common.key_id = Some(name.to_owned());
    key
}

fn right() -> Value {
    json!({
        "iss": EXPECTED.issuer, "sub": "mona", "aud": "plenum", "exp": NOW.ms() / 1_000 + 300, "nonce": "n-1",
        "email": "Mona@Example.org", "email_verified": true, "name": "Mona",
    })
}

fn signed(claims: &Value) -> String {
    let header = Header { kid: Some("one".into()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &signing(1)).unwrap()
}

/// The claims with some of them replaced.
fn but(changed: &Value) -> Value {
    let mut claims = right();
    for (name, value) in changed.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn judged(claims: &Value) -> Result<Known, OidcError> {
    check(&signed(claims), &public(1, "one"), &EXPECTED, NOW)
}

#[test]
fn a_right_token_says_who_it_is() {
    let known = judged(&right()).unwrap();
    let mona =
        Known { subject: "mona".into(), email: Some("mona@example.org".into()), name: Some("Mona".into()) };
    assert_eq!(known, mona);
    let several = but(&json!({"aud": ["plenum", "wiki"], "azp": "plenum"}));
    assert_eq!(judged(&several).unwrap(), mona);
}

#[test]
fn what_is_not_as_it_has_to_be_is_refused() {
    let wrong = [
        json!({"iss": "https://id.example.com"}),
        json!({"aud": "wiki"}),
        json!({"aud": ["plenum", "wiki"]}),
        json!({"azp": "wiki"}),
        json!({"exp": NOW.ms() / 1_000 - 60}),
        json!({"nonce": "n-2"}),
        json!({"nonce": null}),
        json!({"sub": ""}),
    ];
    for changed in wrong {
        assert!(matches!(judged(&but(&changed)), Err(OidcError::Token(_))), "{changed}");
    }
    assert!(judged(&but(&json!({"exp": NOW.ms() / 1_000 - 59}))).is_ok(), "clocks are a little apart");
}

#[test]
fn an_address_counts_when_the_provider_has_verified_it() {
    for (verified, counts) in
        [(json!(true), true), (json!("true"), true), (json!(false), false), (json!(null), false)]
    {
        let known = judged(&but(&json!({"email_verified": verified}))).unwrap();
        assert_eq!(known.email.is_some(), counts, "{verified}");
    }
}

#[test]
fn another_key_signs_nothing_and_a_shared_secret_is_none() {
    assert!(check(&signed(&right()), &public(2, "one"), &EXPECTED, NOW).is_err());
    let keys = JwkSet { keys: vec![public(1, "one"), public(2, "two")] };
    assert_eq!(key(&signed(&right()), &keys).unwrap(), Some(&keys.keys[0]));
    let rotated = JwkSet { keys: vec![public(2, "two")] };
    assert_eq!(key(&signed(&right()), &rotated).unwrap(), None, "the provider has other keys by now");
    let secret = EncodingKey::from_secret(b"what the public key is made of");
    let forged = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &right(), &secret).unwrap();
    assert!(key(&forged, &keys).is_err());
    let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtb25hIn0.";
    assert!(key(none, &keys).is_err());
}
