//! No marks of unfinished work, and no test that is switched off.

use super::{Finding, source};
use crate::tree::{File, Tree};

/// Words that say "not done", wherever they stand.
const UNFINISHED: [&str; 5] = ["TODO", "FIXME", "XXX", "unimplemented!", "todo!"];
/// Ways to switch a test off.
const SWITCHED_OFF: [&str; 5] = ["#[ignore", "test.skip(", "it.skip(", "describe.skip(", "test.only("];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    source::written(tree, &["rs", "ts", "js", "mjs", "svelte", "css", "sql", "sh", "toml"])
        .flat_map(check_file)
        .collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        if let Some(mark) = UNFINISHED.iter().find(|mark| source::has_word(line, mark)) {
            found.push(Finding::at(
                &file.path,
                at + 1,
                format!("`{mark}`: finish it now, or open an issue and say nothing here"),
            ));
        }
        if let Some(mark) = SWITCHED_OFF.iter().find(|mark| line.contains(*mark)) {
            found.push(Finding::at(&file.path, at + 1, format!("`{mark}`: repair the test or delete it")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn unfinished_work_and_sleeping_tests_are_found() {
        let text = "// TODO later\nfn f() { todo!() }\n#[ignore]\nfn g() {}\nlet todos = 1;\n";
        assert_eq!(places(check, &[("a.rs", text)]), ["a.rs:1", "a.rs:2", "a.rs:3"]);
    }
}
