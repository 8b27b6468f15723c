//! What is read from outside is never guessed: no `untagged`, no `flatten` on types that deserialise.
//!
//! Both make serde buffer and try; errors lose their place, and an old reader accepts what it misunderstands.

use super::Finding;
use super::source::{self, Line};
use crate::tree::{File, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    source::written(tree, &["rs"]).flat_map(|file| check_file(tree, file)).collect()
}

fn check_file(tree: &Tree, file: &File) -> Vec<Finding> {
    let lines = source::lines(tree, file);
    let guesses = |line: &Line<'_>| {
        line.code.contains("serde(")
            && ["untagged", "flatten"].iter().any(|word| source::has_word(line.code, word))
    };
    let found = (0..lines.len()).filter(|at| guesses(&lines[*at]) && deserialises(&lines, *at));
    found
        .map(|at| {
            Finding::at(
                &file.path,
                lines[at].number,
                "spell the variants and fields out: this type is deserialised",
            )
        })
        .collect()
}

/// Whether the derive that belongs to the attribute at `at` names `Deserialize`.
fn deserialises(lines: &[Line<'_>], at: usize) -> bool {
    let derives = |line: &&Line<'_>| line.code.contains("derive(");
    let same_type = lines[at..].iter().take_while(|line| line.code.trim_start().starts_with('#'));
    let above = lines[..=at].iter().rev().find(derives);
    above.into_iter().chain(same_type.filter(derives)).any(|line| line.code.contains("Deserialize"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn guessing_is_found_where_something_is_read() {
        let reads = "#[derive(Serialize, Deserialize)]\n#[serde(untagged)]\nenum A { B }\n";
        let writes = "#[derive(Serialize)]\n#[serde(untagged)]\nenum A { B }\n";
        let field = "#[derive(Deserialize)]\nstruct A {\n    #[serde(flatten)]\n    b: B,\n}\n";
        let files = [("a.rs", reads), ("b.rs", writes), ("c.rs", field)];
        assert_eq!(places(check, &files), ["a.rs:2", "c.rs:3"]);
    }
}
