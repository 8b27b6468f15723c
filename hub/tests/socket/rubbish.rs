//! Whatever a client sends, it gets a clear answer or close, and nobody else is harmed.

use std::io::{Read, Write};
use std::net::TcpStream;

use plenum_hub::limits::LimitSettings;
use serde_json::{Value, json};

use crate::hub::{DEADLINE, Hub, settings};
use crate::wire::{Heard, Socket, frame};

/// A hub, a socket to be broken, and a bystander that must go on.
fn with_bystander() -> (Hub, Socket, Socket) {
    let (hub, _) = Hub::with_screen();
    let victim = Socket::hello(&hub, "1:5:attendee");
    let bystander = Socket::hello(&hub, "1:6:attendee");
    (hub, victim, bystander)
}

fn is_well(bystander: &mut Socket) {
    assert!(bystander.ask(json!({"op": "ping"}))["ok"]["server_ms"].is_i64());
}

#[test]
fn broken_frames_are_closed_with_their_code() {
    let cases: [(&str, Vec<u8>, u16); 9] = [
        ("not masked", vec![0x81, 2, b'{', b'}'], 1002),
        ("compressed", frame(0xC1, b"{}"), 1002),
        ("reserved opcode", frame(0x83, b"{}"), 1002),
        ("fragmented ping", frame(0x09, b""), 1002),
        ("long ping", frame(0x89, &[0; 126]), 1002),
        ("continuation of nothing", frame(0x80, b"{}"), 1002),
        ("text not UTF-8", frame(0x81, &[b'{', 0xFF, b'}']), 1007),
        ("binary on a text socket", frame(0x82, &[0x80]), 1003),
        ("too large", frame(0x81, &vec![b' '; 70_000]), 1009),
    ];
    for (name, bytes, code) in cases {
        let (_hub, mut victim, mut bystander) = with_bystander();
        victim.send_raw(&bytes);
        assert_eq!(victim.closed(), code, "{name}");
        is_well(&mut bystander);
    }
}

#[test]
fn frames_that_say_nothing_sensible_are_refused_and_the_socket_goes_on() {
    let (_hub, mut victim, mut bystander) = with_bystander();
    let deep = format!(r#"{{"id":7,"op":"x","data":{}1{}}}"#, r#"{"a":"#.repeat(60), "}".repeat(60));
    for text in [
        "",
        "nonsense",
        "[1,2]",
        "{",
        "{\"id\":1}",
        "{\"id\":-1,\"op\":\"ping\"}",
        "null",
        "\"text\"",
        deep.as_str(),
    ] {
        victim.send_raw(&frame(0x81, text.as_bytes()));
        let Heard::Message(refusal) = victim.hear() else { panic!("{text:?} closed the socket") };
        let code = refusal["err"]["code"].as_str().unwrap_or_default().to_owned();
        assert!(code == "hub.bad_frame" || code == "hub.too_large", "{text:?}: {refusal}");
        assert!(refusal["err"]["message"].as_str().unwrap().len() > 10, "{refusal}");
    }
    let unknown = victim.ask(json!({"op": "ping", "colour": "red"}));
    assert!(unknown["err"]["message"].as_str().unwrap().contains("colour"), "{unknown}");
    assert_eq!(victim.ask(json!({"op": "fly"}))["err"]["code"], "hub.bad_frame");
    is_well(&mut victim);
    is_well(&mut bystander);
}

#[test]
fn a_frame_too_large_is_refused_by_its_id_when_that_can_be_read() {
    let (_hub, mut victim, mut bystander) = with_bystander();
    let large = format!(r#"{{"id":42,"op":"x","data":{{"text":"{}"}}}}"#, "a".repeat(70_000));
    victim.send_raw(&frame(0x81, large.as_bytes()));
    let Heard::Message(refusal) = victim.hear() else { panic!("no refusal") };
    assert_eq!((&refusal["re"], &refusal["err"]["code"]), (&json!(42), &json!("hub.too_large")), "{refusal}");
    assert_eq!(victim.closed(), 1009);
    is_well(&mut bystander);
}

#[test]
fn fragments_and_pings_between_them_are_one_message() {
    let (_hub, mut victim, _) = with_bystander();
    victim.send_raw(&frame(0x01, br#"{"id":9,"#));
    victim.send_raw(&frame(0x89, b"are you there"));
    victim.send_raw(&frame(0x80, br#""op":"ping"}"#));
    assert_eq!(victim.hear(), Heard::Pong(b"are you there".to_vec()));
    let Heard::Message(pong) = victim.hear() else { panic!() };
    assert_eq!(pong["re"], 9);
}

#[test]
fn a_clean_goodbye_is_answered() {
    let (_hub, mut victim, _) = with_bystander();
    victim.send_raw(&frame(0x88, &[3, 232]));
    assert_eq!(victim.hear(), Heard::Close(1000, String::new()));
    assert_eq!(victim.hear(), Heard::End);
}

#[test]
fn ten_thousand_pings_are_a_flood() {
    let (_hub, mut victim, mut bystander) = with_bystander();
    let pings = frame(0x89, b"").repeat(10_000);
    // The hub may close before all of it is sent.
    let _ = victim.stream.write_all(&pings);
    assert_eq!(victim.closed(), 4429);
    is_well(&mut bystander);
}

#[test]
fn who_goes_too_fast_is_told_when_to_come_back() {
    let mut tight = settings();
    tight.limits = LimitSettings { commands_per_s: 1, commands_burst: 3, ..LimitSettings::default() };
    let hub = Hub::start(&tight);
    let mut socket = Socket::hello(&hub, "1:5:attendee");
    let refused: Vec<Value> =
        (0..5).map(|_| socket.ask(json!({"op": "ping"}))).filter(|reply| reply["err"].is_object()).collect();
    assert!(!refused.is_empty());
    assert_eq!(refused[0]["err"]["code"], "hub.rate_limited");
    assert!(refused[0]["err"]["retry_ms"].as_u64().unwrap() <= 1_000);
    assert_eq!(refused[0]["err"]["details"]["limit"], "limits.commands_per_s");
}

#[test]
fn who_does_not_say_hello_is_closed() {
    let mut hasty = settings();
    hasty.wire.hello_timeout_ms = 300;
    let hub = Hub::start(&hasty);
    assert_eq!(Socket::connect(&hub, "plenum.v1.json").closed(), 4400);
    let mut rude = Socket::connect(&hub, "plenum.v1.json");
    assert_eq!(rude.ask(json!({"op": "join", "room": "screen:1"}))["err"]["code"], "hub.bad_frame");
    assert_eq!(rude.closed(), 4400);
    let mut slow = TcpStream::connect(hub.address).unwrap();
    slow.set_read_timeout(Some(DEADLINE)).unwrap();
    slow.write_all(b"GET /api/v1/networking/conn").unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    hub.wait_until("they are gone", |hub| hub.sockets() == 0);
}

#[test]
fn connections_that_break_off_leave_nothing_behind() {
    let (hub, room) = Hub::with_screen();
    for step in 0..40 {
        let mut socket = Socket::hello(&hub, &format!("1:{step}:attendee"));
        socket.send(&json!({"id": 1, "op": "join", "room": room.to_string()}));
        if step % 2 == 0 {
            socket.send_raw(&frame(0x81, b"{\"id\":2,\"op\":\"pi")[..9]);
        }
    }
    hub.wait_until("all sockets are gone", |hub| hub.sockets() == 0);
}

#[test]
fn random_bytes_harm_nobody() {
    let (_hub, _, mut bystander) = with_bystander();
    let hub = &_hub;
    let mut dice = plenum_rooms::engine::sample::Dice::new(11);
    for round in 0..60 {
        let mut socket = Socket::hello(hub, &format!("1:{}:attendee", 100 + round));
        let bytes: Vec<u8> = (0..dice.below(400)).map(|_| dice.roll() as u8).collect();
        // The hub may have closed already.
        let _ = socket.stream.write_all(&frame(0x80 | (dice.below(3) as u8), &bytes));
        let _ = socket.stream.write_all(&bytes);
    }
    is_well(&mut bystander);
}

#[test]
fn who_is_silent_is_pinged_and_then_cut() {
    let mut attentive = settings();
    attentive.wire.ping_s = 1;
    let hub = Hub::start(&attentive);
    let mut half_open = Socket::hello(&hub, "1:5:attendee");
    assert_eq!(half_open.hear(), Heard::Ping);
    // It answers no ping, as a phone that is out of reach would not.
    while half_open.hear() != Heard::End {}
    hub.wait_until("it is gone", |hub| hub.sockets() == 0);
}
