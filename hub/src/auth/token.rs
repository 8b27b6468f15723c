//! Tokens that mean nothing by themselves: a prefix that says what they are for, and 256 random bits.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;

/// What personal access tokens begin with, so that scanners of source code find a leaked one.
pub(super) const PERSONAL: &str = "plm_";
/// What refresh tokens begin with.
pub(super) const REFRESH: &str = "plr_";

/// A random token. It is shown once, and kept as a hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new personal access token.
    pub fn personal(clock: &Clock) -> Self {
        Self::new(PERSONAL, clock)
    }

    pub(super) fn refresh(clock: &Clock) -> Self {
        Self::new(REFRESH, clock)
    }

    /// 256 random bits after `prefix`.
    pub fn new(prefix: &str, clock: &Clock) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(clock.secret::<32>())))
    }

    /// Reads a token with this prefix.
    pub fn read(text: &str, prefix: &str) -> Option<Self> {
        text.starts_with(prefix).then(|| Self(text.to_owned()))
    }

    /// What is kept of it. The token has 256 bits of its own, so a plain SHA-256 is enough.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The token itself, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Without the secret.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same_and_none_is_printed() {
        let clock = Clock::new();
        let (one, two) = (Token::personal(&clock), Token::personal(&clock));
        assert_ne!(one, two);
        assert_eq!(one.reveal().len(), PERSONAL.len() + 43);
        assert_eq!(Token::read(one.reveal(), PERSONAL), Some(one.clone()));
        assert_eq!(Token::read(one.reveal(), REFRESH), None);
        assert_eq!(format!("{one:?}"), "Token(…)");
    }
}
