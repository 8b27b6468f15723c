//! The countries of ISO 3166-1, with their names in the languages of the clients.
//!
//! Codes, dialling prefixes and currencies are ISO's and the ITU's, from the table `country-codes` (public domain, PDDL);
//! names are those of Unicode's CLDR, under the licence beside them.

/// Tab-separated: two letters, three letters, number, dialling prefix, currency, and names in the order of [`LANGUAGES`].
const TABLE: &str = include_str!("countries.tsv");

/// The languages that names are known in.
pub const LANGUAGES: [&str; 5] = ["en", "tr", "ar", "de", "fr"];

/// A country or territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO's two letters.
    pub code: &'static str,
    /// ISO's three letters.
    pub code3: &'static str,
    /// ISO's number, three digits.
    pub number: &'static str,
    /// What is dialled before a number there; empty where nobody can be called.
    pub dial: &'static str,
    /// ISO 4217's letters of its currency; empty where there is none.
    pub currency: &'static str,
    names: [&'static str; 5],
}

impl Country {
    /// Every country, by its two letters.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.lines().map(|line| {
            let mut parts = line.split('\t');
            let mut next = || parts.next().unwrap_or_default();
            let (code, code3, number, dial, currency) = (next(), next(), next(), next(), next());
            Self { code, code3, number, dial, currency, names: std::array::from_fn(|_| next()) }
        })
    }

    /// The country with these two letters, in capitals.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::all().find(|country| country.code == code)
    }

    /// Its name in a language (`de`, `de-AT`); in English when the language is not among [`LANGUAGES`].
    pub fn name(&self, language: &str) -> &'static str {
        let main = language.split(['-', '_']).next().unwrap_or_default();
        let place = LANGUAGES.iter().position(|known| known.eq_ignore_ascii_case(main));
        self.names[place.unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_249_each_with_five_names() {
        let all: Vec<Country> = Country::all().collect();
        assert_eq!(all.len(), 249);
        assert_eq!(all.iter().map(|one| one.code).collect::<BTreeSet<_>>().len(), 249);
        for country in all {
            assert_eq!(
                (country.code.len(), country.code3.len(), country.number.len()),
                (2, 3, 3),
                "{country:?}"
            );
            for language in LANGUAGES {
                assert!(!country.name(language).is_empty(), "{country:?} in {language}");
            }
        }
    }

    #[test]
    fn names_are_those_of_the_language() {
        let name = |code, language| Country::of_code(code).map(|country| country.name(language));
        assert_eq!(name("DE", "de-AT"), Some("Deutschland"));
        assert_eq!(name("DE", "tr"), Some("Almanya"));
        assert_eq!(name("DE", "ar"), Some("ألمانيا"));
        assert_eq!(name("DE", "fr"), Some("Allemagne"));
        assert_eq!(name("DE", "ja"), Some("Germany"));
        assert_eq!(name("XX", "en"), None);
    }
}
