//! Words of a cloud: what counts as the same word.

use unicode_normalization::UnicodeNormalization;

use super::wire::Rejection;

/// The longest word, in characters.
pub(super) const WORD_CHARS: usize = 40;
/// A word may be a short phrase of so many words.
const PHRASE_WORDS: usize = 4;

/// Everything between commas, semicolons and line breaks; the Arabic ones too.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '\n', '،', '؛']).filter(|part| !part.trim().is_empty())
}

/// The form under which a word is counted and shown: NFC, lower case, single spaces, no punctuation around it.
///
/// # Errors
/// Nothing is left, or it is too long.
pub(super) fn normalise(raw: &str) -> Result<String, Rejection> {
    let word = fold(raw);
    let (chars, parts) = (word.chars().count(), word.split(' ').count());
    match () {
        () if word.is_empty() => Err(Rejection::BadText("the word is empty, or nothing but punctuation")),
        () if chars > WORD_CHARS => Err(Rejection::TooLong { max: WORD_CHARS, has: chars }),
        () if parts > PHRASE_WORDS => {
            Err(Rejection::BadText("a word of the cloud is a phrase of at most 4 words"))
        }
        () => Ok(word),
    }
}

/// Whether `text` holds one of `banned` as whole words. They are sorted, and [`bare`].
pub(super) fn holds_banned(text: &str, banned: &[String]) -> bool {
    if banned.is_empty() {
        return false;
    }
    let bare = bare(text);
    let starts = std::iter::once(0).chain(bare.match_indices(' ').map(|(space, _)| space + 1));
    let is_banned = |phrase: &str| banned.binary_search_by(|entry| entry.as_str().cmp(phrase)).is_ok();
    starts.into_iter().any(|start| phrases(&bare[start..]).any(is_banned))
}

/// The phrases of up to four words that `text` begins with.
fn phrases(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices(' ').map(|(space, _)| space).chain([text.len()]);
    ends.take(PHRASE_WORDS).map(|end| &text[..end])
}

/// The text's words without punctuation, with single spaces: the form in which banned words are kept and found.
pub(super) fn bare(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_punctuation(c)).map(fold);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a banned entry is one that can be found: 1 to 4 words.
pub(super) fn is_phrase(bare: &str) -> bool {
    !bare.is_empty() && bare.split(' ').count() <= PHRASE_WORDS
}

fn fold(raw: &str) -> String {
    let visible: String =
        raw.nfc().map(|c| if c.is_control() { ' ' } else { c }).filter(is_visible).collect();
    let lower: String = visible.to_lowercase().nfc().collect();
    let bare = lower
        .trim_start_matches(|c: char| c.is_whitespace() || is_punctuation(c))
        .trim_end_matches(|c: char| c.is_whitespace() || (is_punctuation(c) && !ends_names(c)));
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Zero-width spaces, byte-order marks and bidirectional overrides make equal words differ, or show as others.
fn is_visible(c: &char) -> bool {
    !matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}')
}

/// `C++`, `C#` and `100%` keep their ends.
const fn ends_names(c: char) -> bool {
    matches!(c, '+' | '#' | '%')
}

/// ASCII punctuation, Latin-1's, the block of general punctuation without its joiners, and the Arabic and CJK marks.
const fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '¡' | '¿' | '«' | '»' | '·' | '،' | '؛' | '؟' | '۔')
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}')
        || matches!(c, '！' | '？' | '，' | '．' | '：' | '；' | '（' | '）')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_in_many_coats_is_one_word() {
        for raw in ["Café", "  cafe\u{301}!", "«CAFÉ»", "ca\u{200B}fé…", "\"café\""] {
            assert_eq!(normalise(raw), Ok("café".to_owned()), "{raw}");
        }
        assert_eq!(normalise("Open \t Source"), Ok("open source".to_owned()));
        assert_eq!(normalise("رائع؟"), Ok("رائع".to_owned()));
    }

    #[test]
    fn names_and_emoji_stay_whole() {
        for (raw, word) in [("C++", "c++"), ("#Rust", "rust"), ("C#", "c#"), ("❤️", "❤️"), ("don't", "don't")]
        {
            assert_eq!(normalise(raw), Ok(word.to_owned()));
        }
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(normalise(&"x".repeat(41)), Err(Rejection::TooLong { max: 40, has: 41 }));
        assert!(matches!(normalise("a b c d e"), Err(Rejection::BadText(_))));
        assert!(matches!(normalise(" ?! "), Err(Rejection::BadText(_))));
    }

    #[test]
    fn banned_words_are_found_whole_only() {
        let banned = ["Darn!", "heck, NO"].map(bare);
        assert!(holds_banned("oh, DARN!", &banned));
        assert!(holds_banned("heck... no", &banned));
        assert!(!holds_banned("darned heckler", &banned));
    }

    #[test]
    fn a_line_holds_several_words() {
        assert_eq!(split("a, b;c\n d ،e,,").map(str::trim).collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
    }

    proptest::proptest! {
        #[test]
        fn a_normal_word_is_its_own_form(raw in ".{0,60}") {
            if let Ok(word) = normalise(&raw) {
                proptest::prop_assert_eq!(normalise(&word), Ok(word));
            }
        }
    }
}
