//! Whoever runs the installation: known by a token in a file that only they may read.

use std::path::Path;

use super::secret::{SecretError, kept};
use super::token::Token;
use crate::clock::Clock;

/// What the operator's token begins with.
const OPERATOR: &str = "plo_";

/// What is known of the operator's token.
pub struct OperatorKey([u8; 32]);

impl OperatorKey {
    /// Reads the token, making its file on the first start.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(path: &Path, clock: &Clock) -> Result<Self, SecretError> {
        let make = || Token::new(OPERATOR, clock).reveal().as_bytes().to_vec();
        let text = kept("auth.operator_file", path, make)?;
        let read = std::str::from_utf8(&text).ok().and_then(|text| Token::read(text.trim(), OPERATOR));
        let reason = format!("does not begin with {OPERATOR}; delete it, and another is made");
        let fail = || SecretError { key: "auth.operator_file", path: path.to_owned(), reason };
        Ok(Self(read.ok_or_else(fail)?.hash()))
    }

    /// Whether this is the token. Hashes are compared, so the time that it takes tells nothing about the token.
    pub fn is(&self, token: &str) -> bool {
        Token::read(token, OPERATOR).is_some_and(|token| token.hash() == self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_in_the_file_is_the_operators() {
        let folder = tempfile::tempdir().unwrap();
        let (path, clock) = (folder.path().join("operator.token"), Clock::new());
        let key = OperatorKey::open(&path, &clock).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(key.is(&text) && !key.is("plo_other") && !key.is(""));
        assert!(OperatorKey::open(&path, &clock).unwrap().is(&text), "it is kept");
        std::fs::write(&path, "x".repeat(64)).unwrap();
        assert!(OperatorKey::open(&path, &clock).err().unwrap().to_string().contains("auth.operator_file"));
    }
}
