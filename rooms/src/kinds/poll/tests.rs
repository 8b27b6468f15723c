//! Tests of polls, and the table at which they play: a poll, its people, and all that happened.

mod audiences;
mod ballots;
mod curating;
mod engine;
mod formulas;
mod golden;
mod lifecycle;
mod minneapolis;
mod properties;
mod settings;

use plenum_domain::{Id, Timestamp};
use serde_json::{Value, json};

use super::Poll;
use super::wire::Fact;
use crate::engine::sample::person;
use crate::engine::{
    Actor, Audience, Moment, Numbered, Payload, Refusal, Rejection, Room, Scope, Told, Viewer,
};

/// The moderator among the made-up people.
const MODERATOR: u64 = 0;
/// The screen among them.
const SCREEN: u64 = 2;

/// A poll with everything that happened to it.
struct Table {
    poll: Poll,
    facts: Vec<Numbered<Fact>>,
    now: Timestamp,
    commands: u128,
}

impl Table {
    /// A poll with these settings, still a draft.
    fn draft(settings: &Value) -> Self {
        let poll = open(settings).expect("the test's settings work");
        Self { poll, facts: Vec::new(), now: Timestamp::from_ms(1_000_000), commands: 0 }
    }

    /// A poll with these settings that takes votes.
    fn open(settings: &Value) -> Self {
        let mut table = Self::draft(settings);
        table.must(MODERATOR, "poll.open", &json!({}));
        table
    }

    /// Someone sends a command. Returns the facts that it made.
    fn ask(&mut self, who: u64, op: &str, data: &Value) -> Result<Vec<Fact>, Refusal> {
        self.commands += 1;
        let command = Id::from_bits(0x0199_0000_0000_7000_8000_0000_0000_0000 + self.commands);
        let at = Moment { now: self.now, command, seed: 7 };
        let bytes = data.to_string();
        let read = Poll::read(op, &Payload::json(bytes.as_bytes()))?;
        let facts = self.poll.decide(&person(who), read, &at).map_err(|no| no.refusal())?;
        self.happen(facts.clone());
        Ok(facts)
    }

    fn happen(&mut self, facts: Vec<Fact>) {
        for fact in facts {
            self.poll.evolve(&fact);
            let seq = self.facts.len() as u64 + 1;
            self.facts.push(Numbered { seq, fact, at: self.now, origin: None });
        }
    }

    /// Someone sends a command that must be accepted. Returns how many facts it made.
    fn must(&mut self, who: u64, op: &str, data: &Value) -> usize {
        let facts = self.ask(who, op, data);
        facts.unwrap_or_else(|refusal| panic!("{op} {data} was refused: {refusal:?}")).len()
    }

    /// Someone sends a command that must be refused. Returns the code.
    fn refused(&mut self, who: u64, op: &str, data: &Value) -> &'static str {
        match self.ask(who, op, data) {
            Ok(facts) => panic!("{op} {data} was accepted: {facts:?}"),
            Err(refusal) => refusal.code,
        }
    }

    /// Someone votes, and it counts.
    fn vote(&mut self, who: u64, data: &Value) {
        assert_eq!(self.must(who, "poll.vote", data), 1);
    }

    /// What a person is shown on joining.
    fn state(&self, who: u64) -> Value {
        self.state_of(&person(who))
    }

    fn state_of(&self, actor: &Actor) -> Value {
        let audience = self.poll.audience(actor);
        serde_json::to_value(self.poll.state(&Viewer { actor, audience })).expect("a view is plain data")
    }

    /// The results that a person is shown.
    fn results(&self, who: u64) -> Value {
        self.state(who)["results"].take()
    }

    /// What an audience is told of the last `count` facts.
    fn told(&self, count: usize, to: Audience) -> Vec<(u64, &'static str, Value)> {
        let facts = &self.facts[self.facts.len() - count..];
        let plain = |told: Told<_>| (told.seq, told.ev, serde_json::to_value(told.view).expect("plain data"));
        self.poll.tell(facts, to).into_iter().map(plain).collect()
    }

    /// The names of the events that an audience is told of the last `count` facts.
    fn events(&self, count: usize, to: Audience) -> Vec<&'static str> {
        self.told(count, to).into_iter().map(|(_, ev, _)| ev).collect()
    }
}

fn open(settings: &Value) -> Result<Poll, Refusal> {
    let settings = serde_json::from_value(settings.clone()).expect("settings of the right form");
    Poll::open(poll_id(), scope(), settings)
}

fn poll_id() -> Id {
    Id::from_bits(0x0198_1111_0000_7000_8000_0000_0000_0001)
}

fn scope() -> Scope {
    Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: Some(Id::from_bits(3)) }
}

/// A poll of two or more labelled options with ids `a`, `b`, …
fn choice(kind: &str, options: usize, more: &Value) -> Value {
    let options: Vec<Value> = (0..options).map(|n| json!({"label": format!("Choice {n}")})).collect();
    with(&json!({"title": "Which one?", "kind": kind, "options": options}), more)
}

/// A poll without options.
fn plain(kind: &str, more: &Value) -> Value {
    with(&json!({"title": "What do you say?", "kind": kind}), more)
}

fn with(settings: &Value, more: &Value) -> Value {
    let mut settings = settings.clone();
    let (Value::Object(all), Value::Object(more)) = (&mut settings, more.clone()) else { panic!("maps") };
    all.extend(more);
    settings
}
