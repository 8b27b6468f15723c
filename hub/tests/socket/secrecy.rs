//! What awaits moderation, who asked without a name, and who voted what reach no socket that may not see them: every frame
//! that every role receives is looked through, on a real hub, in both codecs.

use plenum_domain::Id;
use plenum_rooms::RoomRef;
use serde_json::{Value, json};

use crate::hub::{Hub, SCREEN};
use crate::wire::Socket;

const PENDING: &str = "Will the budget be cut next year";
const REJECTED: &str = "Something rude about the caterer";
const OPEN_ANSWER: &str = "An answer that nobody approved";

/// Someone who listens, and everything that was received.
struct Ear {
    name: &'static str,
    socket: Socket,
    key: u128,
}

impl Ear {
    fn join(
        hub: &Hub,
        name: &'static str,
        n: u128,
        subprotocol: &str,
        role: &str,
        rooms: &[RoomRef],
    ) -> Self {
        let mut socket = Socket::connect(hub, subprotocol);
        socket.ask(json!({"op": "hello", "data": {"token": format!("1:{n}:{role}")}}));
        let mut ear = Self { name, socket, key: n * 1_000_000 };
        for room in rooms {
            ear.socket.ask(json!({"op": "join", "room": room.to_string()}));
        }
        ear
    }

    fn act(&mut self, room: RoomRef, op: &str, data: Value) -> (Id, Value) {
        self.key += 1;
        let key = Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0000 + self.key);
        let reply = self
            .socket
            .ask(json!({"op": op, "room": room.to_string(), "key": key.to_string(), "data": data}));
        assert!(reply["ok"].is_object(), "{} {op}: {reply}", self.name);
        (key, reply)
    }

    /// Everything received until now.
    fn heard(&mut self) -> String {
        self.socket.until_silence();
        self.socket.log.join("\n")
    }
}

struct Hall {
    hub: Hub,
    qa: RoomRef,
    session: RoomRef,
    moderator: Ear,
    asker: Ear,
    others: Vec<Ear>,
}

fn hall() -> Hall {
    let hub = Hub::start(&crate::hub::unlimited());
    let rooms = ["session", "qa", "messaging"].map(|kind| RoomRef::new(kind, SCREEN));
    hub.open(rooms[0], json!({"title": "Keynote"}));
    hub.open(rooms[1], json!({"premoderation": true}));
    hub.open(rooms[2], json!({}));
    let join = |name, n, subprotocol, role| Ear::join(&hub, name, n, subprotocol, role, &rooms);
    let moderator = join("moderator", 1, "plenum.v1.json", "moderator");
    let asker = join("asker", 2, "plenum.v1.json", "attendee");
    let others = vec![
        join("attendee", 3, "plenum.v1.json", "attendee"),
        join("attendee in msgpack", 4, "plenum.v1.msgpack", "attendee"),
        join("speaker", 5, "plenum.v1.json", "speaker"),
        join("screen", 6, "plenum.v1.json", "screen"),
        join("screen in msgpack", 7, "plenum.v1.msgpack", "screen"),
    ];
    Hall { hub, qa: rooms[1], session: rooms[0], moderator, asker, others }
}

#[test]
fn text_that_awaits_moderation_reaches_moderators_and_its_asker_only() {
    let mut hall = hall();
    let (first, _) = hall.asker.act(hall.qa, "qa.ask", json!({"text": PENDING, "anonymous": true}));
    let (second, _) = hall.asker.act(hall.qa, "qa.ask", json!({"text": REJECTED, "anonymous": false}));
    hall.moderator.act(
        hall.qa,
        "qa.reject",
        json!({"question": second.to_string(), "reason": "keep it civil"}),
    );
    assert!(hall.moderator.heard().contains(PENDING));
    assert!(hall.asker.heard().contains(PENDING) && hall.asker.heard().contains("keep it civil"));
    for other in &mut hall.others {
        let heard = other.heard();
        for secret in [PENDING, REJECTED, "keep it civil"] {
            assert!(!heard.contains(secret), "{} heard {secret:?}", other.name);
        }
    }
    let mut late = Ear::join(&hall.hub, "late", 9, "plenum.v1.json", "attendee", &[hall.qa]);
    assert!(!late.heard().contains(PENDING));
    hall.moderator.act(hall.qa, "qa.approve", json!({"question": first.to_string()}));
    for other in &mut hall.others {
        assert!(other.heard().contains(PENDING), "{} is shown what was approved", other.name);
        assert!(!other.heard().contains(REJECTED), "{}", other.name);
    }
}

#[test]
fn who_asked_without_a_name_is_named_to_nobody() {
    let mut hall = hall();
    let (question, _) = hall.asker.act(hall.qa, "qa.ask", json!({"text": PENDING, "anonymous": true}));
    hall.moderator.act(hall.qa, "qa.approve", json!({"question": question.to_string()}));
    let asker = Id::from_bits(1_002).to_string();
    for ear in hall.others.iter_mut().chain([&mut hall.moderator]) {
        let heard = ear.heard();
        assert!(heard.contains(PENDING), "{}", ear.name);
        assert!(!heard.contains(&asker), "{} can tell who asked", ear.name);
    }
}

#[test]
fn who_voted_what_in_a_secret_ballot_is_in_nobodys_frames() {
    let mut hall = hall();
    let settings = json!({
        "title": "Re-elect the chair?", "kind": "single", "anonymous": true, "results": "after_close", "change_vote": false,
        "options": [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}],
    });
    let (_, created) = hall.moderator.act(hall.session, "poll.create", settings);
    let poll = RoomRef::parse(created["ok"]["room"].as_str().unwrap()).unwrap();
    for ear in hall.others.iter_mut().chain([&mut hall.moderator, &mut hall.asker]) {
        ear.socket.ask(json!({"op": "join", "room": poll.to_string()}));
    }
    hall.moderator.act(poll, "poll.open", json!({}));
    hall.asker.act(poll, "poll.vote", json!({"options": ["no"]}));
    hall.others[0].act(poll, "poll.vote", json!({"options": ["yes"]}));
    let voters = [1_002, 1_003].map(|bits| Id::from_bits(bits).to_string());
    for ear in hall.others.iter_mut().skip(1) {
        let heard = ear.heard();
        assert!(!heard.contains("\"votes\":1"), "{} was shown results before the close", ear.name);
        assert!(voters.iter().all(|voter| !heard.contains(voter)), "{} can tell who voted", ear.name);
    }
    hall.moderator.act(poll, "poll.close", json!({}));
    hall.moderator.act(poll, "poll.reveal", json!({}));
    for ear in hall.others.iter_mut().skip(1).chain([&mut hall.moderator]) {
        let heard = ear.heard();
        assert!(heard.contains("\"votes\":1"), "{} is shown the results: {heard}", ear.name);
        assert!(voters.iter().all(|voter| !heard.contains(voter)), "{} can tell who voted", ear.name);
    }
}

#[test]
fn an_answer_that_waits_for_a_moderator_is_shown_to_moderators_only() {
    let mut hall = hall();
    let settings = json!({"title": "What next?", "kind": "open", "anonymous": true, "results": "always", "change_vote": false, "moderated": true});
    let (_, created) = hall.moderator.act(hall.session, "poll.create", settings);
    let poll = RoomRef::parse(created["ok"]["room"].as_str().unwrap()).unwrap();
    for ear in hall.others.iter_mut().chain([&mut hall.moderator, &mut hall.asker]) {
        ear.socket.ask(json!({"op": "join", "room": poll.to_string()}));
    }
    hall.moderator.act(poll, "poll.open", json!({}));
    hall.asker.act(poll, "poll.vote", json!({"text": OPEN_ANSWER}));
    assert!(hall.moderator.heard().contains(OPEN_ANSWER));
    for other in &mut hall.others {
        assert!(!other.heard().contains(OPEN_ANSWER), "{} heard it", other.name);
    }
}
