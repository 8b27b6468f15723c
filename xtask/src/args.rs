//! The words after a command's name.

use crate::failure::Failure;

/// Words that are taken out one after the other; what is left at the end is a mistake, or is passed on.
pub(crate) struct Args {
    left: Vec<String>,
}

impl Args {
    /// The words as they were typed.
    pub(crate) fn new(words: &[String]) -> Self {
        Self { left: words.to_vec() }
    }

    /// Whether the flag is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.left.len();
        self.left.retain(|word| word != name);
        self.left.len() < before
    }

    /// The word after `name`, when `name` is there.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>, Failure> {
        let Some(at) = self.left.iter().position(|word| word == name) else {
            return Ok(None);
        };
        if at + 1 >= self.left.len() {
            return Err(Failure::new(format!("{name} wants a value after it")));
        }
        self.left.remove(at);
        Ok(Some(self.left.remove(at)))
    }

    /// The next word that is not a flag.
    pub(crate) fn word(&mut self, what: &str) -> Result<String, Failure> {
        let Some(at) = self.left.iter().position(|word| !word.starts_with('-')) else {
            return Err(Failure::new(format!("{what} is missing")));
        };
        Ok(self.left.remove(at))
    }

    /// All that is left, for a program of ours to read.
    pub(crate) fn rest(self) -> Vec<String> {
        self.left
    }

    /// Refuses words that nobody took.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self.left.first() {
            None => Ok(()),
            Some(word) => {
                Err(Failure::new(format!("`{word}` is not understood here (see `cargo xtask help`)")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        Args { left: line.split_whitespace().map(str::to_owned).collect() }
    }

    #[test]
    fn flags_values_and_words_come_in_any_order() {
        let mut args = args("probe --rounds 7 --fast");
        assert!(args.flag("--fast"));
        assert_eq!(args.value("--rounds"), Ok(Some("7".to_owned())));
        assert_eq!(args.word("NAME"), Ok("probe".to_owned()));
        assert_eq!(args.finish(), Ok(()));
    }

    #[test]
    fn what_nobody_took_is_refused() {
        assert!(args("--fats").finish().is_err());
        assert!(args("--rounds").value("--rounds").is_err());
        assert!(args("--fast").word("NAME").is_err());
    }
}
