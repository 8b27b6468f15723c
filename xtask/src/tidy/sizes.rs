//! Files stay small enough to be read in one go.

use super::Finding;
use crate::tree::{File, Tree};

/// The longest hand-written file that we accept, in lines.
const LINES_MAX: usize = 500;
const SOURCE: [&str; 7] = ["rs", "ts", "js", "mjs", "svelte", "css", "sql"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let long = source(tree).into_iter().filter(|(_, lines)| *lines > LINES_MAX);
    long.map(|(file, lines)| {
        let advice = format!("{lines} lines, {LINES_MAX} is the most: split it by what its parts do");
        Finding::at(&file.path, LINES_MAX + 1, advice)
    })
    .collect()
}

/// The median and the longest, in one line.
pub(super) fn report(tree: &Tree) -> String {
    let mut files = source(tree);
    files.sort_by_key(|(_, lines)| *lines);
    let median = files.get(files.len() / 2).map_or(0, |(_, lines)| *lines);
    let longest =
        files.last().map_or(String::new(), |(file, lines)| format!(", longest {lines} ({})", file.path));
    format!("{} source files, median {median} lines{longest}", files.len())
}

fn source(tree: &Tree) -> Vec<(&File, usize)> {
    let files = tree.ending(&SOURCE).filter(|file| !file.is_generated());
    files.map(|file| (file, file.text.lines().count())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::{check, report};
    use crate::tree::Tree;

    #[test]
    fn long_files_are_found_unless_generated() {
        let long = "x\n".repeat(501);
        let files = [("a.rs", long.as_str()), ("sdk/generated/a.ts", &long), ("b.rs", "x\n")];
        assert_eq!(places(check, &files), ["a.rs:501"]);
        assert_eq!(report(&Tree::of(&files)), "2 source files, median 501 lines, longest 501 (a.rs)");
    }
}
