//! Hello, join, commands, pushes, coming back.

use std::sync::Arc;

use plenum_domain::{Id, Role, Roles};
use plenum_hub::shard::StartError;
use plenum_persistence::journal::{MemoryJournal, Settings};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::Actor;
use serde_json::{Value, json};

use crate::hub::{Hub, SCREEN, settings};
use crate::wire::{Heard, Socket};

fn key(n: u128) -> String {
    Id::from_bits(0x0198_0000_0000_7000_8000_0000_0001_0000 + n).to_string()
}

fn show(room: &impl ToString, n: u128, session: Option<u128>) -> Value {
    let session = session.map(|session| Id::from_bits(session).to_string());
    json!({"op": "screen.show", "room": room.to_string(), "key": key(n), "data": {"session": session}})
}

#[test]
fn hello_says_who_one_is_and_what_the_hub_asks() {
    let (hub, _) = Hub::with_screen();
    let mut socket = Socket::connect(&hub, "plenum.v1.json");
    let reply = socket.ask(json!({"op": "hello", "data": {"token": "1:5:attendee"}}));
    let ok = &reply["ok"];
    assert_eq!(ok["roles"], json!(["attendee"]));
    assert_eq!(ok["max_frame_bytes"], 65_536);
    assert_eq!(ok["ping_s"], 25);
    assert!(ok["server_ms"].as_i64().unwrap() > 1_700_000_000_000);
    assert!(ok["herd_ms"].as_u64().unwrap() >= 1_000);
    assert_eq!(
        socket.ask(json!({"op": "hello", "data": {"token": "1:5:attendee"}}))["err"]["code"],
        "hub.bad_frame"
    );
}

#[test]
fn both_codecs_say_the_same() {
    let (hub, room) = Hub::with_screen();
    for subprotocol in ["plenum.v1.json", "plenum.v1.msgpack"] {
        let mut socket = Socket::connect(&hub, subprotocol);
        socket.ask(json!({"op": "hello", "data": {"token": "1:0:moderator"}}));
        let joined = socket.ask(json!({"op": "join", "room": room.to_string()}));
        assert_eq!(joined["ok"]["state"]["paired"], true, "{joined}");
        assert_eq!(joined["ok"]["room"], room.to_string());
        assert_eq!(joined["ok"]["epoch"], "0000000000000007");
        let pong = socket.ask(json!({"op": "ping"}));
        assert!(pong["ok"]["server_ms"].is_i64());
    }
}

#[test]
fn a_command_is_acknowledged_and_pushed_to_everyone_in_the_room() {
    let (hub, room) = Hub::with_screen();
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    let mut screens: Vec<Socket> = (10..14).map(|n| Socket::hello(&hub, &format!("1:{n}:screen"))).collect();
    for socket in screens.iter_mut().chain([&mut moderator]) {
        let joined = socket.ask(json!({"op": "join", "room": room.to_string()}));
        assert_eq!(joined["ok"]["seq"], 0, "{joined}");
    }
    let reply = moderator.ask(show(&room, 1, Some(77)));
    assert_eq!(reply["ok"]["seq"], 1, "{reply}");
    for screen in &mut screens {
        let push = screen.push("screen.scene");
        assert_eq!((&push["prev"], &push["seq"]), (&json!(0), &json!(1)), "{push}");
        assert_eq!(push["data"]["session"], Id::from_bits(77).to_string());
        assert_eq!(push["room"], room.to_string());
        assert!(push["at_ms"].is_i64());
    }
    let again = Socket::hello(&hub, "1:0:moderator").ask(json!({"op": "join", "room": room.to_string()}));
    assert_eq!(again["ok"]["state"]["scene"]["session"], Id::from_bits(77).to_string());
}

#[test]
fn the_same_key_has_the_same_answer_on_any_socket() {
    let (hub, room) = Hub::with_screen();
    let mut first = Socket::hello(&hub, "1:0:moderator");
    first.ask(json!({"op": "join", "room": room.to_string()}));
    let answer = first.ask(show(&room, 1, Some(5)));
    first.ask(show(&room, 2, Some(6)));
    let mut second = Socket::hello(&hub, "1:0:moderator");
    second.ask(json!({"op": "join", "room": room.to_string()}));
    let again = second.ask(show(&room, 1, Some(5)));
    assert_eq!(answer["ok"], again["ok"]);
    let state = second.ask(json!({"op": "join", "room": room.to_string()}));
    assert_eq!(
        state["ok"]["state"]["scene"]["session"],
        Id::from_bits(6).to_string(),
        "nothing was done twice"
    );
}

#[test]
fn who_comes_back_gets_what_was_missed_and_nothing_twice() {
    let (hub, room) = Hub::with_screen();
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    let mut stays = Socket::hello(&hub, "1:10:screen");
    let mut leaves = Socket::hello(&hub, "1:11:screen");
    for socket in [&mut moderator, &mut stays, &mut leaves] {
        socket.ask(json!({"op": "join", "room": room.to_string()}));
    }
    moderator.ask(show(&room, 1, Some(1)));
    assert_eq!(leaves.push("screen.scene")["seq"], 1);
    drop(leaves);
    moderator.ask(show(&room, 2, Some(2)));
    moderator.ask(show(&room, 3, Some(3)));
    assert_eq!(stays.push("screen.scene")["seq"], 1);
    while stays.push("screen.scene")["seq"] != 3 {}
    let mut back = Socket::hello(&hub, "1:11:screen");
    let since = |epoch: &str, seq: u64| json!({"op": "join", "room": room.to_string(), "since": {"epoch": epoch, "seq": seq}});
    let missed = back.ask(since("0000000000000007", 1));
    let replay = missed["ok"]["replay"].as_array().expect("a replay");
    assert_eq!(missed["ok"]["seq"], 3);
    assert_eq!(replay.first().unwrap()["prev"], 1, "{missed}");
    assert_eq!(replay.last().unwrap()["seq"], 3);
    assert_eq!(back.ask(since("0000000000000007", 3))["ok"]["replay"], json!([]));
    assert!(back.ask(since("other", 3))["ok"]["state"].is_object(), "another history: the whole state");
    assert!(
        back.ask(since("0000000000000007", 99))["ok"]["state"].is_object(),
        "from the future: the whole state"
    );
}

#[test]
fn what_may_not_be_done_is_refused_with_a_stable_code() {
    let (hub, room) = Hub::with_screen();
    let mut socket = Socket::hello(&hub, "1:7:attendee");
    let code = |reply: Value| reply["err"]["code"].as_str().unwrap_or("none").to_owned();
    assert_eq!(code(socket.ask(show(&room, 1, None))), "hub.not_joined");
    assert_eq!(code(socket.ask(json!({"op": "leave", "room": room.to_string()}))), "hub.not_joined");
    assert_eq!(code(socket.ask(json!({"op": "join"}))), "hub.bad_frame");
    assert_eq!(code(socket.ask(json!({"op": "join", "room": "poll"}))), "hub.not_found");
    assert_eq!(
        code(socket.ask(json!({"op": "join", "room": "screen:01H5XNDY7S3C9QRG8T4V2M6B0F"}))),
        "hub.not_found"
    );
    socket.ask(json!({"op": "join", "room": room.to_string()}));
    assert_eq!(code(socket.ask(show(&room, 1, None))), "hub.forbidden");
    assert_eq!(
        code(socket.ask(json!({"op": "screen.fly", "room": room.to_string(), "key": key(9)}))),
        "hub.unknown_op"
    );
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    moderator.ask(json!({"op": "join", "room": room.to_string()}));
    let no_key =
        moderator.ask(json!({"op": "screen.show", "room": room.to_string(), "data": {"session": null}}));
    assert_eq!(no_key["err"]["details"]["field"], "key", "{no_key}");
    let unknown = moderator
        .ask(json!({"op": "screen.show", "room": room.to_string(), "key": key(10), "data": {"colour": 1}}));
    assert!(unknown["err"]["message"].as_str().unwrap().contains("colour"), "{unknown}");
    let left = moderator.ask(json!({"op": "leave", "room": room.to_string()}));
    assert_eq!(left["ok"], json!({}));
}

#[test]
fn another_tenants_room_is_not_there() {
    let (hub, room) = Hub::with_screen();
    let mut stranger = Socket::hello(&hub, "2:0:owner");
    let theirs = stranger.ask(json!({"op": "join", "room": room.to_string()}));
    let missing = stranger.ask(json!({"op": "join", "room": "screen:01H5XNDY7S3C9QRG8T4V2M6B0F"}));
    assert_eq!(theirs["err"]["code"], missing["err"]["code"]);
    assert_eq!(theirs["err"]["details"], missing["err"]["details"]);
}

#[test]
fn commands_in_one_array_and_behind_the_hello_keep_their_order() {
    let (hub, room) = Hub::with_screen();
    let mut socket = Socket::connect(&hub, "plenum.v1.json");
    socket.send(&json!([
        {"id": 1, "op": "hello", "data": {"token": "1:0:moderator"}},
        {"id": 2, "op": "join", "room": room.to_string()},
        {"id": 3, "op": "screen.show", "room": room.to_string(), "key": key(1), "data": {"session": null}},
        {"id": 4, "op": "ping"},
    ]));
    let mut answered = Vec::new();
    while answered.len() < 4 {
        if let Heard::Message(message) = socket.hear()
            && message["re"].is_u64()
        {
            assert!(message["ok"].is_object(), "{message}");
            answered.push(message["re"].as_u64().unwrap());
        }
    }
    answered.sort_unstable();
    assert_eq!(answered, [1, 2, 3, 4]);
}

#[test]
fn a_token_ends_and_is_renewed_on_the_live_socket() {
    let (hub, _) = Hub::with_screen();
    let mut renewed = Socket::hello(&hub, "1:5:attendee:1500");
    let mut forgotten = Socket::hello(&hub, "1:6:attendee:1500");
    let other = renewed.ask(json!({"op": "auth.refresh", "data": {"token": "1:9:attendee"}}));
    assert_eq!(other["err"]["code"], "hub.forbidden");
    let wrong = renewed.ask(json!({"op": "auth.refresh", "data": {"token": "nonsense"}}));
    assert_eq!(wrong["err"]["code"], "hub.token_expired");
    let right = renewed.ask(json!({"op": "auth.refresh", "data": {"token": "1:5:attendee"}}));
    assert!(right["ok"]["token_ends_ms"].is_i64());
    assert_eq!(forgotten.closed(), 4401);
    assert!(renewed.ask(json!({"op": "ping"}))["ok"].is_object());
    let mut stranger = Socket::connect(&hub, "plenum.v1.json");
    assert_eq!(
        stranger.ask(json!({"op": "hello", "data": {"token": "nonsense"}}))["err"]["code"],
        "hub.token_expired"
    );
    assert_eq!(stranger.closed(), 4401);
}

#[test]
fn revoked_people_are_closed_and_a_drain_says_when_to_come_back() {
    let (hub, _) = Hub::with_screen();
    let mut revoked = Socket::hello(&hub, "1:5:attendee");
    let mut moving = Socket::hello(&hub, "1:6:attendee");
    hub.shards.close_participant(Id::from_bits(1_005));
    assert_eq!(revoked.closed(), 4401);
    hub.block_on(hub.shards.drain(std::time::Duration::from_millis(1_500)));
    let goodbye = moving.push("hub.moving");
    assert!(goodbye["data"]["after_ms"].as_u64().unwrap() < 1_500);
    assert_eq!(moving.closed(), 1012);
}

#[test]
fn a_second_hub_on_the_same_address_is_refused() {
    let (first, _) = Hub::with_screen();
    let second = Hub::try_over(&settings(), MemoryJournal::new(8, Settings::default()), first.address);
    let Err(StartError::Listen { address, .. }) = second else { panic!("two hubs share {}", first.address) };
    assert_eq!(address, first.address);
}

#[test]
fn ordinary_requests_on_the_same_port_are_served() {
    let (hub, _) = Hub::with_screen();
    let body = ureq::get(format!("http://{}/livez", hub.address))
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    assert_eq!(body, "alive");
}

#[test]
fn sockets_and_rooms_of_one_participant_are_bounded() {
    let mut tight = settings();
    tight.limits.sockets_per_participant = 2;
    let hub = Hub::start(&tight);
    let _held = [Socket::hello(&hub, "1:5:attendee"), Socket::hello(&hub, "1:5:attendee")];
    let mut third = Socket::connect(&hub, "plenum.v1.json");
    let refused = third.ask(json!({"op": "hello", "data": {"token": "1:5:attendee"}}));
    assert_eq!(refused["err"]["details"]["limit"], "limits.sockets_per_participant", "{refused}");
    assert_eq!(third.closed(), 4429);
    drop(_held);
    hub.wait_until("the sockets are gone", |hub| hub.sockets() == 0);
    Socket::hello(&hub, "1:5:attendee");
}

#[test]
fn who_acts_without_a_socket_is_counted_as_present() {
    let hub = Hub::start(&settings());
    let room = RoomRef::new("session", SCREEN);
    hub.open(room, json!({"title": "Keynote"}));
    for nth in 0..3 {
        let participant = Id::from_bits(5_000 + u128::from(nth));
        let actor = Actor { participant, name: String::new(), roles: Roles::of(&[Role::Attendee]) };
        hub.block_on(hub.shards.attend(Arc::new(actor), room, nth)).unwrap();
    }
    let joined = Socket::hello(&hub, "1:5:attendee").ask(json!({"op": "join", "room": room.to_string()}));
    assert!(joined["ok"]["state"]["present"].as_u64() >= Some(3), "{joined}");
}
