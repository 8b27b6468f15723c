//! Checks of the house's order that no compiler makes: arrows, sizes, names, purity, documents.
//!
//! Each check is a function from the tree to findings; a finding says where and what to do about it.

mod arrows;
mod dependencies;
mod generators;
mod leftovers;
mod markdown;
mod names;
mod operations;
mod purity;
mod rooms;
mod serde_rules;
mod sizes;
mod source;
mod sql;
mod waiting;

use std::fmt;

use crate::tree::Tree;

/// One thing out of order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    advice: String,
}

impl Finding {
    /// Something at a line, counted from 1.
    fn at(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, advice: advice.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

/// Every check, in the order of its file.
const CHECKS: [fn(&Tree) -> Vec<Finding>; 13] = [
    arrows::check,
    dependencies::check,
    generators::check,
    leftovers::check,
    markdown::check,
    names::check,
    operations::check,
    purity::check,
    rooms::check,
    serde_rules::check,
    sizes::check,
    sql::check,
    waiting::check,
];

/// All findings in the tree, sorted by place.
pub(crate) fn findings(tree: &Tree) -> Vec<Finding> {
    let mut all: Vec<Finding> = CHECKS.iter().flat_map(|check| check(tree)).collect();
    all.sort();
    all
}

/// One line about the sizes of hand-written source files.
pub(crate) fn size_report(tree: &Tree) -> String {
    sizes::report(tree)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Finding, findings};
    use crate::tree::Tree;

    /// The findings of one check in a tree of texts, as `path:line`.
    pub(super) fn places(check: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(|found| format!("{}:{}", found.path, found.line)).collect()
    }

    #[test]
    fn this_repository_is_in_order() {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace");
        let tree = Tree::read(root).expect("the tree is readable");
        let all: Vec<String> = findings(&tree).iter().map(ToString::to_string).collect();
        assert!(all.is_empty(), "{}", all.join("\n"));
    }
}
