//! Names, ids and times in the forms that the schemas want.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Written, WrittenSession};
use crate::search::folded;
use crate::{Id, Timestamp};

/// The least length of an acronym.
const ACRONYM_LEN_MIN: usize = 4;
/// The most words of a title that a slug has.
const SLUG_WORDS_MAX: usize = 8;

/// The id where it comes from, when it has the form of a UUID; else our own, in that form.
pub(super) fn guid(own: Id, theirs: Option<&str>) -> String {
    let groups = [8, 4, 4, 4, 12];
    let fits = |text: &&str| {
        let parts: Vec<&str> = text.split('-').collect();
        let is_hex = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
        parts.iter().map(|part| part.len()).eq(groups) && parts.iter().all(is_hex)
    };
    theirs.filter(fits).map_or_else(|| own.canonical(), str::to_owned)
}

/// Small letters, digits and underscores; four of them at least.
pub(super) fn acronym(raw: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
    let mut text: String = folded(raw).chars().map(plain).collect();
    while text.len() < ACRONYM_LEN_MIN {
        text.push('_');
    }
    text
}

/// `acronym-words-of-the-title-id`: no other session has it.
pub(super) fn slug(written: &Written, session: &WrittenSession) -> String {
    let title = folded(&session.title);
    let words =
        title.split(' ').filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()));
    let words = words.take(SLUG_WORDS_MAX).collect::<Vec<_>>().join("-");
    let id = session.id.to_string().to_lowercase();
    let name = acronym(&written.acronym);
    [name.as_str(), &words, &id[id.len() - 8..]]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

pub(super) fn local(zone: &TimeZone, at: Timestamp) -> DateTime {
    zone.to_datetime(jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default())
}

/// The first moment of a day, `YYYY-MM-DD`.
pub(super) fn midnight(zone: &TimeZone, date: &str) -> Timestamp {
    let zoned = date.parse::<jiff::civil::Date>().ok().and_then(|date| date.to_zoned(zone.clone()).ok());
    zoned.map_or(Timestamp::default(), |zoned| Timestamp::from_ms(zoned.timestamp().as_millisecond()))
}

/// `2026-11-22T09:00:00+01:00`.
pub(super) fn moment(zone: &TimeZone, at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    moment.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `09:00`.
pub(super) fn time_of_day(zone: &TimeZone, at: Timestamp) -> String {
    local(zone, at).strftime("%H:%M").to_string()
}

/// `01:30`: hours and minutes, of less than a hundred hours.
pub(super) fn duration(session: &WrittenSession) -> String {
    const MINUTES_MAX: i64 = 100 * 60 - 1;
    let minutes = (session.ends.since_ms(session.starts) / 60_000).clamp(0, MINUTES_MAX);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
