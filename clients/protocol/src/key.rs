//! The client's own id of an action: a UUID, read in either of its two written forms.

use plenum_domain::Id;

/// Reads a key: 36 characters of canonical UUID, or 26 characters of Crockford base32, in either case of letters.
pub fn parse_key(text: &str) -> Option<u128> {
    text.parse::<Id>().ok().map(Id::bits)
}

/// Writes a key as the canonical 36 characters, without an allocation.
pub fn format_key(key: u128) -> [u8; 36] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let mut rest = key;
    for place in text.iter_mut().enumerate().rev().filter(|(at, _)| !is_hyphen(*at)).map(|(_, place)| place) {
        *place = HEX[(rest & 0xf) as usize];
        rest >>= 4;
    }
    text
}

const fn is_hyphen(at: usize) -> bool {
    matches!(at, 8 | 13 | 18 | 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_read_to_the_same_key() {
        let key = 0x0198_c0de_7001_7abc_8def_0123_4567_89ab;
        let uuid = "0198c0de-7001-7abc-8def-0123456789ab";
        assert_eq!(parse_key(uuid), Some(key));
        assert_eq!(parse_key(&uuid.to_uppercase()), Some(key));
        assert_eq!(parse_key("01K30DWW01FAY8VVR14D2PF2DB"), Some(key));
        assert_eq!(parse_key("oLk30dww0ifay8vvrl4d2pf2db"), Some(key));
        assert_eq!(&format_key(key), uuid.as_bytes());
    }

    #[test]
    fn extremes_are_keys_and_what_does_not_fit_is_none() {
        assert_eq!(parse_key("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"), Some(u128::MAX));
        assert_eq!(parse_key("00000000000000000000000000"), Some(0));
        assert_eq!(parse_key("8ZZZZZZZZZZZZZZZZZZZZZZZZZ"), None);
        assert_eq!(parse_key("0198c0de+7001-7abc-8def-0123456789ab"), None);
        assert_eq!(parse_key("0198c0de-7001-7abc-8def-0123456789ag"), None);
        assert_eq!(parse_key("ÿÿÿÿÿÿÿÿÿÿÿÿÿ"), None);
        assert_eq!(parse_key(""), None);
    }
}
