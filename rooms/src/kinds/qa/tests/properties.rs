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

const fn is_public(status: Status) -> bool {
    matches!(status, Status::Live | Status::Pinned | Status::Answered)
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
        if is_public(status) {
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

/// What nobody approved reaches nobody but its asker and the moderators; what is gone is in no state.
fn assert_unapproved_stays_inside(stage: &mut Stage, oracle: &Oracle) {
    for n in 2..PEOPLE {
        let (ever, now) = (stage.all_seen(n), stage.seen_now(n));
        let others = |question: &Id| oracle.askers[question] != person(n).participant;
        for (question, text) in
            oracle.texts.difference(&oracle.public).filter(|(question, _)| others(question))
        {
            assert!(!ever.contains(text), "person {n} read {text:?} of {question}");
        }
        for (question, _) in
            oracle.status.iter().filter(|(question, status)| !is_public(**status) && others(question))
        {
            assert!(!now.contains(&oracle.text[question]), "person {n} still reads {question}");
        }
    }
}

/// Who gave no name is named to nobody.
fn assert_the_nameless_stay_so(stage: &mut Stage) {
    for n in 0..PEOPLE {
        let seen = stage.all_seen(n);
        for who in (3..PEOPLE).step_by(2).filter(|who| *who != n).map(person) {
            assert!(!seen.contains(&who.name), "person {n} read the name {}", who.name);
            assert!(!seen.contains(&who.participant.to_string()), "person {n} read the id of {}", who.name);
        }
    }
}

/// Votes are distinct people, also those of merged questions.
fn assert_votes_are_people(stage: &mut Stage, oracle: &Oracle) {
    let state = stage.state(MODERATOR);
    let questions = state["questions"].as_array().expect("a state has questions");
    for question in questions {
        let id: Id = serde_json::from_value(question["id"].clone()).expect("it has an id");
        assert_eq!(question["votes"].as_u64(), Some(oracle.supporters(id).len() as u64));
        assert_eq!(question["status"].as_str(), Some(oracle.status[&id].name()));
    }
    assert_eq!(questions.len(), oracle.askers.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn made_up_traffic_keeps_the_rules(seed: u64) {
        let mut stage = played(seed);
        let oracle = Oracle::of(stage.facts());
        stage.assert_replays();
        assert_unapproved_stays_inside(&mut stage, &oracle);
        assert_the_nameless_stay_so(&mut stage);
        assert_votes_are_people(&mut stage, &oracle);
    }
}
