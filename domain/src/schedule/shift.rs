//! Moving a programme to other days: what began at ten begins at ten, also across a change of the clocks.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::Timestamp;

/// The moment with the same time of day, so many days later, in another or the same zone. A time that the clocks skip
/// on that day moves on by as much as they do; one that comes twice is the first.
pub fn shifted(at: Timestamp, from: &TimeZone, to: &TimeZone, days: i64) -> Timestamp {
    let moment = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    let local = from.to_datetime(moment);
    let date = local.date().checked_add(jiff::Span::new().days(days)).unwrap_or(local.date());
    let moved = date.to_datetime(local.time()).to_zoned(to.clone());
    moved.map_or(at, |zoned| Timestamp::from_ms(zoned.timestamp().as_millisecond()))
}

/// Days from one date to another; negative when the other is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conference::known_time_zone;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond())
    }

    #[test]
    fn ten_o_clock_stays_ten_o_clock_when_the_clocks_change() {
        let berlin = known_time_zone("Europe/Berlin").expect("Berlin is known");
        let friday = at("2026-10-23T10:00:00+02:00");
        assert_eq!(shifted(friday, &berlin, &berlin, 3), at("2026-10-26T10:00:00+01:00"));
        assert_eq!(
            shifted(at("2026-03-27T02:30:00+01:00"), &berlin, &berlin, 2),
            at("2026-03-29T03:30:00+02:00")
        );
        assert_eq!(
            shifted(at("2026-10-24T02:30:00+02:00"), &berlin, &berlin, 1),
            at("2026-10-25T02:30:00+02:00")
        );
    }

    #[test]
    fn another_zone_keeps_the_time_on_the_wall() {
        let zone = |name| known_time_zone(name).expect("the zone is known");
        let moved =
            shifted(at("2026-05-04T09:00:00+03:00"), &zone("Europe/Istanbul"), &zone("Asia/Riyadh"), 1);
        assert_eq!(moved, at("2026-05-05T09:00:00+03:00"));
        let (first, other) = ("2026-02-27".parse().expect("a date"), "2026-03-02".parse().expect("a date"));
        assert_eq!((days_between(first, other), days_between(other, first)), (3, -3));
    }
}
