//! What leaves memory is written down: `PLENUM_GEN=1 cargo test` writes the files, every other run compares.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::payload::{Codec, encode};

/// Checks `values`, each under its name, against `golden/<what>.json` and `golden/<what>.hex` (MessagePack) of a kind.
pub(crate) fn check<T: Serialize>(kind: &str, what: &str, values: &[(&str, T)]) {
    let json = |value: &T| serde_json::to_value(value).expect("it is plain data");
    let all: serde_json::Map<String, Value> =
        values.iter().map(|(name, value)| ((*name).to_owned(), json(value))).collect();
    let pretty = serde_json::to_string_pretty(&all).expect("it is plain data") + "\n";
    compare(kind, &format!("{what}.json"), &pretty);
    let line = |(name, value): &(&str, T)| format!("{name} {}\n", hex(&encode(Codec::MsgPack, value)));
    compare(kind, &format!("{what}.hex"), &values.iter().map(line).collect::<String>());
}

/// As [`check`], for what must be read back for ever: facts and settings.
pub(crate) fn check_readable<T>(kind: &str, what: &str, values: &[(&str, T)])
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    check(kind, what, values);
    for (name, value) in values {
        let bytes = encode(Codec::MsgPack, value);
        let read: T = rmp_serde::from_slice(&bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(read, *value, "{name} is read back as something else");
    }
}

fn compare(kind: &str, file: &str, now: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "src", "kinds", kind, "golden", file].iter().collect();
    if std::env::var_os("PLENUM_GEN").is_some() {
        std::fs::create_dir_all(path.parent().expect("the file is in a folder"))
            .expect("the folder can be made");
        return std::fs::write(&path, now).expect("the file can be written");
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(now, before, "{} is not what the code writes; PLENUM_GEN=1 writes it anew", path.display());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
