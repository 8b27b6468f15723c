//! Alerts, boards and deployments name metrics and keys that exist.

use super::Finding;
use crate::tree::{File, Tree};

/// Where metrics are counted.
const COUNTED_IN: [&str; 3] = ["hub/src/", "persistence/src/", "push/src/"];
/// Where they are looked at.
const WATCHED_IN: [&str; 2] = ["config/prometheus/", "config/grafana/"];
/// Where keys are set.
const SET_IN: [&str; 3] = ["config/compose.yaml", "config/kubernetes/", "Dockerfile"];
/// What a histogram is called when it is read.
const PARTS_OF_A_HISTOGRAM: [&str; 3] = ["_bucket", "_sum", "_count"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(example) = tree.file("config/plenum.example.toml") else { return Vec::new() };
    let counted = |metric: &str| is_counted(tree, metric);
    let known = |variable: &str| example.text.contains(&format!("`{variable}`"));
    let watched = within(tree, &WATCHED_IN)
        .flat_map(|file| unknown(file, "plenum_", &counted, "no metric has this name"));
    let set = within(tree, &SET_IN).flat_map(|file| {
        unknown(file, "PLENUM__", &known, "config/plenum.example.toml has no such variable")
    });
    watched.chain(set).collect()
}

fn within<'a>(tree: &'a Tree, places: &'a [&str]) -> impl Iterator<Item = &'a File> {
    tree.files().iter().filter(|file| places.iter().any(|place| file.path.starts_with(place)))
}

/// The words of a file that begin with `start` and are not known.
fn unknown(file: &File, start: &str, known: &dyn Fn(&str) -> bool, why: &str) -> Vec<Finding> {
    let lines = file.text.lines().zip(1..);
    let words = lines.flat_map(|(line, number)| {
        let parts = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        parts.filter(|word| word.starts_with(start)).map(move |word| (number, word))
    });
    let strangers = words.filter(|(_, word)| !known(word));
    strangers.map(|(number, word)| Finding::at(&file.path, number, format!("{word}: {why}"))).collect()
}

fn is_counted(tree: &Tree, metric: &str) -> bool {
    let whole = PARTS_OF_A_HISTOGRAM.iter().find_map(|part| metric.strip_suffix(part));
    let names = [Some(metric), whole].into_iter().flatten().map(|name| format!("\"{name}\""));
    let names: Vec<String> = names.collect();
    within(tree, &COUNTED_IN).any(|file| names.iter().any(|name| file.text.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn a_name_that_nothing_counts_and_a_variable_that_nothing_reads_are_found() {
        let files = [
            ("config/plenum.example.toml", "# variable `PLENUM__NODE__ID`."),
            ("hub/src/a.rs", "counter!(\"plenum_joins_total\"); histogram!(\"plenum_wait_seconds\")"),
            (
                "config/prometheus/rules.yml",
                "plenum_joins_total\nplenum_wait_seconds_bucket\nplenum_jions_total",
            ),
            ("config/compose.yaml", "PLENUM__NODE__ID: a\nPLENUM__NODE__NAME: b"),
        ];
        assert_eq!(places(check, &files), ["config/prometheus/rules.yml:3", "config/compose.yaml:2"]);
    }
}
