//! From the facts of a beat to its pushes: what changed several times is told once.

use std::collections::BTreeMap;

use super::room::Numbered;

/// The topics that facts belong to, each with the seq of its last fact, in the order of these seqs. No two topics
/// share a seq, because a fact has at most one topic: so each push has a range of its own, and nothing is skipped by
/// whoever reads them in order.
pub fn latest_of_each<F, T: Ord>(facts: &[Numbered<F>], topic: impl Fn(&F) -> Option<T>) -> Vec<(u64, T)> {
    let mut latest = BTreeMap::new();
    for one in facts {
        if let Some(topic) = topic(&one.fact) {
            latest.insert(topic, one.seq);
        }
    }
    let mut topics: Vec<(u64, T)> = latest.into_iter().map(|(topic, seq)| (seq, topic)).collect();
    topics.sort_by_key(|(seq, _)| *seq);
    topics
}

#[cfg(test)]
mod tests {
    use plenum_domain::Timestamp;

    use super::*;

    #[test]
    fn each_topic_is_told_once_and_in_order() {
        let fact = |(seq, fact): (u64, &'static str)| Numbered {
            seq,
            fact,
            at: Timestamp::from_ms(0),
            origin: None,
        };
        let facts = [(4, "b"), (5, "a"), (6, "b"), (7, "-"), (8, "c")].map(fact);
        let topics = latest_of_each(&facts, |fact| (*fact != "-").then_some(*fact));
        assert_eq!(topics, [(5, "a"), (6, "b"), (8, "c")]);
    }
}
