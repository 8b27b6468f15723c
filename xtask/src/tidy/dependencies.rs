//! What manifests declare; that no version is pinned for nobody, and that no crate declares what it never names.

use std::collections::BTreeSet;

use super::{Finding, source};
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
        if let Some(header) = text.strip_prefix('[') {
            section = header.trim_end_matches(']');
        }
        let name = match section.rsplit_once("dependencies.") {
            Some((_, name)) => text.starts_with('[').then_some(name),
            None if section.ends_with("dependencies") => key(text),
            None => None,
        };
        let for_tests = section.contains("dev-dependencies");
        found.extend(name.map(|name| Dependency { name, line: at + 1, for_tests }));
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
    [pinned_for_nobody(tree), manifests(tree).flat_map(|file| never_named(tree, file)).collect()].concat()
}

fn manifests(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.ending(&["toml"]).filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml")
}

/// Entries of `[workspace.dependencies]` that no crate declares.
fn pinned_for_nobody(tree: &Tree) -> Vec<Finding> {
    let used: BTreeSet<&str> = manifests(tree).flat_map(declared).map(|dependency| dependency.name).collect();
    let pinned = tree.file("Cargo.toml").map(declared).unwrap_or_default().into_iter();
    let unused = pinned.filter(|dependency| !used.contains(dependency.name));
    let advice = |name| format!("no crate uses {name}: take it out of [workspace.dependencies]");
    unused.map(|dependency| Finding::at("Cargo.toml", dependency.line, advice(dependency.name))).collect()
}

/// Packages that a crate declares and that no Rust file of it names.
fn never_named(tree: &Tree, manifest: &File) -> Vec<Finding> {
    let folder = format!("{}/", manifest.folder());
    let code: Vec<&File> = tree.ending(&["rs"]).filter(|file| file.path.starts_with(&folder)).collect();
    let named = |name: &str| code.iter().any(|file| source::has_word(&file.text, &name.replace('-', "_")));
    let idle = declared(manifest).into_iter().filter(|dependency| !named(dependency.name));
    let advice = |name| format!("no file of this crate names {name}: take it out");
    idle.map(|dependency| Finding::at(&manifest.path, dependency.line, advice(dependency.name))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn a_package_that_no_crate_declares_is_found() {
        let root = "[workspace.dependencies]\nserde = \"1\"\n# a remark = here\nslab = \"0.4\"\n";
        let member = "[dependencies]\nserde.workspace = true\n";
        let files =
            [("Cargo.toml", root), ("hub/Cargo.toml", member), ("hub/src/a.rs", "use serde::Serialize;")];
        assert_eq!(places(check, &files), ["Cargo.toml:4"]);
    }

    #[test]
    fn a_package_that_the_code_never_names_is_found() {
        let member = "[dependencies]\nserde_json = \"1\"\ntower-http.workspace = true\n[dependencies.slab]\nversion = \"1\"\n";
        let files = [
            ("hub/Cargo.toml", member),
            ("hub/src/a.rs", "tower_http::x();"),
            ("rooms/src/a.rs", "serde_json::x();"),
        ];
        assert_eq!(places(check, &files), ["hub/Cargo.toml:2", "hub/Cargo.toml:4"]);
    }
}
