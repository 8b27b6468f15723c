//! Codes that people read off a slide and type: six characters that nobody mixes up.

use crate::clock::Clock;

/// Without 0 and O, 1, I and L, and without U, which keeps most words out. 30 characters: 729 million codes.
const ALPHABET: &[u8; 30] = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";
const LEN: usize = 6;

/// A new code. Whether it is free is for the store to say.
pub fn new(clock: &Clock) -> String {
    // 240 is the largest multiple of 30 in a byte: above it some characters would come more often.
    let fair = |byte: &u8| *byte < 240;
    let mut code = String::with_capacity(LEN);
    while code.len() < LEN {
        let bytes: [u8; 16] = clock.secret();
        let chars =
            bytes.iter().filter(|byte| fair(byte)).map(|byte| char::from(ALPHABET[usize::from(byte % 30)]));
        code.extend(chars.take(LEN - code.len()));
    }
    code
}

/// A code as it is stored, from what someone typed.
pub fn normal(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_clear_characters_and_forgive_typing() {
        let clock = Clock::new();
        for _ in 0..200 {
            let code = new(&clock);
            assert!(code.len() == LEN && code.bytes().all(|byte| ALPHABET.contains(&byte)), "{code}");
        }
        assert_eq!(normal(" k7m-q2x "), "K7MQ2X");
    }
}
