//! What changes elsewhere reaches live sockets at once: rights that are given and taken, programmes that are imported.

use std::net::TcpStream;

use serde_json::{Value, json};

use crate::hub::{Hub, printed, text};
use crate::wire::Socket;

const DEMO: &str = include_str!("../../../config/demo-programme.xml");

/// A socket of whoever has this token, after its hello.
fn socket(hub: &Hub, token: &str) -> Socket {
    let address = hub.url.trim_start_matches("http://");
    let mut socket = Socket::over(TcpStream::connect(address).unwrap(), "plenum.v1.json");
    let hello = socket.ask(json!({"op": "hello", "data": {"token": token}}));
    assert!(hello["ok"].is_object(), "{hello}");
    socket
}

fn join(socket: &mut Socket, room: &str) -> Value {
    socket.ask(json!({"op": "join", "room": room}))
}

/// Starts or pauses a session: what only those do who run it.
fn run(socket: &mut Socket, op: &str, room: &str) -> Value {
    let key = uuid::Uuid::new_v4().to_string();
    socket.ask(json!({"op": op, "room": room, "key": key, "data": {}}))
}

#[test]
fn a_role_that_is_given_or_taken_holds_for_live_sockets_at_once() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    hub.user("acme", "speaker");
    let token = hub.log_in("acme", "speaker@acme.example");
    let mona = text(&hub.get("/participants/me", &token).data()["id"]);
    assert_eq!(hub.call("PATCH", &format!("/users/{mona}"), &owner, Some(&json!({"roles": []}))).status, 200);
    let (conference, session) = hub.conference(&owner);
    let room = format!("session:{}", text(&session["id"]));
    let grants = format!("/users/{mona}/grants");

    let mut nobody = socket(&hub, &token);
    assert_eq!(join(&mut nobody, &room)["err"]["code"], "hub.not_found", "who holds nothing finds no room");
    let moderator = json!({"role": "moderator", "conference_id": conference["id"]});
    let granted = hub.post(&grants, &owner, &moderator).data();
    assert_eq!(nobody.closed(), 4401, "what is given is there when she comes back, which is at once");

    let mut running = socket(&hub, &token);
    assert!(join(&mut running, &room)["ok"]["state"].is_object());
    assert!(run(&mut running, "session.start", &room)["ok"].is_object());
    let gone = format!("{grants}/{}", text(&granted["id"]));
    assert_eq!(hub.call("DELETE", &gone, &owner, None).status, 200);
    assert_eq!(running.closed(), 4401, "no command more on the socket that had the role");
    let mut left = socket(&hub, &token);
    assert_eq!(join(&mut left, &room)["err"]["code"], "hub.not_found", "the room is closed to her");
    assert!(run(&mut left, "session.pause", &room)["err"].is_object());

    let watch = json!({"name": "Watchers", "actions": ["rooms.watch"]});
    let role = hub.post("/roles", &owner, &watch).data();
    let watching = json!({"role_id": role["id"], "conference_id": conference["id"]});
    assert_eq!(hub.post(&grants, &owner, &watching).status, 201);
    assert_eq!(left.closed(), 4401);
    let mut watcher = socket(&hub, &token);
    assert!(join(&mut watcher, &room)["ok"]["state"].is_object(), "she may look");
    assert_eq!(run(&mut watcher, "session.pause", &room)["err"]["code"], "hub.forbidden", "and run nothing");
    let more = json!({"name": "Watchers", "actions": ["rooms.watch", "rooms.moderate"]});
    let path = format!("/roles/{}", text(&role["id"]));
    assert_eq!(hub.call("PUT", &path, &owner, Some(&more)).status, 200);
    assert_eq!(watcher.closed(), 4401, "a role that is changed is changed for all who hold it");
    let mut running = socket(&hub, &token);
    join(&mut running, &room);
    assert!(run(&mut running, "session.pause", &room)["ok"].is_object());
}

#[test]
fn an_open_room_hears_of_an_import() {
    let hub = Hub::start();
    let owner = hub.tenant("acme");
    let file = hub.folder.path().join("programme.xml");
    let import = |text: &str| {
        std::fs::write(&file, text).unwrap();
        printed(&hub.command(&["import", file.to_str().unwrap(), "--tenant", "acme", "--json"], ""))
    };
    let made = import(DEMO);
    let list = format!("/conferences/{}/sessions?sort=starts_at", text(&made["conference"]));
    let session = hub.get(&list, &owner).data()[0].clone();
    let path = format!("/sessions/{}", text(&session["id"]));
    assert_eq!(hub.post(&format!("{path}/open"), &owner, &json!({})).data()["open"], true);
    let mut watching = socket(&hub, &owner);
    assert!(join(&mut watching, &format!("session:{}", text(&session["id"])))["ok"].is_object());
    let title = text(&session["title"]);
    let newer = DEMO.replacen(&format!("<title>{title}</title>"), "<title>Moved to the quay</title>", 1);
    let told = import(&newer);
    assert_eq!(
        (&told["differences"][0]["of"], &told["differences"][0]["taken"]),
        (&json!("session"), &json!(true))
    );
    let status = watching.push("session.status");
    assert_eq!(status["data"]["title"], "Moved to the quay");
    let hall = hub.call("PATCH", &path, &owner, Some(&json!({"hall": "Deck"}))).data();
    assert_eq!((&hall["title"], &hall["hall"]), (&json!("Moved to the quay"), &json!("Deck")));
}
