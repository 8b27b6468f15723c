//! The tables say what the rooms say, whatever happened in them and however often it was written.

use std::collections::BTreeMap;

use plenum_domain::Id;
use plenum_rooms::engine::sample::person;
use plenum_rooms::kinds;
use serde_json::{Value, json};

use super::hall::{CONFERENCE, Hall, SESSION, TENANT};
use super::{dump, forget_the_cursor, project, recount};
use crate::store::tests::Twin;
use crate::store::{Page, QuestionFilter, Store};

/// Polls, questions and messages of the rooms are what the store holds.
async fn check(hall: &mut Hall, store: &Store) {
    let moderator = person(0);
    for room in hall.rooms.clone() {
        let state = hall.look(room, &moderator);
        match room.kind {
            "poll" => check_poll(store, room.id, &state).await,
            "qa" => check_questions(store, &state).await,
            "messaging" => check_messages(store, &state).await,
            _ => {}
        }
    }
}

async fn check_poll(store: &Store, id: Id, state: &Value) {
    let stored = store.poll(TENANT, id).await.unwrap().expect("the poll is in the store");
    assert_eq!(stored.poll, state["poll"]);
    let mut results: Vec<Value> = state["past"].as_array().cloned().unwrap_or_default();
    results.push(state["results"].clone());
    let kept = store.poll_results(TENANT, id).await.unwrap();
    assert_eq!(kept.iter().map(|round| round.results.clone()).collect::<Vec<_>>(), results);
    let votes = store.votes(TENANT, id, 0, 10_000).await.unwrap();
    assert!(!stored.anonymous || votes.is_empty(), "nobody knows who voted what in an anonymous poll");
    if !stored.anonymous {
        for round in kept {
            let voters: BTreeMap<Id, &Value> = votes
                .iter()
                .filter(|vote| vote.round == round.round)
                .map(|vote| (vote.voter, &vote.choice))
                .collect();
            assert_eq!(voters.len() as i64, round.voters, "round {} of {}", round.round, stored.kind);
            if stored.kind == "single" {
                check_count(&round.results, &voters);
            }
        }
    }
}

/// Counts the last votes of everyone, and compares.
fn check_count(results: &Value, voters: &BTreeMap<Id, &Value>) {
    for option in results["options"].as_array().unwrap() {
        let counted = voters.values().filter(|choice| choice["options"] == json!([option["id"]])).count();
        assert_eq!(json!(counted), option["votes"]);
    }
}

async fn check_questions(store: &Store, state: &Value) {
    let listed = store
        .questions(TENANT, CONFERENCE, &QuestionFilter::default(), Page::new(1, 100))
        .await
        .unwrap()
        .items;
    let questions = state["questions"].as_array().unwrap();
    assert_eq!(listed.len(), questions.len());
    for question in listed {
        let shown = questions.iter().find(|shown| shown["id"] == question.id.to_string()).unwrap();
        assert_eq!(json!(question.text), shown["text"]);
        assert_eq!(json!(question.status), shown["status"]);
        assert_eq!(json!(question.votes), shown["votes"], "{shown}");
        assert_eq!(json!(question.author_name), shown["author"]["name"]);
        assert_eq!(json!(question.reason), shown["reason"]);
        assert_eq!(json!(question.merged_into.map(|id| id.to_string())), shown["merged_into"]);
        assert_eq!(question.session, SESSION);
    }
}

async fn check_messages(store: &Store, state: &Value) {
    let latest = state["messages"].as_array().unwrap();
    let mut stored = store.messages(TENANT, SESSION, None, 1_000).await.unwrap();
    stored.reverse();
    for shown in latest {
        let message = stored.iter().find(|message| shown["id"] == message.id.to_string()).unwrap();
        assert_eq!(json!(message.text), shown["text"]);
        assert_eq!(json!(message.deleted), shown["deleted"]);
        assert_eq!(message.reactions, shown["reactions"], "{shown}");
        assert_eq!(json!(message.author_name), shown["author"]["name"]);
    }
}

async fn play(seed: u64, twin: &Twin) {
    let (piecewise, at_once) = (twin.empty().await, twin.empty().await);
    let mut hall = Hall::new(seed);
    for _ in 0..4 {
        hall.open_a_poll();
        hall.live(60);
        hall.wait_ms(10 * 60 * 1_000);
        project(&hall, &piecewise.store).await;
        check(&mut hall, &piecewise.store).await;
    }
    let written = dump(&piecewise.store).await;
    forget_the_cursor(&piecewise.store).await;
    assert!(project(&hall, &piecewise.store).await > 0);
    assert_eq!(dump(&piecewise.store).await, written, "writing everything again changes nothing");
    recount(&piecewise.store, CONFERENCE).await;
    assert_eq!(dump(&piecewise.store).await, written, "counting everything anew changes nothing");

    project(&hall, &at_once.store).await;
    check(&mut hall, &at_once.store).await;
    let counted = |dump: Vec<String>| -> Vec<String> {
        dump.into_iter().filter(|row| row.starts_with("activity")).collect()
    };
    assert_eq!(counted(dump(&at_once.store).await), counted(written), "batches count the same in pieces");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]

    #[test]
    fn sqlite_says_what_the_rooms_say(seed: u64) {
        play_on(seed, &Twin::Sqlite);
    }

}

// Two new databases a case take their time.
proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4))]

    #[test]
    fn postgres_says_what_the_rooms_say(seed: u64) {
        if let Some(twin) = Twin::postgres() {
            play_on(seed, &twin);
        }
    }
}

fn play_on(seed: u64, twin: &Twin) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(play(seed, twin));
}

#[test]
fn every_projected_kind_is_in_the_registry() {
    for name in ["messaging", "poll", "qa", "session"] {
        assert!(kinds::find(name).is_some() && crate::projector::kinds::opener(name).is_some(), "{name}");
    }
}
