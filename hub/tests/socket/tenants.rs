//! Nothing of another tenant is ever visible: each op of each kind is answered as in a room that does not exist.

use plenum_domain::Id;
use plenum_rooms::RoomRef;
use plenum_rooms::kinds::KINDS;
use serde_json::{Value, json};

use crate::hub::{Hub, SCREEN, unlimited};
use crate::wire::Socket;

fn settings_of(kind: &str) -> Value {
    match kind {
        "screen" => json!({"name": "Foyer", "session": null}),
        "session" => json!({"title": "Opening"}),
        "poll" => json!({"title": "Tea?", "kind": "open"}),
        _ => json!({}),
    }
}

/// What a command was answered, with the room's name taken out.
fn refused(socket: &mut Socket, op: &str, room: RoomRef, key: u128) -> Value {
    let key = Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0000 + key);
    let command = json!({"op": op, "room": room.to_string(), "key": key.to_string(), "data": {}});
    let reply = socket.ask(command);
    assert_eq!(reply["err"]["code"], "hub.not_found", "{op} in {room}: {reply}");
    let text = reply["err"].to_string().replace(&room.to_string(), "ROOM");
    text.parse().unwrap()
}

#[test]
fn every_op_in_another_tenants_room_is_answered_as_in_none() {
    let hub = Hub::start(&unlimited());
    let mut stranger = Socket::connect(&hub, "plenum.v1.json");
    stranger.ask(json!({"op": "hello", "data": {"token": "2:1:owner"}}));
    let mut key = 0;
    for kind in KINDS {
        let (theirs, nowhere) =
            (RoomRef::new(kind.name, SCREEN), RoomRef::new(kind.name, Id::from_bits(0xD0E5_0000)));
        hub.open(theirs, settings_of(kind.name));
        let ours = ["join", "leave"].iter().chain(kind.ops);
        for op in ours {
            key += 2;
            let foreign = refused(&mut stranger, op, theirs, key);
            assert_eq!(foreign, refused(&mut stranger, op, nowhere, key + 1), "{op}");
        }
    }
    assert!(key > 60, "ops of every kind were tried");
}
