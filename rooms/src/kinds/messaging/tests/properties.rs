//! What holds for all traffic.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::Timestamp;
use proptest::prelude::*;

use super::super::wire::Fact;
use super::*;
use crate::engine::sample::{Dice, Sample as _, person};

const PEOPLE: u64 = 9;

fn played(seed: u64) -> Stage {
    let mut dice = Dice::new(seed);
    let mut stage = Stage::open("messaging", &super::super::Samples.settings(&mut dice));
    (0..PEOPLE).for_each(|n| stage.join(n));
    stage.play(&mut dice, PEOPLE, 150, |_, _| ());
    stage
}

/// A second, naive reading of the facts.
#[derive(Default)]
struct Oracle {
    texts: BTreeMap<Id, String>,
    deleted: BTreeSet<Id>,
    reactions: BTreeMap<(Id, String), BTreeSet<Id>>,
    muted: BTreeMap<Id, Timestamp>,
    spoke_while_muted: bool,
}

impl Oracle {
    fn of(facts: Vec<Fact>) -> Self {
        let mut oracle = Self::default();
        facts.into_iter().for_each(|fact| oracle.read(fact));
        oracle
    }

    fn read(&mut self, fact: Fact) {
        match fact {
            Fact::Sent { message, author, text, at_ms, .. } => {
                let moderators = [0, 1].map(|n| person(n).participant);
                let muted = self.muted.get(&author.id).is_some_and(|until| *until > at_ms);
                self.spoke_while_muted |= muted && !moderators.contains(&author.id);
                self.texts.insert(message, text);
            }
            Fact::Reacted { message, participant, emoji, on: true } => {
                self.reactions.entry((message, emoji)).or_default().insert(participant);
            }
            Fact::Reacted { message, participant, emoji, on: false } => {
                self.reactions.entry((message, emoji)).or_default().remove(&participant);
            }
            Fact::Deleted { message, .. } => {
                self.deleted.insert(message);
            }
            Fact::Muted { participant, until_ms, .. } => {
                self.muted.insert(participant, until_ms);
            }
            Fact::Unmuted { participant } => {
                self.muted.remove(&participant);
            }
            Fact::Reported { .. } | Fact::Slowed { .. } => {}
        }
    }

    fn reactions(&self, message: Id) -> Value {
        let here = self.reactions.iter().filter(|((id, _), people)| *id == message && !people.is_empty());
        let gone = self.deleted.contains(&message);
        let counts = here.filter(|_| !gone).map(|((_, emoji), people)| (emoji.clone(), people.len()));
        json!(counts.collect::<BTreeMap<_, _>>())
    }
}

/// What was deleted is in nobody's view.
fn assert_deleted_is_gone(stage: &mut Stage, oracle: &Oracle) {
    for n in 0..PEOPLE {
        let seen = stage.seen_now(n);
        for message in &oracle.deleted {
            assert!(!seen.contains(&oracle.texts[message]), "person {n} still reads it");
        }
    }
}

/// A reaction counts distinct people.
fn assert_reactions_are_people(stage: &mut Stage, oracle: &Oracle) {
    for message in stage.state(ANN)["messages"].as_array().expect("a state has messages") {
        let id: Id = serde_json::from_value(message["id"].clone()).expect("it has an id");
        assert_eq!(message["reactions"], oracle.reactions(id));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn made_up_traffic_keeps_the_rules(seed: u64) {
        let mut stage = played(seed);
        let oracle = Oracle::of(stage.facts());
        stage.assert_replays();
        assert_deleted_is_gone(&mut stage, &oracle);
        assert_reactions_are_people(&mut stage, &oracle);
        prop_assert!(!oracle.spoke_while_muted);
    }

    #[test]
    fn slow_mode_keeps_its_distance(seed: u64, seconds in 1_u64..30) {
        let mut dice = Dice::new(seed);
        let mut stage = stage(&json!({"slow_mode_s": seconds}));
        for _ in 0..200 {
            let _ = stage.send(ANN + dice.below(3), "chat.send", &json!({"text": "x"}));
            stage.wait_ms(dice.below(5_000) as i64);
        }
        let mut last: BTreeMap<Id, Timestamp> = BTreeMap::new();
        for fact in stage.facts::<Fact>() {
            let Fact::Sent { author, at_ms, .. } = fact else { continue };
            if let Some(before) = last.insert(author.id, at_ms) {
                prop_assert!(at_ms.since_ms(before) >= seconds as i64 * 1_000);
            }
        }
        prop_assert_eq!(last.len(), 3, "everyone got a word in");
    }
}
