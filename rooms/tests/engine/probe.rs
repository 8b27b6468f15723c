//! A kind of room for proving the engine: each of its commands does one thing that a kind may do.

use std::collections::BTreeSet;

use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::sample::{Dice, Sample, SampleCommand};
use plenum_rooms::engine::{
    self, Actor, Audience, Moment, Numbered, Opening, Payload, Publish, Refusal, Room, Scope, Told, Viewer,
    Whisper,
};
use plenum_rooms::kinds::{Kind, screen};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The kinds of the tests' engine.
pub(crate) static KINDS: &[Kind] = &[
    Kind::of::<Probe>("probe.state", &["probe.open"], &NoTraffic),
    Kind::of::<screen::Screen>("screen.state", &[], &screen::Samples),
];

/// Words in the order in which they were said, and some things to go wrong.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Probe {
    words: Vec<String>,
    secrets: Vec<String>,
    informed: BTreeSet<Id>,
    alarm: Option<Timestamp>,
    /// The clock rings and nothing comes of it: a room that is wrong.
    stuck: bool,
    #[serde(skip)]
    present: u32,
    #[serde(skip)]
    flashes: u32,
    #[serde(skip)]
    fails_at: Option<String>,
}

/// Where a probe is told to fail by a flash.
const FAILS_ALWAYS: &str = "evolve";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Fact {
    Said(String),
    Shouted(String),
    Hidden(String),
    Whispered(Id, String),
    Informed(Id),
    AllForgot,
    AlarmSet(Timestamp),
    Stuck,
    Rang,
    Opened(Id),
    Poison,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Words {
    #[serde(default)]
    text: String,
    #[serde(default)]
    ms: i64,
}

/// A command: its name and its words.
pub(crate) struct Command(String, Words);

pub(crate) enum Rejection {
    No,
    Later,
}

impl engine::Rejection for Rejection {
    const CODES: &'static [&'static str] = &["probe.no", "probe.later"];

    fn refusal(&self) -> Refusal {
        match self {
            Self::No => Refusal::new("probe.no", "never"),
            Self::Later => Refusal::new("probe.later", "not yet").retry_after(10),
        }
    }
}

impl Probe {
    /// Panics when a test asked for it.
    fn maybe_fail(&self, place: &str) {
        assert!(self.fails_at.as_deref() != Some(place), "the test asked {place} to fail");
    }
}

impl Room for Probe {
    const KIND: &'static str = "probe";
    const OPS: &'static [&'static str] = &[
        "probe.say",
        "probe.shout",
        "probe.hide",
        "probe.whisper",
        "probe.inform",
        "probe.forget",
        "probe.alarm",
        "probe.stick",
        "probe.open",
        "probe.nothing",
        "probe.refuse",
        "probe.defer",
        "probe.poison",
        "probe.flash",
        "probe.fail",
    ];
    const EVENTS: &'static [&'static str] = &["probe.said", "probe.hidden", "probe.whisper", "probe.flashes"];
    type Settings = Value;
    type Command = Command;
    type Fact = Fact;
    type View = Value;
    type Rejection = Rejection;

    fn open(_id: Id, _scope: Scope, _settings: Value) -> Result<Self, Refusal> {
        Ok(Self::default())
    }

    fn read(op: &str, data: &Payload<'_>) -> Result<Command, Refusal> {
        let words = data.read().map_err(|why| Refusal::bad_data(op, why))?;
        match Self::OPS.contains(&op) {
            true => Ok(Command(op.to_owned(), words)),
            false => Err(Refusal::unknown_op(op)),
        }
    }

    fn decide(&self, by: &Actor, Command(op, words): Command, at: &Moment) -> Result<Vec<Fact>, Rejection> {
        self.maybe_fail("decide");
        let Words { text, ms } = words;
        Ok(vec![match op.as_str() {
            "probe.say" => Fact::Said(text),
            "probe.shout" => Fact::Shouted(text),
            "probe.hide" => Fact::Hidden(text),
            "probe.whisper" => Fact::Whispered(by.participant, text),
            "probe.inform" => Fact::Informed(by.participant),
            "probe.forget" => Fact::AllForgot,
            "probe.alarm" => Fact::AlarmSet(at.now.plus_ms(ms)),
            "probe.stick" => Fact::Stuck,
            "probe.open" => Fact::Opened(at.command),
            "probe.poison" => Fact::Poison,
            "probe.refuse" => return Err(Rejection::No),
            "probe.defer" => return Err(Rejection::Later),
            _ => return Ok(Vec::new()),
        }])
    }

    fn evolve(&mut self, fact: &Fact) {
        self.maybe_fail(FAILS_ALWAYS);
        match fact {
            Fact::Said(text) | Fact::Shouted(text) | Fact::Whispered(_, text) => {
                self.words.push(text.clone());
            }
            Fact::Hidden(text) => self.secrets.push(text.clone()),
            Fact::Informed(who) => self.informed.extend([*who]),
            Fact::AllForgot => self.informed.clear(),
            Fact::AlarmSet(at) => self.alarm = Some(*at),
            Fact::Stuck => self.stuck = true,
            Fact::Rang => (self.alarm, _) = (None, self.words.push("ring".to_owned())),
            Fact::Opened(_) => {}
            Fact::Poison => panic!("a fact that cannot be applied"),
        }
    }

    fn publish(fact: &Fact) -> Publish {
        match fact {
            Fact::Shouted(_) => Publish::Now,
            _ => Publish::Soon,
        }
    }

    fn regroups(fact: &Fact) -> bool {
        matches!(fact, Fact::AllForgot)
    }

    fn audience(&self, actor: &Actor) -> Audience {
        self.maybe_fail("audience");
        match self.informed.contains(&actor.participant) {
            true => Audience::Informed,
            false => Audience::by_role(actor),
        }
    }

    fn state(&self, to: &Viewer<'_>) -> Value {
        self.maybe_fail("state");
        let secrets = (to.audience == Audience::Informed).then_some(&self.secrets);
        json!({"words": self.words, "secrets": secrets})
    }

    fn tell(&self, facts: &[Numbered<Fact>], to: Audience) -> Vec<Told<Value>> {
        self.maybe_fail("tell");
        let told = facts.iter().filter_map(|one| {
            let (ev, text) = match &one.fact {
                Fact::Said(text) | Fact::Shouted(text) | Fact::Whispered(_, text) => {
                    ("probe.said", text.as_str())
                }
                Fact::Rang => ("probe.said", "ring"),
                Fact::Hidden(text) if to == Audience::Informed => ("probe.hidden", text.as_str()),
                _ => return None,
            };
            Some(Told { seq: one.seq, ev, view: json!({"text": text}) })
        });
        told.collect()
    }

    fn whisper(&self, facts: &[Numbered<Fact>]) -> Vec<Whisper<Value>> {
        let whispers = facts.iter().filter_map(|one| match &one.fact {
            Fact::Whispered(to, text) => {
                Some(Whisper { to: *to, skip: one.origin, ev: "probe.whisper", view: json!({"text": text}) })
            }
            _ => None,
        });
        whispers.collect()
    }

    fn opens(fact: &Fact) -> Option<Opening> {
        let Fact::Opened(id) = fact else { return None };
        Some(Opening { kind: "screen", id: *id, settings: json!({"name": "New", "session": null}) })
    }

    fn touch(
        &mut self,
        _by: &Actor,
        op: &str,
        data: &Payload<'_>,
        _at: &Moment,
    ) -> Option<Result<(), Refusal>> {
        match op {
            "probe.flash" => self.flashes += 1,
            "probe.fail" => self.fails_at = data.read::<Words>().ok().map(|words| words.text),
            _ => return None,
        }
        Some(Ok(()))
    }

    fn present(&mut self, people: u32, _now: Timestamp) {
        self.maybe_fail("present");
        self.present = people;
    }

    fn flicker(&mut self) -> Vec<(&'static str, Value)> {
        self.maybe_fail("flicker");
        vec![(
            "probe.flashes",
            json!({"flashes": std::mem::take(&mut self.flashes), "present": self.present}),
        )]
    }

    fn wake_at(&self) -> Option<Timestamp> {
        self.maybe_fail("wake_at");
        if self.stuck { Some(Timestamp::from_ms(0)) } else { self.alarm }
    }

    fn on_wake(&self, at: &Moment) -> Vec<Fact> {
        self.maybe_fail("on_wake");
        let rings = self.alarm.is_some_and(|alarm| alarm <= at.now);
        if rings { vec![Fact::Rang] } else { Vec::new() }
    }
}

/// The probe is driven by the tests themselves.
struct NoTraffic;

impl Sample for NoTraffic {
    fn settings(&self, _dice: &mut Dice) -> Value {
        json!({})
    }

    fn command(&self, _dice: &mut Dice, _by: &Actor, _state: &Value) -> SampleCommand {
        SampleCommand { op: "probe.nothing", data: json!({}) }
    }
}
