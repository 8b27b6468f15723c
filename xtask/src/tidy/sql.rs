//! SQL is written in `persistence/` and nowhere else.

use super::{Finding, source};
use crate::tree::{File, Tree};

const HOME: &str = "persistence/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let strangers = source::written(tree, &["rs", "sql", "ts"]).filter(|file| !file.path.starts_with(HOME));
    strangers.flat_map(|file| check_file(tree, file)).collect()
}

fn check_file(tree: &Tree, file: &File) -> Vec<Finding> {
    let advice = "SQL outside persistence/: ask that crate for a function instead";
    if file.ending() == "sql" {
        return vec![Finding::at(&file.path, 1, advice)];
    }
    let lines = source::lines(tree, file);
    lines
        .iter()
        .filter(|line| is_sql(line.code))
        .map(|line| Finding::at(&file.path, line.number, advice))
        .collect()
}

/// A statement of SQL is told by two of its words in capitals on one line.
fn is_sql(code: &str) -> bool {
    let pairs = [
        ("SELECT ", " FROM "),
        ("INSERT ", "INTO "),
        ("UPDATE ", " SET "),
        ("DELETE ", "FROM "),
        ("CREATE ", "TABLE "),
    ];
    pairs.iter().any(|(first, second)| {
        code.find(first).is_some_and(|at| code[at + first.len() - 1..].contains(second.trim_end()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn statements_are_found_outside_their_home() {
        let text = "let a = \"SELECT id FROM rooms\";\nlet b = \"UPDATE rooms SET a = 1\";\nlet c = \"an UPDATE of\";\n";
        let files = [("hub/src/a.rs", text), ("persistence/src/a.rs", text), ("hub/a.sql", "x")];
        assert_eq!(places(check, &files), ["hub/src/a.rs:1", "hub/src/a.rs:2", "hub/a.sql:1"]);
    }
}
