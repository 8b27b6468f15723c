//! Documents have one title, their links lead somewhere, and the paths that they name are there.

use super::Finding;
use crate::tree::{File, Tree};

/// Pages that speak of their own day, and are not rewritten when a path moves.
const HISTORY: [&str; 3] = ["docs/adr/", "docs/benchmarks/", "CHANGELOG.md"];
/// Folders whose paths are checked when a page names them in backticks.
const TOP: [&str; 9] =
    ["domain/", "rooms/", "persistence/", "hub/", "clients/", "loadtest/", "xtask/", "docs/", "config/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let all = |file| [check_title(file), check_links(tree, file), check_paths(tree, file)].concat();
    tree.ending(&["md"]).flat_map(all).collect()
}

/// The lines outside fenced code, numbered from 1.
fn prose(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    file.text.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then_some((at + 1, line))
    })
}

fn check_title(file: &File) -> Vec<Finding> {
    let titles: Vec<usize> =
        prose(file).filter(|(_, line)| line.starts_with("# ")).map(|(at, _)| at).collect();
    match titles[..] {
        [_] => Vec::new(),
        [] => vec![Finding::at(&file.path, 1, "a document begins with one `# ` title")],
        [_, second, ..] => vec![Finding::at(&file.path, second, "a second title: make it a `## ` section")],
    }
}

fn check_links(tree: &Tree, file: &File) -> Vec<Finding> {
    let dead = |(at, line)| {
        let links = targets(line).into_iter().filter(|target| !leads_somewhere(tree, file, target));
        links
            .map(move |target| Finding::at(&file.path, at, format!("nothing is at `{target}`")))
            .collect::<Vec<_>>()
    };
    prose(file).flat_map(dead).collect()
}

fn check_paths(tree: &Tree, file: &File) -> Vec<Finding> {
    if HISTORY.iter().any(|start| file.path.starts_with(start)) {
        return Vec::new();
    }
    let gone = |(at, line)| {
        let paths = quoted_paths(line).into_iter().filter(|path| !tree.has(path));
        paths
            .map(move |path| Finding::at(&file.path, at, format!("`{path}` is not in the tree")))
            .collect::<Vec<_>>()
    };
    prose(file).flat_map(gone).collect()
}

/// The paths of this tree that stand in backticks; patterns such as `rooms/<kind>` are left alone.
fn quoted_paths(line: &str) -> Vec<&str> {
    let quoted = line.split('`').skip(1).step_by(2);
    let ours = |text: &&str| {
        TOP.iter().any(|top| text.starts_with(top)) && !text.contains(['<', '*', '{', ' ', '…'])
    };
    quoted.filter(ours).collect()
}

/// What stands between `](` and `)`, and in `src="…"`.
fn targets(line: &str) -> Vec<&str> {
    let between = |open: &'static str, close: char| {
        line.match_indices(open).filter_map(move |(at, _)| line[at + open.len()..].split(close).next())
    };
    between("](", ')').chain(between("src=\"", '"')).collect()
}

fn leads_somewhere(tree: &Tree, file: &File, target: &str) -> bool {
    let path = target.split(['#', ' ']).next().unwrap_or_default();
    let elsewhere = path.is_empty() || path.contains("://") || path.starts_with("mailto:");
    elsewhere || resolve(file.folder(), path).is_some_and(|path| tree.has(&path))
}

/// The path from the root that `relative` means in `folder`; nothing when it leaves the tree.
fn resolve(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn missing_and_second_titles_are_found() {
        let two = "# One\n```\n# not a title\n```\n# Two\n";
        assert_eq!(places(check, &[("a.md", two), ("b.md", "words\n")]), ["a.md:5", "b.md:1"]);
    }

    #[test]
    fn paths_that_are_gone_are_found() {
        let text = "# T\n`rooms/src/a.rs` and `rooms/src/<kind>/` and `hub/gone.rs`\n";
        let files = [("README.md", text), ("docs/adr/1.md", text), ("rooms/src/a.rs", "")];
        assert_eq!(places(check, &files), ["README.md:2"]);
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let text = "# T\n[a](../x/b.md#part) [b](https://example.org) [c](../gone.md)\n![p](p.png)\n[up](../../..)\n";
        let files = [("x/a.md", text), ("x/b.md", "# B\n")];
        assert_eq!(places(check, &files), ["x/a.md:2", "x/a.md:3", "x/a.md:4"]);
    }
}
