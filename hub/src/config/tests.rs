use std::path::Path;

use super::load::keys;
use super::report::values;
use super::{example, load};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../config/plenum.example.toml");

#[test]
fn the_example_file_is_as_written_down() {
    if std::env::var_os("PLENUM_GEN").is_some() {
        std::fs::write(EXAMPLE, example()).unwrap();
    }
    let kept = std::fs::read_to_string(EXAMPLE).unwrap_or_default();
    assert_eq!(kept, example(), "config/plenum.example.toml is stale: run cargo xtask gen");
}

#[test]
fn every_key_has_the_variable_of_its_name_and_a_line_in_the_report() {
    let loaded = load(None).unwrap();
    let reported: Vec<&str> = values(&loaded.config).into_iter().map(|(key, _)| key).collect();
    for (place, (key, variable)) in keys().into_iter().enumerate() {
        assert_eq!(variable, format!("PLENUM__{}", key.to_uppercase().replace('.', "__")));
        assert_eq!(reported.get(place), Some(&key.as_str()));
    }
    assert_eq!(reported.len(), keys().len());
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.toml");
    let fault = |text: &str| {
        std::fs::write(&path, text).unwrap();
        load(Some(&path)).unwrap_err().to_string()
    };
    for (text, expected) in [
        ("[server]\nlisen = \"x\"\n", "hub.toml:2: unknown field `lisen`"),
        ("[servr]\n", "hub.toml:1: unknown field `servr`"),
        ("[server]\n\nshards = \"two\"\n", "hub.toml:3: "),
        ("[server\n", "hub.toml:1: "),
        ("[store]\nurl = \"mysql://x\"\n", "store.url: mysql: is not a database"),
        ("[redis]\nurl = \"nowhere\"\n", "redis.url: not an address"),
        ("[server]\npublic_url = \"example.org\"\n", "server.public_url: begins with neither"),
        ("[auth]\naccess_ttl_s = 1\n", "auth.access_ttl_s: 1 is not between"),
    ] {
        let said = fault(text);
        assert!(said.contains(expected), "{text:?} said {said:?}");
        assert!(!said.contains('\n'));
    }
    let absent = load(Some(Path::new("/nowhere/hub.toml"))).unwrap_err().to_string();
    assert!(absent.starts_with("/nowhere/hub.toml: "), "{absent}");
}

#[test]
fn passwords_are_masked_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.toml");
    let text = "[redis]\nurl = \"redis://plenum:hunter2@db:6379\"\nbus_url = \"redis://:hunter2@bus\"\n";
    std::fs::write(&path, text).unwrap();
    let report = super::report(&load(Some(&path)).unwrap());
    assert!(!report.contains("hunter2"), "{report}");
    assert!(report.contains("redis://plenum:***@db:6379"), "{report}");
}

#[test]
fn the_example_file_can_be_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.toml");
    let uncommented: String = example()
        .lines()
        .map(|line| {
            line.strip_prefix('#')
                .filter(|rest| rest.contains(" = ") && !rest.starts_with(' '))
                .unwrap_or(line)
        })
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&path, uncommented).unwrap();
    load(Some(&path)).unwrap();
}
