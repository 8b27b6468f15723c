//! Tickets: what stands in the QR code of someone who registered. Signed, so that a device without a network can tell a
//! true one; whoever checks them needs the public key only.
//!
//! `PLT1.` or `PLR1.`, then the ids of conference and participant, then the signature (ECDSA on P-256 with SHA-256, the
//! two numbers of 32 bytes), both in base64url. That curve is the one that every browser's `WebCrypto` has.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use plenum_domain::Id;
use sha2::{Digest as _, Sha256};

/// What a signed text is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Lets in at a door. Given out when the registration is confirmed.
    Ticket,
    /// Tells how the registration stands, and calls it off.
    Receipt,
}

impl Paper {
    const fn mark(self) -> &'static str {
        match self {
            Self::Ticket => "PLT1",
            Self::Receipt => "PLR1",
        }
    }
}

/// Whose a ticket or receipt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The conference.
    pub conference: Id,
    /// The participant.
    pub participant: Id,
}

/// The numbers of a public key, in base64url: `x` and `y` of a JSON Web Key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The point's first number.
    pub x: String,
    /// The point's second number.
    pub y: String,
}

/// Signs and checks tickets: one key a tenant, made from the hub's secret.
pub(super) struct Tickets {
    secret: Vec<u8>,
}

impl Tickets {
    pub(super) fn new(secret: &[u8]) -> Self {
        Self { secret: secret.to_vec() }
    }

    /// Numbers that are no key come up once in 2³² tries; then the next one is taken.
    fn key(&self, tenant: Id) -> SigningKey {
        let tries = (0_u32..).map(|count| {
            let digest = Sha256::new()
                .chain_update(b"plenum tickets 1")
                .chain_update(&self.secret)
                .chain_update(tenant.to_bytes())
                .chain_update(count.to_be_bytes());
            SigningKey::from_slice(&digest.finalize())
        });
        tries.flatten().next().expect("all but a few numbers are keys")
    }

    pub(super) fn sign(&self, tenant: Id, paper: Paper, bearer: Bearer) -> String {
        let body = body(bearer);
        let signature: Signature = self.key(tenant).sign(&signed(paper, &body));
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        format!("{}.{}.{}", paper.mark(), encode(&body), encode(&signature.to_bytes()))
    }

    pub(super) fn read(&self, tenant: Id, paper: Paper, text: &str) -> Option<Bearer> {
        let (bearer, body, signature) = parts(paper, text)?;
        let key = VerifyingKey::from(&self.key(tenant));
        key.verify(&signed(paper, &body), &signature).is_ok().then_some(bearer)
    }

    pub(super) fn public_key(&self, tenant: Id) -> PublicKey {
        let point = VerifyingKey::from(&self.key(tenant)).to_encoded_point(false);
        let encode =
            |bytes: Option<&p256::FieldBytes>| URL_SAFE_NO_PAD.encode(bytes.copied().unwrap_or_default());
        PublicKey { x: encode(point.x()), y: encode(point.y()) }
    }
}

/// Whose a text claims to be, before its signature is checked: which tenant's key it is, its conference tells.
pub(super) fn claimed(paper: Paper, text: &str) -> Option<Bearer> {
    parts(paper, text).map(|(bearer, ..)| bearer)
}

fn body(bearer: Bearer) -> [u8; 32] {
    let mut body = [0; 32];
    body[..16].copy_from_slice(&bearer.conference.to_bytes());
    body[16..].copy_from_slice(&bearer.participant.to_bytes());
    body
}

fn signed(paper: Paper, body: &[u8; 32]) -> Vec<u8> {
    [paper.mark().as_bytes(), body].concat()
}

fn parts(paper: Paper, text: &str) -> Option<(Bearer, [u8; 32], Signature)> {
    let mut parts = text.trim().split('.');
    if parts.next() != Some(paper.mark()) {
        return None;
    }
    let mut decode = || URL_SAFE_NO_PAD.decode(parts.next()?).ok();
    let body: [u8; 32] = decode()?.try_into().ok()?;
    let signature = Signature::from_slice(&decode()?).ok()?;
    let id = |bytes: &[u8]| Some(Id::from_bytes(bytes.try_into().ok()?));
    let bearer = Bearer { conference: id(&body[..16])?, participant: id(&body[16..])? };
    parts.next().is_none().then_some((bearer, body, signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEARER: Bearer = Bearer { conference: Id::from_bits(7), participant: Id::from_bits(8) };

    #[test]
    fn a_ticket_is_good_for_its_tenant_and_purpose_only() {
        let tickets = Tickets::new(b"secret");
        let (tenant, other) = (Id::from_bits(1), Id::from_bits(2));
        let text = tickets.sign(tenant, Paper::Ticket, BEARER);
        assert!(text.len() < 160, "a QR code of it can be read from a phone: {}", text.len());
        assert_eq!(tickets.read(tenant, Paper::Ticket, &format!(" {text}\n")), Some(BEARER));
        assert_eq!(claimed(Paper::Ticket, &text), Some(BEARER));
        assert_eq!(tickets.read(other, Paper::Ticket, &text), None);
        assert_eq!(tickets.read(tenant, Paper::Receipt, &text.replace("PLT1", "PLR1")), None);
        assert_eq!(Tickets::new(b"another").read(tenant, Paper::Ticket, &text), None);
        let key = tickets.public_key(tenant);
        assert_eq!((key.x.len(), key.y.len(), key == tickets.public_key(other)), (43, 43, false));
    }

    #[test]
    fn whatever_else_is_scanned_is_no_ticket() {
        let tickets = Tickets::new(b"secret");
        let text = tickets.sign(Id::from_bits(1), Paper::Ticket, BEARER);
        for wrong in
            ["", "PLT1", "PLT1.", "PLT1.a.b", "https://example.org", &text[..60], &format!("{text}.x")]
        {
            assert_eq!(tickets.read(Id::from_bits(1), Paper::Ticket, wrong), None, "{wrong}");
        }
    }
}
