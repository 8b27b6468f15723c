//! The name of a kind.

use crate::failure::Failure;

/// The longest name, in letters: it stands in front of every id on the wire.
const LETTERS_MAX: usize = 24;

/// A name in the two ways that we write it: `ranking_poll` and `RankingPoll`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    snake: String,
}

impl Name {
    /// Checks that a word can be the name of a kind.
    pub(crate) fn parse(word: &str) -> Result<Self, Failure> {
        let parts_are_words = word.split('_').all(|part| !part.is_empty());
        let letters = word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let begins_well = word.starts_with(|c: char| c.is_ascii_lowercase());
        if letters && begins_well && parts_are_words && word.len() <= LETTERS_MAX {
            return Ok(Self { snake: word.to_owned() });
        }
        Err(Failure::new(format!(
            "`{word}` cannot name a kind: small letters, digits and single underscores, at most {LETTERS_MAX}"
        )))
    }

    /// `ranking_poll`
    pub(crate) fn snake(&self) -> &str {
        &self.snake
    }

    /// `RankingPoll`
    pub(crate) fn camel(&self) -> String {
        self.snake.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
    }

    /// The text with this name in the places that templates leave open.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{{kind}}", &self.snake).replace("{{Kind}}", &self.camel())
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn names_are_written_in_two_ways() {
        let name = Name::parse("ranking_poll").expect("it is a good name");
        assert_eq!((name.snake(), name.camel().as_str()), ("ranking_poll", "RankingPoll"));
        assert_eq!(name.fill("{{kind}}: {{Kind}}"), "ranking_poll: RankingPoll");
    }

    #[test]
    fn other_words_are_refused() {
        for word in ["", "Poll", "2fa", "a__b", "_a", "a-b", "a_very_long_name_for_a_kind"] {
            assert!(Name::parse(word).is_err(), "{word}");
        }
    }
}
