//! The bytes of the wire, written down. Each case is built by the crate's own writers, must equal the plain serde
//! encoding of its meaning, and must read back to it. `PLENUM_GEN=1` rewrites the files; the TypeScript SDK reads
//! the same ones.

use std::path::PathBuf;

use crate::cases::{Case, commands, pushes, replies};
use plenum_protocol::{Codec, Limits, ServerMessage, encode, parse_frame, parse_server_frame};
use serde_json::{Value, json};

#[test]
fn commands_are_as_written_down() {
    let cases = commands();
    for (codec, bytes) in cases.iter().flat_map(Case::in_both_codecs) {
        let read: Vec<_> = parse_frame(codec, &bytes, &Limits::CLIENT).collect();
        assert!(read.iter().all(Result::is_ok), "{read:?}");
    }
    compare("commands.json", &cases);
}

#[test]
fn replies_are_as_written_down() {
    let cases = replies();
    for (codec, bytes) in cases.iter().flat_map(Case::in_both_codecs) {
        for message in parse_server_frame(codec, &bytes, &Limits::SERVER) {
            let message = message.expect("a golden reply reads");
            assert!(!matches!(message, ServerMessage::Push(_)), "{message:?}");
        }
    }
    compare("replies.json", &cases);
}

#[test]
fn pushes_are_as_written_down() {
    let cases = pushes();
    for (codec, bytes) in cases.iter().flat_map(Case::in_both_codecs) {
        for message in parse_server_frame(codec, &bytes, &Limits::SERVER) {
            assert!(matches!(message, Ok(ServerMessage::Push(_))), "{message:?}");
        }
    }
    compare("pushes.json", &cases);
}

fn compare(file: &str, cases: &[Case]) {
    let entries: Vec<Value> = cases.iter().flat_map(entries_of).collect();
    let fresh = serde_json::to_string_pretty(&entries).expect("values print") + "\n";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(file);
    if std::env::var_os("PLENUM_GEN").is_some() {
        std::fs::write(&path, &fresh).expect("the golden folder can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == fresh,
        "{file} is stale: run `PLENUM_GEN=1 cargo test -p plenum-protocol` and look at the change"
    );
}

fn entries_of(case: &Case) -> Vec<Value> {
    case.in_both_codecs().into_iter().map(|(codec, bytes)| entry(case, codec, &bytes)).collect()
}

fn entry(case: &Case, codec: Codec, bytes: &[u8]) -> Value {
    let plain = encode(codec, &case.meaning).expect("a meaning has a form in both codecs");
    assert_eq!(plain, bytes, "{} in {codec:?}: the writer and plain serde disagree", case.name);
    let (kind, written) = match codec {
        Codec::Json => ("text", String::from_utf8(bytes.to_vec()).expect("JSON is UTF-8")),
        Codec::MsgPack => ("hex", bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    };
    json!({ "name": case.name, "codec": codec.subprotocol(), kind: written, "meaning": case.meaning })
}
