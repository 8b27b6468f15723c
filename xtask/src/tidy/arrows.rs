//! Which crate may use which: the arrows of ARCHITECTURE.md, and the packages that only one crate may name.

use super::Finding;
use super::dependencies::{Dependency, declared};
use crate::tree::{File, Tree};

/// A crate of ours and the arrows that may leave it.
struct House {
    folder: &'static str,
    package: &'static str,
    may_use: &'static [&'static str],
    tests_may_use: &'static [&'static str],
    pure: bool,
}

/// Crates with no arrow of their own beyond these fields say so in one line each.
const HOUSES: [House; 9] = [
    House { folder: "domain", package: "plenum-domain", may_use: &[], tests_may_use: &[], pure: true },
    House {
        folder: "rooms",
        package: "plenum-rooms",
        may_use: &["plenum-domain"],
        tests_may_use: &[],
        pure: true,
    },
    House {
        folder: "clients/protocol",
        package: "plenum-protocol",
        may_use: &["plenum-domain"],
        tests_may_use: &[],
        pure: true,
    },
    House {
        folder: "persistence",
        package: "plenum-persistence",
        may_use: &["plenum-domain", "plenum-rooms"],
        tests_may_use: &[],
        pure: false,
    },
    House {
        folder: "push",
        package: "plenum-push",
        may_use: &["plenum-domain"],
        tests_may_use: &[],
        pure: false,
    },
    House {
        folder: "clients/rust",
        package: "plenum-client",
        may_use: &["plenum-domain", "plenum-protocol"],
        tests_may_use: &[],
        pure: false,
    },
    House {
        folder: "hub",
        package: "plenum-hub",
        may_use: &["plenum-domain", "plenum-rooms", "plenum-protocol", "plenum-persistence", "plenum-push"],
        tests_may_use: &["plenum-client"],
        pure: false,
    },
    House {
        folder: "loadtest",
        package: "plenum-loadtest",
        may_use: &["plenum-domain", "plenum-rooms", "plenum-protocol", "plenum-client"],
        tests_may_use: &[],
        pure: false,
    },
    House { folder: "xtask", package: "xtask", may_use: &[], tests_may_use: &[], pure: false },
];

/// Packages with one home: the folder that may name them, and they.
const HOMES: [(&str, &[&str]); 4] = [
    ("persistence", &["sqlx", "rusqlite"]),
    ("push", &["reqwest", "web-push", "web-push-native", "lettre"]),
    ("hub", &["axum", "fred", "dashmap", "governor", "webrtc", "str0m"]),
    ("clients/rust", &["tokio-tungstenite"]),
];

/// Packages that bring clocks, chance, threads or IO: not for pure crates, not even for their tests.
const IMPURE: [&str; 11] = [
    "tokio",
    "hyper",
    "ureq",
    "rand",
    "getrandom",
    "async-trait",
    "futures-util",
    "parking_lot",
    "socket2",
    "tempfile",
    "libc",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let manifests =
        tree.ending(&["toml"]).filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml");
    manifests.filter(|file| !file.path.contains("/fuzz/")).flat_map(check_manifest).collect()
}

fn check_manifest(file: &File) -> Vec<Finding> {
    let Some(house) = HOUSES.iter().find(|house| house.folder == file.folder()) else {
        return vec![Finding::at(
            &file.path,
            1,
            "this crate is not in the table of xtask/src/tidy/arrows.rs: add it with its arrows, and an ADR",
        )];
    };
    declared(file).iter().filter_map(|dependency| check_arrow(house, file, dependency)).collect()
}

fn check_arrow(house: &House, file: &File, dependency: &Dependency<'_>) -> Option<Finding> {
    let name = dependency.name;
    let here = |advice: String| Some(Finding::at(&file.path, dependency.line, advice));
    if HOUSES.iter().any(|other| other.package == name) {
        let allowed =
            house.may_use.contains(&name) || (dependency.for_tests && house.tests_may_use.contains(&name));
        return if allowed {
            None
        } else {
            here(format!(
                "{} may not use {name}: that arrow does not exist in ARCHITECTURE.md",
                house.package
            ))
        };
    }
    if let Some((home, _)) = HOMES.iter().find(|(home, names)| names.contains(&name) && *home != house.folder)
    {
        return here(format!("only {home} may name {name}: ask that crate for what you need"));
    }
    if house.pure && IMPURE.contains(&name) {
        return here(format!(
            "{} is pure and may not name {name}: take what it gives as an argument",
            house.package
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;
    use super::check;

    #[test]
    fn forbidden_arrows_and_strange_packages_are_found() {
        let rooms = "[dependencies]\nplenum-domain.workspace = true\nplenum-protocol.workspace = true\n\
                     tokio = \"1\"\n[dependencies.sqlx]\nversion = \"1\"\n";
        assert_eq!(
            places(check, &[("rooms/Cargo.toml", rooms)]),
            ["rooms/Cargo.toml:3", "rooms/Cargo.toml:4", "rooms/Cargo.toml:5"]
        );
    }

    #[test]
    fn tests_of_the_hub_may_use_the_client_and_the_hub_may_not() {
        let hub = "[dependencies]\nplenum-client.workspace = true\n[dev-dependencies]\nplenum-client.workspace = true\n";
        assert_eq!(places(check, &[("hub/Cargo.toml", hub)]), ["hub/Cargo.toml:2"]);
    }

    #[test]
    fn a_new_crate_needs_a_line_in_the_table() {
        assert_eq!(places(check, &[("extra/Cargo.toml", "[package]\n")]), ["extra/Cargo.toml:1"]);
    }
}
