//! Reading Rust and TypeScript line by line, well enough for rules about words.

use crate::tree::{File, Tree};

/// The folder that spells out what it forbids, and is therefore not searched for it.
const RULES: &str = "xtask/src/tidy/";

/// One line of code, without its comment.
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    /// The code on it, comments cut off.
    pub(super) code: &'a str,
    /// Whether it is only compiled for tests.
    pub(super) in_test: bool,
}

/// The hand-written files with one of these endings that the rules about words are for.
pub(super) fn written<'a>(tree: &'a Tree, endings: &'a [&str]) -> impl Iterator<Item = &'a File> {
    tree.ending(endings).filter(|file| !file.path.starts_with(RULES) && !file.is_generated())
}

/// The lines of a file.
pub(super) fn lines(file: &File) -> Vec<Line<'_>> {
    let tests_from = if is_test_file(file) { 0 } else { inline_tests_from(&file.text) };
    let line = |(at, text)| Line { number: at + 1, code: without_comment(text), in_test: at >= tests_from };
    file.text.lines().enumerate().map(line).collect()
}

/// Whether `word` stands in `code` as a whole word. A path such as `a::b` counts as a word too.
pub(super) fn has_word(code: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        !joins(code[..at].chars().next_back()) && !joins(code[at + word.len()..].chars().next())
    })
}

fn is_test_file(file: &File) -> bool {
    let name = file.name();
    name == "tests.rs"
        || file.path.split('/').any(|part| part == "tests" || part == "test")
        || [".test.ts", ".test.mjs", ".spec.ts"].iter().any(|ending| name.ends_with(ending))
        || file.path.starts_with("clients/e2e/")
}

/// The index of the line from which on the file is an inline test module.
fn inline_tests_from(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let opens = |at: &usize| {
        lines[*at].trim() == "#[cfg(test)]"
            && lines[at + 1..]
                .iter()
                .find(|line| !line.trim().starts_with('#'))
                .is_some_and(|line| line.contains("mod ") && line.trim_end().ends_with('{'))
    };
    (0..lines.len()).find(opens).unwrap_or(usize::MAX)
}

/// Cuts a `//` comment off, unless the slashes stand in a string.
fn without_comment(line: &str) -> &str {
    let (mut in_string, mut escaped, mut before) = (false, false, ' ');
    for (at, c) in line.char_indices() {
        if !in_string && c == '/' && before == '/' {
            return &line[..at - 1];
        }
        if c == '"' && !escaped && before != '\'' {
            in_string = !in_string;
        }
        escaped = c == '\\' && !escaped;
        before = c;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{has_word, inline_tests_from, without_comment};

    #[test]
    fn comments_end_the_code_and_strings_do_not() {
        assert_eq!(without_comment("let a = 1; // tokio"), "let a = 1; ");
        assert_eq!(without_comment(r#"let a = "http://x"; // y"#), r#"let a = "http://x"; "#);
        assert_eq!(without_comment("/// words"), "");
        assert_eq!(without_comment("let q = '\"'; // z"), "let q = '\"'; ");
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("use tokio::sync;", "tokio"));
        assert!(!has_word("use tokio_like::sync;", "tokio"));
        assert!(has_word("Instant::now()", "Instant::now"));
        assert!(!has_word("MyInstant::now()", "Instant::now"));
    }

    #[test]
    fn a_declared_test_file_does_not_make_the_rest_a_test() {
        assert_eq!(inline_tests_from("a\n#[cfg(test)]\nmod tests;\nb"), usize::MAX);
        assert_eq!(inline_tests_from("a\n#[cfg(test)]\nmod tests {\nb\n}"), 1);
    }
}
