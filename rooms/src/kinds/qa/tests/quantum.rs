//! 612 real questions with their real votes, from a questions-and-answers site about quantum computing.
//! The files are not part of this repository; without them the test says so.

use std::collections::BTreeMap;

use super::*;
use crate::engine::archive::unpacked;

const ARCHIVE: &str = "qna/stackexchange-quantum.tar.xz";
/// People who asked, and people who voted, have numbers of their own.
const ASKERS: u64 = 1_000;
const VOTERS: u64 = 1_000_000;

/// The value of an attribute in a row, with the characters that XML writes as names.
fn attribute(row: &str, name: &str) -> Option<String> {
    let from = row.split_once(&format!(" {name}=\""))?.1;
    let raw = from.split_once('"')?.0;
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    Some(plain.iter().fold(raw.to_owned(), |text, (written, meant)| text.replace(written, meant)))
}

fn number(row: &str, name: &str) -> Option<u64> {
    attribute(row, name)?.parse().ok()
}

#[test]
fn real_questions_are_ranked_by_their_real_votes() {
    let (Some(posts), Some(votes)) = (unpacked(ARCHIVE, "*/Posts.xml"), unpacked(ARCHIVE, "*/Votes.xml"))
    else {
        return;
    };
    let mut stage = Stage::open("qa", &json!({"per_person_open": 1_000}));
    let mut questions = BTreeMap::new();
    for row in posts.lines().filter(|row| attribute(row, "PostTypeId").as_deref() == Some("1")) {
        let (post, title) = (number(row, "Id").expect("a post has an id"), attribute(row, "Title"));
        let asker = ASKERS + number(row, "OwnerUserId").unwrap_or_default();
        let question = stage.does(asker, "qa.ask", &json!({"text": title, "anonymous": post % 2 == 0}));
        questions.insert(post, question);
    }
    assert_eq!(questions.len(), 612);
    let mut expected: BTreeMap<Id, u64> = BTreeMap::new();
    for row in votes.lines().filter(|row| attribute(row, "VoteTypeId").as_deref() == Some("2")) {
        let Some(question) = number(row, "PostId").and_then(|post| questions.get(&post)) else { continue };
        let count = expected.entry(*question).or_default();
        stage.does(VOTERS + *count, "qa.vote", &json!({"question": question, "up": true}));
        *count += 1;
    }
    let state = stage.state(MODERATOR);
    let listed = state["questions"].as_array().expect("a state has questions");
    assert_eq!(listed.len(), 500, "the newest of them are listed");
    let newest: Vec<&Id> = questions.values().skip(questions.len() - 500).collect();
    assert_eq!(json!(listed.iter().map(|one| &one["id"]).collect::<Vec<_>>()), json!(newest));
    for one in listed {
        let id: Id = serde_json::from_value(one["id"].clone()).expect("it has an id");
        assert_eq!(one["votes"].as_u64().unwrap_or_default(), expected.get(&id).copied().unwrap_or_default());
    }
    stage.assert_replays();
}
