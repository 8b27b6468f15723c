//! 80,101 real ballots: Minneapolis, mayor, 2013, each with up to three ranks. The figures are the public record's.
//! The file is not part of this repository; without it the test says so.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use plenum_domain::Id;
use serde_json::{Value, json};

use super::{MODERATOR, Table};
use crate::engine::Room;
use crate::kinds::poll::Ballot;
use crate::kinds::poll::wire::Fact;

const FILE: &str = "../../shared/data/ballots/mn_2013_cast_vote_record.csv.xz";
/// What stands for "nobody" in the record.
const NOBODY: [&str; 4] = ["undervote", "overvote", "skipped", ""];

/// The ballots' ranks, or none when the file or the program that unpacks it is not here.
fn ballots() -> Option<Vec<Vec<String>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let unpacked = path.exists().then(|| Command::new("xz").arg("-dc").arg(&path).output().ok()).flatten();
    let Some(unpacked) = unpacked.filter(|unpacked| unpacked.status.success()) else {
        println!("the Minneapolis ballots, or xz, are absent: this test proves nothing here");
        return None;
    };
    let text = String::from_utf8(unpacked.stdout).expect("the record is UTF-8");
    Some(text.lines().skip(1).map(fields).collect())
}

/// One line of CSV with quoted fields.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    let mut chars = line.trim_end().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                fields.last_mut().into_iter().for_each(|field| field.extend(chars.next()));
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().into_iter().for_each(|field| field.push(c)),
        }
    }
    fields
}

/// The candidates by name, each with a place among the options.
fn candidates(ballots: &[Vec<String>]) -> BTreeMap<&str, u8> {
    let names: std::collections::BTreeSet<&str> =
        ballots.iter().flatten().map(String::as_str).filter(|name| !is_nobody(name)).collect();
    names.into_iter().zip(0..).collect()
}

fn is_nobody(name: &str) -> bool {
    NOBODY.contains(&name.trim().to_lowercase().as_str())
}

fn poll(kind: &str, candidates: &BTreeMap<&str, u8>) -> Table {
    let options: Vec<Value> =
        candidates.iter().map(|(name, place)| json!({"id": place.to_string(), "label": name})).collect();
    Table::open(&json!({"title": "Mayor", "kind": kind, "options": options}))
}

fn cast(table: &mut Table, voter: usize, chosen: Vec<u8>) {
    let by = Id::from_bits(voter as u128);
    table.poll.evolve(&Fact::Voted { by, ballot: Ballot::Choices(chosen.into()) });
}

/// An option's figure by a part of its label.
fn figure(table: &Table, name: &str, what: &str) -> u64 {
    let state = table.state(MODERATOR);
    let options = state["poll"]["options"].as_array().expect("options");
    let place =
        options.iter().position(|one| one["label"].as_str().is_some_and(|label| label.contains(name)));
    state["results"]["options"][place.expect("a candidate")][what].as_u64().expect("a count")
}

#[test]
fn the_count_of_minneapolis_is_the_public_record() {
    let Some(ballots) = ballots() else { return };
    assert_eq!(ballots.len(), 80_101);
    let candidates = candidates(&ballots);
    let (mut single, mut ranking) = (poll("single", &candidates), poll("ranking", &candidates));
    let mut firsts = 0;
    for (voter, ranks) in ballots.iter().enumerate() {
        if let Some(first) = candidates.get(ranks[0].as_str()) {
            cast(&mut single, voter, vec![*first]);
            firsts += 1;
        }
        let mut ranked: Vec<u8> = Vec::new();
        for place in ranks.iter().filter_map(|name| candidates.get(name.as_str())) {
            if !ranked.contains(place) {
                ranked.push(*place);
            }
        }
        if !ranked.is_empty() {
            cast(&mut ranking, voter, ranked);
        }
    }
    for (name, votes) in [("HODGES", 28_935), ("ANDREW", 19_584), ("SAMUELS", 8_335), ("WINTON", 7_511)] {
        assert_eq!(figure(&single, name, "votes"), votes, "{name}");
        assert!(figure(&ranking, name, "first") >= votes, "{name}");
    }
    assert_eq!(single.results(MODERATOR)["voters"], firsts);
    assert_eq!(ranking.poll.round.tally, ranking.poll.recounted());
    assert_eq!(points(&ranking), borda(&ballots, &candidates));
}

/// All points that the poll gave.
fn points(ranking: &Table) -> u64 {
    let results = ranking.results(MODERATOR);
    results["options"].as_array().expect("options").iter().filter_map(|one| one["points"].as_u64()).sum()
}

/// The same from the record: a ballot that ranks k different people gives k(k+1)/2 points.
fn borda(ballots: &[Vec<String>], candidates: &BTreeMap<&str, u8>) -> u64 {
    let ranked = |ranks: &Vec<String>| {
        let different: std::collections::BTreeSet<_> =
            ranks.iter().filter_map(|name| candidates.get(name.as_str())).collect();
        different.len() as u64
    };
    ballots.iter().map(ranked).map(|k| k * (k + 1) / 2).sum()
}
