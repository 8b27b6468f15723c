//! Requests of a tenant in a minute, all of its people together.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use plenum_domain::{Id, Timestamp};

use crate::http::Fault;

const MINUTE_MS: i64 = 60_000;

/// Counts by minute.
#[derive(Default)]
pub(super) struct Rate(Mutex<HashMap<Id, (i64, u64)>>);

impl Rate {
    /// # Errors
    /// 429 when `max` were counted in this minute.
    pub(super) fn count(&self, tenant: Id, max: u64, now: Timestamp) -> Result<(), Fault> {
        let minute = now.ms().div_euclid(MINUTE_MS);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, count) = counts.entry(tenant).or_insert((minute, 0));
        if *of != minute {
            (*of, *count) = (minute, 0);
        }
        *count += 1;
        if *count <= max {
            return Ok(());
        }
        let rest_ms = MINUTE_MS - now.ms().rem_euclid(MINUTE_MS);
        let per_min = u32::try_from(max).unwrap_or(u32::MAX);
        Err(Fault::rate_limited("tenant.requests_per_min", per_min, rest_ms.unsigned_abs()))
    }

    pub(super) fn counted(&self, tenant: Id, now: Timestamp) -> u64 {
        let minute = now.ms().div_euclid(MINUTE_MS);
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&tenant).filter(|(of, _)| *of == minute).map_or(0, |(_, count)| *count)
    }

    pub(super) fn sweep(&self, now: Timestamp) {
        let minute = now.ms().div_euclid(MINUTE_MS);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, (of, _)| *of == minute);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tenant_waits_for_the_next_minute_and_another_does_not() {
        let rate = Rate::default();
        let (one, other) = (Id::from_bits(1), Id::from_bits(2));
        let now = Timestamp::from_ms(MINUTE_MS * 7 + 20_000);
        assert!((0..3).all(|_| rate.count(one, 3, now).is_ok()));
        let fault = rate.count(one, 3, now).unwrap_err();
        assert_eq!((fault.status.as_u16(), fault.retry_ms), (429, Some(40_000)));
        assert!(rate.count(other, 3, now).is_ok());
        assert!(rate.count(one, 3, now.plus_ms(40_000)).is_ok());
        assert_eq!(rate.counted(one, now.plus_ms(40_000)), 1);
    }
}
