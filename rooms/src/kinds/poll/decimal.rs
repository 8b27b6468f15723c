//! Numbers that people give, in whole thousandths: exact, comparable, the same on every machine.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest size of a number, in thousandths: a billion. Sums of a billion such numbers fit 64 bits.
const MOST: i64 = 1_000_000_000 * THOUSAND;
const THOUSAND: i64 = 1_000;

/// A number with up to three decimals between minus and plus one billion. Read from a number or from decimal text,
/// written as decimal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

/// Why something is no [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number has at most three decimals and is between -1000000000 and 1000000000")]
pub struct BadDecimal;

impl Decimal {
    /// The number of so many thousandths; none when it is too large.
    pub const fn from_thousandths(thousandths: i64) -> Option<Self> {
        if thousandths >= -MOST && thousandths <= MOST { Some(Self(thousandths)) } else { None }
    }

    /// A whole number.
    pub const fn whole(number: i32) -> Self {
        Self(number as i64 * THOUSAND)
    }

    /// The number in thousandths.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// The whole number that this is; none when it has decimals.
    pub const fn as_whole(self) -> Option<i64> {
        if self.0 % THOUSAND == 0 { Some(self.0 / THOUSAND) } else { None }
    }

    fn of_float(number: f64) -> Result<Self, BadDecimal> {
        let thousandths = (number * THOUSAND as f64).round();
        if thousandths.abs() > MOST as f64 || thousandths / THOUSAND as f64 != number {
            return Err(BadDecimal);
        }
        Ok(Self(thousandths as i64))
    }
}

impl FromStr for Decimal {
    type Err = BadDecimal;

    fn from_str(text: &str) -> Result<Self, BadDecimal> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number =
            |part: &str| (1..=12).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || decimals.len() > 3 {
            return Err(BadDecimal);
        }
        let thousandths: i64 = format!("{whole}{decimals:0<3}").parse().map_err(|_| BadDecimal)?;
        Self::from_thousandths(if negative { -thousandths } else { thousandths }).ok_or(BadDecimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.abs());
        let text = format!("{sign}{}.{:03}", size / THOUSAND, size % THOUSAND);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl Visitor<'_> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number with at most three decimals")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
        let thousandths = number.checked_mul(THOUSAND).and_then(Decimal::from_thousandths);
        thousandths.ok_or_else(|| E::custom(BadDecimal))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
        self.visit_i64(i64::try_from(number).map_err(|_| E::custom(BadDecimal))?)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
        Decimal::of_float(number).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        text.parse().map_err(E::custom)
    }
}

/// A number in a view, in thousandths: written as a whole number when it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure(i64);

impl Figure {
    /// The number of so many thousandths.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Self(number.saturating_mul(THOUSAND))
    }

    /// `thousandths / count`, rounded half away from zero; none when `count` is 0.
    pub fn mean(thousandths: i64, count: u64) -> Option<Self> {
        let (sum, count) = (i128::from(thousandths), i128::from(count));
        let half = if sum < 0 { -count / 2 } else { count / 2 };
        (count > 0).then(|| Self(((sum + half) / count) as i64))
    }
}

impl From<Decimal> for Figure {
    fn from(number: Decimal) -> Self {
        Self(number.0)
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % THOUSAND {
            0 => serializer.serialize_i64(self.0 / THOUSAND),
            _ => serializer.serialize_f64(self.0 as f64 / THOUSAND as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<i64, String> {
        serde_json::from_str::<Decimal>(json).map(Decimal::thousandths).map_err(|why| why.to_string())
    }

    #[test]
    fn numbers_and_text_are_read_alike() {
        for (json, thousandths) in [
            ("3", 3_000),
            ("-3.5", -3_500),
            ("0.001", 1),
            ("\"12.25\"", 12_250),
            ("\"-0.5\"", -500),
            ("19.99", 19_990),
            ("1000000000", 1_000_000_000_000),
        ] {
            assert_eq!(read(json), Ok(thousandths), "{json}");
        }
    }

    #[test]
    fn what_is_no_such_number_is_refused() {
        for json in
            ["0.0001", "1000000001", "1e300", "\"\"", "\"1.\"", "\".5\"", "\"1e3\"", "\"--1\"", "true"]
        {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn means_are_rounded_half_away_from_zero() {
        assert_eq!(Figure::mean(10_000, 3), Some(Figure(3_333)));
        assert_eq!(Figure::mean(5, 2), Some(Figure(3)));
        assert_eq!(Figure::mean(-5, 2), Some(Figure(-3)));
        assert_eq!(Figure::mean(0, 0), None);
    }

    #[test]
    fn figures_are_whole_when_they_can_be() {
        let text = |thousandths| serde_json::to_string(&Figure(thousandths)).expect("a number");
        assert_eq!((text(4_000), text(-2_500)), ("4".to_owned(), "-2.5".to_owned()));
    }

    proptest::proptest! {
        #[test]
        fn text_and_back(thousandths in -MOST..=MOST) {
            let number = Decimal(thousandths);
            proptest::prop_assert_eq!(number.to_string().parse::<Decimal>(), Ok(number));
        }
    }
}
