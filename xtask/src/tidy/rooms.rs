//! Every kind of room has the same files, a line in the registry, and a face in the web client.

use super::Finding;
use crate::tree::Tree;

const KINDS: &str = "rooms/src/kinds";
const REGISTRY: &str = "rooms/src/kinds/mod.rs";
const FACES: &str = "clients/web/src/lib/rooms";
/// What a reader finds in the folder of every kind.
const PARTS: [&str; 5] = ["mod.rs", "wire.rs", "sample.rs", "README.md", "golden"];
/// What the web client has for every kind.
const FACE_PARTS: [&str; 4] = ["Play.svelte", "Run.svelte", "Show.svelte", "model.svelte.ts"];
/// A kind whose face is a whole part of the app: a screen shows sessions, nobody plays with it.
const FACELESS: [&str; 1] = ["screen"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.folders_in(KINDS).into_iter().flat_map(|kind| check_kind(tree, kind)).collect()
}

fn check_kind(tree: &Tree, kind: &str) -> Vec<Finding> {
    let mut found = missing(tree, &format!("{KINDS}/{kind}"), &PARTS);
    let tests = format!("{KINDS}/{kind}/tests");
    if !tree.has(&tests) {
        found.extend(missing(tree, &format!("{KINDS}/{kind}"), &["tests.rs"]));
    }
    if tree.has(FACES) && !FACELESS.contains(&kind) {
        found.extend(missing(tree, &format!("{FACES}/{kind}"), &FACE_PARTS));
    }
    let registry = tree.file(REGISTRY).map_or("", |file| &file.text);
    for line in [format!("mod {kind};"), format!("{kind}::")] {
        if !registry.contains(&line) {
            found.push(Finding::at(
                REGISTRY,
                1,
                format!("no `{line}` in the registry: `{kind}` is not hosted"),
            ));
        }
    }
    found
}

fn missing(tree: &Tree, folder: &str, parts: &[&str]) -> Vec<Finding> {
    let absent = parts.iter().map(|part| format!("{folder}/{part}")).filter(|path| !tree.has(path));
    absent.map(|path| Finding::at(&path, 1, "a kind of room has this file (see CONTRIBUTING.md)")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn missing_parts_and_registry_lines_are_found() {
        let part = |name: &'static str| (name, "# t\n");
        let files = [
            part("rooms/src/kinds/poll/mod.rs"),
            part("rooms/src/kinds/poll/wire.rs"),
            part("rooms/src/kinds/poll/README.md"),
            part("rooms/src/kinds/poll/golden/a.json"),
            part("rooms/src/kinds/poll/tests/rules.rs"),
            ("rooms/src/kinds/mod.rs", "mod poll;\n"),
        ];
        assert_eq!(places(check, &files), ["rooms/src/kinds/poll/sample.rs:1", "rooms/src/kinds/mod.rs:1"]);
    }
}
