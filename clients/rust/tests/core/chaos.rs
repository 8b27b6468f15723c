//! Whatever is lost, refused for a while or said twice: every action counts once, in its order, and what the client
//! heard is what the hub holds.

use std::collections::BTreeMap;

use plenum_client::RoomUpdate;
use plenum_protocol::code;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::World;

const ROOM: &str = "poll:1";

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The participant acts.
    Act,
    /// The hub answers the oldest command.
    Answer,
    /// The hub refuses it for a while.
    Busy,
    /// The hub does it, and the line breaks before the answer is out.
    DoAndBreak,
    /// The line breaks.
    Break,
    /// The hub pushes what is new; all facts in one push.
    Push,
    /// It pushes, and the push is lost.
    LosePush,
    /// It pushes what it has pushed before, again.
    PushTwice,
    /// The socket was slow: the state stands for all.
    PushState,
    /// The hub forgets what replays need.
    Trim,
    Wait,
}

fn any_step() -> impl Strategy<Value = Step> {
    use Step::{Act, Answer, Break, Busy, DoAndBreak, LosePush, Push, PushState, PushTwice, Trim, Wait};
    prop_oneof![
        6 => Just(Act), 8 => Just(Answer), 2 => Just(Busy), 1 => Just(DoAndBreak), 1 => Just(Break), 4 => Just(Push),
        1 => Just(LosePush), 1 => Just(PushTwice), 1 => Just(PushState), 1 => Just(Trim), 2 => Just(Wait),
    ]
}

/// A hub with one room whose facts are the keys of the actions.
#[derive(Default)]
struct Model {
    facts: Vec<u64>,
    /// How far the socket of now has been told; `None` before its join.
    told: Option<usize>,
    told_before: usize,
    trimmed: usize,
    acted: u64,
    /// What the client makes of what it hears.
    held: Vec<u64>,
    heard: usize,
}

impl Model {
    fn step(&mut self, world: &mut World, step: Step) {
        match step {
            Step::Act => {
                self.acted += 1;
                world.act(ROOM, "poll.vote", self.acted.into());
            }
            Step::Answer => self.answer(world),
            Step::Busy => self.refuse(world),
            Step::DoAndBreak => {
                self.take_vote(world);
                self.lose_line(world);
            }
            Step::Break => self.lose_line(world),
            Step::Push => self.push(world, self.told),
            Step::LosePush => self.told = self.told.map(|_| self.facts.len()),
            Step::PushTwice => self.push(world, self.told.map(|told| told.min(self.told_before))),
            Step::PushState => self.push_state(world),
            Step::Trim => self.trimmed = self.facts.len(),
            Step::Wait => world.pass(1_000),
        }
        self.hear(world);
    }

    fn lose_line(&mut self, world: &mut World) {
        self.told = None;
        world.come_back();
    }

    fn answer(&mut self, world: &mut World) {
        match world.seen.first().map(|seen| seen.op.clone()).as_deref() {
            Some("join") => self.answer_join(world),
            Some("poll.vote") => {
                let seq = self.take_vote(world).expect("a vote is the oldest command");
                world.ok("poll.vote", &json!({ "seq": seq }));
            }
            Some(op) => drop(world.ok(op, &json!({}))),
            None => {}
        }
    }

    /// Counts the oldest command, when it is a vote; its place.
    fn take_vote(&mut self, world: &World) -> Option<usize> {
        let key = world.seen.first().filter(|seen| seen.op == "poll.vote")?.key?;
        let key = u64::try_from(key).expect("the test's keys are small");
        if !self.facts.contains(&key) {
            self.facts.push(key);
        }
        self.facts.iter().position(|fact| *fact == key).map(|place| place + 1)
    }

    fn refuse(&self, world: &mut World) {
        let op = world.seen.first().map(|seen| seen.op.clone());
        if let Some(op) = op.filter(|op| op == "poll.vote" || op == "join") {
            world.err(&op, code::BUSY, Some(10));
        }
    }

    fn answer_join(&mut self, world: &mut World) {
        let now = self.facts.len();
        let since =
            world.seen[0].since.as_ref().map(|(_, seq)| usize::try_from(*seq).expect("a small place"));
        let mut ok = json!({"room": ROOM, "epoch": "1", "seq": now});
        match since.filter(|since| *since >= self.trimmed) {
            Some(since) if since < now => ok["replay"] = json!([self.push_of(since, now)]),
            Some(_) => ok["replay"] = json!([]),
            None => ok["state"] = json!({ "facts": self.facts }),
        }
        self.told = Some(now);
        world.ok("join", &ok);
    }

    fn push_of(&self, prev: usize, seq: usize) -> Value {
        let facts: BTreeMap<usize, u64> = (prev..seq).map(|at| (at + 1, self.facts[at])).collect();
        json!({"room": ROOM, "prev": prev, "seq": seq, "ev": "poll.voted", "data": facts})
    }

    fn push(&mut self, world: &mut World, from: Option<usize>) {
        let now = self.facts.len();
        if let (Some(_), Some(from)) = (self.told, from.filter(|from| *from < now)) {
            self.told_before = from;
            self.told = Some(now);
            world.push(&self.push_of(from, now));
        }
    }

    fn push_state(&mut self, world: &mut World) {
        if self.told.is_some() {
            self.told = Some(self.facts.len());
            let (seq, data) = (self.facts.len(), json!({ "facts": self.facts }));
            world.push(&json!({"room": ROOM, "prev": 0, "seq": seq, "ev": "poll.state", "data": data}));
        }
    }

    /// Applies updates the way an app does: a state replaces, a push adds the facts that are behind what is held.
    fn hear(&mut self, world: &World) {
        for update in &world.updates[self.heard..] {
            match update {
                RoomUpdate::State { state, .. } => {
                    let state: BTreeMap<String, Vec<u64>> = state.decode().expect("a state of the test");
                    self.held.clone_from(&state["facts"]);
                }
                RoomUpdate::Push { data, .. } => {
                    let facts: BTreeMap<String, u64> = data.decode().expect("a push of the test");
                    let facts =
                        facts.into_iter().map(|(at, fact)| (at.parse::<usize>().expect("a place"), fact));
                    let facts: BTreeMap<usize, u64> = facts.collect();
                    let next = self.held.len() + 1;
                    assert!(facts.keys().next().is_some_and(|first| *first <= next), "a push leaves no gap");
                    assert!(facts.contains_key(&next), "a push brings something new");
                    self.held.extend(facts.range(next..).map(|(_, fact)| *fact));
                }
                RoomUpdate::Refused { refusal, .. } => panic!("{refusal}"),
            }
        }
        self.heard = world.updates.len();
    }

    /// The line is good from now on: everything comes to its end.
    fn calm_down(&mut self, world: &mut World) {
        self.lose_line(world);
        for _ in 0..200 {
            self.step(world, Step::Answer);
            self.step(world, Step::Push);
            self.step(world, Step::Wait);
        }
    }
}

proptest! {
    #[test]
    fn every_action_counts_once_and_nothing_is_missed(steps in prop::collection::vec(any_step(), 0..120)) {
        let mut world = World::live();
        world.core.join(ROOM);
        world.settle();
        let mut model = Model::default();
        for step in steps {
            model.step(&mut world, step);
        }
        model.calm_down(&mut world);

        prop_assert_eq!(&model.held, &model.facts);
        prop_assert!(model.facts.is_sorted(), "actions of one room keep their order: {:?}", model.facts);
        let counted = world.outcomes().iter().filter(|outcome| **outcome == "ok").count();
        prop_assert_eq!(counted, model.facts.len());
        prop_assert_eq!(world.settled.len() as u64, model.acted);
    }
}
