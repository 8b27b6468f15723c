//! Chance, given as a seed, so that a run can be repeated.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 to `max`, both included.
    pub(crate) fn up_to(&mut self, max: u64) -> u64 {
        let scaled = (u128::from(self.next()) * (u128::from(max) + 1)) >> 64;
        u64::try_from(scaled).expect("a 64-bit number times at most 2^64, divided by 2^64, has 64 bits")
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn throws_stay_within_and_reach_both_ends() {
        let mut dice = Dice::new(7);
        let throws: Vec<u64> = (0..1000).map(|_| dice.up_to(5)).collect();
        assert!((0..=5).all(|face| throws.contains(&face)));
        assert!(throws.iter().all(|face| *face <= 5));
        assert_eq!(dice.up_to(0), 0);
    }
}
