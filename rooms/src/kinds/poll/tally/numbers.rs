//! Numbers: their mean, median and histogram, from exact sums of thousandths.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kinds::poll::decimal::Figure;
use crate::kinds::poll::wire::Bucket;

/// A histogram shows single values up to this many, else ranges of equal width.
const BUCKETS: usize = 20;

/// How often each number was given, in thousandths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::kinds::poll) struct Numbers {
    counts: BTreeMap<i64, u64>,
    sum: i64,
    count: u64,
}

impl Numbers {
    pub(super) fn add(&mut self, value: i64) {
        *self.counts.entry(value).or_default() += 1;
        self.sum += value;
        self.count += 1;
    }

    pub(super) fn remove(&mut self, value: i64) {
        let left = self.counts.get(&value).map_or(0, |count| count - 1);
        match left {
            0 => drop(self.counts.remove(&value)),
            _ => drop(self.counts.insert(value, left)),
        }
        self.sum -= value;
        self.count -= 1;
    }

    /// The mean, to three decimals.
    pub(in crate::kinds::poll) fn mean(&self) -> Option<Figure> {
        Figure::mean(self.sum, self.count)
    }

    /// The middle one; with two in the middle, their mean.
    pub(in crate::kinds::poll) fn median(&self) -> Option<Figure> {
        let (lower, upper) = (self.nth(self.count.checked_sub(1)? / 2)?, self.nth(self.count / 2)?);
        Figure::mean(lower + upper, 2)
    }

    fn nth(&self, place: u64) -> Option<i64> {
        let mut seen = 0;
        let mut ordered = self.counts.iter();
        let at = ordered.find(|(_, count)| {
            seen += **count;
            seen > place
        });
        at.map(|(value, _)| *value)
    }

    /// How often each value, or each range of values, was given.
    pub(in crate::kinds::poll) fn histogram(&self) -> Vec<Bucket> {
        if self.counts.len() <= BUCKETS {
            let single = |(value, count): (&i64, &u64)| bucket(*value, None, *count);
            return self.counts.iter().map(single).collect();
        }
        let first = self.counts.keys().next().copied().unwrap_or_default();
        let last = self.counts.keys().next_back().copied().unwrap_or_default();
        let width = (last - first) / BUCKETS as i64 + 1;
        let starts = (0..BUCKETS as i64).map(|n| first + n * width).take_while(|start| *start <= last);
        let ranged = |start: i64| {
            let count = self.counts.range(start..start + width).map(|(_, count)| count).sum();
            bucket(start, Some(start + width), count)
        };
        starts.map(ranged).collect()
    }
}

fn bucket(value: i64, to: Option<i64>, count: u64) -> Bucket {
    let (value, to) = (Figure::from_thousandths(value), to.map(Figure::from_thousandths));
    Bucket { value, to, count }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = i64>) -> Numbers {
        let mut numbers = Numbers::default();
        values.into_iter().for_each(|value| numbers.add(value));
        numbers
    }

    #[test]
    fn the_median_is_the_middle_one_or_between_two() {
        let median = |values: &[i64]| of(values.iter().copied()).median();
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[5_000]), Some(Figure::from_thousandths(5_000)));
        assert_eq!(median(&[9_000, 1_000, 2_000]), Some(Figure::from_thousandths(2_000)));
        assert_eq!(median(&[9_000, 1_000, 2_000, 3_000]), Some(Figure::from_thousandths(2_500)));
    }

    #[test]
    fn many_values_fall_into_ranges_that_hold_all_of_them() {
        let histogram = of((0..1_000).map(|n| n * n)).histogram();
        assert!(histogram.len() <= BUCKETS);
        assert_eq!(histogram.iter().map(|bucket| bucket.count).sum::<u64>(), 1_000);
        assert!(histogram.windows(2).all(|pair| pair[0].to == Some(pair[1].value)));
    }

    proptest::proptest! {
        #[test]
        fn taking_out_is_the_reverse_of_counting(values in proptest::collection::vec(-50i64..50, 0..40), more in proptest::collection::vec(-50i64..50, 0..40)) {
            let mut numbers = of(values.iter().chain(&more).copied());
            more.iter().for_each(|value| numbers.remove(*value));
            proptest::prop_assert_eq!(numbers, of(values));
        }
    }
}
