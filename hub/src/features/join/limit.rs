//! How many may come in from one address in a minute.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::http::Fault;

/// Joins by address. A hall shares one address, so the limit is generous; it stops those who guess codes.
pub(crate) struct JoinLimit {
    per_min: u32,
    /// None without a limit.
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

impl JoinLimit {
    /// 0 is no limit.
    pub(crate) fn new(per_min: u32) -> Self {
        let quota = NonZeroU32::new(per_min).map(Quota::per_minute);
        Self { per_min, addresses: quota.map(RateLimiter::keyed), clock: DefaultClock::default() }
    }

    /// Counts a join.
    ///
    /// # Errors
    /// 429 when there were too many from this address.
    pub(crate) fn check(&self, from: Option<IpAddr>) -> Result<(), Fault> {
        let (Some(addresses), Some(from)) = (&self.addresses, from) else { return Ok(()) };
        let Err(early) = addresses.check_key(&from) else { return Ok(()) };
        let wait = early.wait_time_from(self.clock.now());
        let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        Err(Fault::rate_limited("limits.joins_per_address_per_min", self.per_min, ms))
    }

    /// Forgets addresses that nobody comes from any more: the limiter never shrinks by itself.
    pub(crate) fn sweep(&self) {
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
            addresses.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_held_back_and_others_are_not() {
        let limit = JoinLimit::new(2);
        let (hall, home) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        assert!(limit.check(Some(hall)).is_ok() && limit.check(Some(hall)).is_ok());
        let fault = limit.check(Some(hall)).unwrap_err();
        assert_eq!((fault.status.as_u16(), &*fault.code), (429, "RATE_LIMITED"));
        assert!(fault.retry_ms.is_some_and(|ms| ms <= 30_000));
        assert!(limit.check(Some(home)).is_ok());
        assert!((0..100).all(|_| JoinLimit::new(0).check(Some(hall)).is_ok()));
    }
}
