//! Real talk: lines of a busy help channel. The files are not part of this repository; without them the test says so.

use std::collections::BTreeMap;

use plenum_domain::text::clean;

use super::*;
use crate::engine::archive::unpacked;

const ARCHIVE: &str = "chat/irc-disentanglement-subset.tar.xz";
/// The first of those who talk.
const TALKERS: u64 = 100;

/// Who said what in a line such as `[21:16] <nick> o/`; none in lines of another sort.
fn said(line: &str) -> Option<(&str, &str)> {
    line.split_once("] <")?.1.split_once("> ")
}

#[test]
fn a_busy_channel_is_told_line_by_line() {
    let Some(log) = unpacked(ARCHIVE, "*/test/*_0*.raw.txt") else { return };
    let mut stage = stage(&json!({}));
    let mut nicks: BTreeMap<&str, u64> = BTreeMap::new();
    let mut texts = Vec::new();
    for (nick, text) in log.lines().filter_map(said) {
        let next = TALKERS + nicks.len() as u64;
        let n = *nicks.entry(nick).or_insert(next);
        match (stage.send(n, "chat.send", &json!({"text": text})), clean(text, 500)) {
            (Ok(_), Ok(text)) => texts.push(text),
            (sent, cleaned) => assert_eq!(sent.is_ok(), cleaned.is_ok(), "{text:?}"),
        }
        stage.wait_ms(3);
    }
    stage.wait_ms(1_000);
    assert!(nicks.len() > 100 && texts.len() > 1_000, "{} people, {} lines", nicks.len(), texts.len());
    let heard = stage.heard(CEM).into_iter().filter(|heard| heard.ev == "chat.message");
    let heard: Vec<Value> = heard.map(|heard| heard.data["text"].clone()).collect();
    assert_eq!(json!(heard), json!(texts), "every line once, in order");
    let state = stage.state(ANN);
    let last: Vec<&Value> =
        state["messages"].as_array().into_iter().flatten().map(|one| &one["text"]).collect();
    assert_eq!(json!(last), json!(texts[texts.len() - 50..]));
    stage.assert_replays();
}
