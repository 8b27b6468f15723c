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

/// The lines of a file of the tree.
pub(super) fn lines<'a>(tree: &Tree, file: &'a File) -> Vec<Line<'a>> {
    let for_tests = is_test_file(file) || is_declared_for_tests(tree, file);
    let tests_from = if for_tests { 0 } else { inline_tests_from(&file.text) };
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

/// Whether the module that this Rust file is, is declared under `#[cfg(test)]`.
fn is_declared_for_tests(tree: &Tree, file: &File) -> bool {
    let stem = file.name().trim_end_matches(".rs");
    let (folder, module) = match (stem, file.folder().rsplit_once('/')) {
        ("mod", Some((above, name))) => (above, name),
        _ => (file.folder(), stem),
    };
    let parents = ["mod.rs", "lib.rs", "main.rs"].map(|parent| format!("{folder}/{parent}"));
    let mut declaring =
        parents.iter().filter(|parent| **parent != file.path).filter_map(|parent| tree.file(parent));
    declaring.any(|parent| declares_for_tests(&parent.text, module))
}

fn declares_for_tests(text: &str, module: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declares = |line: &str| line.ends_with(&format!("mod {module};"));
    lines.windows(2).any(|pair| pair[0] == "#[cfg(test)]" && declares(pair[1]))
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
    use super::{declares_for_tests, has_word, inline_tests_from, without_comment};

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
    fn a_module_is_for_tests_when_it_is_declared_so() {
        let text = "mod play;\n#[cfg(test)]\npub(crate) mod golden;\n";
        assert!(declares_for_tests(text, "golden"));
        assert!(!declares_for_tests(text, "play"));
    }

    #[test]
    fn a_declared_test_file_does_not_make_the_rest_a_test() {
        assert_eq!(inline_tests_from("a\n#[cfg(test)]\nmod tests;\nb"), usize::MAX);
        assert_eq!(inline_tests_from("a\n#[cfg(test)]\nmod tests {\nb\n}"), 1);
    }
}
