//! Ids: 128 bits, made as UUIDv7 by the hub, printed as 26 characters of Crockford base32.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TEXT_LEN: usize = 26;

/// An id of anything: tenant, conference, room, participant, command.
///
/// Any 128 bits are accepted when an id is read; only the hub's clock makes new ones (UUIDv7, so ids sort by
/// the time at which they were made).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Id(u128);

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id has 26 Crockford base32 characters or the 36-character UUID form")]
pub struct BadId;

impl Id {
    /// The id with these bits.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The id's 128 bits.
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The id in the 36 characters of a UUID.
    pub fn canonical(self) -> String {
        let hex = format!("{:032x}", self.0);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// The id as 16 bytes, big-endian, so that bytes sort like ids.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The id of 16 big-endian bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// The nth id that belongs to this one, for things that one command makes several of: the same
    /// command always makes the same ids.
    pub const fn nth(self, n: u64) -> Self {
        let mixed = (n as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        Self(self.0 ^ (mixed & 0x3FFF_FFFF_FFFF_FFFF))
    }

    fn parse_crockford(text: &[u8]) -> Result<Self, BadId> {
        let mut bits: u128 = 0;
        for (place, byte) in text.iter().enumerate() {
            let digit = DIGITS[usize::from(*byte)];
            if digit == NO_DIGIT || (place == 0 && digit > 7) {
                return Err(BadId);
            }
            bits = (bits << 5) | u128::from(digit);
        }
        Ok(Self(bits))
    }

    fn parse_canonical(text: &[u8]) -> Result<Self, BadId> {
        let mut bits: u128 = 0;
        for (place, byte) in text.iter().enumerate() {
            if matches!(place, 8 | 13 | 18 | 23) {
                if *byte != b'-' {
                    return Err(BadId);
                }
                continue;
            }
            let digit = char::from(*byte).to_digit(16).ok_or(BadId)?;
            bits = (bits << 4) | u128::from(digit);
        }
        Ok(Self(bits))
    }

    fn text(self) -> [u8; TEXT_LEN] {
        let mut out = [0; TEXT_LEN];
        for (place, byte) in out.iter_mut().enumerate() {
            let shift = 5 * (TEXT_LEN - 1 - place);
            *byte = ALPHABET[((self.0 >> shift) & 31) as usize];
        }
        out
    }
}

/// The digit that each byte stands for, [`NO_DIGIT`] when it stands for none. Lower case and the look-alikes `i l o` are
/// read as Crockford's table says.
const DIGITS: [u8; 256] = digits();
const NO_DIGIT: u8 = 0xFF;

const fn digits() -> [u8; 256] {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        let letter = ALPHABET[value];
        digits[letter as usize] = value as u8;
        digits[letter.to_ascii_lowercase() as usize] = value as u8;
        value += 1;
    }
    digits[b'O' as usize] = 0;
    digits[b'o' as usize] = 0;
    digits[b'I' as usize] = 1;
    digits[b'i' as usize] = 1;
    digits[b'L' as usize] = 1;
    digits[b'l' as usize] = 1;
    digits
}

impl FromStr for Id {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        match text.len() {
            TEXT_LEN => Self::parse_crockford(text.as_bytes()),
            36 => Self::parse_canonical(text.as_bytes()),
            _ => Err(BadId),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.text()).expect("the alphabet is ASCII"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text in every format, so that a map keyed by ids reads the same in JSON and MessagePack.
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.text()).expect("the alphabet is ASCII"))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdText;
        impl Visitor<'_> for IdText {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id of 26 Crockford base32 characters")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(IdText)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_name_the_same_id() {
        let id: Id = "01H5XNDY7S3C9QRG8T4V2M6B0F".parse().unwrap();
        let hex = format!("{:032x}", id.bits());
        let dashed = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
        assert_eq!(dashed.parse::<Id>(), Ok(id));
        assert_eq!(id.to_string(), "01H5XNDY7S3C9QRG8T4V2M6B0F");
        assert_eq!("01h5xndy7s3c9qrg8t4v2m6bof".parse::<Id>(), Ok(id));
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in [
            "",
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "01H5XNDY7S3C9QRG8T4V2M6B0U",
            "01H5XNDY",
            "é1H5XNDY7S3C9QRG8T4V2M6B0",
        ] {
            assert_eq!(text.parse::<Id>(), Err(BadId), "{text}");
        }
    }

    #[test]
    fn ids_of_one_command_differ_and_repeat() {
        let command = Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0001);
        assert_ne!(command.nth(0), command.nth(1));
        assert_eq!(command.nth(3), command.nth(3));
        assert_eq!(command.nth(1).bits() >> 80, command.bits() >> 80, "the time part is kept");
    }

    proptest::proptest! {
        #[test]
        fn text_and_back(bits: u128) {
            let id = Id::from_bits(bits);
            proptest::prop_assert_eq!(id.to_string().parse::<Id>(), Ok(id));
            proptest::prop_assert_eq!(Id::from_bytes(id.to_bytes()), id);
        }
    }
}
