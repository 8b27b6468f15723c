//! Times as programmes write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use crate::Timestamp;

/// The longest session, in minutes: a week.
const DURATION_MAX_MIN: i64 = 7 * 24 * 60;

/// A moment, and the offset from UTC that it was written with: one programme may mix several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The moment.
    pub at: Timestamp,
    /// The offset from UTC that it was written with, in seconds.
    pub offset_s: i32,
}

impl Moment {
    /// The date at this moment, where it was written.
    pub fn date(self) -> Date {
        self.local().date()
    }

    /// The moment `ms` later, with the same offset.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self { at: self.at.plus_ms(ms), ..self }
    }

    fn local(self) -> DateTime {
        let offset = Offset::from_seconds(self.offset_s).unwrap_or(Offset::UTC);
        let moment = jiff::Timestamp::from_millisecond(self.at.ms()).unwrap_or_default();
        offset.to_datetime(moment)
    }
}

/// The zone, when it is one of the IANA time zones that this program carries.
pub fn known_time_zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// Reads `2025-02-01T11:30:00+01:00`; without an offset the time is meant in `zone`.
pub(super) fn read_moment(text: &str, zone: Option<&TimeZone>) -> Result<Moment, String> {
    let pieces = Pieces::parse(text).map_err(|_| format!("{text:?} is not a date and time"))?;
    let time = pieces.time().ok_or_else(|| format!("{text:?} has no time of day"))?;
    let local = DateTime::from_parts(pieces.date(), time);
    match (pieces.to_numeric_offset(), zone) {
        (Some(offset), _) => moment(offset.to_timestamp(local).ok(), offset, text),
        (None, Some(zone)) => in_zone(local, zone),
        (None, None) => Err(format!("{text:?} has no offset from UTC, and the programme names no time zone")),
    }
}

/// The moment at which it is `local` in `zone`.
pub(super) fn in_zone(local: DateTime, zone: &TimeZone) -> Result<Moment, String> {
    let zoned = local.to_zoned(zone.clone()).map_err(|_| format!("{local} is out of range"))?;
    moment(Some(zoned.timestamp()), zoned.offset(), &local.to_string())
}

fn moment(at: Option<jiff::Timestamp>, offset: Offset, text: &str) -> Result<Moment, String> {
    let at = at.ok_or_else(|| format!("{text} is out of range"))?;
    Ok(Moment { at: Timestamp::from_ms(at.as_millisecond()), offset_s: offset.seconds() })
}

/// Reads `2025-02-01`.
pub(super) fn read_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date"))
}

/// Reads `09:30` or `09:30:00`.
pub(super) fn read_time(text: &str) -> Result<Time, String> {
    text.parse().map_err(|_| format!("{text:?} is not a time of day"))
}

/// Reads a duration, `01:30` (hours and minutes), `01:30:00` or `90` (minutes), into milliseconds.
pub(super) fn read_duration_ms(text: &str) -> Result<i64, String> {
    let bad = || format!("{text:?} is not a duration such as 01:30");
    let numbers: Vec<i64> = text
        .split(':')
        .map(|part| part.parse::<u16>().map(i64::from).map_err(|_| bad()))
        .collect::<Result<_, _>>()?;
    let seconds = match numbers[..] {
        [minutes] => minutes * 60,
        [hours, minutes] if minutes < 60 => (hours * 60 + minutes) * 60,
        [hours, minutes, seconds] if minutes < 60 && seconds < 60 => (hours * 60 + minutes) * 60 + seconds,
        _ => return Err(bad()),
    };
    if seconds > DURATION_MAX_MIN * 60 {
        return Err(format!("{text:?} is longer than a week"));
    }
    Ok(seconds * 1_000)
}
