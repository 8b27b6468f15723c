//! From when until when a certificate is valid: the one field that rustls does not look at on a server's own side.

use plenum_domain::Timestamp;

/// Tags of DER (X.690 §8).
const SEQUENCE: u8 = 0x30;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// The version's, which may be left out (RFC 5280 §4.1).
const VERSION: u8 = 0xA0;

/// The first and the last moment of a certificate in DER; none when it is no certificate.
pub(super) fn of(certificate: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let (SEQUENCE, certificate, _) = element(certificate)? else { return None };
    let (SEQUENCE, mut rest, _) = element(certificate)? else { return None };
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // The serial number, the signature's algorithm and the issuer stand before it.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (SEQUENCE, times, _) = element(rest)? else { return None };
    let (tag, from, times) = element(times)?;
    let (until_tag, until, _) = element(times)?;
    Some((moment(tag, from)?, moment(until_tag, until)?))
}

/// The first element's tag and content, and what stands behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, length], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match length {
        short @ 0..=0x7F => (usize::from(short), rest),
        long @ 0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7F))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ` (RFC 5280 §4.1.2.5).
fn moment(tag: u8, text: &[u8]) -> Option<Timestamp> {
    let digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = digits.split_at_checked(if tag == GENERALIZED_TIME { 4 } else { 2 })?;
    let year: i16 = match (tag, year.parse().ok()?) {
        (UTC_TIME, year @ 0..50) => 2_000 + year,
        (UTC_TIME, year) => 1_900 + year,
        (_, year) => year,
    };
    let part = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let (month, day) = (part(0)?, part(2)?);
    let (hour, minute, second) = (part(4)?, part(6)?, part(8)?);
    let civil = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let at = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_ms(at.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_certificate_are_read() {
        let mut wanted = rcgen::CertificateParams::new(vec!["hub.example".to_owned()]).unwrap();
        wanted.not_before = rcgen::date_time_ymd(2026, 1, 2);
        wanted.not_after = rcgen::date_time_ymd(2061, 3, 4);
        let key = rcgen::KeyPair::generate().unwrap();
        let (from, until) = of(wanted.self_signed(&key).unwrap().der()).unwrap();
        assert_eq!(from.ms(), 1_767_312_000_000);
        assert_eq!(until.ms(), 2_877_120_000_000, "past 2050 the year has four digits");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = of(&bytes);
        }

        #[test]
        fn no_bytes_that_look_like_elements_panic(bytes in proptest::collection::vec(proptest::sample::select(vec![0x30_u8, 0x17, 0x18, 0xA0, 2, 13, 0x81, 0x83, b'1', b'Z']), 0..60)) {
            let _ = of(&bytes);
        }
    }
}
