use plenum_protocol::{Codec, Command, Since, write_command};
use serde_json::{Value, json};

use super::{Case, payload};

const KEY: u128 = 0x0198_c0de_7001_7abc_8def_0123_4567_89ab;
const POLL: &str = "poll:01K30DWW01FAY8VVR14D2PF2DB";
const SESSION: &str = "session:01K30DWW01FAY8VVR14D2PF2DC";

/// Writes a command whose payload is given as JSON.
fn write(codec: Codec, out: &mut Vec<u8>, command: Command<'_>, data: Option<Value>) {
    let data = data.map(|data| payload(codec, &data));
    write_command(codec, out, &Command { data: data.as_deref(), ..command });
}

/// Every shape that a command can take.
pub(crate) fn commands() -> Vec<Case> {
    let mut cases = socket_commands();
    cases.extend(comings_and_goings());
    cases.extend(acts());
    cases
}

fn socket_commands() -> Vec<Case> {
    vec![
        Case {
            name: "hello",
            meaning: json!({"id": 1, "op": "hello", "data": {"token": "e30.e30.sig", "client": "web/1.4"}}),
            write: |codec, out| {
                let data = json!({"token": "e30.e30.sig", "client": "web/1.4"});
                write(codec, out, Command { id: 1, op: "hello", ..Command::default() }, Some(data));
            },
        },
        Case {
            name: "ping",
            meaning: json!({"id": 300, "op": "ping"}),
            write: |codec, out| {
                write(codec, out, Command { id: 300, op: "ping", ..Command::default() }, None);
            },
        },
        Case {
            name: "auth.refresh with the largest id",
            meaning: json!({"id": 9_007_199_254_740_991_u64, "op": "auth.refresh", "data": {"token": "new"}}),
            write: |codec, out| {
                let command = Command { id: (1 << 53) - 1, op: "auth.refresh", ..Command::default() };
                write(codec, out, command, Some(json!({"token": "new"})));
            },
        },
    ]
}

fn comings_and_goings() -> Vec<Case> {
    vec![
        Case {
            name: "join",
            meaning: json!({"id": 2, "op": "join", "room": POLL}),
            write: |codec, out| {
                write(
                    codec,
                    out,
                    Command { id: 2, op: "join", room: Some(POLL), ..Command::default() },
                    None,
                );
            },
        },
        Case {
            name: "join after a break",
            meaning: json!({"id": 70_000, "op": "join", "room": POLL, "since": {"epoch": "1", "seq": 41}}),
            write: |codec, out| {
                let since = Some(Since { epoch: "1".into(), seq: 41 });
                let command =
                    Command { id: 70_000, op: "join", room: Some(POLL), since, ..Command::default() };
                write(codec, out, command, None);
            },
        },
        Case {
            name: "leave",
            meaning: json!({"id": 9, "op": "leave", "room": POLL}),
            write: |codec, out| {
                write(
                    codec,
                    out,
                    Command { id: 9, op: "leave", room: Some(POLL), ..Command::default() },
                    None,
                );
            },
        },
    ]
}

fn acts() -> Vec<Case> {
    vec![
        Case {
            name: "poll.vote with its key",
            meaning: json!({"id": 3, "op": "poll.vote", "room": POLL,
                "key": "0198c0de-7001-7abc-8def-0123456789ab", "data": {"options": ["a"]}}),
            write: |codec, out| {
                let command = Command {
                    id: 3,
                    op: "poll.vote",
                    room: Some(POLL),
                    key: Some(KEY),
                    ..Command::default()
                };
                write(codec, out, command, Some(json!({"options": ["a"]})));
            },
        },
        Case {
            name: "qa.ask with quotes, Arabic and a line end",
            meaning: json!({"id": 4, "op": "qa.ask", "room": "qa:01K30DWW01FAY8VVR14D2PF2DC",
                "key": "0198c0de-7001-7abc-8def-0123456789ab",
                "data": {"text": "Why \"Plenum\"?\nلماذا؟ 👋", "anonymous": true}}),
            write: |codec, out| {
                let room = Some("qa:01K30DWW01FAY8VVR14D2PF2DC");
                let command = Command { id: 4, op: "qa.ask", room, key: Some(KEY), ..Command::default() };
                let data = json!({"text": "Why \"Plenum\"?\nلماذا؟ 👋", "anonymous": true});
                write(codec, out, command, Some(data));
            },
        },
        Case {
            name: "session.react, which needs no key",
            meaning: json!({"id": 5, "op": "session.react", "room": SESSION, "data": {"emoji": "👏"}}),
            write: |codec, out| {
                let command =
                    Command { id: 5, op: "session.react", room: Some(SESSION), ..Command::default() };
                write(codec, out, command, Some(json!({"emoji": "👏"})));
            },
        },
    ]
}
