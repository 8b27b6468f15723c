//! Clients that do not read cost the others nothing, and end with the right state or are closed.

use std::net::TcpStream;

use plenum_domain::Id;
use plenum_hub::limits::LimitSettings;
use plenum_hub::shard::ShardSettings;
use plenum_hub::socket::Patience;
use plenum_rooms::RoomRef;
use serde_json::{Value, json};

use crate::hub::{Hub, SCREEN, settings, unlimited};
use crate::wire::{Heard, Socket};

/// Enough pushes of about 170 bytes to fill what the kernel keeps on both sides.
const SHOWN: u128 = 6_000;

fn hub_with(patience: Patience) -> (Hub, RoomRef) {
    let mut slow = settings();
    slow.limits = LimitSettings { commands_per_s: 0, ..LimitSettings::default() };
    slow.wire.patience = patience;
    let hub = Hub::start(&slow);
    let room = RoomRef::new("screen", SCREEN);
    hub.open(room, json!({"name": "Foyer", "session": null}));
    (hub, room)
}

fn join(socket: &mut Socket, room: RoomRef) {
    socket.ask(json!({"op": "join", "room": room.to_string()}));
}

/// Makes a push of every one of many commands; all are acknowledged.
fn show_many(moderator: &mut Socket, room: RoomRef) {
    show_some(moderator, room, SHOWN);
}

fn show_some(moderator: &mut Socket, room: RoomRef, times: u128) {
    for n in 1..=times {
        let (key, session) = (Id::from_bits(n).to_string(), Id::from_bits(n));
        let shown = moderator.ask(
            json!({"op": "screen.show", "room": room.to_string(), "key": key, "data": {"session": session}}),
        );
        assert_eq!(shown["ok"]["seq"], n as u64, "{shown}");
    }
}

/// Reads up to `seq` without a hole. Returns the scene then.
fn last_scene(socket: &mut Socket, seq: u64) -> Value {
    let (mut at, mut scene) = (0, Value::Null);
    while at < seq {
        let Heard::Message(push) = socket.hear() else { panic!("closed") };
        let (prev, seq) = (push["prev"].as_u64().unwrap(), push["seq"].as_u64().unwrap());
        assert!(prev <= at, "a hole: at {at}, {push}");
        at = at.max(seq);
        scene = push["data"].get("scene").unwrap_or(&push["data"]).clone();
    }
    scene
}

fn small_window(hub: &Hub) -> TcpStream {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.connect(&hub.address.into()).unwrap();
    socket.into()
}

#[test]
fn who_reads_again_in_time_is_shown_the_state_and_holds_no_hole() {
    let (hub, room) = hub_with(Patience::default());
    let mut slow = Socket::over(small_window(&hub), "plenum.v1.json");
    slow.ask(json!({"op": "hello", "data": {"token": "1:9:screen"}}));
    join(&mut slow, room);
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    join(&mut moderator, room);
    show_many(&mut moderator, room);
    hub.wait_until("the hub notices", |hub| {
        hub.block_on(hub.shards.health()).shards.iter().any(|one| one.blocked == 1)
    });
    let scene = last_scene(&mut slow, SHOWN as u64);
    assert_eq!(scene["session"], Id::from_bits(SHOWN).to_string());
}

#[test]
fn readers_on_a_shard_that_is_behind_are_shown_the_state() {
    let hub = Hub::start(&ShardSettings { pushes_max: 0, ..unlimited() });
    let room = RoomRef::new("screen", SCREEN);
    hub.open(room, json!({"name": "Foyer", "session": null}));
    // The system spreads sockets over both shards; the room is on one of them.
    let mut screens: Vec<Socket> = (10..22).map(|n| Socket::hello(&hub, &format!("1:{n}:screen"))).collect();
    screens.iter_mut().for_each(|screen| join(screen, room));
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    join(&mut moderator, room);
    show_some(&mut moderator, room, 30);
    for screen in &mut screens {
        assert_eq!(last_scene(screen, 30)["session"], Id::from_bits(30).to_string());
    }
}

#[test]
fn who_takes_nothing_is_closed_and_may_come_back() {
    let (hub, room) = hub_with(Patience { stale_after_ms: 100, close_after_ms: 400 });
    let mut dead = Socket::over(small_window(&hub), "plenum.v1.json");
    dead.ask(json!({"op": "hello", "data": {"token": "1:9:screen"}}));
    join(&mut dead, room);
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    join(&mut moderator, room);
    show_many(&mut moderator, room);
    hub.wait_until("the dead one is gone", |hub| hub.sockets() == 1);
    let mut back = Socket::hello(&hub, "1:9:screen");
    let joined = back.ask(json!({"op": "join", "room": room.to_string()}));
    assert_eq!(joined["ok"]["state"]["scene"]["session"], Id::from_bits(SHOWN).to_string());
}
