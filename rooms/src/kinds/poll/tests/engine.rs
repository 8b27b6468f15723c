//! A poll in the engine: who is moved to which audience, and what they are sent.

use std::sync::Arc;

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};
use serde_json::{Value, json};

use super::{MODERATOR, SCREEN, choice, plain, poll_id, scope};
use crate::engine::sample::person;
use crate::engine::{
    Audience, Codec, Engine, Input, JoinBody, Output, Push, RoomRef, Settings, SubId, Ticket,
};

const VOTER: u64 = 5;
const OTHER: u64 = 6;

/// An engine with one poll; everything that it appends is durable at once.
struct House {
    engine: Engine,
    now: Timestamp,
    appended: u64,
    keys: u128,
}

impl House {
    fn new(settings: &Value) -> Self {
        let engine = Engine::new(Settings::default());
        let mut house = Self { engine, now: Timestamp::from_ms(1_000_000), appended: 0, keys: 0 };
        let settings = Bytes::from(settings.to_string());
        let by = person(MODERATOR).participant;
        house.handle(Input::Open { ticket: Ticket(0), by, room: room(), scope: scope(), settings });
        house
    }

    fn handle(&mut self, input: Input) -> Vec<Output> {
        self.now = self.now.plus_ms(1_000);
        self.engine.tick(self.now);
        self.engine.handle(input, self.now);
        self.taken()
    }

    fn taken(&mut self) -> Vec<Output> {
        let mut outputs = self.engine.take();
        self.appended += outputs.iter().filter(|output| matches!(output, Output::Append(_))).count() as u64;
        self.engine.durable(self.appended);
        outputs.extend(self.engine.take());
        outputs
    }

    fn join(&mut self, who: u64, since: Option<u64>) -> (u64, JoinBody) {
        let by = Arc::new(person(who));
        let (ticket, sub) = (Ticket(0), SubId(who));
        let outputs = self.handle(Input::Join { ticket, sub, by, room: room(), codec: Codec::Json, since });
        let joined = outputs.into_iter().find_map(|output| match output {
            Output::Joined { seq, body, .. } => Some((seq, body)),
            _ => None,
        });
        joined.expect("everyone may come in")
    }

    fn leave(&mut self, who: u64) {
        self.handle(Input::Leave { sub: SubId(who), room: room() });
    }

    fn ask(&mut self, who: u64, op: &str, data: &Value) -> Vec<Output> {
        self.keys += 1;
        self.handle(Input::Command {
            ticket: Ticket(0),
            sub: Some(SubId(who)),
            by: Arc::new(person(who)),
            room: room(),
            key: Some(Id::from_bits(self.keys)),
            op: op.into(),
            codec: Codec::Json,
            data: Bytes::from(data.to_string()),
        })
    }
}

fn room() -> RoomRef {
    RoomRef::new("poll", poll_id())
}

/// The sockets that were moved, each with its new audience.
fn moved(outputs: &[Output]) -> Vec<(u64, Audience)> {
    let moved = |output: &Output| match output {
        Output::Moved { sub, audience, .. } => Some((sub.0, *audience)),
        _ => None,
    };
    outputs.iter().filter_map(moved).collect()
}

/// What one socket was sent for itself.
fn whispered(outputs: &[Output], who: u64) -> Vec<&Push> {
    let whispered = |output| match output {
        &Output::Whisper { sub, ref push, .. } if sub == SubId(who) => Some(push),
        _ => None,
    };
    outputs.iter().filter_map(whispered).collect()
}

/// The events that an audience was sent.
fn pushed(outputs: &[Output], to: Audience) -> Vec<&'static str> {
    let pushed = |output: &Output| match output {
        Output::Push { audience, push, .. } if *audience == to => Some(push.ev),
        _ => None,
    };
    outputs.iter().filter_map(pushed).collect()
}

fn data(push: &Push) -> Value {
    serde_json::from_slice(&push.data).expect("the stream is JSON")
}

/// An open poll whose results are for those who voted, with its people in the room.
fn after_vote() -> House {
    let mut house = House::new(&choice("single", 2, &json!({"results": "after_vote"})));
    for who in [MODERATOR, SCREEN, VOTER, OTHER] {
        house.join(who, None);
    }
    house.ask(MODERATOR, "poll.open", &json!({}));
    house
}

#[test]
fn a_voter_is_informed_from_the_vote_on() {
    let mut house = after_vote();
    let outputs = house.ask(VOTER, "poll.vote", &json!({"options": ["a"]}));
    assert_eq!(moved(&outputs), [(VOTER, Audience::Informed)]);
    let state = data(whispered(&outputs, VOTER)[0]);
    assert_eq!((&state["results"]["voters"], &state["mine"]), (&json!(1), &json!({"options": ["a"]})));
    assert!(pushed(&outputs, Audience::Attendee).is_empty());
    let outputs = house.ask(OTHER, "poll.vote", &json!({"options": ["b"]}));
    assert_eq!(pushed(&outputs, Audience::Informed), ["poll.results"]);
}

#[test]
fn a_reset_moves_every_voter_back_and_shows_them_the_new_round() {
    let mut house = after_vote();
    for who in [VOTER, OTHER, MODERATOR] {
        house.ask(who, "poll.vote", &json!({"options": ["a"]}));
    }
    let outputs = house.ask(MODERATOR, "poll.reset", &json!({}));
    assert_eq!(moved(&outputs), [(VOTER, Audience::Attendee), (OTHER, Audience::Attendee)]);
    for who in [VOTER, OTHER] {
        let pushes = whispered(&outputs, who);
        assert_eq!(pushes.len(), 1);
        let state = data(pushes[0]);
        assert_eq!(
            (&state["poll"]["round"], &state["results"], &state["mine"]),
            (&json!(2), &json!(null), &json!(null))
        );
    }
    let ranges = outputs.iter().filter_map(|output| match output {
        Output::Push { audience: Audience::Attendee, push, .. } => push.range,
        _ => None,
    });
    let at = whispered(&outputs, VOTER)[0].range.expect("a state has a range").1;
    assert!(
        ranges.clone().count() > 0 && ranges.into_iter().all(|(_, seq)| seq <= at),
        "nothing is shown twice"
    );
}

#[test]
fn who_was_away_at_a_reset_comes_back_to_the_state() {
    let mut house = after_vote();
    house.ask(VOTER, "poll.vote", &json!({"options": ["a"]}));
    house.leave(VOTER);
    let seq = house.engine.seq(room()).expect("the poll is open");
    house.ask(MODERATOR, "poll.reset", &json!({}));
    let (_, body) = house.join(VOTER, Some(seq));
    let JoinBody::State(state) = body else { panic!("what was kept for another audience: {body:?}") };
    let state: Value = serde_json::from_slice(&state).expect("JSON");
    assert_eq!((&state["poll"]["round"], &state["results"]), (&json!(2), &json!(null)));
}

#[test]
fn a_hidden_text_is_not_replayed_to_who_comes_back() {
    for (kind, op, field) in [("wordcloud", "poll.hide_word", "word"), ("open", "poll.hide_answer", "answer")]
    {
        let mut house = House::new(&plain(kind, &json!({})));
        house.ask(MODERATOR, "poll.open", &json!({}));
        house.join(OTHER, None);
        house.leave(OTHER);
        house.join(VOTER, None);
        let seq = house.engine.seq(room()).expect("the poll is open");
        house.ask(VOTER, "poll.vote", &json!({"text": "rude"}));
        let key = json!(Id::from_bits(house.keys));
        let what = if field == "word" { json!("rude") } else { key };
        house.ask(MODERATOR, op, &json!({field: what}));
        let (_, body) = house.join(OTHER, Some(seq));
        let JoinBody::State(state) = body else { panic!("the pushes that hold the text: {body:?}") };
        assert!(!String::from_utf8_lossy(&state).contains("rude"));
    }
}

#[test]
fn a_vote_is_whispered_to_the_voters_other_sockets() {
    let mut house = House::new(&choice("single", 2, &json!({"results": "moderators"})));
    house.join(VOTER, None);
    let by = Arc::new(person(VOTER));
    let (ticket, sub) = (Ticket(1), SubId(99));
    house.handle(Input::Join { ticket, sub, by, room: room(), codec: Codec::Json, since: None });
    house.ask(MODERATOR, "poll.open", &json!({}));
    let outputs = house.ask(VOTER, "poll.vote", &json!({"options": ["b"]}));
    assert!(whispered(&outputs, VOTER).is_empty(), "that socket has the reply");
    let pushes = whispered(&outputs, 99);
    assert_eq!((pushes[0].ev, data(pushes[0])), ("poll.mine", json!({"options": ["b"]})));
}

#[test]
fn a_poll_with_a_time_closes_by_itself_and_tells_everyone() {
    let mut house = House::new(&choice("single", 2, &json!({"results": "after_close"})));
    house.join(VOTER, None);
    house.ask(MODERATOR, "poll.open", &json!({"closes_in_ms": 60_000}));
    let next = house.engine.next_call().expect("the poll wants to be called");
    house.engine.tick(next);
    let outputs = house.taken();
    assert_eq!(pushed(&outputs, Audience::Attendee), ["poll.status", "poll.results"]);
    assert_eq!(house.engine.next_call(), None);
}
