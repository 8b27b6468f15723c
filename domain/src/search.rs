//! Texts as they are searched: in small letters, without accents and vowel signs, words with a space between them.
//!
//! What is searched and what is asked for go through the same mill, so that `Zürich`, `ZURICH` and `zürich` meet, as do
//! `أحمد` and `احمد`. Equal on every database, whatever its own idea of a word is.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A query has no more words; the rest is dropped.
const QUERY_WORDS_MAX: usize = 12;

/// The text's words, folded, with a space between them.
pub fn folded(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for letter in raw.nfkd().filter(|c| canonical_combining_class(*c) == 0).flat_map(char::to_lowercase) {
        match letter {
            // The dot of a small i that was a capital one.
            c if canonical_combining_class(c) != 0 => {}
            // Lengthens a word in Arabic writing, joins or parts letters: no letters.
            '\u{640}' | '\u{200C}' | '\u{200D}' | '\u{AD}' => {}
            c if c.is_alphanumeric() => push(c, &mut out),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Letters that people write for one another.
fn push(letter: char, out: &mut String) {
    match letter {
        'ı' => out.push('i'),
        'ß' => out.push_str("ss"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'þ' => out.push_str("th"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ک' => out.push('ك'),
        'ة' => out.push('ه'),
        '٠'..='٩' => out.push(digit(letter, '٠')),
        '۰'..='۹' => out.push(digit(letter, '۰')),
        other => out.push(other),
    }
}

fn digit(letter: char, zero: char) -> char {
    char::from_digit(letter as u32 - zero as u32, 10).unwrap_or(letter)
}

/// The words of a query, folded; the last one may be the beginning of a word. Empty when nothing was asked for.
pub fn query_words(raw: &str) -> Vec<String> {
    folded(raw).split(' ').filter(|word| !word.is_empty()).take(QUERY_WORDS_MAX).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        assert_eq!(folded("  Zürich, CAFÉ—déjà‑vu! "), "zurich cafe deja vu");
        assert_eq!(folded("İstanbul Işık straße Ærø Łódź"), "istanbul isik strasse aero lodz");
        assert_eq!(folded("ﬁne Ⅳ"), "fine iv");
    }

    #[test]
    fn arabic_is_found_however_it_is_written() {
        assert_eq!(folded("أَحْمَد"), folded("احمد"));
        assert_eq!(folded("المكتبـــة"), folded("المكتبه"));
        assert_eq!(folded("٢٠٢٦"), "2026");
        assert_eq!(folded("می‌خواهم"), folded("ميخواهم"));
    }

    #[test]
    fn a_query_is_a_few_words() {
        assert_eq!(query_words(" \"Rust* OR\tNEAR( "), ["rust", "or", "near"]);
        assert_eq!(query_words(" -- "), Vec::<String>::new());
        assert_eq!(query_words(&"a ".repeat(99)).len(), QUERY_WORDS_MAX);
    }
}
