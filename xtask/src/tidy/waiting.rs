//! Tests wait for a condition with a deadline, never for time to pass.

use super::Finding;
use super::source::{self, Line};
use crate::tree::{File, Tree};

/// Calls that let time pass.
const PAUSES: [&str; 3] = ["sleep(", "waitForTimeout(", "thread::park_timeout("];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    source::written(tree, &["rs", "ts", "mjs", "js"]).flat_map(|file| check_file(tree, file)).collect()
}

fn check_file(tree: &Tree, file: &File) -> Vec<Finding> {
    let lines = source::lines(tree, file);
    let pauses = |line: &Line<'_>| line.in_test && PAUSES.iter().any(|pause| line.code.contains(pause));
    let found = (0..lines.len()).filter(|at| pauses(&lines[*at]) && !inside_a_wait(&lines, *at));
    found
        .map(|at| {
            let advice =
                "a test that lets time pass: wait for the condition (a function named `wait_…` may poll)";
            Finding::at(&file.path, lines[at].number, advice)
        })
        .collect()
}

/// Whether the nearest function above is one that waits for a condition, by its name.
fn inside_a_wait(lines: &[Line<'_>], at: usize) -> bool {
    let names = lines[..=at].iter().rev().filter_map(|line| function_name(line.code));
    names.take(1).any(|name| ["wait", "eventually", "until"].iter().any(|start| name.starts_with(start)))
}

fn function_name(code: &str) -> Option<&str> {
    let start = ["fn ", "function "].iter().find_map(|keyword| Some(code.find(keyword)? + keyword.len()))?;
    code[start..].split(['(', '<']).next()
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn pauses_are_found_in_tests_unless_they_poll_a_condition() {
        let rust = "fn wait_for() {\n    sleep(tick);\n}\nfn it_works() {\n    sleep(second);\n}\n";
        let script = "async function untilShown() {\n  await sleep(10);\n}\ntest('x', () => page.waitForTimeout(5));\n";
        let files = [("hub/tests/a.rs", rust), ("hub/src/a.rs", rust), ("clients/e2e/a.ts", script)];
        assert_eq!(places(check, &files), ["hub/tests/a.rs:5"]);
    }

    #[test]
    fn a_pause_in_a_script_outside_any_wait_is_found() {
        assert_eq!(
            places(check, &[("clients/e2e/a.mjs", "await page.waitForTimeout(5);\n")]),
            ["clients/e2e/a.mjs:1"]
        );
    }
}
