//! When a letter that did not go is tried again.

use plenum_domain::Timestamp;

/// After each try, in minutes: a server that restarts, one that greylists, one that is away for most of a day.
const WAITS_MIN: [i64; 6] = [1, 5, 15, 60, 240, 720];
const MINUTE_MS: i64 = 60_000;

/// When to try again what was tried so often; none when it is given up.
pub(super) fn next(tries: i64, now: Timestamp) -> Option<Timestamp> {
    let done = usize::try_from(tries).ok()?.checked_sub(1)?;
    Some(now.plus_ms(WAITS_MIN.get(done)? * MINUTE_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_longer_each_time_and_gives_up() {
        let zero = Timestamp::from_ms(0);
        let waits: Vec<i64> = (1..=6).filter_map(|tries| next(tries, zero)).map(Timestamp::ms).collect();
        assert!(waits.is_sorted() && waits.len() == 6, "{waits:?}");
        assert_eq!(next(7, zero), None);
    }
}
