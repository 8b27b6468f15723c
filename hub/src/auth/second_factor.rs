//! The second factor: codes of an app on the phone (TOTP, RFC 6238), and recovery codes for when it is lost.

use plenum_domain::{Id, Timestamp};
use plenum_persistence::store::StoreError;
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret, Totp};

use super::Auth;
use super::percent::escaped;
use super::vault;
use crate::clock::Clock;
use crate::features::codes;

/// The secret's length: 160 bits, as RFC 4226, section 4, recommends.
const SECRET_BYTES: usize = 20;
/// How many recovery codes there are at first.
const RECOVERY_CODES: usize = 10;

/// What came of a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// The account has none, or it was right.
    Right,
    /// The account has one, and nothing was given.
    Missing,
    /// Wrong, or used before.
    Wrong,
}

/// A secret for an app on the phone.
pub(crate) struct NewSecret {
    pub(crate) bytes: [u8; SECRET_BYTES],
}

impl NewSecret {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self { bytes: clock.secret() }
    }

    /// To be typed.
    pub(crate) fn in_letters(&self) -> String {
        Secret::from(self.bytes.to_vec()).to_base32()
    }

    /// To be scanned: the address that apps read from a QR code.
    pub(crate) fn address(&self, issuer: &str, email: &str) -> String {
        let (issuer, email) = (escaped(issuer), escaped(email));
        format!("otpauth://totp/{issuer}:{email}?secret={}&issuer={issuer}", self.in_letters())
    }
}

/// Six digits, thirty seconds, one step to either side: what every app does.
fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(Secret::from(secret.to_vec())).build().ok()
}

/// The time step of a code, when it is one of now.
pub(crate) fn step(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let seconds = u64::try_from(now.ms() / 1_000).ok()?;
    let step = totp(secret)?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

/// New recovery codes, and what is kept of each.
pub(crate) fn recovery_codes(clock: &Clock) -> (Vec<String>, Vec<[u8; 32]>) {
    let code = || [(); 3].map(|()| codes::new(clock)).join("-").to_lowercase();
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| code()).collect();
    let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
    (codes, hashes)
}

/// What is kept of a recovery code. It has 88 random bits, so a plain SHA-256 is enough.
fn recovery_hash(code: &str) -> [u8; 32] {
    Sha256::digest(codes::normal(code).as_bytes()).into()
}

impl Auth {
    /// The secret of an account's second factor, sealed for the store.
    pub(crate) fn sealed_second_factor(&self, user: Id, secret: &NewSecret) -> Vec<u8> {
        self.sealed(vault::Secret::SecondFactor, user, &secret.bytes)
    }

    /// The secret that the store keeps of an account's second factor; without it only recovery codes are right. One that
    /// was written before they were sealed is as long as a secret.
    pub(crate) fn second_factor_secret(&self, user: Id, kept: &[u8]) -> Option<Vec<u8>> {
        match kept.len() {
            SECRET_BYTES => Some(kept.to_vec()),
            _ => self.opened(vault::Secret::SecondFactor, user, kept),
        }
    }

    /// Uses an account's second factor: a code of the app or a recovery code, each good once.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn second(&self, tenant: Id, user: Id, given: Option<&str>) -> Result<Second, StoreError> {
        let (store, now) = (&self.0.store, self.0.clock.now());
        let factor = store.second_factor(tenant, user).await?;
        let (Some(kept), Some(_)) = (factor.secret, factor.confirmed) else { return Ok(Second::Right) };
        let Some(given) = given.filter(|given| !given.trim().is_empty()) else { return Ok(Second::Missing) };
        let secret = self.second_factor_secret(user, &kept);
        let right = match secret.and_then(|secret| step(&secret, given, now)) {
            Some(step) => store.use_second_factor(tenant, user, step).await?,
            None => store.use_recovery_code(tenant, user, &recovery_hash(given), now).await?,
        };
        Ok(if right { Second::Right } else { Second::Wrong })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of the eight digits.
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let now = Timestamp::from_ms(seconds * 1_000);
            assert_eq!(step(secret, code, now), Some(seconds / 30));
            assert_eq!(step(secret, code, now.plus_ms(30_000)), Some(seconds / 30), "a slow thumb");
            assert_eq!(step(secret, code, now.plus_ms(91_000)), None);
        }
        assert_eq!(step(secret, "", Timestamp::from_ms(59_000)), None);
        assert_eq!(step(b"short", "287082", Timestamp::from_ms(59_000)), None);
    }

    #[test]
    fn an_app_can_read_the_secret() {
        let secret = NewSecret { bytes: *b"12345678901234567890" };
        assert_eq!(secret.in_letters(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let address = secret.address("Acme & Co", "noor@example.org");
        assert!(
            address.starts_with("otpauth://totp/Acme%20%26%20Co:noor%40example.org?secret=GEZD"),
            "{address}"
        );
    }

    #[test]
    fn recovery_codes_forgive_typing() {
        let (codes, hashes) = recovery_codes(&Clock::new());
        assert_eq!((codes.len(), hashes.len()), (RECOVERY_CODES, RECOVERY_CODES));
        assert_eq!(recovery_hash(&codes[3].to_uppercase().replace('-', " ")), hashes[3]);
    }
}
