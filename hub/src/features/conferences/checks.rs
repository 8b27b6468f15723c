//! Checking the languages of texts.

use crate::http::Wrongs;

/// More languages than any conference has.
const LANGUAGES_MAX: usize = 30;

/// A code such as `ar` or `de-AT`, in the form of BCP 47.
pub(crate) fn language(wrong: &mut Wrongs, field: &str, raw: &str) -> String {
    let mut parts = raw.split('-');
    let main = parts.next().unwrap_or_default();
    let fits = (2..=3).contains(&main.len())
        && main.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if !fits {
        wrong.add(field, "is a language's code such as en, ar or de-AT");
    }
    raw.to_owned()
}

/// A list of codes; each once.
pub(crate) fn check_languages(wrong: &mut Wrongs, field: &str, raw: Vec<String>) -> Vec<String> {
    if raw.len() > LANGUAGES_MAX {
        wrong.add(field, format!("has at most {LANGUAGES_MAX} languages"));
    }
    let mut known = Vec::new();
    for code in raw {
        let code = language(wrong, field, &code);
        if !known.contains(&code) {
            known.push(code);
        }
    }
    known
}
