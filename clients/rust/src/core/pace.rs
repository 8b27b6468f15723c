//! Keeps a client within the limits that its hub announces: so many at once, so many a second.

use plenum_protocol::CommandLimits;

/// A bucket of thousandths of a command, so that no float is needed.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    per_s: i64,
    burst_milli: i64,
    milli: i64,
    counted_ms: i64,
}

impl Pace {
    /// The limits of a new socket; 0 a second is no limit.
    pub(crate) fn announce(&mut self, limits: CommandLimits, now_ms: i64) {
        let burst_milli = i64::from(limits.commands_burst.max(1)) * 1000;
        *self =
            Self { per_s: limits.commands_per_s.into(), burst_milli, milli: burst_milli, counted_ms: now_ms };
    }

    /// `None` when one may be sent now (it is counted), else the time at which to ask again.
    pub(crate) fn take(&mut self, now_ms: i64) -> Option<i64> {
        if self.per_s == 0 {
            return None;
        }
        let earned = (now_ms - self.counted_ms).max(0).saturating_mul(self.per_s);
        self.milli = self.burst_milli.min(self.milli.saturating_add(earned));
        self.counted_ms = now_ms;
        if self.milli < 1000 {
            return Some(now_ms + (1000 - self.milli + self.per_s - 1) / self.per_s);
        }
        self.milli -= 1000;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_through_then_so_many_a_second() {
        let mut pace = Pace::default();
        assert_eq!(pace.take(0), None);
        pace.announce(CommandLimits { commands_per_s: 10, commands_burst: 2 }, 0);
        assert_eq!([pace.take(0), pace.take(0), pace.take(0)], [None, None, Some(100)]);
        assert_eq!([pace.take(100), pace.take(100)], [None, Some(200)]);
    }
}
