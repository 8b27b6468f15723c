//! Pure crates know no clock, no chance, no IO, no locks and no order that changes from run to run.

use super::{Finding, source};
use crate::tree::{File, Tree};

/// Where the pure crates keep their code.
const PURE: [&str; 3] = ["domain/src/", "rooms/src/", "clients/protocol/src/"];

/// What may not be written there, and what to do instead.
const FORBIDDEN: [(&str, &str); 19] = [
    ("Instant::now", "take the time as an argument"),
    ("SystemTime::now", "take the time as an argument"),
    ("Timestamp::now", "take the time as an argument"),
    ("Zoned::now", "take the time as an argument"),
    ("now_v7", "take the id as an argument"),
    ("new_v4", "take the id as an argument"),
    ("rand", "take a seed as an argument"),
    ("thread_rng", "take a seed as an argument"),
    ("getrandom", "take a seed as an argument"),
    ("std::fs", "leave files to crates that do IO"),
    ("std::net", "leave sockets to crates that do IO"),
    ("std::env", "leave the environment to crates that do IO"),
    ("std::thread", "leave threads to the hub"),
    ("tokio", "leave the runtime to the hub"),
    ("async", "pure code never waits"),
    ("Mutex", "one owner needs no lock"),
    ("RwLock", "one owner needs no lock"),
    ("HashMap", "use BTreeMap: the order of a HashMap changes from run to run"),
    ("HashSet", "use BTreeSet: the order of a HashSet changes from run to run"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let pure =
        source::written(tree, &["rs"]).filter(|file| PURE.iter().any(|folder| file.path.starts_with(folder)));
    pure.flat_map(|file| check_file(tree, file)).collect()
}

fn check_file(tree: &Tree, file: &File) -> Vec<Finding> {
    let code = source::lines(tree, file);
    let counted = code.iter().filter(|line| !line.in_test);
    counted
        .filter_map(|line| {
            let (word, instead) = FORBIDDEN.iter().find(|(word, _)| source::has_word(line.code, word))?;
            Some(Finding::at(&file.path, line.number, format!("`{word}` in a pure crate: {instead}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn clocks_and_unordered_maps_are_found_outside_tests_only() {
        let text = "use std::collections::HashMap;\nlet t = Instant::now(); // Instant::now\n// HashMap in words\n\
                    #[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        let files =
            [("rooms/src/a.rs", text), ("hub/src/a.rs", text), ("rooms/src/kinds/poll/tests.rs", text)];
        assert_eq!(places(check, &files), ["rooms/src/a.rs:1", "rooms/src/a.rs:2"]);
    }
}
