//! What holds for all traffic.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::wire::{Fact, Status};
use super::*;
use crate::engine::sample::{Dice, Sample as _, person};

const PEOPLE: u64 = 9;

/// Traffic in which people with odd numbers never give their name.
fn played(seed: u64) -> Stage {
    let mut dice = Dice::new(seed);
    let mut stage = Stage::open("qa", &super::super::Samples.settings(&mut dice));
    (0..PEOPLE).for_each(|n| stage.join(n));
    stage.play(&mut dice, PEOPLE, 120, |n, command| {
        if command.op == "qa.ask" && n % 2 == 1 {
            command.data["anonymous"] = json!(true);
        }
    });
    stage
}

/// A second, naive reading of the facts.
#[derive(Default)]
struct Oracle {
    askers: BTreeMap<Id, Id>,
    status: BTreeMap<Id, Status>,
    text: BTreeMap<Id, String>,
    /// All texts, with the question that they were of.
    texts: BTreeSet<(Id, String)>,
    /// Texts that everyone could read at some time.
    public: BTreeSet<(Id, String)>,
    votes: BTreeMap<Id, BTreeSet<Id>>,
    merged: BTreeMap<Id, Id>,
}

impl Oracle {
    fn of(facts: Vec<Fact>) -> Self {
        let mut oracle = Self::default();
        facts.into_iter().for_each(|fact| oracle.read(fact));
        oracle
    }

    fn read(&mut self, fact: Fact) {
        match fact {
            Fact::Asked { question, asker, text, pending, .. } => {
                self.askers.insert(question, asker);
                self.texts.insert((question, text.clone()));
                self.text.insert(question, text);
                self.now(question, if pending { Status::Pending } else { Status::Live });
            }
            Fact::Edited { question, text, .. } => {
                self.texts.insert((question, text.clone()));
                self.text.insert(question, text);
                self.now(question, self.status[&question]);
            }
            Fact::Voted { question, voter, up: true } => {
                self.votes.entry(question).or_default().insert(voter);
            }
            Fact::Voted { question, voter, up: false } => self.unvote(question, voter),
            Fact::Approved { question, .. }
            | Fact::Reopened { question, .. }
            | Fact::Unpinned { question, .. } => {
                self.now(question, Status::Live);
            }
            Fact::Pinned { question, .. } => self.now(question, Status::Pinned),
            Fact::Answered { question, .. } => self.now(question, Status::Answered),
            Fact::Rejected { question, .. } => self.now(question, Status::Rejected),
            Fact::Withdrawn { question } => self.now(question, Status::Withdrawn),
            Fact::Merged { question, into, .. } => {
                self.merged.insert(question, into);
                self.now(question, Status::Merged);
            }
            Fact::Unmerged { question, .. } => {
                self.merged.remove(&question);
                let seen = self.public.iter().any(|(id, _)| *id == question);
                self.now(question, if seen { Status::Live } else { Status::Pending });
            }
            Fact::Recounted { .. } | Fact::Claimed { .. } | Fact::Released { .. } | Fact::Configured(_) => {}
        }
    }

    fn now(&mut self, question: Id, status: Status) {
        self.status.insert(question, status);
        if matches!(status, Status::Live | Status::Pinned | Status::Answered) {
            self.public.insert((question, self.text[&question].clone()));
        }
    }

    fn parts(&self, question: Id) -> Vec<Id> {
        self.merged.iter().filter(|(_, into)| **into == question).map(|(part, _)| *part).collect()
    }

    fn unvote(&mut self, question: Id, voter: Id) {
        if let Some(votes) = self.votes.get_mut(&question) {
            votes.remove(&voter);
        }
        self.parts(question).into_iter().for_each(|part| self.unvote(part, voter));
    }

    fn supporters(&self, question: Id) -> BTreeSet<Id> {
        let mut all = self.votes.get(&question).cloned().unwrap_or_default();
        all.extend(self.parts(question).into_iter().flat_map(|part| self.supporters(part)));
        all.remove(&self.askers[&question]);
        all
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_journal_alone_makes_the_same_room(seed: u64) {
        played(seed).assert_replays();
    }

    #[test]
    fn what_nobody_approved_reaches_nobody_but_its_asker(seed: u64) {
        let mut stage = played(seed);
        let oracle = Oracle::of(stage.facts());
        for (question, text) in oracle.texts.difference(&oracle.public) {
            for n in (2..PEOPLE).filter(|n| person(*n).participant != oracle.askers[question]) {
                prop_assert!(!stage.ever_saw(n, text), "person {n} read {text:?}");
            }
        }
        for (question, status) in &oracle.status {
            let gone = matches!(status, Status::Rejected | Status::Withdrawn | Status::Merged | Status::Pending);
            for n in (2..PEOPLE).filter(|n| gone && person(*n).participant != oracle.askers[question]) {
                prop_assert!(!stage.sees(n, &oracle.text[question]), "person {n} still reads it");
            }
        }
    }

    #[test]
    fn who_gave_no_name_is_named_to_nobody(seed: u64) {
        let mut stage = played(seed);
        for nameless in (3..PEOPLE).step_by(2) {
            let who = person(nameless);
            for n in (0..PEOPLE).filter(|n| *n != nameless) {
                prop_assert!(!stage.ever_saw(n, &who.name), "person {n} read the name");
                prop_assert!(!stage.ever_saw(n, &who.participant.to_string()), "person {n} read the id");
            }
        }
    }

    #[test]
    fn votes_are_distinct_people(seed: u64) {
        let mut stage = played(seed);
        let oracle = Oracle::of(stage.facts());
        let state = stage.state(0);
        for question in state["questions"].as_array().expect("a state has questions") {
            let id: Id = serde_json::from_value(question["id"].clone()).expect("it has an id");
            prop_assert_eq!(question["votes"].as_u64(), Some(oracle.supporters(id).len() as u64));
            prop_assert_eq!(question["status"].as_str(), Some(oracle.status[&id].name()));
        }
        prop_assert_eq!(state["questions"].as_array().map(Vec::len), Some(oracle.askers.len()));
    }
}
