//! How sure the support of a question is.

/// The quantile of the normal distribution for 95 % (two-sided).
const Z: f64 = 1.96;

/// The lower bound of the Wilson score interval (E. B. Wilson 1927, "Probable inference, the law of succession, and
/// statistical inference") for the share of people who support a question, in thousandths, rounded down.
///
/// Only votes for a question exist, so the sample is not "up and down" but those who could have voted: `voters` is how
/// many people voted for anything since the question was shown. A late question with 5 of 6 so comes before an early
/// one with 20 of 100.
pub(super) fn per_mille(votes: u32, voters: u32) -> u16 {
    if votes == 0 {
        return 0;
    }
    let n = f64::from(voters.max(votes));
    let share = f64::from(votes) / n;
    let centre = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((centre - spread) / (1.0 + Z * Z / n) * 1_000.0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_that_of_the_formula() {
        // Rounded down from 0.2065, 0.7225, 0.1682, 0.3094, 0.4365 and 0.1334.
        let examples =
            [(1, 1, 206), (10, 10, 722), (4, 10, 168), (40, 100, 309), (5, 6, 436), (20, 100, 133)];
        for (votes, voters, expected) in examples {
            assert_eq!(per_mille(votes, voters), expected, "{votes} of {voters}");
        }
    }

    #[test]
    fn it_stays_in_its_range() {
        for votes in 0..200 {
            for voters in 0..200 {
                assert!(per_mille(votes, voters) < 1_000);
            }
            assert!(per_mille(votes + 1, 300) >= per_mille(votes, 300), "more votes are never worse");
        }
        assert_eq!(per_mille(0, 50), 0);
        assert_eq!(per_mille(9, 3), per_mille(9, 9), "a merged question may have more votes than voters");
    }
}
