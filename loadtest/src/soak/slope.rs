//! Whether memory grows: a straight line through what was seen.

use std::time::Duration;

/// Memory over time.
#[derive(Clone, Debug, Default)]
pub(super) struct Slope(Vec<(f64, f64)>);

const SECONDS_PER_HOUR: f64 = 3_600.0;
const BYTES_PER_MB: f64 = 1_048_576.0;

impl Slope {
    pub(super) fn add(&mut self, at: Duration, bytes: u64) {
        self.0.push((at.as_secs_f64(), bytes as f64 / BYTES_PER_MB));
    }

    /// Without this first part of the time.
    pub(super) fn after(&self, part: f64) -> Self {
        Self(self.0.iter().skip((self.0.len() as f64 * part) as usize).copied().collect())
    }

    pub(super) fn first_mb(&self) -> f64 {
        self.0.first().map_or(0.0, |(_, mb)| *mb)
    }

    pub(super) fn last_mb(&self) -> f64 {
        self.0.last().map_or(0.0, |(_, mb)| *mb)
    }

    pub(super) fn growth_percent(&self) -> f64 {
        (self.last_mb() / self.first_mb().max(f64::MIN_POSITIVE) - 1.0) * 100.0
    }

    /// The slope of the line with the least squares, as a part of the mean.
    pub(super) fn percent_per_hour(&self) -> f64 {
        let count = self.0.len().max(1) as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| self.0.iter().map(of).sum::<f64>() / count;
        let (mean_s, mean_mb) = (mean(|point| point.0), mean(|point| point.1));
        let (mut together, mut alone) = (0.0, 0.0);
        for (seconds, mb) in &self.0 {
            together += (seconds - mean_s) * (mb - mean_mb);
            alone += (seconds - mean_s) * (seconds - mean_s);
        }
        if alone == 0.0 || mean_mb == 0.0 {
            return 0.0;
        }
        together / alone * SECONDS_PER_HOUR / mean_mb * 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope_and_the_warm_up_does_not_count() {
        let mut slope = Slope::default();
        let megabytes = |second: u64| if second < 30 { second } else { 100 };
        (0..100).for_each(|second| slope.add(Duration::from_secs(second), megabytes(second) * 1_048_576));
        assert!(slope.percent_per_hour() > 1_000.0);
        assert_eq!(slope.after(0.3).percent_per_hour(), 0.0);
        assert_eq!(slope.after(0.3).growth_percent(), 0.0);
        let mut grows = Slope::default();
        (0..3_601).for_each(|second| grows.add(Duration::from_secs(second), (1_000 << 20) + second * 5_825));
        assert!((grows.percent_per_hour() - 1.98).abs() < 0.05, "{}", grows.percent_per_hour());
    }
}
