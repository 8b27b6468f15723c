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
        _ if text.chars().all(|c| c.is_whitespace() || is_blank(c)) => Err(BadText::Empty),
        _ if has > max => Err(BadText::TooLong { has, max }),
        _ => Ok(text.to_owned()),
    }
}

/// Characters that show nothing by themselves: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt, version
/// 16) and the empty Braille pattern. Within a text they stay: emoji, Persian and Thai need some of them.
const fn is_blank(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
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
    fn a_text_that_shows_nothing_is_empty() {
        for raw in ["\u{200B}", " \u{2060}\u{FEFF} ", "\u{3164}", "\u{2800}\n\u{2800}", "\u{E0041}"] {
            assert_eq!(clean(raw, 10), Err(BadText::Empty), "{raw:?}");
        }
        for raw in ["❤️", "👩‍💻", "می‌خواهم"] {
            assert_eq!(clean(raw, 10), Ok(raw.to_owned()));
        }
    }

    #[test]
    fn empty_and_long_are_refused() {
        assert_eq!(clean(" \u{7} ", 10), Err(BadText::Empty));
        assert_eq!(clean("four", 3), Err(BadText::TooLong { has: 4, max: 3 }));
    }
}
