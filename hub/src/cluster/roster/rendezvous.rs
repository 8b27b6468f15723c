//! Rendezvous hashing: every node gives a conference a number, the highest wins. When a node comes or goes, only
//! what it owned or wins changes hands.

use plenum_domain::Id;

use crate::cluster::lease::Member;

/// The members in the order in which they should own a conference. All nodes find the same order.
pub(crate) fn by_preference(mut members: Vec<Member>, conference: Id) -> Vec<Member> {
    members
        .sort_by_cached_key(|member| std::cmp::Reverse((weight(&member.node, conference), member.clone())));
    members
}

/// FNV-1a over the name, then the finisher of SplitMix64 (Steele, Lea, Flood 2014), so that every bit counts.
fn weight(node: &str, conference: Id) -> u64 {
    let name = node.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    let bits = conference.bits();
    let mut mixed = name ^ (bits >> 64) as u64 ^ (bits as u64).rotate_left(31);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn members(names: &[&str]) -> Vec<Member> {
        let member = |name: &&str| Member { node: (*name).to_owned(), run: 1, address: String::new() };
        names.iter().map(member).collect()
    }

    fn owner(names: &[&str], n: u128) -> String {
        by_preference(members(names), Id::from_bits(n)).remove(0).node
    }

    #[test]
    fn conferences_spread_and_only_those_of_a_lost_node_move() {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for n in 0..3_000 {
            let before = owner(&["a", "b", "c"], n);
            assert_eq!(owner(&["c", "a", "b"], n), before, "the order of the list does not matter");
            let after = owner(&["a", "b"], n);
            assert!(before == after || before == "c", "{n} moved from {before} to {after}");
            *counts.entry(before).or_default() += 1;
        }
        assert!(counts.values().all(|count| (800..1_200).contains(count)), "{counts:?}");
    }
}
