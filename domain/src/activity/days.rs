//! The days that moments fall on. Counts are kept by quarter hours: in every zone of today days begin at one, also across
//! a change of the clocks, so whole quarter hours make whole days.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::Timestamp;

/// A quarter of an hour, in milliseconds.
pub const QUARTER_MS: i64 = 15 * 60 * 1_000;

/// When the quarter of an hour began that a moment is in.
pub const fn quarter_of(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.ms() - at.ms().rem_euclid(QUARTER_MS))
}

/// The day that it is at a moment in a zone.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    let moment = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    zone.to_datetime(moment).date()
}

/// When a day begins in a zone, and when the next one does. A day has 23 or 25 hours when the clocks change.
pub fn day_bounds(day: Date, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let next = day.checked_add(1.day()).unwrap_or(day);
    (midnight(day, zone), midnight(next, zone))
}

/// The first moment of a day; where the clocks skip midnight, that is an hour later on them.
fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    let start = day.to_zoned(zone.clone()).and_then(|zoned| zoned.start_of_day());
    Timestamp::from_ms(start.map_or(0, |zoned| zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conference::known_time_zone;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond())
    }

    fn zone(name: &str) -> TimeZone {
        known_time_zone(name).expect("the zone is known")
    }

    #[test]
    fn a_day_is_the_zones_own() {
        let day = |text, name| day_of(at(text), &zone(name)).to_string();
        assert_eq!(day("2026-06-01T22:30:00Z", "Europe/Berlin"), "2026-06-02");
        assert_eq!(day("2026-06-01T22:30:00Z", "America/Lima"), "2026-06-01");
        assert_eq!(day("2026-06-01T18:20:00Z", "Asia/Kathmandu"), "2026-06-02", "five hours and 45 minutes");
    }

    #[test]
    fn days_on_which_the_clocks_change_are_shorter_and_longer() {
        let hours = |day: &str, name| {
            let (from, until) = day_bounds(day.parse().expect("a day"), &zone(name));
            (until.since_ms(from) / (4 * QUARTER_MS), until.since_ms(from) % QUARTER_MS)
        };
        assert_eq!(hours("2026-03-29", "Europe/Berlin"), (23, 0));
        assert_eq!(hours("2026-10-25", "Europe/Berlin"), (25, 0));
        assert_eq!(hours("2026-10-26", "Europe/Berlin"), (24, 0));
        assert_eq!(hours("2026-09-06", "America/Santiago"), (23, 0), "midnight itself is skipped");
    }

    #[test]
    fn every_moment_is_within_its_day_and_days_begin_at_quarter_hours() {
        for name in ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"] {
            let zone = zone(name);
            for quarter in 0..(4 * 24 * 400) {
                let moment = at("2026-01-01T00:00:00Z").plus_ms(quarter * QUARTER_MS);
                let (from, until) = day_bounds(day_of(moment, &zone), &zone);
                assert!(from <= moment && moment < until, "{name}: {moment:?}");
                assert_eq!(from.ms() % QUARTER_MS, 0, "{name}");
            }
        }
    }
}
