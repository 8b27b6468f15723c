//! What is there when all is quiet, beside what the hub had said.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::{Duration, Instant};

use super::crowd::Rest;
use super::fault::{Fault, Sort};
use super::held::{list, text};
use super::ledger::{Deed, Ledger};
use super::order;
use crate::hub::{Hub, Stage};

/// How long what is shown late may be late: the store follows the journal, and a client's last push its last beat.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything that is wrong, in words; nothing when nothing is.
pub(crate) async fn compare(
    hub: &Hub,
    stage: &Stage,
    ledger: &Ledger,
    rest: &Rest,
) -> io::Result<Vec<Fault>> {
    let mut faults = Vec::new();
    tokio::task::block_in_place(|| {
        faults.extend(messages(hub, stage, ledger, rest)?);
        faults.extend(questions(hub, stage, ledger)?);
        faults.extend(votes(hub, ledger)?);
        io::Result::Ok(())
    })?;
    faults.extend(clients(rest).await);
    faults.extend(order::of_answers(ledger));
    Ok(faults)
}

/// Each text that was acknowledged is there once, each that was refused is not, and none is there twice.
fn once_each(
    what: &str,
    there: &[String],
    acknowledged: &BTreeSet<&str>,
    refused: &BTreeSet<&str>,
) -> Vec<Fault> {
    let mut times: BTreeMap<&str, u32> = BTreeMap::new();
    there.iter().for_each(|text| *times.entry(text).or_default() += 1);
    let lost = acknowledged.iter().filter(|text| !times.contains_key(**text));
    let doubled = times.iter().filter(|(_, times)| **times > 1);
    let ghosts = refused.iter().filter(|text| times.contains_key(**text));
    let lost = lost.map(|text| Sort::Lost.fault(format!("the {what} {text:?} is lost")));
    let doubled = doubled
        .map(|(text, times)| Sort::Doubled.fault(format!("the {what} {text:?} is there {times} times")));
    let ghosts =
        ghosts.map(|text| Sort::Wrong.fault(format!("the {what} {text:?} was refused and is there")));
    lost.chain(doubled).chain(ghosts).collect()
}

/// The texts of what was acknowledged and of what was refused.
fn texts(ledger: &Ledger, text: fn(&Deed) -> Option<&str>) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let acknowledged = ledger.acknowledged().filter_map(|(_, deed, _)| text(deed)).collect();
    (acknowledged, ledger.refused().filter_map(|(deed, _)| text(deed)).collect())
}

fn messages(hub: &Hub, stage: &Stage, ledger: &Ledger, rest: &Rest) -> io::Result<Vec<Fault>> {
    let (acknowledged, refused) = texts(ledger, |deed| match deed {
        Deed::Message { text } => Some(text),
        _ => None,
    });
    let start = Instant::now();
    loop {
        let history = history(hub, stage)?;
        let (ids, texts): (Vec<String>, Vec<String>) = history.into_iter().unzip();
        let mut faults = once_each("message", &texts, &acknowledged, &refused);
        if faults.is_empty() || start.elapsed() > PATIENCE {
            faults.extend(order::of_messages(&ids, &rest.phones));
            return Ok(faults);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The whole chat, as the store has it: each message's id and text, the newest first.
fn history(hub: &Hub, stage: &Stage) -> io::Result<Vec<(String, String)>> {
    let path = format!("/sessions/{}/messages?per_page=100", stage.session_id);
    let (mut messages, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let more = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let (piece, next) = hub.piece(&format!("{path}{more}"))?;
        messages.extend(list(&piece).map(|message| (text(&message["id"]), text(&message["text"]))));
        match next {
            Some(next) => cursor = Some(next),
            None => return Ok(messages),
        }
    }
}

fn questions(hub: &Hub, stage: &Stage, ledger: &Ledger) -> io::Result<Vec<Fault>> {
    let mut there = Vec::new();
    for page in 1.. {
        let path = format!("/conferences/{}/questions?per_page=100&page={page}", stage.conference);
        let questions = hub.get(&path)?;
        let before = there.len();
        there.extend(
            list(&questions).map(|one| (text(&one["id"]), text(&one["text"]), one["votes"].as_u64())),
        );
        if there.len() == before {
            break;
        }
    }
    let (acknowledged, refused) = texts(ledger, |deed| match deed {
        Deed::Question { text } => Some(text),
        _ => None,
    });
    let found: Vec<String> = there.iter().map(|(_, text, _)| text.clone()).collect();
    let mut faults = once_each("question", &found, &acknowledged, &refused);
    let expected = upvotes(ledger);
    for (id, text, votes) in there {
        let expected = expected.get(&id).copied().unwrap_or_default();
        if votes != Some(expected) {
            let words = format!("{text:?} has {votes:?} votes, and {expected} were acknowledged");
            faults.push(counted(votes, expected).fault(words));
        }
    }
    Ok(faults)
}

/// What it is when so many are there and so many were acknowledged.
fn counted(there: Option<u64>, acknowledged: u64) -> Sort {
    match there.map(|there| there.cmp(&acknowledged)) {
        Some(Ordering::Less) => Sort::Lost,
        Some(Ordering::Greater) => Sort::Doubled,
        _ => Sort::Wrong,
    }
}

/// How many people support each question: each by the last thing that the hub acknowledged.
fn upvotes(ledger: &Ledger) -> BTreeMap<String, u64> {
    let mut last: BTreeMap<(usize, &str), (u64, bool)> = BTreeMap::new();
    for (person, deed, seq) in ledger.acknowledged() {
        if let Deed::Upvote { question, up } = deed {
            keep_latest(&mut last, (person, question), (seq, *up));
        }
    }
    let mut sums = BTreeMap::new();
    for ((_, question), _) in last.into_iter().filter(|(_, (_, up))| *up) {
        *sums.entry(question.to_owned()).or_default() += 1;
    }
    sums
}

fn keep_latest<K: Ord, V>(last: &mut BTreeMap<K, (u64, V)>, key: K, (seq, value): (u64, V)) {
    if last.get(&key).is_none_or(|(known, _)| *known <= seq) {
        last.insert(key, (seq, value));
    }
}

/// The results of each poll are the last acknowledged vote of each person.
fn votes(hub: &Hub, ledger: &Ledger) -> io::Result<Vec<Fault>> {
    let mut last: BTreeMap<(&str, usize), (u64, &str)> = BTreeMap::new();
    for (person, deed, seq) in ledger.acknowledged() {
        if let Deed::Vote { poll, option } = deed {
            keep_latest(&mut last, (poll, person), (seq, *option));
        }
    }
    let polls: BTreeSet<&str> = last.keys().map(|(poll, _)| *poll).collect();
    let mut faults = Vec::new();
    for poll in polls {
        let results = hub.get(&format!("/polls/{}/results", poll.trim_start_matches("poll:")))?;
        let votes = last.iter().filter(|((of, _), _)| *of == poll).map(|(_, (_, option))| *option);
        let votes: Vec<&str> = votes.collect();
        let of = |id: &str| votes.iter().filter(|option| **option == id).count() as u64;
        let is_right = list(&results["options"])
            .all(|option| option["votes"].as_u64() == Some(of(option["id"].as_str().unwrap_or_default())));
        if !is_right || results["voters"].as_u64() != Some(votes.len() as u64) {
            let words = format!("{poll} shows {results}, and {votes:?} were acknowledged");
            faults.push(counted(results["voters"].as_u64(), votes.len() as u64).fault(words));
        }
    }
    Ok(faults)
}

/// Every client holds what one holds that has just come in.
async fn clients(rest: &Rest) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, phone) in rest.phones.iter().enumerate() {
        let fresh = rest.another_phone(number).await;
        let start = Instant::now();
        let differs = loop {
            let differs = phone.held().differs_from(&fresh.held());
            let is_in = fresh.held().results.len() == rest.places.polls.len();
            if (is_in && differs.is_none()) || start.elapsed() > PATIENCE {
                break differs;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let words = |what| format!("the client of person {number} holds other {what}");
        faults.extend(differs.map(|what| Sort::Wrong.fault(words(what))));
        fresh.client.close().await;
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::ledger::Entry;
    use super::*;

    fn entry(person: usize, deed: Deed, answer: Result<u64, &str>) -> Entry {
        let (asked, answered) = (Instant::now(), Instant::now());
        Entry { person, deed, answer: answer.map_err(str::to_owned), asked, answered }
    }

    #[test]
    fn what_is_lost_doubled_or_a_ghost_is_named() {
        let there = ["kept", "twice", "twice", "ghost"].map(str::to_owned);
        let faults = once_each("word", &there, &["kept", "twice", "lost"].into(), &["ghost", "no"].into());
        assert_eq!(
            faults.iter().map(Fault::to_string).collect::<Vec<_>>(),
            [
                "the word \"lost\" is lost",
                "the word \"twice\" is there 2 times",
                "the word \"ghost\" was refused and is there"
            ]
        );
    }

    #[test]
    fn the_last_acknowledged_upvote_of_each_person_counts() {
        let upvote = |up| Deed::Upvote { question: "q".to_owned(), up };
        let entries = vec![
            entry(1, upvote(true), Ok(9)),
            entry(1, upvote(false), Ok(4)),
            entry(2, upvote(true), Ok(5)),
            entry(2, upvote(false), Ok(6)),
            entry(3, upvote(true), Ok(7)),
            entry(3, upvote(false), Err("hub.internal")),
        ];
        assert_eq!(upvotes(&Ledger { entries }), BTreeMap::from([("q".to_owned(), 2)]));
    }
}
