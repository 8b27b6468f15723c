//! Every fact and every view, byte for byte in both codecs. Facts are what old journals hold, and views what clients
//! read: a change in these files is right when nothing was renamed or removed.

use std::path::Path;

use serde_json::{Value, json};

use super::{MODERATOR, Table, choice, plain, poll_id};
use crate::engine::sample::person;
use crate::engine::{Audience, Codec, Room, Viewer, encode};
use crate::kinds::poll::wire::{Fact, Verdict, View};

/// Compares with the file, or writes it.
fn compare(file: &str, entries: Vec<(&str, Value)>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kinds/poll/golden").join(file);
    let now = format!(
        "{:#}\n",
        entries.into_iter().map(|(name, one)| json!({"what": name, "is": one})).collect::<Value>()
    );
    if std::env::var_os("PLENUM_GEN").is_some() {
        std::fs::write(&path, &now).expect("the folder can be written");
    }
    let was = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        was == now,
        "golden/{file} is not what the poll does now: run cargo xtask gen and look at the change"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn facts_are_as_written_down() {
    let entries = facts().into_iter().map(|(name, fact)| {
        let journaled = rmp_serde::to_vec_named(&fact).expect("a fact is plain data");
        let read: Fact = rmp_serde::from_slice(&journaled).expect("what was written is read");
        assert_eq!(read, fact);
        (name, json!({"json": fact, "msgpack": hex(&journaled)}))
    });
    compare("facts.json", entries.collect());
}

#[test]
fn views_are_as_written_down() {
    let entries = views().into_iter().map(|(name, view)| {
        let json: Value = serde_json::from_slice(&encode(Codec::Json, &view)).expect("it is JSON");
        (name, json!({"json": json, "msgpack": hex(&encode(Codec::MsgPack, &view))}))
    });
    compare("views.json", entries.collect());
}

/// One of each, and one ballot of each kind.
fn facts() -> Vec<(&'static str, Fact)> {
    let mut facts: Vec<(&str, Fact)> = KINDS.iter().map(|kind| (*kind, voted(kind))).collect();
    let mut table = Table::draft(&choice("single", 2, &json!({})));
    let mut made = |op, data: &Value| table.ask(MODERATOR, op, data).expect("moderators may");
    facts.extend(
        made("poll.edit", &everything())
            .into_iter()
            .zip(["edited", "announced"])
            .map(|(fact, name)| (name, fact)),
    );
    facts.extend(made("poll.open", &json!({"closes_in_ms": 60_000})).pop().map(|fact| ("opened", fact)));
    let word = |word: &str| word.to_owned();
    facts.extend([
        ("opened for as long as it takes", Fact::Opened { closes_at: None }),
        ("closed", Fact::Closed),
        ("reopened", Fact::Reopened),
        ("revealed", Fact::Revealed),
        ("reset", Fact::Reset),
        ("words merged", Fact::WordsMerged { into: word("colour"), words: vec![word("color")] }),
        ("words unmerged", Fact::WordsUnmerged { words: vec![word("color")] }),
        ("word hidden", Fact::WordJudged { word: word("rude"), verdict: Verdict::Hidden }),
        ("answer approved", Fact::AnswerJudged { answer: poll_id(), verdict: Verdict::Approved }),
    ]);
    facts
}

const KINDS: [&str; 8] =
    ["single", "multiple", "rating", "ranking", "points", "wordcloud", "open", "numeric"];

/// Settings in which as many fields as possible say something.
fn everything() -> Value {
    choice(
        "multiple",
        3,
        &json!({"max_choices": 2, "anonymous": false, "results": "after_vote", "change_vote": true}),
    )
}

fn settings(kind: &str) -> Value {
    let more = json!({"anonymous": false, "results": "always"});
    match kind {
        "single" | "multiple" | "ranking" | "points" => choice(kind, 3, &more),
        "numeric" => plain(kind, &super::with(&more, &json!({"min": -1.5, "max": 100}))),
        _ => plain(kind, &more),
    }
}

fn vote(kind: &str) -> Value {
    match kind {
        "single" => json!({"options": ["b"]}),
        "multiple" | "ranking" => json!({"options": ["c", "a"]}),
        "points" => json!({"points": {"a": 70, "c": 30}}),
        "rating" => json!({"value": 4}),
        "wordcloud" => json!({"text": "Open, Café"}),
        "open" => json!({"text": "More breaks"}),
        _ => json!({"value": 12.5}),
    }
}

fn voted(kind: &str) -> Fact {
    let mut table = Table::open(&settings(kind));
    table.ask(5, "poll.vote", &vote(kind)).expect("it is a vote").remove(0)
}

/// What a voter and a moderator are shown of each kind, and what is pushed.
fn views() -> Vec<(&'static str, View)> {
    let mut views = Vec::new();
    for kind in KINDS {
        let mut table = Table::open(&settings(kind));
        table.vote(5, &vote(kind));
        for (who, audience) in [(5, Audience::Attendee), (MODERATOR, Audience::Moderator)] {
            views.push((kind, table.poll.state(&Viewer { actor: &person(who), audience })));
        }
        let told = table.poll.tell(&table.facts, Audience::Attendee);
        views.extend(told.into_iter().map(|told| (told.ev, told.view)));
        views.extend(table.poll.whisper(&table.facts).into_iter().map(|whisper| (whisper.ev, whisper.view)));
    }
    views
}
