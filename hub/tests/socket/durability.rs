//! Nothing is acknowledged or shown that is not in the journal.

use plenum_domain::Id;
use plenum_persistence::journal::{Journal, JournalError};
use serde_json::json;

use crate::hub::{Hub, settings};
use crate::wire::Socket;

#[test]
fn a_full_disk_refuses_clearly_loses_nothing_and_recovers() {
    let (hub, room) = Hub::with_screen();
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    let mut screen = Socket::hello(&hub, "1:9:screen");
    for socket in [&mut moderator, &mut screen] {
        socket.ask(json!({"op": "join", "room": room.to_string()}));
    }
    let show = |key: u128, session: u128| {
        let (key, session) = (Id::from_bits(key).to_string(), Id::from_bits(session).to_string());
        json!({"op": "screen.show", "room": room.to_string(), "key": key, "data": {"session": session}})
    };
    assert_eq!(moderator.ask(show(1, 50))["ok"]["seq"], 1);
    hub.journal.fail_next([JournalError::NoSpace("the disk is full".into())]);
    let refused = moderator.ask(show(2, 60));
    assert_eq!(refused["err"]["code"], "hub.busy", "{refused}");
    assert_eq!(refused["err"]["details"]["reason"], "journal_full");
    assert!(refused["err"]["retry_ms"].is_u64());
    assert!(hub.block_on(hub.shards.health()).journal_trouble().is_some());
    let again = loop {
        let reply = moderator.ask(show(2, 60));
        if reply["err"]["code"] != "hub.busy" {
            break reply;
        }
    };
    assert_eq!(again["ok"]["seq"], 2, "the same key is counted once there is room: {again}");
    let shown = loop {
        let push = screen.push("screen.scene");
        if push["seq"] == 2 {
            break push;
        }
    };
    assert_eq!(shown["data"]["session"], Id::from_bits(60).to_string());
    assert!(hub.block_on(hub.shards.health()).journal_trouble().is_none());
}

#[test]
fn a_hub_over_the_same_journal_goes_on_where_the_last_one_was() {
    let (hub, room) = Hub::with_screen();
    let mut moderator = Socket::hello(&hub, "1:0:moderator");
    moderator.ask(json!({"op": "join", "room": room.to_string()}));
    let key = Id::from_bits(9).to_string();
    let show = json!({"op": "screen.show", "room": room.to_string(), "key": key, "data": {"session": Id::from_bits(4)}});
    let first = moderator.ask(show.clone());
    let next = Hub::over(&settings(), hub.journal.clone());
    let mut back = Socket::hello(&next, "1:0:moderator");
    let since = json!({"epoch": "0000000000000007", "seq": 1});
    let joined = back.ask(json!({"op": "join", "room": room.to_string(), "since": since}));
    assert_eq!(joined["ok"]["seq"], 1, "{joined}");
    assert_eq!(back.ask(show)["ok"], first["ok"], "the answer to a key outlives the hub");
    assert_eq!(next.journal.durable_lsn(), hub.journal.durable_lsn(), "nothing was journaled again");
}
