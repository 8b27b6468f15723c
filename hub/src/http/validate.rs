//! Checking values that have the right type, all fields at once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use plenum_domain::{Timestamp, text};

use super::fault::Fault;

/// The longest address of a page, in bytes.
const ADDRESS_BYTES_MAX: usize = 2_048;
/// More people than any hall holds.
const CAPACITY_MAX: i64 = 1_000_000;

/// Collects what is wrong with a body, so that its sender hears all of it at once.
#[derive(Debug, Default)]
pub struct Wrongs(BTreeMap<String, Vec<String>>);

impl Wrongs {
    /// Nothing is wrong yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// This is wrong.
    pub fn add(&mut self, field: &str, wrong: impl Into<String>) {
        self.0.entry(field.to_owned()).or_default().push(wrong.into());
    }

    /// A text of 1 to `max` characters, cleaned.
    pub fn text(&mut self, field: &str, raw: &str, max: usize) -> String {
        let cleaned = text::clean(raw, max);
        cleaned.unwrap_or_else(|wrong| {
            self.add(field, wrong.to_string());
            String::new()
        })
    }

    /// As [`Self::text`], when there is one.
    pub fn maybe_text(&mut self, field: &str, raw: Option<&str>, max: usize) -> Option<String> {
        raw.filter(|raw| !raw.trim().is_empty()).map(|raw| self.text(field, raw, max))
    }

    /// A day, `2026-11-22`.
    pub fn day(&mut self, field: &str, raw: &str) -> Date {
        raw.parse().unwrap_or_else(|_| {
            self.add(field, "is a day such as 2026-11-22");
            Date::default()
        })
    }

    /// A moment in RFC 3339, with its offset.
    pub fn moment(&mut self, field: &str, raw: &str) -> Timestamp {
        let read = raw.parse::<jiff::Timestamp>();
        read.map(|moment| Timestamp::from_ms(moment.as_millisecond())).unwrap_or_else(|_| {
            self.add(field, "is a time such as 2026-11-22T09:00:00Z or 2026-11-22T10:00:00+01:00");
            Timestamp::default()
        })
    }

    /// The name of a time zone of IANA's database.
    pub fn time_zone(&mut self, field: &str, raw: &str) -> String {
        if TimeZone::get(raw).is_err() {
            self.add(field, "is a time zone of IANA's list, such as Europe/Berlin");
        }
        raw.to_owned()
    }

    /// An e-mail address, as far as its form tells.
    pub fn email(&mut self, field: &str, raw: &str) -> String {
        let email = raw.trim().to_lowercase();
        let parts = email.split_once('@').filter(|(name, host)| !name.is_empty() && host.contains('.'));
        if parts.is_none() || email.len() > 254 || email.contains(char::is_whitespace) {
            self.add(field, "is an e-mail address");
        }
        email
    }

    /// An address for browsers: http or https.
    pub fn web_address(&mut self, field: &str, raw: &str) -> String {
        let address = raw.trim();
        let starts = address.starts_with("https://") || address.starts_with("http://");
        let plain = !address.contains(|c: char| c.is_whitespace() || c.is_control());
        if !starts || !plain || address.len() > ADDRESS_BYTES_MAX {
            self.add(field, "is an address that begins with http:// or https://");
        }
        address.to_owned()
    }

    /// How many people fit in, when there is a limit.
    pub fn capacity(&mut self, field: &str, raw: Option<i64>) -> Option<i64> {
        if raw.is_some_and(|number| !(1..=CAPACITY_MAX).contains(&number)) {
            self.add(field, format!("is between 1 and {CAPACITY_MAX}"));
        }
        raw
    }

    /// Goes on when nothing is wrong.
    ///
    /// # Errors
    /// 422 with every field that is.
    pub fn done(self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::fields(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let mut wrong = Wrongs::new();
        assert_eq!(wrong.text("title", " Hall ", 10), "Hall");
        assert_eq!(wrong.moment("at", "2026-11-22T10:00:00+01:00").ms() % 86_400_000, 9 * 3_600_000);
        wrong.text("name", " ", 10);
        wrong.day("starts_on", "2026-13-01");
        wrong.moment("starts_at", "tomorrow");
        wrong.time_zone("time_zone", "Mars/Olympus");
        wrong.email("email", "nobody");
        let fault = wrong.done().unwrap_err();
        let fields: Vec<&str> = fault.details.keys().map(String::as_str).collect();
        assert_eq!(fields, ["email", "name", "starts_at", "starts_on", "time_zone"]);
    }
}
