//! The wire of every kind, pinned: what it is asked, answers, journals, shows and pushes under made-up traffic.
//!
//! `cargo xtask gen` (or `PLENUM_GEN=1`) rewrites the files. A change in one of them is a change that clients and old
//! journals see: it is right when nothing was renamed or removed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plenum_rooms::engine::{Body, Outcome};
use plenum_rooms::kinds::{KINDS, Kind};
use serde_json::{Value, json};

use super::Play;
use super::play::Sent;
use super::wire::{pushes, watch};
use crate::desk::{ATTENDEE, MODERATOR, SCREEN, person};

/// Commands tried; only the first example of each command and answer is written down.
const TRIED: usize = 400;
/// Records written down.
const RECORDS: usize = 12;

#[test]
fn the_wire_of_every_kind_is_as_written_down() {
    for kind in KINDS {
        let now = format!("{:#}\n", written_down(kind));
        let path = folder(kind).join("traffic.json");
        if std::env::var_os("PLENUM_GEN").is_some() {
            fs::create_dir_all(folder(kind)).expect("the folder of a kind can be written");
            fs::write(&path, &now).expect("the folder of a kind can be written");
        }
        let was = fs::read_to_string(&path).unwrap_or_default();
        assert!(was == now, "{} is not what the kind does now: see `cargo xtask gen`", path.display());
    }
}

/// Where a kind's golden files are.
pub(super) fn folder(kind: &Kind) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kinds").join(kind.name).join("golden")
}

fn written_down(kind: &'static Kind) -> Value {
    let mut play = Play::new(kind, 1);
    watch(&mut play);
    let sent = play.run(TRIED);
    let pushed: BTreeMap<_, _> =
        pushes(&play.desk.heard(), &play).into_iter().rev().map(|push| (push.ev, push.data)).collect();
    let states = [("attendee", ATTENDEE), ("moderator", MODERATOR), ("screen", SCREEN)];
    let states: BTreeMap<_, _> =
        states.iter().map(|(name, n)| (name, play.desk.view(&person(*n), play.room))).collect();
    json!({
        "kind": kind.name,
        "commands": examples(&sent),
        "records": records(&play),
        "pushes": pushed,
        "states": states,
    })
}

/// The first command of each op with each answer.
fn examples(sent: &[Sent]) -> BTreeMap<String, Value> {
    let mut examples = BTreeMap::new();
    for one in sent {
        let answer = match &one.outcome {
            Ok(Some(_)) => "accepted",
            Ok(None) => "done and not kept",
            Err(refusal) => refusal.code,
        };
        let example = || json!({"by": one.by.name, "data": one.command.data, "answer": shown(&one.outcome)});
        examples.entry(format!("{} {answer}", one.command.op)).or_insert_with(example);
    }
    examples
}

fn shown(outcome: &Outcome) -> Value {
    match outcome {
        Ok(accepted) => {
            json!({"ok": accepted.map(|accepted| json!({"seq": accepted.seq, "room": accepted.opened}))})
        }
        Err(refusal) => json!({
            "code": refusal.code,
            "message": refusal.message,
            "retry_ms": refusal.retry_ms,
            "details": refusal.details.iter().map(|(name, value)| (*name, value)).collect::<BTreeMap<_, _>>(),
        }),
    }
}

fn records(play: &Play) -> Vec<Value> {
    let own = play.desk.journal.records.iter().filter(|record| record.room == play.room);
    let read = own.map(|record| match &record.body {
        Body::Nothing => json!({"seq": record.seq}),
        Body::Opened(settings) => {
            json!({"opened": serde_json::from_slice::<Value>(settings).expect("settings are JSON")})
        }
        Body::Facts(facts) => {
            json!({"seq": record.seq, "facts": rmp_serde::from_slice::<Value>(facts).expect("facts are MessagePack")})
        }
    });
    read.take(RECORDS).collect()
}
