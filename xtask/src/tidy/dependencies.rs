//! What manifests declare; and that no version is pinned for nobody.

use std::collections::BTreeSet;

use super::Finding;
use crate::tree::{File, Tree};

/// One package that a manifest names.
pub(super) struct Dependency<'a> {
    pub(super) name: &'a str,
    pub(super) line: usize,
    pub(super) for_tests: bool,
}

/// All packages that a manifest names, in its own words.
pub(super) fn declared(manifest: &File) -> Vec<Dependency<'_>> {
    let mut section = "";
    let mut found = Vec::new();
    for (at, text) in manifest.text.lines().enumerate() {
        let text = text.trim();
        let for_tests = section.contains("dev-dependencies") || text.contains("dev-dependencies");
        if let Some(header) = text.strip_prefix('[') {
            section = header.trim_end_matches(']');
            if let Some((_, name)) = section.rsplit_once("dependencies.") {
                found.push(Dependency { name, line: at + 1, for_tests });
            }
        } else if section.ends_with("dependencies") {
            found.extend(key(text).map(|name| Dependency { name, line: at + 1, for_tests }));
        }
    }
    found
}

/// The package on the left of a line such as `name = "1"` or `name.workspace = true`.
fn key(line: &str) -> Option<&str> {
    let (left, _) = line.split_once('=')?;
    let name = left.split('.').next()?.trim().trim_matches('"');
    (!name.is_empty() && !name.starts_with('#')).then_some(name)
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(root) = tree.file("Cargo.toml") else { return Vec::new() };
    let members =
        tree.ending(&["toml"]).filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml");
    let used: BTreeSet<&str> = members.flat_map(declared).map(|dependency| dependency.name).collect();
    let unused = declared(root).into_iter().filter(|dependency| !used.contains(dependency.name));
    unused
        .map(|dependency| {
            let advice =
                format!("no crate uses {}: take it out of [workspace.dependencies]", dependency.name);
            Finding::at("Cargo.toml", dependency.line, advice)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn a_package_that_no_crate_names_is_found() {
        let root = "[workspace.dependencies]\nserde = \"1\"\n# a remark = here\nslab = \"0.4\"\n";
        let member = "[dependencies]\nserde.workspace = true\n";
        assert_eq!(places(check, &[("Cargo.toml", root), ("hub/Cargo.toml", member)]), ["Cargo.toml:4"]);
    }
}
