//! Texts that people typed, parsed once at the edge so that nothing behind it has to check again.

use unicode_normalization::UnicodeNormalization;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing is left after trimming.
    #[error("the text is empty")]
    Empty,
    /// Longer than `max` characters.
    #[error("the text has {has} characters; {max} are allowed")]
    TooLong {
        /// Characters after trimming and normalisation.
        has: usize,
        /// Characters allowed.
        max: usize,
    },
}

/// Trims, normalises to NFC, drops control characters other than line breaks, and checks the length in characters.
///
/// # Errors
/// [`BadText`] when nothing is left or more than `max` characters are.
pub fn clean(raw: &str, max: usize) -> Result<String, BadText> {
    let text: String = raw.nfc().filter(|c| *c == '\n' || !is_refused(*c)).collect();
    let text = text.trim();
    let has = text.chars().count();
    match has {
        0 => Err(BadText::Empty),
        _ if has > max => Err(BadText::TooLong { has, max }),
        _ => Ok(text.to_owned()),
    }
}

/// Control characters, and the bidirectional overrides that can make a text show as another one
/// (Unicode Technical Report 36, section 2.5). Isolates stay: people writing Arabic and English need them.
fn is_refused(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_composed() {
        assert_eq!(clean("  cafe\u{301}\u{0}\u{202E} ", 10), Ok("café".to_owned()));
        assert_eq!(clean("a\nb", 3), Ok("a\nb".to_owned()));
    }

    #[test]
    fn empty_and_long_are_refused() {
        assert_eq!(clean(" \u{7} ", 10), Err(BadText::Empty));
        assert_eq!(clean("four", 3), Err(BadText::TooLong { has: 4, max: 3 }));
    }
}
