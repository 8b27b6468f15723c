//! The ids of traces and their stages, from keys.

use opentelemetry::trace::{SpanId, TraceId};
use plenum_domain::Id;
use sha2::{Digest as _, Sha256};

/// What the digests are of: a key itself is its sender's alone.
const PURPOSE: &[u8] = b"plenum: traces, version 1";

/// The trace of the command with this key. Nobody finds the key by it.
pub(super) fn trace(key: Id) -> TraceId {
    let digest = digest(key, "trace");
    TraceId::from_bytes(std::array::from_fn(|n| digest[n]))
}

/// A stage of that trace.
pub(super) fn span(key: Id, stage: &str) -> SpanId {
    let digest = digest(key, stage);
    SpanId::from_bytes(std::array::from_fn(|n| digest[n]))
}

fn digest(key: Id, what: &str) -> [u8; 32] {
    let digest = Sha256::new().chain_update(PURPOSE).chain_update(key.to_bytes()).chain_update(what);
    digest.finalize().into()
}

/// A number that looks random and is the same for a key everywhere (the finalizer of SplitMix64, over both halves).
pub(super) fn lot(key: Id) -> u64 {
    let bits = key.bits();
    let mut mixed = (bits >> 64) as u64 ^ (bits as u64).rotate_left(32);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The lots of one key in so many are no higher than this.
pub(super) const fn highest(one_in: u32) -> u64 {
    match one_in {
        0 => 0,
        many => u64::MAX / many as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_followed_as_were_asked_for() {
        let followed = |one_in| {
            let keys = (0..20_000).map(|_| Id::from_bits(uuid::Uuid::now_v7().as_u128()));
            keys.filter(|key| lot(*key) <= highest(one_in)).count()
        };
        assert_eq!(followed(1), 20_000);
        assert!((1_600..2_400).contains(&followed(10)));
    }

    #[test]
    fn ids_are_the_same_everywhere_and_tell_stages_apart() {
        let (one, other) = (Id::from_bits(1), Id::from_bits(2));
        assert_eq!(trace(one), trace(one));
        assert_ne!(trace(one), trace(other));
        assert_ne!(span(one, "journal"), span(one, "store"));
    }
}
