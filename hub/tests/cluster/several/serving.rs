//! Any hub serves anyone.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Hall;
use crate::hub::text;
use crate::wire::{Heard, Socket};

fn until_present(socket: &mut Socket, people: u64) {
    while socket.push("session.present")["data"]["present"] != people {}
}

/// How many voted, by a push or by the state that is shown after a gap.
fn voters_of(push: &Value) -> &Value {
    if push["ev"] == "poll.state" { &push["data"]["results"]["voters"] } else { &push["data"]["voters"] }
}

/// Waits for the results of so many voters. All pushes so far are one order without a gap, whoever sent them; a state
/// replaces what was held, wherever that ended.
pub(super) fn until_voters(socket: &mut Socket, voters: u64) {
    loop {
        let said = socket.log.iter().map(|text| serde_json::from_str::<Value>(text).unwrap());
        let pushes: Vec<Value> =
            said.filter(|said| said["ev"] == "poll.results" || said["ev"] == "poll.state").collect();
        let mut at = None;
        for push in &pushes {
            let (prev, seq) = (push["prev"].as_u64().unwrap(), push["seq"].as_u64().unwrap());
            let follows = push["ev"] == "poll.state" || at.is_none_or(|at| prev <= at);
            assert!(follows && at.is_none_or(|at| seq > at), "{push} after {at:?}");
            at = Some(seq);
        }
        if pushes.last().is_some_and(|push| *voters_of(push) == voters) {
            return;
        }
        assert_ne!(socket.hear(), Heard::End, "the results of {voters} voters");
    }
}

#[test]
fn a_vote_at_any_hub_is_counted_once_and_shown_at_all() {
    let Some(mut hall) = Hall::of(3) else { return };
    let people: Vec<String> = (0..3).map(|n| hall.person(n)).collect();
    let mut sockets: Vec<Socket> = (0..3).map(|n| hall.come(n, &people[n], &hall.room())).collect();
    let replies: Vec<Value> =
        (0..3).map(|n| sockets[n].ask(hall.vote(n as u128, ["a", "b", "a"][n]))).collect();
    sockets.iter_mut().for_each(|socket| until_voters(socket, 3));
    assert!((0..3).all(|n| hall.results(n) == (2, 1)));
    let elsewhere = hall.come(1, &people[0], &hall.room()).ask(hall.vote(0, "a"));
    assert_eq!(elsewhere["ok"], replies[0]["ok"], "the same key has the same answer through another hub");
    let question = json!({"text": "Why?", "anonymous": false});
    let ask = |hall: &Hall, n: usize| {
        let (path, bearer) = (
            format!("/api/v1/sessions/{}/questions", text(&hall.session["id"])),
            format!("Bearer {}", people[0]),
        );
        let headers = [
            ("content-type", "application/json"),
            ("authorization", bearer.as_str()),
            ("idempotency-key", "01980000-0000-7000-8000-00000000aaaa"),
        ];
        hall.hub(n).request("POST", &path, &headers, question.to_string().as_bytes())
    };
    let asked = ask(&hall, 0);
    for n in 0..3 {
        hall.kill(n);
    }
    (0..3).for_each(|n| hall.start(n));
    let again = ask(&hall, 2);
    assert_eq!(
        (asked.status, &asked.json()["data"]),
        (again.status, &again.json()["data"]),
        "{}",
        again.text
    );
    assert_eq!(again.header("idempotency-replayed"), "true");
    let after = hall.come(2, &people[0], &hall.room()).ask(hall.vote(0, "a"));
    assert_eq!(after["ok"], replies[0]["ok"], "and after all of them were killed");
    assert_eq!(hall.results(1), (2, 1));
}

#[test]
fn everyone_is_counted_once_and_ghosts_are_gone_in_four_seconds() {
    let Some(mut hall) = Hall::of(3) else { return };
    let people: Vec<String> = (0..4).map(|_| hall.person(0)).collect();
    let owner = hall.owner_node();
    let (next, last) = ((owner + 1) % 3, (owner + 2) % 3);
    let room = hall.session_room();
    let mut watcher = hall.come(next, &people[0], &room);
    let _here = hall.come(owner, &people[1], &room);
    let _same_person = hall.come(last, &people[1], &room);
    let _ghost = hall.come(last, &people[2], &room);
    until_present(&mut watcher, 3);
    let start = Instant::now();
    hall.kill(last);
    until_present(&mut watcher, 2);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

/// The store is written by the owner; a hub that is not asks how far that is before it shows a list from it.
#[test]
fn who_said_something_over_a_hub_finds_it_in_that_hubs_list_at_once() {
    let Some(hall) = Hall::of(2) else { return };
    let other = 1 - hall.owner_node();
    let person = hall.person(other);
    let path = format!("/sessions/{}/messages", text(&hall.session["id"]));
    for n in 0..20 {
        let said = format!("Message {n}");
        assert_eq!(hall.hub(other).post(&path, &person, &json!({"text": said})).status, 201);
        let listed = hall.hub(other).get(&path, &person).data();
        assert_eq!(listed[0]["text"], said.as_str(), "{listed}");
    }
}
