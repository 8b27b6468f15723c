//! Secrets that the store keeps and the hub has to read again: sealed, so that a copy of the store gives them to nobody.
//!
//! ChaCha20-Poly1305 (RFC 8439) under a key made from `auth.secret_file`; whose secret it is and what for goes into the seal,
//! so that none can be put in another's place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use plenum_domain::Id;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};

use super::Auth;

/// What sealed bytes begin with: the way in which they are sealed.
const WAY: u8 = 1;
/// What a sealed text begins with.
const MARK: &str = "sealed:";

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    /// An account's second factor.
    SecondFactor,
    /// What a tenant's sign-in provider knows this hub by.
    SignIn,
}

impl Secret {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::SecondFactor => b"second factor",
            Self::SignIn => b"sign-in",
        }
    }
}

/// Seals and opens.
pub(super) struct Vault(LessSafeKey);

impl Vault {
    pub(super) fn new(secret: &[u8]) -> Self {
        let digest = Sha256::new().chain_update(b"plenum at rest 1").chain_update(secret).finalize();
        let key = UnboundKey::new(&CHACHA20_POLY1305, &digest).expect("a digest is as long as a key");
        Self(LessSafeKey::new(key))
    }

    /// `nonce` is random: of 2³² secrets two would share one with a chance of 2⁻³³.
    fn seal(&self, secret: Secret, whose: Id, nonce: [u8; NONCE_LEN], plain: &[u8]) -> Vec<u8> {
        let mut rest = plain.to_vec();
        let sealed = self.0.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            about(secret, whose),
            &mut rest,
        );
        sealed.expect("a secret is shorter than 256 GiB");
        [&[WAY][..], &nonce, &rest].concat()
    }

    /// None when it was sealed by another key, for another purpose, or changed since.
    fn open(&self, secret: Secret, whose: Id, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.strip_prefix(&[WAY])?.split_at_checked(NONCE_LEN)?;
        let (nonce, mut rest) = (Nonce::try_assume_unique_for_key(nonce).ok()?, rest.to_vec());
        let plain = self.0.open_in_place(nonce, about(secret, whose), &mut rest).ok()?;
        Some(plain.to_vec())
    }
}

fn about(secret: Secret, whose: Id) -> Aad<Vec<u8>> {
    Aad::from([secret.name(), &whose.to_bytes()].concat())
}

impl Auth {
    /// Seals bytes for the store.
    pub(crate) fn sealed(&self, secret: Secret, whose: Id, plain: &[u8]) -> Vec<u8> {
        self.0.vault.seal(secret, whose, self.0.clock.secret(), plain)
    }

    /// Bytes of the store; none, with a word in the log, when this hub cannot read them.
    pub(crate) fn opened(&self, secret: Secret, whose: Id, sealed: &[u8]) -> Option<Vec<u8>> {
        let opened = self.0.vault.open(secret, whose, sealed);
        if opened.is_none() {
            tracing::error!(?secret, %whose, "a secret cannot be read: auth.secret_file is not the one that sealed it");
        }
        opened
    }

    /// Seals a text for the store.
    pub(crate) fn sealed_text(&self, secret: Secret, whose: Id, plain: &str) -> String {
        format!("{MARK}{}", URL_SAFE_NO_PAD.encode(self.sealed(secret, whose, plain.as_bytes())))
    }

    /// A text of the store. What was written before texts were sealed is read as it is.
    pub(crate) fn opened_text(&self, secret: Secret, whose: Id, kept: &str) -> Option<String> {
        let Some(sealed) = kept.strip_prefix(MARK) else { return Some(kept.to_owned()) };
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        String::from_utf8(self.opened(secret, whose, &bytes)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Id = Id::from_bits(1);
    const BEN: Id = Id::from_bits(2);

    #[test]
    fn what_is_sealed_is_read_by_its_own_key_for_its_own_purpose_only() {
        let (vault, other) = (Vault::new(&[1; 32]), Vault::new(&[2; 32]));
        let sealed = vault.seal(Secret::SecondFactor, ANN, [7; NONCE_LEN], b"a secret");
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
        assert_eq!(vault.open(Secret::SecondFactor, ANN, &sealed).as_deref(), Some(&b"a secret"[..]));
        assert_eq!(other.open(Secret::SecondFactor, ANN, &sealed), None, "another installation's");
        assert_eq!(vault.open(Secret::SecondFactor, BEN, &sealed), None, "put in another's place");
        assert_eq!(vault.open(Secret::SignIn, ANN, &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(vault.open(Secret::SecondFactor, ANN, &changed), None, "byte {at}");
        }
        assert_eq!(vault.open(Secret::SecondFactor, ANN, b""), None);
    }
}
