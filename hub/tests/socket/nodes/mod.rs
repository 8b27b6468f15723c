//! Several hubs in one process, over real connections: any node serves anyone.

mod storage;

use std::sync::Arc;
use std::time::{Duration, Instant};

use plenum_domain::Id;
use plenum_hub::clock::Clock;
use plenum_hub::cluster::bus::MemoryBus;
use plenum_hub::cluster::roster::{MemoryRoster, Roster};
use plenum_hub::cluster::{Member, Node, Seams};
use plenum_persistence::journal::{MemoryJournal, Settings};
use plenum_rooms::{RoomRef, Scope};
use serde_json::{Value, json};

use self::storage::Storage;
use crate::hub::{CONFERENCE, Hub, SCREEN, TENANT, unlimited};
use crate::wire::{Heard, Socket};

/// One node of the cluster.
struct Hall {
    hub: Hub,
    node: Node,
    storage: Storage,
    roster: Arc<MemoryRoster>,
}

/// Some nodes that share all that nodes share.
struct Cluster {
    halls: Vec<Hall>,
}

const ROOM: RoomRef = RoomRef::new("session", SCREEN);

fn start(n: usize, seams: impl FnOnce(Member) -> (Seams, Storage, Arc<MemoryRoster>)) -> Hall {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clock = Clock::new();
    let (node, shards, doors, storage, roster) = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (seams, storage, roster) = seams(Member { node: format!("node-{n}"), run: n as u64, address });
        let started = Node::start(&unlimited(), seams, listener, b"the installation's secret", clock.clone());
        let (node, shards, doors) = started.unwrap();
        // Nobody opens anything before all are known: so it is always the same node that owns the conference.
        roster.announce().await.unwrap();
        (node, shards, doors, storage, roster)
    });
    let hub = Hub::behind(shards, doors, clock, runtime, MemoryJournal::new(0, Settings::default()));
    Hall { hub, node, storage, roster }
}

impl Cluster {
    fn of(count: usize) -> Self {
        let nobody = Member { node: "nobody".to_owned(), run: 0, address: String::new() };
        let (storage, roster) = (Storage::new(nobody.clone()), MemoryRoster::new(nobody));
        let bus = MemoryBus::new();
        let halls = (0..count).map(|n| {
            start(n, |me| {
                let (storage, roster) = (storage.another(me.clone()), Arc::new(roster.another(me.clone())));
                let seams = Seams {
                    leases: Arc::new(storage.clone()),
                    ownership: Arc::new(storage.clone()),
                    journals: Arc::new(storage.clone()),
                    atlas: Arc::new(storage.clone()),
                    roster: Arc::clone(&roster) as Arc<dyn Roster>,
                    bus: Arc::new(bus.another()),
                    me,
                };
                (seams, storage, roster)
            })
        });
        Self { halls: halls.collect() }
    }

    /// Opens the room of a session by way of one node.
    fn open(&self, by_way_of: usize) {
        let scope = Scope { tenant: TENANT, conference: CONFERENCE, session: Some(SCREEN) };
        let settings = json!({"title": "Opening", "starts_ms": null, "ends_ms": null, "hall": null});
        let hub = &self.halls[by_way_of].hub;
        hub.block_on(hub.shards.open(TENANT, ROOM, scope, settings)).unwrap();
    }

    /// The number of the node that owns the conference.
    fn owner(&self) -> usize {
        let owner = self.halls[0].storage.owner(CONFERENCE).unwrap();
        owner.trim_start_matches("node-").parse().unwrap()
    }

    /// A node that does not own the conference.
    fn other(&self) -> usize {
        (self.owner() + 1) % self.halls.len()
    }

    /// A person's socket at a node, in the room.
    fn come(&self, at: usize, who: &str) -> Socket {
        let mut socket = Socket::hello(&self.halls[at].hub, who);
        let joined = socket.ask(json!({"op": "join", "room": ROOM.to_string()}));
        assert!(joined["ok"]["state"].is_object(), "{joined}");
        socket
    }

    /// Takes a node away as `kill -9` does: nothing of it is heard any more, and its lease ends.
    fn kill(&mut self, n: usize) {
        let Hall { hub, storage, roster, .. } = self.halls.remove(n);
        storage.cut_off();
        hub.block_on(roster.retire()).unwrap();
        hub.end();
    }
}

fn key(n: u128) -> String {
    Id::from_bits(0x0198_0000_0000_7000_8000_0000_0002_0000 + n).to_string()
}

fn message(n: u128) -> Value {
    let data = json!({"kind": "message", "text": format!("message {n}")});
    json!({"op": "session.show", "room": ROOM.to_string(), "key": key(n), "data": data})
}

/// The number in the message that a push shows.
fn number(push: &Value) -> u64 {
    let text = push["data"]["text"].as_str().unwrap_or_default();
    text.trim_start_matches("message ").parse().unwrap()
}

#[test]
fn any_node_takes_commands_and_shows_what_they_did_in_one_order() {
    let cluster = Cluster::of(3);
    cluster.open(0);
    let mut people: Vec<Socket> =
        (0..3).map(|n| cluster.come(n, &format!("1:{}:attendee", 10 + n))).collect();
    let mut moderators: Vec<Socket> = (0..3).map(|n| cluster.come(n, &format!("1:{n}:moderator"))).collect();
    let mut seq = 0;
    for n in 0..12 {
        let reply = moderators[n % 3].ask(message(n as u128));
        seq += 1;
        assert_eq!(reply["ok"]["seq"], seq, "{reply}");
    }
    for person in &mut people {
        let (mut at, mut shown) = (0, Vec::new());
        while at < seq {
            let push = person.push("session.live");
            assert!(push["prev"].as_u64().unwrap() <= at, "a gap: {push} after {at}");
            at = push["seq"].as_u64().unwrap();
            shown.push(number(&push));
        }
        assert!(shown.is_sorted(), "{shown:?}");
        assert_eq!(shown.last(), Some(&11));
    }
    let again = cluster.come(2, "1:1:moderator").ask(message(1));
    assert_eq!(again["ok"]["seq"], 2, "the same key has the same answer through another node: {again}");
}

#[test]
fn everyone_is_counted_once_wherever_they_are() {
    let cluster = Cluster::of(2);
    cluster.open(0);
    let (here, there) = (cluster.owner(), cluster.other());
    let mut watcher = cluster.come(there, "1:1:attendee");
    let _same_person = cluster.come(here, "1:1:attendee");
    let second = cluster.come(here, "1:2:attendee");
    let _third = cluster.come(there, "1:3:attendee");
    until_present(&mut watcher, 3);
    drop(second);
    until_present(&mut watcher, 2);
}

fn until_present(socket: &mut Socket, people: u64) {
    while socket.push("session.present")["data"]["present"] != people {}
}

#[test]
fn those_of_a_dead_node_are_not_counted_any_more() {
    let mut cluster = Cluster::of(2);
    cluster.open(0);
    let (here, there) = (cluster.owner(), cluster.other());
    let mut watcher = cluster.come(here, "1:1:attendee");
    let _ghost = cluster.come(there, "1:2:attendee");
    until_present(&mut watcher, 2);
    let start = Instant::now();
    cluster.kill(there);
    until_present(&mut watcher, 1);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

/// What is live at `seq`: told by a push, or by the state that is shown after a gap.
fn until_seq(socket: &mut Socket, seq: u64) -> Value {
    loop {
        match socket.hear() {
            Heard::Message(push) if push["seq"] == seq => {
                let is_state = push["ev"] == "session.state";
                return if is_state { push["data"]["live"].clone() } else { push["data"].clone() };
            }
            Heard::Message(_) | Heard::Ping => {}
            other => panic!("its socket goes on: {other:?}"),
        }
    }
}

#[test]
fn when_the_owner_dies_its_successor_goes_on_without_loss_or_repeat() {
    let mut cluster = Cluster::of(3);
    cluster.open(0);
    let (owner, other) = (cluster.owner(), cluster.other());
    let mut moderator = cluster.come(other, "1:0:moderator");
    let mut person = cluster.come(other, "1:10:attendee");
    for n in 0..5 {
        assert_eq!(moderator.ask(message(n))["ok"]["seq"], n as u64 + 1);
    }
    while person.push("session.live")["seq"] != 5 {}
    cluster.kill(owner);
    let start = Instant::now();
    assert_eq!(moderator.ask(message(4))["ok"]["seq"], 5, "an old key has its old answer");
    assert_eq!(moderator.ask(message(5))["ok"]["seq"], 6);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let shown = until_seq(&mut person, 6);
    assert_eq!(shown["text"], "message 5", "{shown}");
}

#[test]
fn a_hand_over_is_short_and_cuts_nobody() {
    let cluster = Cluster::of(2);
    cluster.open(0);
    let (owner, other) = (cluster.owner(), cluster.other());
    let mut away = cluster.come(other, "1:0:moderator");
    let mut here = cluster.come(owner, "1:10:attendee");
    assert_eq!(away.ask(message(0))["ok"]["seq"], 1);
    let hall = &cluster.halls[owner];
    let start = Instant::now();
    hall.hub.block_on(hall.node.hand_over());
    assert_eq!(away.ask(message(1))["ok"]["seq"], 2);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(cluster.owner(), other);
    assert_eq!(until_seq(&mut here, 2)["text"], "message 1");
}

#[test]
fn an_owner_that_wakes_up_too_late_says_nothing() {
    let cluster = Cluster::of(2);
    cluster.open(0);
    let (owner, other) = (cluster.owner(), cluster.other());
    let mut late = cluster.come(owner, "1:0:moderator");
    let mut person = cluster.come(owner, "1:10:attendee");
    assert_eq!(late.ask(message(0))["ok"]["seq"], 1);
    while person.push("session.live")["seq"] != 1 {}
    let zombie = &cluster.halls[owner];
    zombie.storage.cut_off();
    zombie.hub.block_on(zombie.roster.retire()).unwrap();
    let mut command = message(1);
    command["id"] = 900.into();
    late.send(&command);
    late.until_silence();
    person.until_silence();
    let heard = late.log.iter().chain(&person.log).filter(|said| said.contains("message 1")).count();
    assert_eq!(heard, 0, "nobody is shown what no journal has");
    assert!(!late.log.iter().any(|said| said.contains("\"re\":900") && said.contains("\"ok\"")));
    let mut successor = cluster.come(other, "1:0:moderator");
    assert_eq!(successor.ask(message(1))["ok"]["seq"], 2, "the new owner counts it, once");
    let records = cluster.halls[other].storage.records(CONFERENCE);
    let keyed = records.iter().filter(|record| record.key == Some(key(1).parse().unwrap()));
    assert_eq!(keyed.count(), 1);
    zombie.storage.tell_losses();
    while person.push("session.state")["data"]["live"]["text"] != "message 1" {}
    assert_eq!(late.ask(message(1))["ok"]["seq"], 2, "its people go on at the new owner");
}

#[test]
fn whose_token_is_revoked_is_closed_on_every_node() {
    let cluster = Cluster::of(2);
    cluster.open(0);
    let mut away = cluster.come(1, "1:5:attendee");
    cluster.halls[0].hub.shards.close_participant(Id::from_bits(1_005));
    assert_eq!(away.closed(), 4401);
}

#[test]
fn a_room_that_nobody_has_is_not_found_on_any_node() {
    let cluster = Cluster::of(2);
    cluster.open(0);
    let missing = RoomRef::new("poll", Id::from_bits(99)).to_string();
    for n in 0..2 {
        let mut socket = Socket::hello(&cluster.halls[n].hub, "1:5:attendee");
        let reply = socket.ask(json!({"op": "join", "room": missing}));
        assert_eq!(reply["err"]["code"], "hub.not_found", "{reply}");
        let foreign = Socket::hello(&cluster.halls[n].hub, "2:5:attendee")
            .ask(json!({"op": "join", "room": ROOM.to_string()}));
        assert_eq!(foreign["err"]["code"], "hub.not_found", "{foreign}");
    }
}
